#pragma once

// The configuration file: one JSON object, nested as the dots of the key names are, comments allowed.

#include "app/config_load.hpp"

#include <map>
#include <string>
#include <vector>

namespace hydrant::app {

struct config_file {
  std::map<std::string, words, std::less<>> given;  ///< by key name
  std::vector<problem> problems;                    ///< syntax, unknown names, names given twice, wrong JSON types
};

/// Pure; `path` is for the messages.
config_file parse_config_file(const std::string& path, const std::string& text);

}  // namespace hydrant::app

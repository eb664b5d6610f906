#pragma once

#include "app/config_load.hpp"

#include <map>
#include <string>
#include <utility>

namespace hydrant::app {

/// A process with these variables and these files, and nothing else.
inline surroundings fake_surroundings(environment variables = {}, std::map<std::string, std::string> files = {}) {
  surroundings around;
  around.variables = std::move(variables);
  around.read_file = [files = std::move(files)](const std::string& path) -> base::result<std::string> {
    const auto found = files.find(path);
    if (found == files.end()) return base::fail(base::error_kind::unavailable, "No such file or directory");
    return found->second;
  };
  around.host_name = "web-1";
  around.process_id = 42;
  around.version = "1.2.3";
  return around;
}

}  // namespace hydrant::app

#pragma once

// The settings as text: what --print-config shows, and the page docs/configuration.md.

#include "app/config_load.hpp"

#include <string>

namespace hydrant::app {

/// The effective settings as a configuration file, each with a comment that says where it came from. Read back, it
/// gives the same settings. Secrets are masked; they and what must differ from node to node stand in comments, so that
/// the file neither holds nor replaces them. Asks for a load without problems.
std::string print_config(const loaded_config& loaded);

/// docs/configuration.md, in full.
std::string config_reference();

/// The default of a row as --help and the reference name it: "30m", "host name and process id".
std::string describe_fallback(const config_key& key);

}  // namespace hydrant::app

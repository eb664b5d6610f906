#pragma once

// The command line of the program `hydrant`, the only user of CLI11. Nothing here prints or exits: main() does what the
// answer says.

#include "app/config_load.hpp"

#include <string>
#include <vector>

namespace hydrant::app {

/// What the caller of the program asked for.
struct invocation {
  enum class action {
    serve,            ///< run a node with `settings`
    print_config,     ///< show `text`: the effective settings
    print_reference,  ///< show `text`: docs/configuration.md
    show_text,        ///< show `text`: help, version or what is wrong
  };
  action what = action::show_text;
  config settings;                    ///< for serve and print_config
  std::string text;                   ///< ends with a line end; for serve empty
  int exit_code = 0;                  ///< 0: `text` belongs on standard output; 2: on standard error
  std::vector<std::string> warnings;  ///< one line each, for the log or for standard error
};

/// `argv` as main() gets it. Never throws for anything a user can type.
invocation parse_command_line(int argc, const char* const* argv, const surroundings& around);

}  // namespace hydrant::app

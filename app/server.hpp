#pragma once

// A whole node: wiring, start and stop order. What a program with tools of its own calls from main.

#include "app/config.hpp"
#include "providers/catalog.hpp"

#include <memory>
#include <vector>

namespace hydrant::app {

using provider_list = std::vector<std::unique_ptr<providers::provider>>;

/// Serves until SIGTERM or SIGINT, then drains. Blocks; call once, from main. `own` are served besides the built-in
/// providers that `settings` names. Returns the process's exit code: 0 after a graceful stop, 1 if it could not start.
int serve(const config& settings, provider_list own = {});

/// The usual main: reads command line, environment and file, then serves. Prints help and errors itself.
int run_command_line(int argc, const char* const* argv, provider_list own = {});

}  // namespace hydrant::app

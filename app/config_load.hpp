#pragma once

// Brings the settings together: flag before environment before file before default. Everything that comes from outside
// the process is handed in, so that a test needs neither an environment nor a disk.

#include "app/config.hpp"
#include "app/config_value.hpp"
#include "base/result.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace hydrant::app {

using environment = std::map<std::string, std::string, std::less<>>;

/// What this process is and what it can reach.
struct surroundings {
  environment variables;
  std::function<base::result<std::string>(const std::string& path)> read_file;  ///< the failure's message is shown
  std::string host_name;
  long process_id = 0;
  std::string version;  ///< for --version
};

/// The real ones of this process.
surroundings this_process(std::string version);

enum class origin { fallback, file, variable, flag };

/// Where a value came from: "flag --port", "environment PORT", "file /etc/hydrant.json", "default".
struct source {
  origin from = origin::fallback;
  std::string name;  ///< of the flag, the variable or the file
};

std::string describe(const source& where);

struct effective_setting {
  const config_key* key = nullptr;
  setting_value value;
  source where;
};

struct problem {
  std::string key;    ///< path in the file, or whatever stands in its place
  std::string where;  ///< as describe() words it
  std::string what;
  std::string remedy;
};

/// Words by key name, as they stood on the command line.
using flag_words = std::map<std::string, words, std::less<>>;

struct loaded_config {
  config settings;                           ///< complete only if there are no problems
  std::vector<effective_setting> effective;  ///< in the order of the table
  std::vector<problem> problems;             ///< all there are, in the order of file, table
  std::vector<std::string> warnings;         ///< settings that are accepted and do not do what was meant
};

/// Reads the file that the flag or the variable names, then checks every setting. A value that another one overrides is
/// not checked, so that a flag can get a node with a broken file going. An empty variable counts as not set: that is
/// what compose files and charts leave behind for "nothing".
loaded_config load_config(const flag_words& flags, const surroundings& around);

/// All problems as text for a terminal, with a headline.
std::string format_problems(const std::vector<problem>& problems);

}  // namespace hydrant::app

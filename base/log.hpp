#pragma once

// Logging goes through spdlog; this file chooses the shape of a line and offers key=value fields.

#include <initializer_list>
#include <string>
#include <string_view>

namespace hydrant::base {

enum class log_format { text, json };
enum class log_level { trace, debug, info, warn, error, off };

/// Sets up the process-wide logger: one line a record on standard error, as text (coloured on a terminal only) or as
/// one JSON object. Call once, before any other thread logs.
void set_up_logging(log_format format, log_level level);

/// One field of a record. Values are escaped by the formatter; never pass a secret, a token or a message body.
struct log_field {
  std::string_view key;
  std::string value;
};

/// Thread-safe. `event` is a short constant text in lower case; what varies goes into fields.
void log(log_level level, std::string_view event, std::initializer_list<log_field> fields = {});

/// Whether a record of that level would be written, for callers whose fields cost something.
bool log_enabled(log_level level);

}  // namespace hydrant::base

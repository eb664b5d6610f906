#pragma once

// The ways in which log messages write a time.

#include <cstddef>
#include <string_view>

namespace hydrant::providers::opensearch {

/// The length of the time that `rest` begins with, 0 if there is none: ISO 8601 and its relatives (2026-02-01,
/// 2026/02/01 10:00:01.5Z), the Common Log Format's (01/Feb/2026:10:00:01 +0100), syslog's (Feb  1 10:00:01) or a time
/// of day with seconds. Takes constant time.
std::size_t log_time_bytes(std::string_view rest);

}  // namespace hydrant::providers::opensearch

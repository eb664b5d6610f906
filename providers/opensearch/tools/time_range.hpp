#pragma once

// Times as callers write them. Pure.

#include "base/result.hpp"
#include "protocol/json.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hydrant::providers::opensearch {

/// Milliseconds since 1970-01-01T00:00Z.
using epoch_ms = std::int64_t;

/// From `start` up to but not including `end`.
struct time_range {
  epoch_ms start = 0;
  epoch_ms end = 0;
};

/// ISO 8601 (2026-03-12T14:00:00Z, +01:00 instead of Z, seconds and their fraction may be left out), the same with a
/// space instead of the T, a date alone, or epoch milliseconds of 11 digits or more. Without an offset it is UTC.
std::optional<epoch_ms> parse_time(std::string_view text);

/// 2026-03-12T14:00:00Z; with milliseconds if there are any.
std::string time_text(epoch_ms time);

/// The arguments that hold a range's two ends: texts as above, or whole numbers of epoch milliseconds.
struct range_arguments {
  std::string_view start;
  std::string_view end;
};

/// None: both are left out or empty. Errors: invalid_params, which names the argument: one of them is missing, is not a
/// time, or the range is empty.
base::result<std::optional<time_range>> read_range(const protocol::json& arguments, range_arguments named);

}  // namespace hydrant::providers::opensearch

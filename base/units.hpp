#pragma once

// Durations and byte counts as people write them: "30m", "500ms", "4MiB". Pure functions.

#include "base/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace hydrant::base {

/// Reads a whole number with one of the units ms, s, m, h, d; a number without a unit counts seconds.
/// Fails with invalid_params on anything else: signs, fractions, spaces, or more than a century.
result<std::chrono::milliseconds> parse_duration(std::string_view text);

/// The shortest text that parse_duration reads back as the same duration. Asks for a duration that is not negative.
std::string format_duration(std::chrono::milliseconds duration);

/// Reads a whole number with one of the units B, KB, MB, GB (powers of 1000) and KiB, MiB, GiB (powers of 1024), in
/// upper or lower case; a number without a unit counts bytes. Fails with invalid_params on anything else, and on more
/// than fits into 63 bits.
result<std::int64_t> parse_bytes(std::string_view text);

/// A text that parse_bytes reads back as the same count, in the largest power of 1024 that divides it.
std::string format_bytes(std::int64_t bytes);

/// Reads a decimal whole number with an optional minus sign that fits into 64 bits, and nothing besides it.
result<std::int64_t> parse_integer(std::string_view text);

}  // namespace hydrant::base

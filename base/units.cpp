#include "base/units.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <span>

namespace hydrant::base {
namespace {

struct unit {
  std::string_view name;
  std::int64_t factor;
};

// Both tables run from the largest unit to the smallest, because formatting takes the first one that divides.
constexpr std::array<unit, 5> duration_units{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};
constexpr std::array<unit, 4> binary_units{{{"GiB", 1LL << 30}, {"MiB", 1LL << 20}, {"KiB", 1LL << 10}, {"B", 1}}};
constexpr std::array<unit, 3> decimal_units{{{"GB", 1'000'000'000}, {"MB", 1'000'000}, {"KB", 1'000}}};

// Deadlines are added to clock readings in nanoseconds; a century stays far from the end of those.
constexpr std::int64_t longest_duration = 100LL * 365 * 86'400'000;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

const unit* find_unit(std::span<const unit> units, std::string_view name) {
  for (const auto& candidate : units) {
    if (same_ignoring_case(candidate.name, name)) return &candidate;
  }
  return nullptr;
}

struct number_and_rest {
  std::int64_t number;
  std::string_view rest;
};

result<number_and_rest> split_number(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '9')
    return fail(error_kind::invalid_params, "is not a number");
  std::int64_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc{}) return fail(error_kind::invalid_params, "is too large");
  return number_and_rest{number, text.substr(static_cast<std::size_t>(end - text.data()))};
}

result<std::int64_t> scale(std::int64_t number, std::int64_t factor, std::int64_t max) {
  if (number > max / factor) return fail(error_kind::invalid_params, "is too large");
  return number * factor;
}

std::string format_with(std::span<const unit> units, std::int64_t amount) {
  for (const auto& candidate : units) {
    if (amount % candidate.factor == 0) return std::to_string(amount / candidate.factor).append(candidate.name);
  }
  return std::to_string(amount);
}

}  // namespace

result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const auto parts = split_number(text);
  if (!parts) return fail(error_kind::invalid_params, "is not a duration");
  const auto* found = find_unit(duration_units, parts->rest.empty() ? "s" : parts->rest);
  if (!found) return fail(error_kind::invalid_params, "is not a duration");
  const auto amount = scale(parts->number, found->factor, longest_duration);
  if (!amount) return amount.error();
  return std::chrono::milliseconds(*amount);
}

std::string format_duration(std::chrono::milliseconds duration) {
  return duration.count() == 0 ? "0s" : format_with(duration_units, duration.count());
}

result<std::int64_t> parse_bytes(std::string_view text) {
  const auto parts = split_number(text);
  if (!parts) return fail(error_kind::invalid_params, "is not a byte count");
  const auto name = parts->rest.empty() ? std::string_view("B") : parts->rest;
  const auto* found = find_unit(binary_units, name);
  if (!found) found = find_unit(decimal_units, name);
  if (!found) return fail(error_kind::invalid_params, "is not a byte count");
  return scale(parts->number, found->factor, std::numeric_limits<std::int64_t>::max());
}

std::string format_bytes(std::int64_t bytes) {
  return bytes == 0 ? "0B" : format_with(binary_units, bytes);
}

result<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code == std::errc::result_out_of_range) return fail(error_kind::invalid_params, "is too large");
  if (code != std::errc{} || end != text.data() + text.size()) {
    return fail(error_kind::invalid_params, "is not a whole number");
  }
  return number;
}

}  // namespace hydrant::base

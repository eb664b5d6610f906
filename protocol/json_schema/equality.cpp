#include "protocol/json_schema/equality.hpp"

#include "protocol/json_schema/number.hpp"

#include <algorithm>
#include <functional>
#include <string_view>

namespace hydrant::protocol::json_schema {
namespace {

constexpr std::size_t bytes_per_step = 64;
constexpr double two_to_63 = 9223372036854775808.0;
constexpr double two_to_64 = 18446744073709551616.0;

bool equal_arrays(evaluation& run, const json::array_t& left, const json::array_t& right) {
  const auto same = [&](const json& one, const json& other) { return equal(run, one, other); };
  return left.size() == right.size() && std::equal(left.begin(), left.end(), right.begin(), same);
}

bool equal_objects(evaluation& run, const json::object_t& left, const json::object_t& right) {
  const auto same = [&](const auto& one, const auto& other) {
    return one.first == other.first && equal(run, one.second, other.second);
  };
  return left.size() == right.size() && std::equal(left.begin(), left.end(), right.begin(), same);
}

std::uint64_t mix(std::uint64_t seed, std::uint64_t value) {
  seed ^= value + 0x9e3779b97f4a7c15 + (seed << 6) + (seed >> 2);
  return seed * 0xff51afd7ed558ccd;
}

std::uint64_t hash_number(const json& value) {
  const auto* real = value.get_ptr<const json::number_float_t*>();
  if (!real) return std::hash<std::uint64_t>{}(value.get<std::uint64_t>());
  const bool has_integer_twin = is_integral(value) && *real >= -two_to_63 && *real < two_to_64;
  if (!has_integer_twin) return std::hash<double>{}(*real);
  return std::hash<std::uint64_t>{}(*real < 0 ? static_cast<std::uint64_t>(static_cast<std::int64_t>(*real))
                                              : static_cast<std::uint64_t>(*real));
}

std::uint64_t hash_nested(evaluation& run, const json& value) {
  auto out = static_cast<std::uint64_t>(value.is_array());
  if (value.is_array()) {
    for (const auto& item : value)
      out = mix(out, hash_of(run, item));
    return out;
  }
  for (const auto& [name, member] : *value.get_ptr<const json::object_t*>()) {
    out = mix(mix(out, std::hash<std::string_view>{}(name)), hash_of(run, member));
  }
  return out;
}

}  // namespace

bool equal(evaluation& run, const json& left, const json& right) {
  if (left.is_number() && right.is_number()) return run.spend(1) && compare_numbers(left, right) == 0;
  if (left.type() != right.type()) return false;
  if (!run.spend(left.is_string() ? 1 + left.get_ref<const std::string&>().size() / bytes_per_step : 1)) return false;
  if (!left.is_structured()) return left == right;
  const bool ok =
      run.enter() &&
      (left.is_array()
           ? equal_arrays(run, left.get_ref<const json::array_t&>(), right.get_ref<const json::array_t&>())
           : equal_objects(run, left.get_ref<const json::object_t&>(), right.get_ref<const json::object_t&>()));
  run.leave();
  return ok;
}

std::uint64_t hash_of(evaluation& run, const json& value) {
  if (value.is_number()) return run.spend(1) ? hash_number(value) : 0;
  if (const auto* text = value.get_ptr<const std::string*>()) {
    return run.spend(1 + text->size() / bytes_per_step) ? std::hash<std::string_view>{}(*text) : 0;
  }
  if (!value.is_structured()) return value.is_null() ? 1 : value == true ? 2 : 3;
  const auto out = run.enter() && run.spend(1) ? hash_nested(run, value) : 0;
  run.leave();
  return out;
}

}  // namespace hydrant::protocol::json_schema

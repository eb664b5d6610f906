#pragma once

// How a row of the table writes its value into a `config`: for the files that hold rows.

#include "app/config_table.hpp"

#include <type_traits>

namespace hydrant::app {

template <auto First, auto... Rest, class Object>
auto& member_of(Object& object) {
  if constexpr (sizeof...(Rest) == 0) {
    return object.*First;
  } else {
    return member_of<Rest...>(object.*First);
  }
}

/// Writes a value to the member that the path of member pointers leads to. The range of the row has seen to it that a
/// number fits.
template <auto... Path>
void to(config& target, const setting_value& value) {
  auto& slot = member_of<Path...>(target);
  using slot_type = std::remove_reference_t<decltype(slot)>;
  if constexpr (std::is_same_v<slot_type, bool>) {
    slot = std::get<bool>(value);
  } else if constexpr (std::is_integral_v<slot_type> || std::is_enum_v<slot_type>) {
    slot = static_cast<slot_type>(std::get<std::int64_t>(value));
  } else {
    slot = std::get<slot_type>(value);
  }
}

inline constexpr std::int64_t second = 1'000;
inline constexpr std::int64_t minute = 60 * second;
inline constexpr std::int64_t hour = 60 * minute;
inline constexpr std::int64_t day = 24 * hour;
inline constexpr std::int64_t kib = 1024;
inline constexpr std::int64_t mib = 1024 * kib;
inline constexpr std::int64_t gib = 1024 * mib;

/// The rows that bound sessions, streams, calls and connections (bound_keys.cpp).
std::vector<config_key> session_keys();
std::vector<config_key> stream_keys();
std::vector<config_key> call_keys();
std::vector<config_key> size_limit_keys();
std::vector<config_key> time_limit_keys();

/// The rows about the OpenSearch provider (opensearch_keys.cpp).
std::vector<config_key> opensearch_cluster_keys();
std::vector<config_key> opensearch_tool_keys();

}  // namespace hydrant::app

#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hydrant::protocol {

/// The one decimal spelling of an unsigned number: digits only, no leading zero, no sign, no overflow. Identifiers that
/// are compared as text somewhere must not have two spellings.
inline std::optional<std::uint64_t> parse_canonical_decimal(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, failure] = std::from_chars(text.data(), end, value);
  if (failure != std::errc{} || stopped != end) return std::nullopt;
  return value;
}

}  // namespace hydrant::protocol

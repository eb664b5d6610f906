#include "protocol/base64.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace hydrant::protocol {

namespace {

constexpr std::string_view standard_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::int8_t no_digit = -1;
using value_table = std::array<std::int8_t, 256>;

constexpr value_table values_of(std::string_view digits) {
  value_table table{};
  for (std::int8_t& value : table)
    value = no_digit;
  for (std::size_t i = 0; i < digits.size(); ++i)
    table[static_cast<unsigned char>(digits[i])] = static_cast<std::int8_t>(i);
  return table;
}

constexpr value_table standard_values = values_of(standard_digits);
constexpr value_table url_values = values_of(url_digits);

/// The digits of `text` without its padding; nothing if the padding is not the canonical one.
std::optional<std::string_view> without_padding(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  if (text.ends_with("=="))
    text.remove_suffix(2);
  else if (text.ends_with('='))
    text.remove_suffix(1);
  return text;
}

std::optional<std::string> decode_digits(std::string_view digits, const value_table& values) {
  if (digits.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(digits.size() * 3 / 4);
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char digit : digits) {
    const std::int8_t value = values[static_cast<unsigned char>(digit)];
    if (value == no_digit) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>((bits >> held) & 0xFFU);
  }
  if ((bits & ((1U << held) - 1U)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace

std::string base64_encode(std::string_view bytes, base64_alphabet alphabet) {
  const std::string_view digits = alphabet == base64_alphabet::standard ? standard_digits : url_digits;
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char byte : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(byte);
    for (held += 8; held >= 6; held -= 6)
      text += digits[(bits >> (held - 6)) & 63U];
  }
  if (held > 0) text += digits[(bits << (6 - held)) & 63U];
  if (alphabet == base64_alphabet::standard) text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::optional<std::string> base64_decode(std::string_view text, base64_alphabet alphabet) {
  if (alphabet == base64_alphabet::url) return decode_digits(text, url_values);
  const std::optional<std::string_view> digits = without_padding(text);
  return digits ? decode_digits(*digits, standard_values) : std::nullopt;
}

}  // namespace hydrant::protocol

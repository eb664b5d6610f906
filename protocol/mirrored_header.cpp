#include "protocol/mirrored_header.hpp"

#include "protocol/base64.hpp"
#include "protocol/json.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace hydrant::protocol {

namespace {

constexpr std::string_view sentinel_prefix = "=?base64?";
constexpr std::string_view sentinel_suffix = "?=";
constexpr std::int64_t safe_integer_max = (std::int64_t{1} << 53) - 1;

base::error malformed(std::string detail) {
  return base::fail(base::error_kind::header_mismatch, "Header mismatch: malformed header value", std::move(detail));
}

std::string_view without_white_space(std::string_view value) {
  const std::size_t first = value.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return value.substr(first, value.find_last_not_of(" \t") - first + 1);
}

bool header_text(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) { return (c >= 0x20 && c <= 0x7E) || c == '\t'; });
}

bool sentinel_form(std::string_view value) {
  return value.size() >= sentinel_prefix.size() + sentinel_suffix.size() && value.starts_with(sentinel_prefix) &&
         value.ends_with(sentinel_suffix);
}

base::result<std::string> decode_sentinel(std::string_view value) {
  value.remove_prefix(sentinel_prefix.size());
  value.remove_suffix(sentinel_suffix.size());
  std::optional<std::string> text = base64_decode(value, base64_alphabet::standard);
  if (!text) return malformed("not canonical base64");
  if (!simdjson::validate_utf8(text->data(), text->size())) return malformed("base64 of something other than UTF-8");
  return *std::move(text);
}

bool digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view take_digits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), digit);
  const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  return digits;
}

/// The safe integer that a decimal text spells, `42`, `-7` or `42.0`. Done on the digits: a detour over floating point
/// would take 42.00000000000000001 for 42.
std::optional<std::int64_t> integer_in(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::string_view whole = take_digits(text);
  if (whole.empty() || (whole.size() > 1 && whole.front() == '0') || whole.size() > 16) return std::nullopt;
  if (!text.empty() && (text.size() < 2 || text.front() != '.')) return std::nullopt;
  if (!text.empty() && text.find_first_not_of('0', 1) != std::string_view::npos) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : whole)
    value = value * 10 + (c - '0');
  if (value > safe_integer_max) return std::nullopt;
  return negative ? -value : value;
}

/// The safe integer that a JSON number is; 42.0 is one, as in JSON Schema.
std::optional<std::int64_t> integer_in(const json& number) {
  if (number.is_number_unsigned()) {
    const auto value = number.get<std::uint64_t>();
    return value <= static_cast<std::uint64_t>(safe_integer_max) ? std::optional(static_cast<std::int64_t>(value))
                                                                 : std::nullopt;
  }
  if (number.is_number_integer()) {
    const auto value = number.get<std::int64_t>();
    return value >= -safe_integer_max && value <= safe_integer_max ? std::optional(value) : std::nullopt;
  }
  if (!number.is_number_float()) return std::nullopt;
  const auto value = number.get<double>();
  if (std::trunc(value) != value || std::abs(value) > static_cast<double>(safe_integer_max)) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

bool matches_integer(std::string_view header_value, const json& number) {
  const std::optional<std::int64_t> expected = integer_in(number);
  const base::result<std::string> text = decode_mirrored_value(header_value);
  return expected && text && integer_in(std::string_view(*text)) == expected;
}

std::string_view spelling(bool value) {
  return value ? "true" : "false";
}

}  // namespace

base::result<std::string> decode_mirrored_value(std::string_view header_value) {
  const std::string_view value = without_white_space(header_value);
  if (!header_text(value)) return malformed("a character that no header value may hold");
  if (sentinel_form(value)) return decode_sentinel(value);
  return std::string(value);
}

std::string encode_mirrored_value(std::string_view text) {
  const bool padded = text != without_white_space(text);
  if (header_text(text) && !padded && !sentinel_form(text)) return std::string(text);
  std::string value(sentinel_prefix);
  return value.append(base64_encode(text, base64_alphabet::standard)).append(sentinel_suffix);
}

std::optional<std::string> encode_mirrored_value(const json& body_value) {
  if (body_value.is_string()) return encode_mirrored_value(std::string_view(body_value.get_ref<const std::string&>()));
  if (body_value.is_boolean()) return std::string(spelling(body_value.get<bool>()));
  const std::optional<std::int64_t> integer = integer_in(body_value);
  return integer ? std::optional(std::to_string(*integer)) : std::nullopt;
}

bool matches_text(std::string_view header_value, std::string_view body_text) {
  const std::string_view value = without_white_space(header_value);
  if (!sentinel_form(value)) return value == body_text && header_text(value);
  const base::result<std::string> text = decode_mirrored_value(value);
  return text && *text == body_text;
}

bool matches(std::string_view header_value, const json& body_value) {
  if (body_value.is_string()) return matches_text(header_value, body_value.get_ref<const std::string&>());
  if (body_value.is_boolean()) return matches_text(header_value, spelling(body_value.get<bool>()));
  return matches_integer(header_value, body_value);
}

const json* find_mirrored_argument(const json& arguments, const mirrored_parameter& parameter) {
  const json* value = &arguments;
  for (const std::string& name : parameter.path) {
    if (!value->is_object()) return nullptr;
    const auto member = value->find(name);
    if (member == value->end()) return nullptr;
    value = &*member;
  }
  return value->is_null() ? nullptr : value;
}

}  // namespace hydrant::protocol

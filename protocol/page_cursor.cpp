#include "protocol/page_cursor.hpp"

#include "protocol/base64.hpp"
#include "protocol/decimal.hpp"

#include <cassert>
#include <optional>

namespace hydrant::protocol {

namespace {

constexpr std::size_t cursor_text_bytes_max = 256;

base::error bad_cursor(std::string detail) {
  return base::fail(base::error_kind::invalid_params, "Invalid cursor", std::move(detail));
}

/// Takes the part behind the last `:` off `text`.
std::optional<std::uint64_t> take_last_number(std::string_view& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::optional<std::uint64_t> number = parse_canonical_decimal(text.substr(colon + 1));
  text = text.substr(0, colon);
  return number;
}

}  // namespace

std::string encode(const page_cursor& cursor) {
  assert(cursor.list.find(':') == std::string::npos);
  return base64_encode(
      cursor.list + ':' + std::to_string(cursor.catalogue_version) + ':' + std::to_string(cursor.offset),
      base64_alphabet::url);
}

base::result<page_cursor> decode_page_cursor(std::string_view text, std::string_view list) {
  if (text.size() > cursor_text_bytes_max) return bad_cursor("cursor: too long");
  const std::optional<std::string> plain = base64_decode(text, base64_alphabet::url);
  if (!plain) return bad_cursor("cursor: not base64url");
  std::string_view rest = *plain;
  const std::optional<std::uint64_t> offset = take_last_number(rest);
  const std::optional<std::uint64_t> version = offset ? take_last_number(rest) : std::nullopt;
  if (!version) return bad_cursor("cursor: malformed");
  if (rest != list) return bad_cursor("cursor: belongs to another list");
  return page_cursor{std::string(rest), *offset, *version};
}

}  // namespace hydrant::protocol

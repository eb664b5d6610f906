#include "providers/opensearch/analysis/log_shapes.hpp"

#include "providers/opensearch/analysis/log_times.hpp"
#include "providers/opensearch/analysis/text_cursor.hpp"

#include <algorithm>
#include <array>

namespace hydrant::providers::opensearch {
namespace {

using matcher = std::size_t (*)(std::string_view);
using cursor = text_cursor;

std::size_t uuid_bytes(std::string_view rest) {
  cursor at(rest);
  for (const std::size_t length : {8U, 4U, 4U, 4U, 12U}) {
    if (at.take_while(is_hex, length) != length) return 0;
    if (length != 12 && !at.take('-')) return 0;
  }
  return at.ends() ? at.at() : 0;
}

bool take_octet(cursor& at) {
  const std::size_t begin = at.at();
  int value = 0;
  for (; is_digit(at.peek()) && at.at() - begin < 3; at.take(at.peek()))
    value = value * 10 + (at.peek() - '0');
  return at.at() > begin && value <= 255 && !is_digit(at.peek());
}

// A port or a prefix length.
void take_number_after(cursor& at, std::string_view separators) {
  const std::size_t before = at.at();
  if (!at.take_any(separators) || at.take_while(is_digit, 5) == 0 || !at.ends()) at.back_to(before);
}

std::size_t ip4_bytes(std::string_view rest) {
  cursor at(rest);
  for (int octet = 0; octet < 4; ++octet)
    if ((octet > 0 && !at.take('.')) || !take_octet(at)) return 0;
  if (at.peek() == '.' && is_digit(at.peek(1))) return 0;
  take_number_after(at, ":/");
  return at.ends() ? at.at() : 0;
}

// Seven colons, or a double one. With a digit in it, lest "dead::beef" of a C++ program is an address.
std::size_t ip6_bytes(std::string_view rest) {
  cursor at(rest);
  std::size_t colons = 0;
  bool digit = false;
  bool shortened = false;
  for (char before = '\0'; at.at() < 45 && (is_hex(at.peek()) || at.peek() == ':'); before = rest[at.at() - 1]) {
    digit |= is_digit(at.peek());
    if (at.peek() == ':') ++colons;
    shortened |= at.peek() == ':' && before == ':';
    at.take(at.peek());
  }
  if (!digit || !at.ends() || colons > 7 || (colons < 7 && !shortened)) return 0;
  take_number_after(at, "/");
  return at.at();
}

std::size_t hardware_address_bytes(std::string_view rest) {
  cursor at(rest);
  const char separator = rest.size() > 2 ? rest[2] : '\0';
  if (separator != ':' && separator != '-') return 0;
  for (int pair = 0; pair < 6; ++pair)
    if ((pair > 0 && !at.take(separator)) || at.take_while(is_hex, 2) != 2) return 0;
  return at.ends() && at.peek() != separator ? at.at() : 0;
}

std::size_t hex_bytes(std::string_view rest) {
  constexpr std::size_t digits_min = 8;
  constexpr std::size_t digits_max = 256;
  cursor at(rest);
  if (at.peek() == '0' && (at.peek(1) == 'x' || at.peek(1) == 'X')) {
    at.take_while([](char c) { return c == '0' || c == 'x' || c == 'X'; }, 2);
    return at.take_while(is_hex, digits_max) > 0 && at.ends() ? at.at() : 0;
  }
  if (at.take_while(is_hex, digits_max) < digits_min || !at.ends()) return 0;
  const auto text = rest.substr(0, at.at());
  return std::ranges::any_of(text, is_digit) && std::ranges::any_of(text, is_hex_letter) ? at.at() : 0;
}

// The unit, as in 12ms, stays: it is part of what the message says.
bool ends_number(const cursor& at) {
  std::size_t letters = 0;
  while (is_letter(at.peek(letters)) && letters < 4)
    ++letters;
  return letters < 4 && !is_word_byte(at.peek(letters));
}

std::size_t number_bytes(std::string_view rest) {
  constexpr std::size_t digits_max = 64;
  cursor at(rest);
  if (is_digit(at.peek(1))) at.take_any("+-");
  if (at.take_while(is_digit, digits_max) == 0) return 0;
  const std::size_t whole = at.at();
  if (!at.take('.') || at.take_while(is_digit, digits_max) == 0) at.back_to(whole);
  const std::size_t mantissa = at.at();
  if (at.take_any("eE")) {
    at.take_any("+-");
    if (at.take_while(is_digit, 4) == 0 || !at.ends()) at.back_to(mantissa);
  }
  return ends_number(at) ? at.at() : 0;
}

bool ends_link(char c) {
  return is_space(c) || c == '"' || c == '\'' || c == '<' || c == '>' || c == ')' || c == ']' || c == '}' || c == ',' ||
         c == ';' || c == '|' || c == '\0';
}

// Without the full stop or colon that ends the sentence.
std::size_t trimmed(std::string_view rest, std::size_t bytes) {
  while (bytes > 0 && (rest[bytes - 1] == '.' || rest[bytes - 1] == ':' || rest[bytes - 1] == '!'))
    --bytes;
  return bytes;
}

std::size_t url_bytes(std::string_view rest) {
  cursor at(rest);
  if (!is_letter(at.peek())) return 0;
  at.take_while([](char c) { return is_letter(c) || is_digit(c) || c == '+' || c == '.' || c == '-'; }, 16);
  if (!at.take(':') || !at.take('/') || !at.take('/')) return 0;
  if (at.take_while([](char c) { return !ends_link(c); }, rest.size()) == 0) return 0;
  return trimmed(rest, at.at());
}

std::size_t email_bytes(std::string_view rest) {
  const auto in_name = [](char c) { return is_word_byte(c) || c == '.' || c == '%' || c == '+' || c == '-'; };
  const auto in_host = [](char c) { return is_letter(c) || is_digit(c) || c == '.' || c == '-'; };
  cursor at(rest);
  if (at.take_while(in_name, 64) == 0 || !at.take('@')) return 0;
  const std::size_t host = at.at();
  at.take_while(in_host, 253);
  const std::size_t end = trimmed(rest, at.at());
  return rest.substr(host, end - host).find('.') != std::string_view::npos && at.ends() ? end : 0;
}

bool starts_drive(std::string_view rest) {
  return rest.size() > 3 && is_letter(rest[0]) && rest[1] == ':' && rest[2] == '\\' && is_word_byte(rest[3]);
}

std::size_t path_bytes(std::string_view rest) {
  cursor at(rest);
  const bool drive = starts_drive(rest);
  if (!drive) {
    if (at.peek() == '~' || at.peek() == '.') at.take_any("~.");
    if (!at.take('/') || !is_word_byte(at.peek())) return 0;
  }
  if (drive) at.take_while([](char) { return true; }, 2);
  at.take_while([](char c) { return !ends_link(c) && c != ':' && c != '(' && c != '='; }, rest.size());
  const std::size_t end = trimmed(rest, at.at());
  const bool parts = drive || std::ranges::count(rest.substr(0, end), '/') > 1;
  return parts ? end : 0;
}

struct known_shape {
  matcher match;
  std::string_view placeholder;
};

template <std::size_t Count>
log_shape first_of(const std::array<known_shape, Count>& shapes, std::string_view rest) {
  for (const auto& [match, placeholder] : shapes)
    if (const std::size_t bytes = match(rest); bytes > 0) return {bytes, placeholder};
  return {};
}

// Times before addresses, addresses before numbers: 10:00:01 could be the first half of one, 10.0 of the other.
constexpr std::array<known_shape, 7> part_shapes{{{uuid_bytes, "<UUID>"},
                                                  {log_time_bytes, "<TIME>"},
                                                  {ip4_bytes, "<IP>"},
                                                  {hardware_address_bytes, "<HEX>"},
                                                  {ip6_bytes, "<IP>"},
                                                  {hex_bytes, "<HEX>"},
                                                  {number_bytes, "<NUM>"}}};
constexpr std::array<known_shape, 3> token_shapes{
    {{url_bytes, "<URL>"}, {email_bytes, "<EMAIL>"}, {path_bytes, "<PATH>"}}};

}  // namespace

log_shape shape_of_token(std::string_view rest) {
  const auto found = first_of(token_shapes, rest);
  return found.bytes > 0 ? found : first_of(part_shapes, rest);
}

log_shape shape_of_part(std::string_view rest) {
  return first_of(part_shapes, rest);
}

std::size_t quoted_bytes(std::string_view rest) {
  constexpr std::size_t bytes_max = 256;
  if (rest.empty() || (rest.front() != '"' && rest.front() != '\'')) return 0;
  const char quote = rest.front();
  for (std::size_t i = 1; i < std::min(rest.size(), bytes_max); ++i) {
    if (rest[i] == '\\') {
      ++i;
    } else if (rest[i] == quote && (quote == '"' || i + 1 == rest.size() || !is_word_byte(rest[i + 1]))) {
      return i + 1;
    }
  }
  return 0;
}

}  // namespace hydrant::providers::opensearch

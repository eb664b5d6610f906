#include "protocol/json_schema/format.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <optional>
#include <string>
#include <utility>

namespace hydrant::protocol::json_schema {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_alphanumeric(char c) {
  return is_digit(c) || is_letter(c);
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool all_of(std::string_view text, bool (*test)(char)) {
  return std::all_of(text.begin(), text.end(), test);
}

/// Exactly `count` digits at `begin`.
std::optional<int> digits(std::string_view text, std::size_t begin, std::size_t count) {
  if (begin + count > text.size() || !all_of(text.substr(begin, count), is_digit)) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(begin, count))
    value = value * 10 + (c - '0');
  return value;
}

bool has(std::string_view text, std::size_t index, std::string_view any_of) {
  return index < text.size() && any_of.find(text[index]) != any_of.npos;
}

int days_in(int year, int month) {
  constexpr std::array days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return days[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

/// "Z" or "+hh:mm", in minutes east of Greenwich.
std::optional<int> zone_offset(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  const auto hours = digits(text, 1, 2);
  const auto minutes = digits(text, 4, 2);
  const bool formed = text.size() == 6 && has(text, 0, "+-") && text[3] == ':' && hours && minutes;
  if (!formed || *hours > 23 || *minutes > 59) return std::nullopt;
  return (text[0] == '-' ? -1 : 1) * (*hours * 60 + *minutes);
}

bool is_time(std::string_view text) {
  const auto hour = digits(text, 0, 2);
  const auto minute = digits(text, 3, 2);
  const auto second = digits(text, 6, 2);
  if (!hour || !minute || !second || text[2] != ':' || text[5] != ':') return false;
  auto rest = text.substr(8);
  if (rest.starts_with('.')) {
    const auto end = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
    if (end == 1) return false;
    rest.remove_prefix(end);
  }
  const auto offset = zone_offset(rest);
  if (!offset || *hour > 23 || *minute > 59) return false;
  // Leap seconds are inserted at 23:59:60 UTC.
  constexpr int day = 24 * 60;
  const int utc = (*hour * 60 + *minute - *offset + day) % day;
  return *second < 60 || (*second == 60 && utc == day - 1);
}

bool is_address(int family, std::string_view text) {
  std::array<unsigned char, 16> bytes{};
  return text.find('\0') == text.npos && inet_pton(family, std::string{text}.c_str(), bytes.data()) == 1;
}

bool is_quoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return false;
  const auto inside = text.substr(1, text.size() - 2);
  for (std::size_t i = 0; i < inside.size(); ++i) {
    const bool escape = inside[i] == '\\';
    if (inside[i] == '"' || (escape && ++i == inside.size())) return false;
    if (inside[i] < ' ' || inside[i] > '~') return false;
  }
  return true;
}

bool is_local_part(std::string_view text) {
  if (text.starts_with('"')) return is_quoted(text);
  if (text.empty() || text.front() == '.' || text.back() == '.' || text.find("..") != text.npos) return false;
  constexpr std::string_view others = "!#$%&'*+-/=?^_`{|}~.";
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_alphanumeric(c) || others.find(c) != others.npos; });
}

bool is_host_label(std::string_view text) {
  if (text.empty() || text.size() > 63 || text.front() == '-' || text.back() == '-') return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return is_alphanumeric(c) || c == '-'; });
}

bool is_mail_domain(std::string_view text) {
  if (text.starts_with("[IPv6:") && text.ends_with(']')) return is_address(AF_INET6, text.substr(6, text.size() - 7));
  if (text.starts_with('[') && text.ends_with(']')) return is_address(AF_INET, text.substr(1, text.size() - 2));
  if (text.size() > 253) return false;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find('.', begin), text.size());
    if (!is_host_label(text.substr(begin, end - begin))) return false;
    begin = end + 1;
  }
  return true;
}

bool all_uri_characters(std::string_view text, std::string_view extra) {
  constexpr std::string_view others = "-._~!$&'()*+,;=";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return false;
      i += 2;
    } else if (!is_alphanumeric(c) && others.find(c) == others.npos && extra.find(c) == extra.npos) {
      return false;
    }
  }
  return true;
}

bool is_ip_literal(std::string_view text) {
  if (text.starts_with('v') || text.starts_with('V')) {
    const auto dot = text.find('.');
    return dot != text.npos && dot > 1 && dot + 1 < text.size() && all_of(text.substr(1, dot - 1), is_hex) &&
           all_uri_characters(text.substr(dot + 1), ":") && text.find('%') == text.npos;
  }
  return is_address(AF_INET6, text);
}

bool is_authority(std::string_view text) {
  if (const auto sign = text.find('@'); sign != text.npos) {
    if (!all_uri_characters(text.substr(0, sign), ":")) return false;
    text.remove_prefix(sign + 1);
  }
  const auto bracket = text.starts_with('[') ? text.find(']') : 0;
  if (bracket == text.npos) return false;
  const auto colon = std::min(text.find(':', bracket), text.size());
  if (!all_of(text.substr(std::min(colon + 1, text.size())), is_digit)) return false;
  const auto host = text.substr(0, colon);
  if (!host.starts_with('[')) return all_uri_characters(host, "");
  return host.ends_with(']') && is_ip_literal(host.substr(1, host.size() - 2));
}

bool is_scheme(std::string_view text) {
  return !text.empty() && is_letter(text.front()) && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alphanumeric(c) || c == '+' || c == '-' || c == '.';
  });
}

}  // namespace

bool is_date(std::string_view text) {
  const auto year = digits(text, 0, 4);
  const auto month = digits(text, 5, 2);
  const auto day = digits(text, 8, 2);
  const bool formed = text.size() == 10 && text[4] == '-' && text[7] == '-' && year && month && day;
  return formed && *month >= 1 && *month <= 12 && *day >= 1 && *day <= days_in(*year, *month);
}

bool is_date_time(std::string_view text) {
  return text.size() > 11 && is_date(text.substr(0, 10)) && has(text, 10, "Tt") && is_time(text.substr(11));
}

bool is_email(std::string_view text) {
  const auto sign = text.rfind('@');
  return sign != text.npos && is_local_part(text.substr(0, sign)) && is_mail_domain(text.substr(sign + 1));
}

bool is_uri(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == text.npos || !is_scheme(text.substr(0, colon))) return false;
  text.remove_prefix(colon + 1);
  if (const auto hash = text.find('#'); hash != text.npos) {
    if (!all_uri_characters(text.substr(hash + 1), ":@/?")) return false;
    text = text.substr(0, hash);
  }
  if (text.starts_with("//")) {
    const auto end = std::min(text.find_first_of("/?", 2), text.size());
    if (!is_authority(text.substr(2, end - 2))) return false;
    text.remove_prefix(end);
  }
  return all_uri_characters(text, ":@/?");
}

format_test format_named(std::string_view name) {
  constexpr std::array tests = std::to_array<std::pair<std::string_view, format_test>>(
      {{"date", is_date}, {"date-time", is_date_time}, {"email", is_email}, {"uri", is_uri}});
  const auto found = std::find_if(tests.begin(), tests.end(), [&](const auto& row) { return row.first == name; });
  return found == tests.end() ? nullptr : found->second;
}

}  // namespace hydrant::protocol::json_schema

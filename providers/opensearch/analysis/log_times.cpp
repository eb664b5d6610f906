#include "providers/opensearch/analysis/log_times.hpp"

#include "providers/opensearch/analysis/text_cursor.hpp"

#include <array>

namespace hydrant::providers::opensearch {
namespace {

using cursor = text_cursor;

// "Z", "+01:00", " -0700"
void take_zone(cursor& at) {
  if (at.take('Z')) return;
  const std::size_t begin = at.at();
  at.take(' ');
  if (at.take_any("+-") && at.take_while(is_digit, 2) == 2) {
    at.take(':');
    if (at.take_while(is_digit, 2) == 2 && at.ends()) return;
  }
  at.back_to(begin);
}

// hh:mm:ss with a fraction; with `seconds_optional` also hh:mm.
enum class seconds { required, optional };

bool take_clock(cursor& at, seconds need) {
  if (!at.digits(2) || !at.take(':') || !at.digits(2)) return false;
  const std::size_t minutes = at.at();
  if (!at.take(':') || !at.digits(2)) {
    at.back_to(minutes);
    return need == seconds::optional;
  }
  const std::size_t whole = at.at();
  if (!at.take_any(".,") || at.take_while(is_digit, 9) == 0) at.back_to(whole);
  return true;
}

// A clock after a date, if there is one.
void take_clock_and_zone(cursor& at, std::string_view separators) {
  const std::size_t date = at.at();
  if (at.take_any(separators) && take_clock(at, seconds::optional)) {
    take_zone(at);
  } else {
    at.back_to(date);
  }
}

std::size_t iso_time_bytes(std::string_view rest) {
  cursor at(rest);
  if (!at.digits(4)) return 0;
  const char separator = at.peek();
  if (!at.take_any("-/.") || !at.digits(2) || !at.take(separator) || !at.digits(2)) return 0;
  take_clock_and_zone(at, "T _");
  return at.ends() ? at.at() : 0;
}

bool take_month(cursor& at) {
  static constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const std::array<char, 3> name{at.peek(0), at.peek(1), at.peek(2)};
  const std::size_t place = months.find(std::string_view(name.data(), name.size()));
  if (place == std::string_view::npos || place % 3 != 0) return false;
  at.take_while(is_letter, 3);
  return true;
}

// 10/Oct/2000:13:55:36 -0700
std::size_t common_log_time_bytes(std::string_view rest) {
  cursor at(rest);
  if (!at.digits(2) || !at.take_any("/-") || !take_month(at) || !at.take_any("/-") || !at.digits(4)) return 0;
  take_clock_and_zone(at, ": ");
  return at.ends() ? at.at() : 0;
}

// Jan  2 10:00:01
std::size_t syslog_time_bytes(std::string_view rest) {
  cursor at(rest);
  if (!take_month(at) || !at.take(' ')) return 0;
  at.take(' ');
  const std::size_t day = at.take_while(is_digit, 2);
  if (day == 0 || !at.take(' ') || !take_clock(at, seconds::required)) return 0;
  return at.ends() ? at.at() : 0;
}

std::size_t clock_bytes(std::string_view rest) {
  cursor at(rest);
  if (!take_clock(at, seconds::required)) return 0;
  take_zone(at);
  return at.ends() && at.peek() != ':' ? at.at() : 0;
}

}  // namespace

std::size_t log_time_bytes(std::string_view rest) {
  for (const auto match : {iso_time_bytes, common_log_time_bytes, syslog_time_bytes, clock_bytes})
    if (const std::size_t bytes = match(rest); bytes > 0) return bytes;
  return 0;
}

}  // namespace hydrant::providers::opensearch

#include "providers/opensearch/tools/time_range.hpp"

#include <charconv>
#include <chrono>
#include <cstdio>

namespace hydrant::providers::opensearch {
namespace {

using protocol::json;
using namespace std::chrono;

// Ten digits are seconds, which would silently mean January 1970.
constexpr std::size_t epoch_digits_min = 11;
constexpr std::size_t epoch_digits_max = 15;

/// A text that is read from its front; each step says whether it found what it wanted.
class time_reader {
 public:
  explicit time_reader(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  bool take(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool number(std::size_t digits, int& into) {
    if (leading_digits() < digits) return false;
    std::from_chars(rest_.data(), rest_.data() + digits, into);
    rest_.remove_prefix(digits);
    return true;
  }
  /// The digits after a decimal sign as thousandths, further ones cut off.
  bool thousandths(int& into) {
    const auto digits = leading_digits();
    if (digits == 0 || digits > 9) return false;
    into = 0;
    for (std::size_t i = 0; i < 3; ++i)
      into = into * 10 + (i < digits ? rest_[i] - '0' : 0);
    rest_.remove_prefix(digits);
    return true;
  }
  std::size_t leading_digits() const {
    std::size_t count = 0;
    while (count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9')
      ++count;
    return count;
  }

 private:
  std::string_view rest_;
};

std::optional<sys_days> read_date(time_reader& in) {
  int y = 0, m = 0, d = 0;
  const bool found = in.number(4, y) && in.take("-") && in.number(2, m) && in.take("-") && in.number(2, d);
  const year_month_day date{year(y), month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d))};
  if (!found || !date.ok()) return std::nullopt;
  return sys_days(date);
}

std::optional<milliseconds> read_time_of_day(time_reader& in) {
  int h = 0, m = 0, s = 0, ms = 0;
  if (!in.number(2, h) || !in.take(":") || !in.number(2, m)) return std::nullopt;
  if (in.take(":")) {
    if (!in.number(2, s)) return std::nullopt;
    if (in.take(".,") && !in.thousandths(ms)) return std::nullopt;
  }
  if (h > 24 || m > 59 || s > 59 || (h == 24 && m + s + ms > 0)) return std::nullopt;
  return hours(h) + minutes(m) + seconds(s) + milliseconds(ms);
}

// How far the local time is ahead of UTC.
std::optional<minutes> read_offset(time_reader& in) {
  if (in.at_end() || in.take("Zz")) return minutes(0);
  const bool ahead = in.take("+");
  int h = 0, m = 0;
  if ((!ahead && !in.take("-")) || !in.number(2, h)) return std::nullopt;
  in.take(":");
  if (!in.at_end() && !in.number(2, m)) return std::nullopt;
  if (h > 18 || m > 59) return std::nullopt;
  return ahead ? hours(h) + minutes(m) : -(hours(h) + minutes(m));
}

std::optional<epoch_ms> parse_epoch(std::string_view text) {
  const auto digits = time_reader(text).leading_digits();
  if (digits != text.size() || digits < epoch_digits_min || digits > epoch_digits_max) return std::nullopt;
  epoch_ms out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

bool is_given(const json& arguments, std::string_view name) {
  const auto found = arguments.find(name);
  return found != arguments.end() && !found->is_null() && *found != "";
}

base::error bad_time(std::string_view name, const std::string& what) {
  return base::fail(base::error_kind::invalid_params, std::string(name) + " " + what);
}

base::result<epoch_ms> read_end(const json& arguments, std::string_view name) {
  if (!is_given(arguments, name)) return bad_time(name, "is missing: a range needs its start and its end");
  const auto& given = arguments.at(std::string(name));
  const auto text = given.is_string() ? given.get<std::string>() : given.dump();
  if (const auto time = parse_time(text)) return *time;
  return bad_time(name,
                  "is no time; write 2026-03-12T14:00:00Z, 2026-03-12 14:00:00 (UTC) or epoch milliseconds such as "
                  "1773324000000");
}

}  // namespace

std::optional<epoch_ms> parse_time(std::string_view text) {
  if (const auto epoch = parse_epoch(text)) return epoch;
  time_reader in(text);
  const auto date = read_date(in);
  if (!date) return std::nullopt;
  if (in.at_end()) return sys_time<milliseconds>(*date).time_since_epoch().count();
  if (!in.take("Tt ")) return std::nullopt;
  const auto time = read_time_of_day(in);
  if (!time) return std::nullopt;
  const auto offset = read_offset(in);
  if (!offset || !in.at_end()) return std::nullopt;
  return (sys_time<milliseconds>(*date) + *time - *offset).time_since_epoch().count();
}

std::string time_text(epoch_ms time) {
  const sys_time<milliseconds> at{milliseconds(time)};
  const auto day = floor<days>(at);
  const year_month_day date(day);
  const hh_mm_ss<milliseconds> clock(at - day);
  char out[64];
  int bytes = std::snprintf(out, sizeof(out), "%04d-%02u-%02uT%02d:%02d:%02d", int(date.year()), unsigned(date.month()),
                            unsigned(date.day()), int(clock.hours().count()), int(clock.minutes().count()),
                            int(clock.seconds().count()));
  if (const int ms = int(clock.subseconds().count()); ms != 0)
    bytes += std::snprintf(out + bytes, sizeof(out) - static_cast<std::size_t>(bytes), ".%03d", ms);
  return std::string(out, static_cast<std::size_t>(bytes)) + "Z";
}

base::result<std::optional<time_range>> read_range(const json& arguments, range_arguments named) {
  if (!is_given(arguments, named.start) && !is_given(arguments, named.end)) return std::optional<time_range>();
  const auto start = read_end(arguments, named.start);
  if (!start) return start.error();
  const auto end = read_end(arguments, named.end);
  if (!end) return end.error();
  if (*start >= *end) return bad_time(named.start, "must be before " + std::string(named.end));
  return std::optional(time_range{*start, *end});
}

}  // namespace hydrant::providers::opensearch

#include "store/redis/timestamp.hpp"

#include <charconv>
#include <chrono>
#include <cstdio>

namespace hydrant::store::redis {

namespace chrono = std::chrono;

std::string to_iso8601(base::wall_time time) {
  const auto whole = chrono::floor<chrono::milliseconds>(time);
  const auto day = chrono::floor<chrono::days>(whole);
  const chrono::year_month_day date{day};
  const chrono::hh_mm_ss clock{whole - day};
  char text[64];
  const int size =
      std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                    static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return std::string(text, static_cast<std::size_t>(size));
}

std::optional<base::wall_time> from_iso8601(std::string_view text) {
  constexpr std::string_view shape = "dddd-dd-ddTdd:dd:dd.dddZ";
  if (text.size() != shape.size()) return std::nullopt;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (shape[i] == 'd' ? !digit : text[i] != shape[i]) return std::nullopt;
  }
  const auto part = [&](std::size_t from, std::size_t size) {
    int value = 0;
    std::from_chars(text.data() + from, text.data() + from + size, value);
    return value;
  };
  const chrono::year_month_day date{chrono::year(part(0, 4)), chrono::month(static_cast<unsigned>(part(5, 2))),
                                    chrono::day(static_cast<unsigned>(part(8, 2)))};
  if (!date.ok()) return std::nullopt;
  return chrono::sys_days(date) + chrono::hours(part(11, 2)) + chrono::minutes(part(14, 2)) +
         chrono::seconds(part(17, 2)) + chrono::milliseconds(part(20, 3));
}

}  // namespace hydrant::store::redis

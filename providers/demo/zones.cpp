#include "providers/demo/zones.hpp"

#include <algorithm>
#include <date/tz.h>
#include <stdexcept>

namespace hydrant::providers::demo {

const std::vector<std::string>& zone_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> found;
    try {
      for (const auto& zone : date::get_tzdb().zones)
        found.push_back(zone.name());
    } catch (const std::runtime_error&) {
      // No zone data on this machine: the tools then know UTC only.
    }
    if (!std::ranges::count(found, "UTC")) found.emplace_back("UTC");
    std::ranges::sort(found);
    return found;
  }();
  return names;
}

bool is_zone(std::string_view name) {
  return std::ranges::binary_search(zone_names(), name);
}

std::string time_in_zone(const std::string& zone) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  if (zone == "UTC") return date::format("%FT%T+00:00", now);
  return date::format("%FT%T%Ez", date::make_zoned(zone, now));
}

}  // namespace hydrant::providers::demo

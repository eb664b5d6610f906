#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hydrant::providers::demo {

/// The IANA time zones that this machine knows, sorted; empty if it has no zone data.
const std::vector<std::string>& zone_names();
bool is_zone(std::string_view name);
/// The time now in that zone, ISO 8601 with its offset to UTC, e.g. 2026-02-01T09:30:00+01:00.
std::string time_in_zone(const std::string& zone);

}  // namespace hydrant::providers::demo

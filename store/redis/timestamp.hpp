#pragma once

#include "base/clock.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hydrant::store::redis {

/// ISO 8601 in UTC to the millisecond, as in 2025-10-09T08:53:20.123Z: what an operator reads in HGETALL.
std::string to_iso8601(base::wall_time time);
std::optional<base::wall_time> from_iso8601(std::string_view text);

}  // namespace hydrant::store::redis

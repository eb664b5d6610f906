#pragma once

#include <span>
#include <string>
#include <string_view>

namespace hydrant::app {

/// The candidate that `name` is most likely a slip of: at most a third of its letters inserted, dropped, changed or
/// swapped with a neighbour, or the last part of a candidate whose parts are joined by dots or hyphens. Empty if none
/// is near. Ties go to the earlier one.
std::string nearest_name(std::string_view name, std::span<const std::string> candidates);

}  // namespace hydrant::app

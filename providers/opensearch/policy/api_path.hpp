#pragma once

#include "base/result.hpp"

#include <string_view>
#include <vector>

namespace hydrant::providers::opensearch {

/// The segments of a path that everybody on the way reads alike; none for `/`. They are views of `path`, as it is
/// written. Fails with invalid_params on what effect_of() (api_effect.hpp) refuses.
base::result<std::vector<std::string_view>> split_path(std::string_view path);

}  // namespace hydrant::providers::opensearch

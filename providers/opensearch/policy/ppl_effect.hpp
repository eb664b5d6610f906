#pragma once

#include <string_view>

namespace hydrant::providers::opensearch {

/// Whether a PPL query may change something. PPL only reads, with one exception: the command `ml` can train a model,
/// which the cluster keeps. Judged by words alone, so a query that only searches for both words counts, too. Pure.
bool ppl_may_write(std::string_view query);

}  // namespace hydrant::providers::opensearch

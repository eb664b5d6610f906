#pragma once

// What clients are offered while somebody types the name of an index or of a cluster.

#include "providers/entries.hpp"
#include "providers/opensearch/toolbox.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::providers::opensearch {

/// The names of a cluster's indices, aliases and data streams that may be seen, as last known. Answers at once, in any
/// thread.
using name_source = std::function<std::vector<std::string>(std::string_view cluster)>;

/// Names that begin with what is typed, then those that have it within them, each in the given order; at most 100, and
/// `total` says how many there are. Case makes no difference. Pure.
completion_result matching(const std::vector<std::string>& names, std::string_view typed);

/// Suggests names of clusters.
completer complete_clusters(const workshop& with);

/// Suggests names of indices of the cluster that was chosen as `cluster_argument`; before that, of all clusters.
completer complete_indices(const workshop& with, name_source names, std::string cluster_argument);

}  // namespace hydrant::providers::opensearch

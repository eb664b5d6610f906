#pragma once

// What a body makes of a request, whatever its method and path. Pure. All of them answer writes_cluster or reads; the
// latter says nothing about the rest of the request.

#include "protocol/json.hpp"
#include "providers/opensearch/policy/api_effect.hpp"

namespace hydrant::providers::opensearch {

/// A search's: one that prolongs a point in time, or writes into a model's memory, changes something.
effect effect_of_search(const protocol::json& body);

/// That of _reindex: it may make the cluster ask another host, or write where the cluster keeps what is its own.
effect effect_of_reindex(const protocol::json& body);

/// A line of _bulk, {"index":{"_index":"films"}} or a document.
effect effect_of_bulk_line(const protocol::json& line);

}  // namespace hydrant::providers::opensearch

#pragma once

// Resources about clusters, for people and programs that choose by themselves what a model gets to see.
//
//   opensearch://indices                     the indices with health, number of documents and size
//   opensearch://cluster/health              the cluster's health
//   opensearch://indices/{index}/mapping     its fields and their types
//   opensearch://indices/{index}/settings    its settings
//   opensearch://indices/{index}/sample      three of its documents
//
// {index} may be a pattern or a list, as with tools. Where there are several clusters to choose from, each URI has the
// cluster's name in front, opensearch://{cluster}/indices and so on, and all of them are templates.
//
// A resource shows what a tool would: it is there if that tool is offered, so that what an operator keeps out stays
// out, and it keeps to the index rules as tools do. Reads fail with what access::ask says; besides with too_large
// where a result is larger than resource_bytes_max.

#include "providers/opensearch/completion.hpp"

namespace hydrant::providers::opensearch {

constexpr std::size_t resource_bytes_max = 1024 * 1024;

/// To be called once `tools` knows all tools. Its workshop outlives the catalog's users.
void offer_resources(catalog& to, const toolbox& tools, const name_source& names);

}  // namespace hydrant::providers::opensearch

#pragma once

// The provider's tools, by the files that hold them.

#include "providers/opensearch/toolbox.hpp"

namespace hydrant::providers::opensearch {

void offer_index_tools(toolbox& tools);   ///< list_indices, get_index_mapping, get_shards, and more about indices
void offer_search_tools(toolbox& tools);  ///< search_index, count, explain, and msearch
void offer_msearch(toolbox& tools);
void offer_cluster_tools(toolbox& tools);     ///< cluster_health, nodes, tasks, query insights
void offer_ppl_tool(toolbox& tools);          ///< ppl_query
void offer_skills(toolbox& tools);            ///< data_distribution, log_patterns, metric_change
void offer_generic_tool(toolbox& tools);      ///< opensearch_api
void offer_list_of_clusters(toolbox& tools);  ///< list_clusters, if there is more than one to choose from

}  // namespace hydrant::providers::opensearch

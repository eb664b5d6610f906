#pragma once

// The provider's tools, by the files that hold them.

#include "providers/opensearch/toolbox.hpp"

namespace hydrant::providers::opensearch {

void offer_index_tools(toolbox& tools);         ///< list_indices
void offer_mapping_tool(toolbox& tools);        ///< get_index_mapping
void offer_index_detail_tools(toolbox& tools);  ///< get_index_info, get_index_stats
void offer_shard_tools(toolbox& tools);         ///< get_shards, get_segments, get_allocation
void offer_search_tools(toolbox& tools);        ///< search_index, count, explain, and msearch
void offer_msearch(toolbox& tools);
void offer_health_tool(toolbox& tools);       ///< cluster_health
void offer_cluster_state(toolbox& tools);     ///< cluster_state
void offer_node_tools(toolbox& tools);        ///< cat_nodes, get_nodes, nodes_hot_threads
void offer_task_tool(toolbox& tools);         ///< long_running_tasks
void offer_query_insights(toolbox& tools);    ///< query_insights
void offer_ppl_tool(toolbox& tools);          ///< ppl_query
void offer_skills(toolbox& tools);            ///< data_distribution, log_patterns, metric_change
void offer_generic_tool(toolbox& tools);      ///< opensearch_api
void offer_list_of_clusters(toolbox& tools);  ///< list_clusters, if there is more than one to choose from

}  // namespace hydrant::providers::opensearch

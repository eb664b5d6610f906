#pragma once

// The skills one by one; offer_skills() in tools.hpp offers them all. Parameters have the names that they have in
// OpenSearch's own Python server, so that calls written for it stay good.

#include "providers/opensearch/toolbox.hpp"

namespace hydrant::providers::opensearch {

void offer_data_distribution(toolbox& tools);
void offer_log_patterns(toolbox& tools);
void offer_metric_change(toolbox& tools);

}  // namespace hydrant::providers::opensearch

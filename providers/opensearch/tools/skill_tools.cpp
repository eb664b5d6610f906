#include "providers/opensearch/tools/skill_tools.hpp"

#include "providers/opensearch/tools/tools.hpp"

namespace hydrant::providers::opensearch {

void offer_skills(toolbox& tools) {
  offer_data_distribution(tools);
  offer_log_patterns(tools);
  offer_metric_change(tools);
}

}  // namespace hydrant::providers::opensearch

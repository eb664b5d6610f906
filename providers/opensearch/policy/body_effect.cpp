#include "providers/opensearch/policy/body_effect.hpp"

#include "providers/opensearch/render/outline.hpp"

#include <string>

namespace hydrant::providers::opensearch {
namespace {

using protocol::json;

constexpr int depth_max = 100;

bool has(const json& object, const char* name) {
  return !member(object, name).is_null();
}

bool names_own_index(const json& name) {
  return name.is_string() && may_be_the_clusters(name.get_ref<const std::string&>());
}

// Both keep what was said in an index of the cluster's.
bool remembers(const json& settings) {
  return has(settings, "memory_id") || has(settings, "conversation_id");
}

// A query of this kind may stand anywhere in a search.
bool has_agent_that_remembers(const json& value, int depth = 0) {
  if (depth > depth_max) return true;
  if (!value.is_structured()) return false;
  if (remembers(member(value, "agentic"))) return true;
  for (const auto& inside : value)
    if (has_agent_that_remembers(inside, depth + 1)) return true;
  return false;
}

effect cluster_if(bool changes) {
  return changes ? effect::writes_cluster : effect::reads;
}

}  // namespace

effect effect_of_search(const json& body) {
  return cluster_if(has(member(body, "pit"), "keep_alive") ||
                    remembers(member(member(body, "ext"), "generative_qa_parameters")) ||
                    has_agent_that_remembers(member(body, "query")));
}

effect effect_of_reindex(const json& body) {
  return cluster_if(has(member(body, "source"), "remote") || names_own_index(member(member(body, "dest"), "index")));
}

effect effect_of_bulk_line(const json& line) {
  for (const char* action : {"index", "create", "update", "delete"})
    if (names_own_index(member(member(line, action), "_index"))) return effect::writes_cluster;
  return effect::reads;
}

}  // namespace hydrant::providers::opensearch

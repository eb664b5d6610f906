// cluster_state: what the cluster manager knows.

#include "providers/opensearch/tools/outlined.hpp"
#include "providers/opensearch/tools/parameters.hpp"
#include "providers/opensearch/tools/tools.hpp"

namespace hydrant::providers::opensearch {

namespace asio = boost::asio;

namespace {

constexpr const char* metrics = "_all|blocks|cluster_manager_node|metadata|nodes|routing_nodes|routing_table|version";
constexpr const char* metrics_of_cluster = "blocks,cluster_manager_node,nodes,version";
constexpr const char* metrics_of_index = "blocks,metadata,routing_table";

outline_form state_form(std::size_t bytes_max) {
  return {"state", "Name a `metric` or an `index`.", bytes_max};
}

json allowed_members(const json& by_index, const index_rules& rules) {
  json out = json::object();
  for (auto at = by_index.begin(); by_index.is_object() && at != by_index.end(); ++at)
    if (rules.allows(at.key())) out[at.key()] = *at;
  return out;
}

// OpenSearch narrows down what it says by index, but not its blocks; and templates, data streams and the list of
// deleted indices name others. So only what is known to be about allowed indices, or none, passes.
json visible(const json& state, const index_rules& rules) {
  if (!rules.any()) return state;
  json out = json::object();
  for (const auto* name :
       {"cluster_name", "cluster_uuid", "version", "state_uuid", "master_node", "cluster_manager_node", "nodes"})
    if (const auto& value = member(state, name); !value.is_null()) out[name] = value;
  for (const auto* name : {"blocks", "metadata", "routing_table"})
    if (const auto& value = member(state, name); value.is_object())
      out[name] = {{"indices", allowed_members(member(value, "indices"), rules)}};
  if (const auto& global = member(member(state, "blocks"), "global"); !global.is_null())
    out["blocks"]["global"] = global;
  return out;
}

asio::awaitable<outcome<tool_result>> get_state(access& on, std::string metric, std::string wanted) {
  if (metric.empty()) metric = wanted.empty() ? metrics_of_cluster : metrics_of_index;
  auto expression = co_await on.narrow(std::move(wanted));
  if (!expression) co_return expression.error();
  api_request request{.path = api_path({"_cluster", "state", metric, *expression})};
  auto reply = co_await on.ask(std::move(request), "read the cluster's state");
  if (!reply) co_return reply.error();
  co_return outlined_result(visible(*reply, on.rules()), state_form(on.limits().text_bytes_max));
}

}  // namespace

void offer_cluster_state(toolbox& tools) {
  const auto metric = words_parameter(
      "metric",
      std::string("Which parts; if left out: ") + metrics_of_cluster + ", or with an index " + metrics_of_index,
      metrics);
  const auto index = index_parameter("Only these indices: name or pattern such as logs-*").or_else("");
  tools.offer({category::cluster_tools, "GetClusterStateTool"},
              tool("cluster_state")
                  .title("State of the cluster")
                  .describe("Shows what the cluster manager knows: nodes, blocks, metadata of indices, which node has "
                            "which shard. It can be very long: name an index and a metric.")
                  .takes(metric, index)
                  .read_only()
                  .idempotent()
                  .output_schema(outlined_schema(state_form(0))),
              [=](access& on, call& c) { return get_state(on, c[metric], c[index]); });
}

}  // namespace hydrant::providers::opensearch

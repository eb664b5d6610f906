// cat_nodes, get_nodes, nodes_hot_threads: the machines of the cluster.

#include "providers/opensearch/tools/outlined.hpp"
#include "providers/opensearch/tools/parameters.hpp"
#include "providers/opensearch/tools/rows.hpp"
#include "providers/opensearch/tools/tools.hpp"

#include <algorithm>
#include <array>

namespace hydrant::providers::opensearch {

namespace asio = boost::asio;

namespace {

constexpr const char* usual_columns =
    "name,ip,node.role,cluster_manager,version,heap.percent,ram.percent,cpu,load_1m,disk.used_percent";
constexpr const char* node_parts =
    "_all|aggregations|http|indices|ingest|jvm|os|plugins|process|search_pipelines|settings|thread_pool|transport";
constexpr const char* usual_node_parts = "os,process,jvm";

outline_form nodes_form(std::size_t bytes_max) {
  return {"nodes", "Name a `metric` or a `node_id`.", bytes_max};
}

// A node may be called 1, or have a version that looks like a number.
column_kind kind_of(std::string_view column_name) {
  constexpr std::array texts{"name", "n", "id", "nodeId", "version", "v", "build", "b"};
  return std::ranges::find(texts, column_name) != texts.end() ? column_kind::text : column_kind::number;
}

// The columns as they were asked for, then what a wildcard among them stands for.
std::vector<column> columns_of(const json& rows, const std::string& wanted) {
  std::vector<column> out;
  const auto add = [&](const std::string& name) {
    const bool is_there = !rows.empty() && rows.front().is_object() && rows.front().contains(name);
    const bool is_new = std::ranges::none_of(out, [&](const column& one) { return one.member == name; });
    if (is_there && is_new) out.push_back({name, {}, kind_of(name)});
  };
  for (const auto& name : split_names(wanted))
    add(name);
  if (!rows.empty() && rows.front().is_object())
    for (auto at = rows.front().begin(); at != rows.front().end(); ++at)
      add(at.key());
  return out;
}

asio::awaitable<outcome<tool_result>> list_nodes(access& on, std::string metrics, page part) {
  if (metrics.empty()) metrics = usual_columns;
  api_request request{.path = "/_cat/nodes",
                      .query = {{"format", "json"}, {"bytes", "b"}, {"h", metrics}, {"s", "name"}}};
  auto rows = co_await on.ask(std::move(request), "list the nodes");
  if (!rows) co_return rows.error();
  if (!rows->is_array()) *rows = json::array();
  co_return rows_result(*rows, {columns_of(*rows, metrics), "nodes", "nodes", on.limits().text_bytes_max}, part);
}

// A node of such a name would be taken for another API.
bool is_api(std::string_view node_id) {
  constexpr std::array apis{"stats", "usage", "hot_threads", "reload_secure_settings"};
  return std::ranges::find(apis, node_id) != apis.end();
}

// Arguments of the Java process may hold passwords.
json without_arguments(json nodes) {
  for (auto& node : nodes)
    if (node.is_object() && node.contains("jvm") && node["jvm"].is_object()) node["jvm"].erase("input_arguments");
  return nodes;
}

asio::awaitable<outcome<tool_result>> describe_nodes(access& on, std::string node_id, std::string metric) {
  if (is_api(node_id)) co_return base::fail(base::error_kind::invalid_params, "there is no node called " + node_id);
  if (metric.empty()) metric = usual_node_parts;
  api_request request{.path = api_path({"_nodes", node_id.empty() ? "_all" : node_id, metric})};
  auto reply = co_await on.ask(std::move(request), "describe the nodes");
  if (!reply) co_return reply.error();
  const auto& nodes = member(*reply, "nodes");
  if (nodes.empty()) co_return base::fail(base::error_kind::resource_not_found, "no node is called " + node_id);
  co_return outlined_result(without_arguments(nodes), nodes_form(on.limits().text_bytes_max));
}

asio::awaitable<outcome<tool_result>> hot_threads(access& on, std::int64_t threads) {
  api_request request{.path = "/_nodes/hot_threads", .query = {{"threads", std::to_string(threads)}}};
  auto text = co_await on.ask_text(std::move(request), "look at the nodes' threads");
  if (!text) co_return text.error();
  co_return text_result_within(std::move(*text), "threads", on.limits().text_bytes_max, "Ask for fewer threads.");
}

void offer_cat_nodes(toolbox& tools) {
  const auto metrics =
      parameter<std::string>(
          "metrics", std::string("Columns of the _cat/nodes API, joined by commas; if left out: ") + usual_columns)
          .with("pattern", "^[A-Za-z0-9_.,*]*$")
          .with("maxLength", 1000)
          .or_else("");
  const paging pages;
  tools.offer({category::cluster_tools, "CatNodesTool", index_reach::none},
              tool("cat_nodes")
                  .title("Nodes at a glance")
                  .describe("Lists the nodes with roles, memory, load and disk, one row each. Use it to see whether a "
                            "node is overloaded or full; get_nodes tells more about one.")
                  .takes(metrics, pages.offset, pages.limit)
                  .read_only()
                  .idempotent()
                  .output_schema(rows_schema({{}, "nodes", "nodes"})),
              [=](access& on, call& c) { return list_nodes(on, c[metrics], pages.of(c)); });
}

void offer_get_nodes(toolbox& tools) {
  const auto node_id = parameter<std::string>("node_id", "Ids, names or filters such as data:true; all if left out")
                           .with("pattern", "^[^/\\\\?#%]*$")
                           .with("maxLength", 500)
                           .or_else("");
  const auto metric =
      words_parameter("metric", std::string("Which parts; if left out: ") + usual_node_parts, node_parts);
  tools.offer({category::cluster_tools, "GetNodesTool", index_reach::none},
              tool("get_nodes")
                  .title("Nodes in detail")
                  .describe("Shows how nodes are set up: versions, roles, operating system, Java; on demand plugins, "
                            "settings, thread pools and more.")
                  .takes(node_id, metric)
                  .read_only()
                  .idempotent()
                  .output_schema(outlined_schema(nodes_form(0))),
              [=](access& on, call& c) { return describe_nodes(on, c[node_id], c[metric]); });
}

// Threads are named after the index that they work for.
void offer_hot_threads(toolbox& tools) {
  const auto threads =
      parameter<std::int64_t>("threads", "How many of the busiest threads of each node").range(1, 20).or_else(3);
  const json text = {{"type", "string"}};
  tools.offer({category::cluster_tools, "GetNodesHotThreadsTool", index_reach::all},
              tool("nodes_hot_threads")
                  .title("Busiest threads of the nodes")
                  .describe("Shows what the busiest threads of each node are doing, as Java stacks. Use it when a node "
                            "has a high CPU load and the reason is not known. It looks for about half a second.")
                  .takes(threads)
                  .read_only()
                  .idempotent()
                  .output_schema({{"type", "object"}, {"properties", {{"threads", text}}}, {"required", {"threads"}}}),
              [=](access& on, call& c) { return hot_threads(on, c[threads]); });
}

}  // namespace

void offer_node_tools(toolbox& tools) {
  offer_cat_nodes(tools);
  offer_get_nodes(tools);
  offer_hot_threads(tools);
}

}  // namespace hydrant::providers::opensearch

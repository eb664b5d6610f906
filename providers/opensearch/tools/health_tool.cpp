// cluster_health: whether the cluster, or an index, has all of its shards.

#include "providers/opensearch/client/reply_json.hpp"
#include "providers/opensearch/render/failure.hpp"
#include "providers/opensearch/render/outline.hpp"
#include "providers/opensearch/tools/parameters.hpp"
#include "providers/opensearch/tools/rows.hpp"
#include "providers/opensearch/tools/tools.hpp"

#include <algorithm>

namespace hydrant::providers::opensearch {

namespace asio = boost::asio;

namespace {

constexpr int status_ok = 200;
constexpr int status_timed_out = 408;      // with a body as usual: OpenSearch waits for an index that is missing
constexpr std::size_t frame_bytes = 1500;  // of what a cluster's health has besides its indices

table_form indices_form(std::size_t bytes_max) {
  return {{{"index"},
           {"status"},
           {"number_of_shards", "shards"},
           {"number_of_replicas", "replicas"},
           {"active_shards", "active"},
           {"initializing_shards", "initializing"},
           {"relocating_shards", "relocating"},
           {"unassigned_shards", "unassigned"}},
          "indices",
          "indices",
          bytes_max - std::min(bytes_max, frame_bytes)};
}

/// `about`: what was asked for; the status is that of it.
std::string line_of(const json& health, const std::string& about) {
  const auto of = [&health](const char* name) { return text_member(health, name); };
  auto out = (about.empty() ? "Cluster " + of("cluster_name") : about) + " is " + of("status") +
             "; nodes: " + of("number_of_nodes") + ", " + of("number_of_data_nodes") +
             " with data; shards: " + of("active_shards") + " active (" + of("active_shards_percent_as_number") +
             " %), " + of("active_primary_shards") + " of them primaries";
  for (const auto* trouble : {"unassigned_shards", "initializing_shards", "relocating_shards",
                              "delayed_unassigned_shards", "number_of_pending_tasks"})
    if (const auto count = of(trouble); count != "0" && !count.empty())
      out += "; " + std::string(trouble) + " " + count;
  return out + ".";
}

// The worst come first.
json rows_of(const json& indices) {
  json rows = json::array();
  for (const std::string status : {"red", "yellow", "green"})
    for (auto at = indices.begin(); at != indices.end(); ++at)
      if (text_member(*at, "status") == status) {
        rows.push_back(*at);
        rows.back()["index"] = at.key();
      }
  return rows;
}

tool_result told(json health, const std::string& index, page part, std::size_t bytes_max) {
  const bool in_vain = member(health, "timed_out") == true;
  auto text = line_of(health, index.empty() ? std::string() : "Index " + index);
  const json indices = member(health, "indices");
  if (in_vain && index.empty()) text += "\n\nOpenSearch waited in vain for the cluster.";
  if (in_vain && !index.empty()) text = "There is no index " + index + ", or it has no active shards.";
  auto structured = health.is_object() ? std::move(health) : json::object();
  structured.erase("indices");
  structured["status"] = text_member(structured, "status");
  if (indices.is_object() && !indices.empty()) {
    auto table = render_table(rows_of(indices), indices_form(bytes_max), part);
    text += "\n\n" + table.text;
    structured.update(table.structured);
  }
  return told_result(std::move(text), std::move(structured));
}

asio::awaitable<outcome<tool_result>> get_health(access& on, std::string wanted, page part) {
  auto expression = base::result<std::string>(wanted);
  // Of the cluster as a whole there are only numbers, which name no index.
  if (!wanted.empty()) expression = co_await on.narrow(wanted);
  if (!expression) co_return expression.error();
  api_request request{.path = api_path({"_cluster", "health", *expression}), .query = {{"timeout", "3s"}}};
  if (!expression->empty()) request.query.emplace_back("level", "indices");
  auto reply = co_await on.ask_any(std::move(request));
  if (!reply) co_return reply.error();
  if (reply->status != status_ok && reply->status != status_timed_out)
    co_return failure_of(reply->status, reply->body, "see the cluster's health");
  auto health = co_await on.read(std::move(reply->body));
  if (!health) co_return health.error();
  co_return told(std::move(*health), wanted, part, on.limits().text_bytes_max);
}

json health_schema() {
  auto schema = rows_schema(indices_form(0));
  schema["properties"]["status"] = {{"type", "string"}, {"description", "green, yellow or red"}};
  schema["required"] = {"status"};
  return schema;
}

}  // namespace

void offer_health_tool(toolbox& tools) {
  const auto index = index_parameter("Only these indices: name or pattern such as logs-*").or_else("");
  const paging pages;
  tools.offer({category::core_tools, "ClusterHealthTool"},
              tool("cluster_health")
                  .title("Health of the cluster")
                  .describe("Shows whether the cluster, or indices of it, has all of its shards: green, yellow "
                            "(replicas are missing) or red (data is missing), with the numbers of nodes and shards. "
                            "Ask it first when something seems wrong.")
                  .takes(index, pages.offset, pages.limit)
                  .read_only()
                  .idempotent()
                  .output_schema(health_schema()),
              [=](access& on, call& c) { return get_health(on, c[index], pages.of(c)); });
}

}  // namespace hydrant::providers::opensearch

// get_index_info, get_index_stats: one index, or a few, in detail.

#include "providers/opensearch/render/field_list.hpp"
#include "providers/opensearch/tools/outlined.hpp"
#include "providers/opensearch/tools/parameters.hpp"
#include "providers/opensearch/tools/tools.hpp"

namespace hydrant::providers::opensearch {

namespace asio = boost::asio;

namespace {

constexpr const char* statistics =
    "_all|completion|docs|fielddata|flush|get|indexing|merge|query_cache|recovery|refresh|request_cache|search|"
    "segments|store|translog|warmer";
constexpr const char* usual_statistics = "docs,store,indexing,search,get,segments";

outline_form info_form(std::size_t bytes_max) {
  return {"indices", "Name fewer indices, or read the fields alone with get_index_mapping.", bytes_max};
}

outline_form stats_form(std::size_t bytes_max) {
  return {"statistics", "Name fewer indices or a `metric`.", bytes_max};
}

std::string text_of(const std::string& name, const json& info) {
  json described = {{"aliases", member(info, "aliases")}, {"settings", member(info, "settings")}};
  auto out = name + "\n" + outline(described) + "fields:";
  const auto traits = mapping_traits(member(info, "mappings"));
  out += traits.empty() ? "\n" : " (" + traits + ")\n";
  for (const auto& field : fields_of(member(info, "mappings")))
    out += "  " + field_line(field) + "\n";
  return out;
}

asio::awaitable<outcome<tool_result>> get_info(access& on, std::string wanted) {
  auto expression = co_await on.narrow(std::move(wanted));
  if (!expression) co_return expression.error();
  api_request request{.path = api_path({*expression})};
  auto reply = co_await on.ask(std::move(request), "describe " + *expression);
  if (!reply) co_return reply.error();
  std::string text;
  for (auto at = reply->begin(); reply->is_object() && at != reply->end(); ++at)
    text += (text.empty() ? "" : "\n") + text_of(at.key(), *at);
  if (text.empty()) text = "No index matches.";
  co_return outlined_result(std::move(*reply), info_form(on.limits().text_bytes_max), {}, std::move(text));
}

// One index is the same as all of them.
json statistics_of(const json& reply) {
  json out = json::object();
  const auto& indices = member(reply, "indices");
  if (indices.is_object()) out["indices"] = indices;
  if (indices.size() != 1) out["all"] = member(reply, "_all");
  return out;
}

// Without replicas, primary shards are all shards.
void tell_once(json& numbers) {
  if (!numbers.is_object()) return;
  numbers.erase("uuid");
  if (member(numbers, "primaries") == member(numbers, "total")) numbers.erase("primaries");
}

std::string text_of(json numbers) {
  if (numbers.contains("all")) tell_once(numbers["all"]);
  if (numbers.contains("indices"))
    for (auto& one : numbers["indices"])
      tell_once(one);
  return outline(without_idle(numbers));
}

asio::awaitable<outcome<tool_result>> get_stats(access& on, std::string wanted, std::string metric) {
  auto expression = co_await on.narrow(std::move(wanted));
  if (!expression) co_return expression.error();
  api_request request{.path = api_path({*expression, "_stats", metric.empty() ? usual_statistics : metric})};
  auto reply = co_await on.ask(std::move(request), "read the statistics of " + *expression);
  if (!reply) co_return reply.error();
  auto numbers = statistics_of(*reply);
  auto text = text_of(numbers);
  co_return outlined_result(std::move(numbers), stats_form(on.limits().text_bytes_max),
                            "Of all shards, and of primary shards where that differs; what is zero is left out.",
                            std::move(text));
}

void offer_get_index_info(toolbox& tools) {
  const auto index = required_index_parameter("Name or pattern such as logs-*; several joined by commas");
  tools.offer({category::cluster_tools, "GetIndexInfoTool"},
              tool("get_index_info")
                  .title("Indices in detail")
                  .describe("Shows the aliases, settings and fields of indices. Use it when settings or aliases "
                            "matter; for the fields alone get_index_mapping is shorter.")
                  .takes(index)
                  .read_only()
                  .idempotent()
                  .output_schema(outlined_schema(info_form(0))),
              [=](access& on, call& c) { return get_info(on, c[index]); });
}

void offer_get_index_stats(toolbox& tools) {
  const auto index = required_index_parameter("Name or pattern such as logs-*; several joined by commas");
  const auto metric =
      words_parameter("metric", std::string("Which statistics; if left out: ") + usual_statistics, statistics);
  tools.offer({category::cluster_tools, "GetIndexStatsTool"},
              tool("get_index_stats")
                  .title("Statistics of indices")
                  .describe("Shows how indices are used: documents, size, how many searches and writes there were and "
                            "how long they took, caches, segments. Use it to find out why an index is slow or large.")
                  .takes(index, metric)
                  .read_only()
                  .idempotent()
                  .output_schema(outlined_schema(stats_form(0))),
              [=](access& on, call& c) { return get_stats(on, c[index], c[metric]); });
}

}  // namespace

void offer_index_detail_tools(toolbox& tools) {
  offer_get_index_info(tools);
  offer_get_index_stats(tools);
}

}  // namespace hydrant::providers::opensearch

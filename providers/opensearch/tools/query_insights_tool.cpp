// query_insights: which searches cost most, as the plugin of that name has noted.

#include "providers/opensearch/client/reply_json.hpp"
#include "providers/opensearch/render/outline.hpp"
#include "providers/opensearch/tools/plugin_reply.hpp"
#include "providers/opensearch/tools/rows.hpp"
#include "providers/opensearch/tools/tools.hpp"

namespace hydrant::providers::opensearch {

namespace asio = boost::asio;

namespace {

table_form queries_form(std::size_t bytes_max) {
  return {{{"timestamp", "at (ms since 1970)", column_kind::integer},
           {"latency", "ms", column_kind::number},
           {"cpu", "CPU ns", column_kind::number},
           {"memory", "bytes", column_kind::number},
           {"count", "times", column_kind::integer},
           {"indices"},
           {"search_type"},
           {"node_id", "node"},
           {"source", "query"}},
          "queries",
          "queries",
          bytes_max};
}

// A measurement is {"number": 12, "count": 1} under "measurements"; before OpenSearch 2.17 it was a number of its own.
json measured(const json& query, const char* what) {
  const auto& measurement = member(member(query, "measurements"), what);
  if (measurement.is_null()) return member(query, what);
  return measurement.is_object() ? member(measurement, "number") : measurement;
}

json row_of(const json& query) {
  json row = json::object();
  for (const auto* name : {"timestamp", "search_type", "node_id"})
    row[name] = member(query, name);
  for (const auto* what : {"latency", "cpu", "memory"})
    row[what] = measured(query, what);
  row["count"] = member(member(member(query, "measurements"), "latency"), "count");
  row["indices"] = text_member(query, "indices");
  row["source"] = text_member(query, "source");
  return row;
}

asio::awaitable<outcome<tool_result>> top_queries(access& on, std::string type, page part) {
  api_request request{.path = "/_insights/top_queries", .query = {{"type", std::move(type)}}};
  auto text = co_await ask_plugin(on, std::move(request), "query insights", "list the top queries");
  if (!text) co_return text.error();
  const auto reply = co_await on.read(std::move(*text));
  if (!reply) co_return reply.error();
  json rows = json::array();
  for (const auto& query : member(*reply, "top_queries"))
    rows.push_back(row_of(query));
  co_return rows_result(rows, queries_form(on.limits().text_bytes_max), part);
}

}  // namespace

void offer_query_insights(toolbox& tools) {
  const auto type = parameter<std::string>("type", "By what they are measured")
                        .one_of({"latency", "cpu", "memory"})
                        .or_else("latency");
  const paging pages;
  tools.offer({category::cluster_tools, "GetQueryInsightsTool", index_reach::all},
              tool("query_insights")
                  .title("Most expensive searches")
                  .describe("Lists the searches of the last minutes that took longest or used most CPU or memory, if "
                            "the cluster has the query insights plugin and it is turned on.")
                  .takes(type, pages.offset, pages.limit)
                  .read_only()
                  .idempotent()
                  .output_schema(rows_schema(queries_form(0))),
              [=](access& on, call& c) { return top_queries(on, c[type], pages.of(c)); });
}

}  // namespace hydrant::providers::opensearch

// ppl_query: OpenSearch's piped processing language.

#include "providers/opensearch/client/reply_json.hpp"
#include "providers/opensearch/policy/ppl_effect.hpp"
#include "providers/opensearch/render/outline.hpp"
#include "providers/opensearch/tools/plugin_reply.hpp"
#include "providers/opensearch/tools/rows.hpp"
#include "providers/opensearch/tools/tools.hpp"

#include <algorithm>

namespace hydrant::providers::opensearch {

namespace asio = boost::asio;

namespace {

constexpr std::size_t frame_bytes = 20;  // around the types of the columns
constexpr const char* advice = "Add `| head` or `| fields`, or count with `| stats`.";

table_form rows_form(std::size_t bytes_max) {
  return {{}, "rows", "rows", bytes_max};
}

// A row of the reply is a list of values in the order of the columns.
json row_of(const json& values, const std::vector<column>& columns) {
  json row = json::object();
  const auto count = std::min(columns.size(), values.is_array() ? values.size() : 0);
  for (std::size_t i = 0; i < count; ++i)
    row[columns[i].member] = values[i];
  return row;
}

outcome<tool_result> table_of(const json& reply, page part, std::size_t bytes_max) {
  json types = json::array();
  auto form = rows_form(bytes_max);
  for (const auto& one : member(reply, "schema")) {
    form.columns.push_back({text_member(one, "name")});
    types.push_back({{"name", text_member(one, "name")}, {"type", text_member(one, "type")}});
  }
  const auto types_bytes = protocol::to_text(types).size() + frame_bytes;
  if (types_bytes > bytes_max / 2)
    return base::fail(base::error_kind::too_large,
                      std::to_string(types.size()) + " columns are too many to be shown. " + advice);
  json rows = json::array();
  for (const auto& values : member(reply, "datarows"))
    rows.push_back(row_of(values, form.columns));
  form.bytes_max -= types_bytes;
  auto result = rows_result(rows, form, part);
  (*result.structured)["columns"] = std::move(types);
  return result;
}

asio::awaitable<outcome<tool_result>> run_query(access& on, std::string query, std::string format, page part) {
  if (ppl_may_write(query))
    co_return base::fail(base::error_kind::forbidden,
                         "this tool only reads: it takes no query that trains a model (the words `ml` and `train`)");
  api_request request{.method = "POST",
                      .path = "/_plugins/_ppl",
                      .query = {{"format", format}},
                      .body = protocol::to_text({{"query", std::move(query)}})};
  auto text = co_await ask_plugin(on, std::move(request), "SQL", "run the PPL query");
  if (!text) co_return text.error();
  const auto bytes_max = on.limits().text_bytes_max;
  if (format != "jdbc") co_return text_result_within(std::move(*text), "text", bytes_max, advice);
  const auto reply = co_await on.read(std::move(*text));
  if (!reply) co_return reply.error();
  co_return table_of(*reply, part, bytes_max);
}

json reply_schema() {
  auto schema = rows_schema(rows_form(0));
  schema.erase("required");
  schema["properties"]["columns"] = {{"type", "array"}, {"description", "Names and types; only for jdbc"}};
  schema["properties"]["text"] = {{"type", "string"}, {"description", "The rows; only for csv and raw"}};
  return schema;
}

}  // namespace

void offer_ppl_tool(toolbox& tools) {
  const auto query = parameter<std::string>("query", "E.g. source=logs-* | where status >= 500 | stats count() by host")
                         .with("minLength", 1)
                         .with("maxLength", 20'000);
  const auto format = parameter<std::string>("format", "jdbc: a table with types; csv and raw: text, for more rows")
                          .one_of({"jdbc", "csv", "raw"})
                          .or_else("jdbc");
  const paging pages;
  tools.offer({category::observability, "PPLQueryTool", index_reach::all},
              tool("ppl_query")
                  .title("PPL query")
                  .describe("Runs a query in PPL, OpenSearch's piped language: source=<index> | where ... | stats ... "
                            "by ... | sort ... | head. Good for logs and for questions that need several steps. The "
                            "cluster needs the SQL plugin.")
                  .takes(query, format, pages.offset, pages.limit)
                  .read_only()
                  .idempotent()
                  .output_schema(reply_schema()),
              [=](access& on, call& c) { return run_query(on, c[query], c[format], pages.of(c)); });
}

}  // namespace hydrant::providers::opensearch

#include "providers/opensearch/tools/rows.hpp"
#include "providers/opensearch/tools/tools.hpp"

namespace hydrant::providers::opensearch {

namespace asio = boost::asio;

namespace {

parameter<std::string> index_pattern(const char* what) {
  return parameter<std::string>("index", what).with("maxLength", 2000);
}

table_form indices_form(std::size_t bytes_max) {
  return {{{"index"},
           {"health"},
           {"status"},
           {"docs.count", "documents", column_kind::integer},
           {"store.size", "bytes", column_kind::integer},
           {"pri", "primaries", column_kind::integer},
           {"rep", "replicas", column_kind::integer}},
          "indices",
          "indices",
          bytes_max};
}

struct listed {
  json rows;
  std::string note;  // why there are names alone; empty: there is all
};

base::result<listed> made(json rows, std::string note) {
  return base::result<listed>(boost::system::in_place_value, listed{std::move(rows), std::move(note)});
}

// Without the right to see statistics there is still the list of names (cluster permission denied, index permission
// granted).
asio::awaitable<base::result<listed>> indices_by_name(access& on, const std::string& expression, base::error refused) {
  api_request resolve{.path = api_path({"_resolve", "index", expression.empty() ? "*" : expression})};
  auto found = co_await on.ask(std::move(resolve), "list indices");
  if (!found) co_return refused;
  json rows = json::array();
  for (const auto& one : found->value("indices", json::array()))
    rows.push_back({{"index", one.value("name", "")}});
  co_return made(std::move(rows), "Health and sizes are left out: " + refused.message);
}

asio::awaitable<base::result<listed>> index_rows(access& on, const std::string& expression) {
  api_request list{.path = api_path({"_cat", "indices", expression}),
                   .query = {{"format", "json"},
                             {"bytes", "b"},
                             {"h", "index,health,status,docs.count,store.size,pri,rep"},
                             {"s", "index"}}};
  auto rows = co_await on.ask(std::move(list), "list indices");
  if (rows) co_return made(std::move(*rows), {});
  if (rows.error().kind != base::error_kind::forbidden) co_return rows.error();
  auto names = co_await indices_by_name(on, expression, rows.error());
  co_return names;
}

asio::awaitable<outcome<tool_result>> list_indices(access& on, std::string wanted, bool in_detail, page part) {
  auto expression = co_await on.narrow(std::move(wanted));
  if (!expression) co_return expression.error();
  auto rows = co_await index_rows(on, *expression);
  if (!rows) co_return rows.error();
  auto form = indices_form(on.limits().text_bytes_max);
  if (!in_detail || !rows->note.empty()) form.columns.resize(1);
  co_return rows_result(rows->rows, form, part, rows->note);
}

void offer_list_indices(toolbox& tools) {
  const auto index = index_pattern("Name or pattern such as logs-*; all indices if left out").or_else("");
  const auto detail =
      parameter<bool>("include_detail", "Also health, number of documents and size of each index").or_else(true);
  const paging pages;
  tools.offer({category::core_tools, "ListIndexTool"},
              tool("list_indices")
                  .title("List indices")
                  .describe("Lists the indices of the cluster with health, number of documents and size. Start here "
                            "to find out what there is to search.")
                  .takes(index, detail, pages.offset, pages.limit)
                  .read_only()
                  .idempotent()
                  .output_schema(rows_schema(indices_form(0))),
              [=](access& on, call& c) { return list_indices(on, c[index], c[detail], pages.of(c)); });
}

}  // namespace

void offer_index_tools(toolbox& tools) {
  offer_list_indices(tools);
}

}  // namespace hydrant::providers::opensearch

// get_shards, get_segments, get_allocation: where an index's data lies.

#include "providers/opensearch/tools/parameters.hpp"
#include "providers/opensearch/tools/rows.hpp"
#include "providers/opensearch/tools/tools.hpp"

namespace hydrant::providers::opensearch {

namespace asio = boost::asio;

namespace {

/// A table of the _cat APIs.
struct cat_table {
  std::string path;
  std::string sort;
  std::string doing;  ///< completes "cannot ..."
};

std::string columns_of(const table_form& form) {
  std::string names;
  for (const auto& one : form.columns)
    names.append(names.empty() ? "" : ",").append(one.member);
  return names;
}

asio::awaitable<outcome<tool_result>> show(access& on, cat_table table, table_form form, page part) {
  form.bytes_max = on.limits().text_bytes_max;
  api_request request{
      .path = std::move(table.path),
      .query = {{"format", "json"}, {"bytes", "b"}, {"h", columns_of(form)}, {"s", std::move(table.sort)}}};
  auto rows = co_await on.ask(std::move(request), std::move(table.doing));
  if (!rows) co_return rows.error();
  co_return rows_result(*rows, form, part);
}

asio::awaitable<outcome<tool_result>> show_of_indices(access& on, std::string wanted, cat_table table, table_form form,
                                                      page part) {
  auto expression = co_await on.narrow(std::move(wanted));
  if (!expression) co_return expression.error();
  table.path = api_path({"_cat", table.path, *expression});
  auto shown = co_await show(on, std::move(table), std::move(form), part);
  co_return shown;
}

table_form shards_form() {
  return {{{"index"},
           {"shard", {}, column_kind::integer},
           {"prirep", "primary or replica"},
           {"state"},
           {"docs", "documents", column_kind::integer},
           {"store", "bytes", column_kind::integer},
           {"node"},
           {"unassigned.reason", "why unassigned"}},
          "shards",
          "shards"};
}

table_form segments_form() {
  return {{{"index"},
           {"shard", {}, column_kind::integer},
           {"prirep", "primary or replica"},
           {"segment"},
           {"docs.count", "documents", column_kind::integer},
           {"docs.deleted", "deleted", column_kind::integer},
           {"size", "bytes", column_kind::integer},
           {"committed"},
           {"searchable"},
           {"version"},
           {"compound"}},
          "segments",
          "segments"};
}

table_form allocation_form() {
  return {{{"node"},
           {"shards", {}, column_kind::integer},
           {"disk.indices", "bytes of indices", column_kind::integer},
           {"disk.used", "bytes used", column_kind::integer},
           {"disk.avail", "bytes free", column_kind::integer},
           {"disk.total", "bytes in all", column_kind::integer},
           {"disk.percent", "percent used", column_kind::integer},
           {"host"},
           {"ip"}},
          "nodes",
          "nodes"};
}

void offer_get_shards(toolbox& tools) {
  const auto index = required_index_parameter("Name or pattern such as logs-*; several joined by commas");
  const paging pages;
  tools.offer({category::core_tools, "GetShardsTool"},
              tool("get_shards")
                  .title("Shards of indices")
                  .describe("Lists the shards of indices: primary or replica, state, documents, size, the node that "
                            "holds each, and why one is unassigned. Use it when an index is yellow or red, or when "
                            "its data is spread unevenly.")
                  .takes(index, pages.offset, pages.limit)
                  .read_only()
                  .idempotent()
                  .output_schema(rows_schema(shards_form())),
              [=](access& on, call& c) {
                return show_of_indices(on, c[index], {"shards", "index,shard,prirep", "list shards"}, shards_form(),
                                       pages.of(c));
              });
}

void offer_get_segments(toolbox& tools) {
  const auto index = index_parameter("Name or pattern such as logs-*; all indices if left out").or_else("");
  const paging pages;
  tools.offer({category::cluster_tools, "GetSegmentsTool"},
              tool("get_segments")
                  .title("Segments of indices")
                  .describe("Lists the Lucene segments of each shard with documents, deleted documents and size. Use "
                            "it to find out whether an index would gain from a merge, or wastes space on deleted "
                            "documents.")
                  .takes(index, pages.offset, pages.limit)
                  .read_only()
                  .idempotent()
                  .output_schema(rows_schema(segments_form())),
              [=](access& on, call& c) {
                return show_of_indices(on, c[index], {"segments", "index,shard,prirep,segment", "list segments"},
                                       segments_form(), pages.of(c));
              });
}

void offer_get_allocation(toolbox& tools) {
  const paging pages;
  tools.offer({category::cluster_tools, "GetAllocationTool", index_reach::none},
              tool("get_allocation")
                  .title("Shards and disk space by node")
                  .describe("Lists the data nodes with their number of shards and how full their disks are. Use it "
                            "when shards are not assigned, or a disk runs full.")
                  .takes(pages.offset, pages.limit)
                  .read_only()
                  .idempotent()
                  .output_schema(rows_schema(allocation_form())),
              [=](access& on, call& c) {
                return show(on, {"/_cat/allocation", "node", "show the allocation"}, allocation_form(), pages.of(c));
              });
}

}  // namespace

void offer_shard_tools(toolbox& tools) {
  offer_get_shards(tools);
  offer_get_segments(tools);
  offer_get_allocation(tools);
}

}  // namespace hydrant::providers::opensearch

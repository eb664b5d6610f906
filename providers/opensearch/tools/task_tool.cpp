// long_running_tasks: what keeps the cluster busy.

#include "providers/opensearch/render/outline.hpp"
#include "providers/opensearch/tools/rows.hpp"
#include "providers/opensearch/tools/tools.hpp"

#include <algorithm>
#include <map>

namespace hydrant::providers::opensearch {

namespace asio = boost::asio;

namespace {

// What people and programs ask for, and not the cluster's own chores.
constexpr const char* usual_actions =
    "*search*,*scroll*,indices:data/write/*,indices:admin/forcemerge*,cluster:admin/snapshot/*";
constexpr std::int64_t nanos_per_milli = 1'000'000;

table_form tasks_form(std::size_t bytes_max) {
  return {{{"running_ms", "running for ms", column_kind::integer},
           {"action"},
           {"description"},
           {"task_id", "task"},
           {"node"},
           {"parts", {}, column_kind::integer},
           {"cancellable"}},
          "tasks",
          "tasks",
          bytes_max};
}

std::int64_t running_ms(const json& task) {
  const auto& nanos = member(task, "running_time_in_nanos");
  return nanos.is_number() ? nanos.get<std::int64_t>() / nanos_per_milli : 0;
}

json row_of(const std::string& id, const json& task, const json& node) {
  return {{"running_ms", running_ms(task)},
          {"action", text_member(task, "action")},
          {"description", text_member(task, "description")},
          {"task_id", id},
          {"node", text_member(node, "name")},
          {"parent", text_member(task, "parent_task_id")},
          {"cancellable", member(task, "cancellable") == true}};
}

json all_rows(const json& reply) {
  json rows = json::array();
  const auto& nodes = member(reply, "nodes");
  for (auto node = nodes.begin(); nodes.is_object() && node != nodes.end(); ++node) {
    const auto& tasks = member(*node, "tasks");
    for (auto at = tasks.begin(); tasks.is_object() && at != tasks.end(); ++at)
      rows.push_back(row_of(at.key(), *at, *node));
  }
  return rows;
}

// A search is a task, and so is its part for each shard. Parts only count, unless their whole is not there.
json whole_tasks(const json& rows) {
  std::map<std::string, std::int64_t> parts;
  for (const auto& row : rows)
    parts.emplace(text_member(row, "task_id"), 0);
  json out = json::array();
  for (const auto& row : rows) {
    const auto whole = parts.find(text_member(row, "parent"));
    if (whole == parts.end()) {
      out.push_back(row);
    } else {
      ++whole->second;
    }
  }
  for (auto& row : out)
    if (const auto count = parts[text_member(row, "task_id")]; count > 0) row["parts"] = count;
  return out;
}

asio::awaitable<outcome<tool_result>> list_tasks(access& on, std::string actions, std::int64_t limit) {
  api_request request{.path = "/_tasks", .query = {{"actions", std::move(actions)}, {"detailed", "true"}}};
  auto reply = co_await on.ask(std::move(request), "list tasks");
  if (!reply) co_return reply.error();
  auto rows = whole_tasks(all_rows(*reply));
  std::stable_sort(rows.begin(), rows.end(), [](const json& a, const json& b) {
    return a["running_ms"].get<std::int64_t>() > b["running_ms"].get<std::int64_t>();
  });
  co_return rows_result(rows, tasks_form(on.limits().text_bytes_max), {0, limit});
}

}  // namespace

void offer_task_tool(toolbox& tools) {
  const auto actions = parameter<std::string>("actions", "Which actions, joined by commas, with wildcards")
                           .with("pattern", "^[A-Za-z0-9_.:/*\\[\\],-]+$")
                           .with("maxLength", 500)
                           .or_else(usual_actions);
  const auto limit = parameter<std::int64_t>("limit", "How many tasks to give at most").range(1, 1000).or_else(10);
  tools.offer({category::cluster_tools, "GetLongRunningTasksTool", index_reach::all},
              tool("long_running_tasks")
                  .title("Tasks that run longest")
                  .describe("Lists the searches, writes, merges and snapshots that are running now, the longest first, "
                            "with what they do. Use it to find out what keeps the cluster busy, or whether a search "
                            "still runs.")
                  .takes(actions, limit)
                  .read_only()
                  .idempotent()
                  .output_schema(rows_schema(tasks_form(0))),
              [=](access& on, call& c) { return list_tasks(on, c[actions], c[limit]); });
}

}  // namespace hydrant::providers::opensearch

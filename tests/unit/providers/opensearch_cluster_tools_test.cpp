#include "providers/opensearch/tools/tools.hpp"
#include "tests/unit/providers/tool_bench.hpp"

#include <gmock/gmock.h>

namespace hydrant::providers::opensearch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* health_numbers =
    R"("number_of_nodes":1,"number_of_data_nodes":1,"active_primary_shards":9,"active_shards":9,)"
    R"("relocating_shards":0,"initializing_shards":0,"unassigned_shards":2,"delayed_unassigned_shards":0,)"
    R"("number_of_pending_tasks":0,"active_shards_percent_as_number":81.8)";

std::string health_reply(const std::string& status, const std::string& more = "") {
  return R"({"cluster_name":"lab","status":")" + status + R"(",)" + health_numbers + more + "}";
}

TEST(opensearch_cluster_health, is_told_in_a_line) {
  tool_bench bench(offer_health_tool);
  bench.replies("GET /_cluster/health?timeout=3s", health_reply("yellow", R"(,"timed_out":false)"));
  const auto seen = bench.run("cluster_health");
  EXPECT_EQ(seen.text,
            "Cluster lab is yellow; nodes: 1, 1 with data; shards: 9 active (81.8 %), 9 of them primaries; "
            "unassigned_shards 2.");
  EXPECT_EQ(seen.structured["unassigned_shards"], 2);
}

TEST(opensearch_cluster_health, of_indices_the_worst_come_first) {
  tool_bench bench(offer_health_tool);
  bench.replies("GET /_cluster/health/*?timeout=3s&level=indices",
                health_reply("red", R"(,"indices":{"a":{"status":"green","active_shards":1},)"
                                    R"("b":{"status":"red","active_shards":0}})"));
  const auto seen = bench.run("cluster_health", {{"index", "*"}});
  EXPECT_EQ(seen.structured["indices"][0], (json{{"index", "b"}, {"status", "red"}, {"active_shards", 0}}));
  EXPECT_THAT(seen.text, HasSubstr("| b | red |"));
}

TEST(opensearch_cluster_health, an_index_that_is_missing_times_out_with_a_reply_as_usual) {
  tool_bench bench(offer_health_tool);
  bench.replies("GET /_cluster/health/nothing?timeout=3s&level=indices",
                health_reply("red", R"(,"timed_out":true,"indices":{})"), 408);
  const auto seen = bench.run("cluster_health", {{"index", "nothing"}});
  EXPECT_FALSE(seen.is_error);
  EXPECT_THAT(seen.text, HasSubstr("There is no index nothing"));
  EXPECT_THAT(seen.text, Not(HasSubstr("Cluster lab is red")));
}

TEST(opensearch_cluster_health, of_the_whole_is_allowed_with_rules_and_of_indices_narrowed) {
  tool_bench bench(offer_health_tool, only_films());
  bench.replies("GET /_cluster/health?timeout=3s", health_reply("green"));
  EXPECT_FALSE(bench.run("cluster_health").is_error);
  bench.replies("GET /_resolve/index/secret", resolved({"secret"}));
  EXPECT_TRUE(bench.run("cluster_health", {{"index", "secret"}}).is_error);
}

TEST(opensearch_cluster_health, a_refusal_is_told) {
  tool_bench bench(offer_health_tool);
  bench.replies("GET /_cluster/health?timeout=3s",
                R"({"error":{"type":"security_exception","reason":"no permissions"},"status":403})", 403);
  EXPECT_TRUE(bench.run("cluster_health").is_error);
}

constexpr const char* state_reply =
    R"({"cluster_name":"lab","blocks":{"global":{"1":{"retryable":false}},"indices":{"films":{"4":{}},)"
    R"("secret":{"4":{}}}},"nodes":{"n1":{"name":"node-1"}},"metadata":{"templates":{"secret-template":{}},)"
    R"("indices":{"films":{"state":"open"},"secret":{"state":"open"}},"index-graveyard":{"tombstones":["secret"]}},)"
    R"("routing_table":{"indices":{"films":{"shards":{}},"secret":{"shards":{}}}},)"
    R"("routing_nodes":{"unassigned":[{"index":"secret"}]}})";

TEST(opensearch_cluster_state, says_little_unless_asked_for_more) {
  tool_bench bench(offer_cluster_state);
  bench.replies("GET /_cluster/state/blocks,cluster_manager_node,nodes,version", R"({"nodes":{"n1":{"name":"x"}}})");
  EXPECT_EQ(bench.run("cluster_state").text, "nodes.n1.name: x\n");
}

TEST(opensearch_cluster_state, shows_nothing_that_the_rules_hide) {
  tool_bench bench(offer_cluster_state, only_films());
  bench.replies("GET /_resolve/index/*", resolved({"films", "secret"}));
  bench.replies("GET /_cluster/state/_all/films", state_reply);
  const auto seen = bench.run("cluster_state", {{"metric", "_all"}});
  EXPECT_THAT(seen.text, Not(HasSubstr("secret")));
  EXPECT_THAT(seen.structured.dump(), Not(HasSubstr("secret")));
  EXPECT_EQ(seen.structured["state"]["metadata"]["indices"]["films"]["state"], "open");
  EXPECT_TRUE(seen.structured["state"]["blocks"]["global"].is_object());
}

TEST(opensearch_cluster_state, without_rules_all_of_it_is_there) {
  tool_bench bench(offer_cluster_state);
  bench.replies("GET /_cluster/state/_all", state_reply);
  const auto seen = bench.run("cluster_state", {{"metric", "_all"}});
  EXPECT_EQ(seen.structured["state"], json::parse(state_reply));
  EXPECT_FALSE(bench.takes("cluster_state", {{"metric", "metadata/secret"}}));
}

TEST(opensearch_cluster_state, what_is_too_long_shrinks_to_an_overview) {
  json state = {{"metadata", {{"indices", json::object()}}}};
  for (int i = 0; i < 200; ++i)
    state["metadata"]["indices"]["index" + std::to_string(i)] = {{"state", "open"}};
  tool_bench bench(offer_cluster_state, {}, 1000);
  bench.replies("GET /_cluster/state/metadata", state.dump());
  const auto seen = bench.run("cluster_state", {{"metric", "metadata"}});
  EXPECT_EQ(seen.structured["state"]["metadata"]["indices"], "(200 members)");
  EXPECT_THAT(seen.text, HasSubstr("Name a `metric` or an `index`."));
}

TEST(opensearch_cat_nodes, has_the_columns_in_the_order_asked_for) {
  tool_bench bench(offer_node_tools);
  bench.replies("GET /_cat/nodes?format=json&bytes=b&h=name,cpu,version&s=name",
                R"([{"cpu":"78","name":"1","version":"2.19.4"}])");
  const auto seen = bench.run("cat_nodes", {{"metrics", "name,cpu,version"}});
  EXPECT_EQ(seen.text, "| name | cpu | version |\n|---|---|---|\n| 1 | 78 | 2.19.4 |\n");
  EXPECT_EQ(seen.structured["nodes"][0], (json{{"name", "1"}, {"cpu", 78}, {"version", "2.19.4"}}));
  EXPECT_FALSE(bench.takes("cat_nodes", {{"metrics", "name&format=text"}}));
}

TEST(opensearch_get_nodes, does_not_show_what_java_was_started_with) {
  tool_bench bench(offer_node_tools, only_films());
  bench.replies(
      "GET /_nodes/node-1/jvm",
      R"({"nodes":{"n1":{"name":"node-1","jvm":{"version":"17","input_arguments":["-Dpassword=hunter2"]}}}})");
  const auto seen = bench.run("get_nodes", {{"node_id", "node-1"}, {"metric", "jvm"}});
  EXPECT_EQ(seen.structured["nodes"]["n1"]["jvm"], (json{{"version", "17"}}));
  EXPECT_THAT(seen.text, Not(HasSubstr("hunter2")));
}

TEST(opensearch_get_nodes, a_node_is_never_the_name_of_an_api) {
  tool_bench bench(offer_node_tools);
  for (const char* name : {"stats", "usage", "hot_threads", "reload_secure_settings"})
    EXPECT_TRUE(bench.run("get_nodes", {{"node_id", name}}).is_error) << name;
  EXPECT_THAT(bench.sent(), IsEmpty());
  EXPECT_FALSE(bench.takes("get_nodes", {{"node_id", "x/stats"}}));
  EXPECT_FALSE(bench.takes("get_nodes", {{"metric", "stats"}}));
}

TEST(opensearch_get_nodes, no_node_is_a_failure) {
  tool_bench bench(offer_node_tools);
  bench.replies("GET /_nodes/ghost/os,process,jvm", R"({"_nodes":{"total":0},"nodes":{}})");
  EXPECT_TRUE(bench.run("get_nodes", {{"node_id", "ghost"}}).is_error);
}

TEST(opensearch_hot_threads, are_a_text_within_the_limit) {
  tool_bench bench(offer_node_tools, {}, 1000);
  bench.replies("GET /_nodes/hot_threads?threads=3", "::: {node-1}\n" + std::string(5000, '\n'));
  const auto seen = bench.run("nodes_hot_threads");
  EXPECT_THAT(seen.text, HasSubstr("Ask for fewer threads."));
  EXPECT_EQ(seen.structured["threads"], seen.text);
}

// Their names hold those of indices.
TEST(opensearch_hot_threads, are_not_offered_with_rules) {
  tool_bench bench(offer_node_tools, only_films());
  EXPECT_FALSE(bench.offers("nodes_hot_threads"));
  EXPECT_TRUE(bench.offers("cat_nodes"));
}

constexpr const char* tasks_path =
    "GET /_tasks?actions=*search*,*scroll*,indices%3Adata%2Fwrite%2F*,indices%3Aadmin%2Fforcemerge*,"
    "cluster%3Aadmin%2Fsnapshot%2F*&detailed=true";

TEST(opensearch_tasks, the_longest_comes_first_and_parts_only_count) {
  tool_bench bench(offer_task_tool);
  bench.replies(tasks_path,
                R"({"nodes":{"n1":{"name":"node-1","tasks":{)"
                R"("n1:1":{"action":"indices:data/read/search","description":"indices[a]","cancellable":true,)"
                R"("running_time_in_nanos":5000000},)"
                R"("n1:2":{"action":"indices:data/read/search","description":"indices[b]","cancellable":true,)"
                R"("running_time_in_nanos":74742718},)"
                R"("n1:3":{"action":"indices:data/read/search[phase/query]","parent_task_id":"n1:2",)"
                R"("running_time_in_nanos":99000000},)"
                R"("n1:4":{"action":"indices:data/write/reindex","parent_task_id":"gone:9"}}}}})");
  const auto seen = bench.run("long_running_tasks");
  EXPECT_EQ(seen.structured["total"], 3);
  EXPECT_EQ(seen.structured["tasks"][0], (json{{"running_ms", 74},
                                               {"action", "indices:data/read/search"},
                                               {"description", "indices[b]"},
                                               {"task_id", "n1:2"},
                                               {"node", "node-1"},
                                               {"parts", 1},
                                               {"cancellable", true}}));
  EXPECT_EQ(seen.structured["tasks"][2]["task_id"], "n1:4");
}

TEST(opensearch_tasks, nothing_runs) {
  tool_bench bench(offer_task_tool);
  bench.replies(tasks_path, R"({"nodes":{}})");
  EXPECT_EQ(bench.run("long_running_tasks").text, "No tasks.");
  EXPECT_FALSE(bench.takes("long_running_tasks", {{"limit", 0}}));
  EXPECT_FALSE(bench.takes("long_running_tasks", {{"actions", "*&detailed=false"}}));
}

TEST(opensearch_tools, what_tells_of_all_indices_is_not_offered_with_rules) {
  EXPECT_FALSE(tool_bench(offer_task_tool, only_films()).offers("long_running_tasks"));
  EXPECT_FALSE(tool_bench(offer_query_insights, only_films()).offers("query_insights"));
  EXPECT_FALSE(tool_bench(offer_ppl_tool, only_films()).offers("ppl_query"));
}

TEST(opensearch_list_clusters, shows_names_hosts_and_no_secrets) {
  tool_bench bench(offer_list_of_clusters, {}, 48 * 1024, true);
  bench.add_cluster("staging", "https://search.example.com:9200/behind/proxy", auth_kind::basic);
  const auto seen = bench.run("list_clusters");
  EXPECT_EQ(seen.structured["clusters"][1],
            (json{{"name", "staging"}, {"host", "search.example.com:9200"}, {"auth", "user and password"}}));
  EXPECT_THAT(seen.text, Not(HasSubstr("hunter2")));
  EXPECT_THAT(bench.sent(), IsEmpty());
}

TEST(opensearch_list_clusters, is_not_there_for_one_cluster) {
  EXPECT_FALSE(tool_bench(offer_list_of_clusters).offers("list_clusters"));
}

TEST(opensearch_tools, of_several_clusters_the_named_one_is_asked) {
  tool_bench bench(offer_health_tool, {}, 48 * 1024, true);
  bench.add_cluster("staging", "http://staging", auth_kind::none);
  bench.server.replies["GET http://staging/_cluster/health?timeout=3s"] = {200, health_reply("green")};
  EXPECT_FALSE(bench.takes("cluster_health", json::object()));
  EXPECT_FALSE(bench.takes("cluster_health", {{"opensearch_cluster_name", "other"}}));
  EXPECT_THAT(bench.run("cluster_health", {{"opensearch_cluster_name", "staging"}}).text, HasSubstr("green"));
}

}  // namespace
}  // namespace hydrant::providers::opensearch

#include "providers/opensearch/tools/tools.hpp"
#include "tests/unit/providers/tool_bench.hpp"

#include <gmock/gmock.h>

namespace hydrant::providers::opensearch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* shards_query =
    "?format=json&bytes=b&h=index,shard,prirep,state,docs,store,node,unassigned.reason&s=index,shard,prirep";
constexpr const char* no_such_index =
    R"({"error":{"root_cause":[{"type":"index_not_found_exception","reason":"no such index [nothing]"}],)"
    R"("type":"index_not_found_exception","reason":"no such index [nothing]","index":"nothing"},"status":404})";
constexpr const char* films_mapping =
    R"({"dynamic":"strict","properties":{"title":{"type":"text","fields":{"keyword":{"type":"keyword"}}},)"
    R"("year":{"type":"short"}}})";

std::string mapping_reply(const std::vector<std::string>& indices, const std::string& mapping) {
  json out = json::object();
  for (const auto& one : indices)
    out[one] = {{"mappings", json::parse(mapping)}};
  return out.dump();
}

TEST(opensearch_get_shards, lists_them_as_a_table) {
  tool_bench bench(offer_shard_tools);
  bench.replies(std::string("GET /_cat/shards/films") + shards_query,
                R"([{"index":"films","shard":"0","prirep":"p","state":"STARTED","docs":"10050","store":"3574196",)"
                R"("node":"node-1","unassigned.reason":null},{"index":"films","shard":"1","prirep":"p",)"
                R"("state":"UNASSIGNED","docs":null,"store":null,"node":null,"unassigned.reason":"NODE_LEFT"}])");
  const auto seen = bench.run("get_shards", {{"index", "films"}});
  EXPECT_THAT(seen.text, HasSubstr("| films | 0 | p | STARTED | 10050 | 3574196 | node-1 |  |"));
  EXPECT_EQ(seen.structured["total"], 2);
  EXPECT_EQ(seen.structured["shards"][1], (json{{"index", "films"},
                                                {"shard", 1},
                                                {"prirep", "p"},
                                                {"state", "UNASSIGNED"},
                                                {"unassigned.reason", "NODE_LEFT"}}));
}

TEST(opensearch_get_shards, needs_an_index) {
  tool_bench bench(offer_shard_tools);
  EXPECT_FALSE(bench.takes("get_shards", json::object()));
  EXPECT_FALSE(bench.takes("get_shards", {{"index", ""}}));
  EXPECT_FALSE(bench.takes("get_shards", {{"index", std::string(2001, 'x')}}));
}

TEST(opensearch_get_shards, looks_at_the_indices_that_the_rules_leave) {
  tool_bench bench(offer_shard_tools, only_films());
  bench.replies("GET /_resolve/index/*", resolved({"films", "films-2", "secret"}));
  bench.replies(std::string("GET /_cat/shards/films,films-2") + shards_query, "[]");
  EXPECT_EQ(bench.run("get_shards", {{"index", "*"}}).text, "No shards.");
}

TEST(opensearch_get_shards, an_index_that_is_forbidden_is_not_asked_for) {
  tool_bench bench(offer_shard_tools, only_films());
  bench.replies("GET /_resolve/index/secret", resolved({"secret"}));
  const auto seen = bench.run("get_shards", {{"index", "secret"}});
  EXPECT_TRUE(seen.is_error);
  EXPECT_THAT(bench.sent(), ElementsAre("GET /_resolve/index/secret"));
}

TEST(opensearch_get_segments, without_an_index_the_rules_still_hold) {
  tool_bench bench(offer_shard_tools, only_films());
  bench.replies("GET /_resolve/index/*", resolved({"films", "secret"}));
  bench.run("get_segments");
  ASSERT_EQ(bench.sent().size(), 2U);
  EXPECT_THAT(bench.sent()[1], HasSubstr("GET /_cat/segments/films?"));
}

TEST(opensearch_get_allocation, is_offered_with_rules_as_it_names_no_index) {
  tool_bench bench(offer_shard_tools, only_films());
  bench.replies(
      "GET /_cat/allocation?format=json&bytes=b&h=node,shards,disk.indices,disk.used,disk.avail,"
      "disk.total,disk.percent,host,ip&s=node",
      R"([{"shards":"9","disk.indices":"23157796","disk.percent":"70","host":"127.0.0.1","node":"node-1"}])");
  const auto seen = bench.run("get_allocation");
  EXPECT_EQ(seen.structured["nodes"][0]["disk.percent"], 70);
}

TEST(opensearch_get_index_mapping, gives_a_line_for_each_field) {
  tool_bench bench(offer_mapping_tool);
  bench.replies("GET /films/_mapping", mapping_reply({"films"}, films_mapping));
  const auto seen = bench.run("get_index_mapping", {{"index", "films"}});
  EXPECT_EQ(seen.text,
            "films (dynamic strict)\n"
            "  title: text (also title.keyword keyword)\n"
            "  year: short\n");
  EXPECT_EQ(seen.structured["indices"]["films"]["dynamic"], "strict");
  EXPECT_EQ(seen.structured["indices"]["films"]["fields"]["year"], (json{{"type", "short"}}));
}

TEST(opensearch_get_index_mapping, what_is_the_same_is_told_once) {
  tool_bench bench(offer_mapping_tool);
  std::vector<std::string> days;
  for (int day = 10; day < 25; ++day)
    days.push_back("logs-" + std::to_string(day));
  bench.replies("GET /logs-*/_mapping", mapping_reply(days, films_mapping));
  const auto seen = bench.run("get_index_mapping", {{"index", "logs-*"}, {"field", "y*"}});
  EXPECT_THAT(seen.text, HasSubstr("logs-19 and 5 more (dynamic strict)\n  year: short\n"));
  EXPECT_EQ(seen.structured["indices"]["logs-24"], (json{{"same_as", "logs-10"}}));
  EXPECT_EQ(seen.structured["indices"]["logs-10"]["fields"].size(), 1U);
}

TEST(opensearch_get_index_mapping, a_mapping_that_is_too_long_is_cut_with_advice) {
  json mapping = {{"properties", json::object()}};
  for (int i = 0; i < 1000; ++i)
    mapping["properties"]["field" + std::to_string(i)] = {{"type", "keyword"}};
  tool_bench bench(offer_mapping_tool, {}, 2000);
  bench.replies("GET /wide/_mapping", mapping_reply({"wide"}, mapping.dump()));
  const auto seen = bench.run("get_index_mapping", {{"index", "wide"}});
  EXPECT_THAT(seen.text, HasSubstr("Give a pattern in `field`"));
  EXPECT_THAT(seen.structured["note"].get<std::string>(), HasSubstr("Give a pattern in `field`"));
  EXPECT_EQ(seen.structured["indices"]["wide"]["fields"], "(1000 members)");
}

TEST(opensearch_get_index_mapping, an_index_that_is_missing_is_a_failure_in_words) {
  tool_bench bench(offer_mapping_tool);
  bench.replies("GET /nothing/_mapping", no_such_index, 404);
  const auto seen = bench.run("get_index_mapping", {{"index", "nothing"}});
  EXPECT_TRUE(seen.is_error);
  EXPECT_THAT(seen.text, HasSubstr("nothing"));
}

TEST(opensearch_get_index_mapping, survives_replies_of_any_form) {
  for (const char* body : {"[]", "7", "null", "{}", R"({"a":null})", R"({"a":{"mappings":[]}})", R"(["x"])"}) {
    tool_bench bench(offer_mapping_tool);
    bench.replies("GET /a/_mapping", body);
    EXPECT_FALSE(bench.run("get_index_mapping", {{"index", "a"}}).is_error) << body;
  }
}

// GET /_search would be something else altogether.
TEST(opensearch_index_tools, an_index_is_never_the_name_of_an_api) {
  for (const char* name : {"_nodes", "_search", "_all,films", "_scripts"}) {
    tool_bench bench(offer_index_detail_tools);
    EXPECT_TRUE(bench.run("get_index_info", {{"index", name}}).is_error) << name;
    EXPECT_THAT(bench.sent(), IsEmpty());
  }
}

TEST(opensearch_index_tools, a_path_within_a_name_is_escaped) {
  tool_bench bench(offer_index_detail_tools);
  EXPECT_TRUE(bench.run("get_index_info", {{"index", "films/_search?q=x"}}).is_error);
  EXPECT_EQ(bench.sent()[0], "GET /films%2F_search%3Fq%3Dx");
}

TEST(opensearch_get_index_info, tells_aliases_settings_and_fields) {
  tool_bench bench(offer_index_detail_tools);
  bench.replies("GET /films", R"({"films":{"aliases":{"movies":{}},"mappings":)" + std::string(films_mapping) +
                                  R"(,"settings":{"index":{"number_of_shards":"3","version":{"created":"1"}}}}})");
  const auto seen = bench.run("get_index_info", {{"index", "films"}});
  EXPECT_EQ(seen.text,
            "films\n"
            "aliases.movies: {}\n"
            "settings.index:\n"
            "  number_of_shards: 3\n"
            "  version.created: 1\n"
            "fields: (dynamic strict)\n"
            "  title: text (also title.keyword keyword)\n"
            "  year: short\n");
  EXPECT_EQ(seen.structured["indices"]["films"]["settings"]["index"]["number_of_shards"], "3");
}

TEST(opensearch_get_index_info, follows_the_rules) {
  tool_bench bench(offer_index_detail_tools, only_films());
  bench.replies("GET /_resolve/index/*", resolved({"films", "secret"}));
  bench.replies("GET /films", "{}");
  EXPECT_EQ(bench.run("get_index_info", {{"index", "_all"}}).text, "No index matches.");
}

constexpr const char* stats_reply =
    R"({"_shards":{"total":3},"_all":{"total":{"docs":{"count":5,"deleted":0}}},)"
    R"("indices":{"films":{"total":{"docs":{"count":5,"deleted":0},"get":{"total":0}}}}})";

TEST(opensearch_get_index_stats, leaves_zeros_out_of_the_text) {
  tool_bench bench(offer_index_detail_tools);
  bench.replies("GET /films/_stats/docs,store,indexing,search,get,segments", stats_reply);
  const auto seen = bench.run("get_index_stats", {{"index", "films"}});
  EXPECT_THAT(seen.text, HasSubstr("indices.films.total.docs.count: 5"));
  EXPECT_THAT(seen.text, Not(HasSubstr("deleted")));
  EXPECT_EQ(seen.structured["statistics"]["indices"]["films"]["total"]["get"]["total"], 0);
  EXPECT_FALSE(seen.structured["statistics"].contains("all"));
}

TEST(opensearch_get_index_stats, primaries_are_told_where_there_are_replicas) {
  tool_bench bench(offer_index_detail_tools);
  bench.replies("GET /*/_stats/docs",
                R"({"_all":{"primaries":{"docs":{"count":5}},"total":{"docs":{"count":9}}},)"
                R"("indices":{"a":{"uuid":"x","primaries":{"docs":{"count":1}},"total":{"docs":{"count":1}}},)"
                R"("b":{"primaries":{"docs":{"count":4}},"total":{"docs":{"count":8}}}}})");
  const auto seen = bench.run("get_index_stats", {{"index", "*"}, {"metric", "docs"}});
  EXPECT_THAT(seen.text, HasSubstr("all:\n  primaries.docs.count: 5\n  total.docs.count: 9\n"
                                   "indices:\n  a.total.docs.count: 1\n"
                                   "  b:\n    primaries.docs.count: 4\n    total.docs.count: 8\n"));
  EXPECT_EQ(seen.structured["statistics"]["indices"]["a"]["primaries"]["docs"]["count"], 1);
}

TEST(opensearch_get_index_stats, a_metric_is_a_known_word) {
  tool_bench bench(offer_index_detail_tools);
  bench.replies("GET /films/_stats/docs,get", stats_reply);
  EXPECT_FALSE(bench.run("get_index_stats", {{"index", "films"}, {"metric", "docs,get"}}).is_error);
  for (const char* metric : {"../_search", "docs,", "docs/../x", "x", "docs get", "docs\n"})
    EXPECT_FALSE(bench.takes("get_index_stats", {{"index", "films"}, {"metric", metric}})) << metric;
}

}  // namespace
}  // namespace hydrant::providers::opensearch

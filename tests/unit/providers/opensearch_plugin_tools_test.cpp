#include "providers/opensearch/tools/tools.hpp"
#include "tests/unit/providers/tool_bench.hpp"

#include <gmock/gmock.h>

namespace hydrant::providers::opensearch {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* ppl_path = "POST /_plugins/_ppl?format=jdbc";
constexpr const char* insights_path = "GET /_insights/top_queries?type=latency";

TEST(opensearch_ppl, rows_become_a_table_with_types) {
  tool_bench bench(offer_ppl_tool);
  bench.replies(ppl_path, R"({"schema":[{"name":"title","type":"string"},{"name":"n","type":"integer"}],)"
                          R"("datarows":[["A|B",3],["C",null],["short"]],"total":3,"size":3})");
  const auto seen = bench.run("ppl_query", {{"query", "source=films | head 3"}});
  EXPECT_EQ(seen.text, "| title | n |\n|---|---|\n| A\\|B | 3 |\n| C |  |\n| short |  |\n");
  EXPECT_EQ(seen.structured["columns"][1], (json{{"name", "n"}, {"type", "integer"}}));
  EXPECT_EQ(seen.structured["rows"][0], (json{{"title", "A|B"}, {"n", 3}}));
  EXPECT_EQ(bench.server.asked[0].body, R"({"query":"source=films | head 3"})");
}

TEST(opensearch_ppl, csv_is_passed_on_within_the_limit) {
  tool_bench bench(offer_ppl_tool, {}, 500);
  std::string csv = "title,year\n";
  for (int i = 0; i < 200; ++i)
    csv += "\"a film\",1999\n";
  bench.replies("POST /_plugins/_ppl?format=csv", csv);
  const auto seen = bench.run("ppl_query", {{"query", "source=films"}, {"format", "csv"}});
  EXPECT_THAT(seen.text, HasSubstr("title,year\n\"a film\",1999\n"));
  EXPECT_THAT(seen.text, HasSubstr("| stats"));
  EXPECT_EQ(seen.structured["text"], seen.text);
}

TEST(opensearch_ppl, many_columns_keep_to_the_limit) {
  json schema = json::array();
  json row = json::array();
  for (int i = 0; i < 500; ++i) {
    schema.push_back({{"name", "column" + std::to_string(i)}, {"type", "string"}});
    row.push_back("value");
  }
  tool_bench bench(offer_ppl_tool, {}, 48 * 1024);
  bench.replies(ppl_path, json{{"schema", schema}, {"datarows", json::array({row, row, row, row, row})}}.dump());
  EXPECT_EQ(bench.run("ppl_query", {{"query", "source=wide"}}).structured["total"], 5);
}

TEST(opensearch_ppl, more_columns_than_fit_are_a_failure_with_advice) {
  json schema = json::array();
  for (int i = 0; i < 500; ++i)
    schema.push_back({{"name", "column" + std::to_string(i)}, {"type", "string"}});
  tool_bench bench(offer_ppl_tool, {}, 4000);
  bench.replies(ppl_path, json{{"schema", schema}, {"datarows", json::array()}}.dump());
  const auto seen = bench.run("ppl_query", {{"query", "source=wide"}});
  EXPECT_TRUE(seen.is_error);
  EXPECT_THAT(seen.text, HasSubstr("| fields"));
}

TEST(opensearch_ppl, the_missing_plugin_is_named) {
  tool_bench bench(offer_ppl_tool);
  bench.replies(ppl_path, R"({"error":"no handler found for uri [/_plugins/_ppl?format=jdbc] and method [POST]"})",
                400);
  const auto seen = bench.run("ppl_query", {{"query", "source=films"}});
  EXPECT_TRUE(seen.is_error);
  EXPECT_THAT(seen.text, HasSubstr("does not have the SQL plugin"));
}

TEST(opensearch_ppl, a_query_with_a_mistake_is_told) {
  tool_bench bench(offer_ppl_tool);
  bench.replies(ppl_path,
                R"({"error":{"reason":"Invalid Query","details":"[whre] is not a valid term","type":"SyntaxCheck"},)"
                R"("status":400})",
                400);
  const auto seen = bench.run("ppl_query", {{"query", "source=films | whre"}});
  EXPECT_TRUE(seen.is_error);
  EXPECT_THAT(seen.text, HasSubstr("Invalid Query"));
}

TEST(opensearch_ppl, a_query_that_trains_a_model_is_not_sent) {
  tool_bench bench(offer_ppl_tool);
  EXPECT_TRUE(bench.run("ppl_query", {{"query", "source=films | ml action='train' algorithm='kmeans'"}}).is_error);
  EXPECT_THAT(bench.sent(), IsEmpty());
}

TEST(opensearch_query_insights, reads_both_forms_of_measurements) {
  tool_bench bench(offer_query_insights);
  bench.replies(insights_path,
                R"({"top_queries":[{"timestamp":1720000000000,"indices":["films"],"search_type":"query_then_fetch",)"
                R"("source":{"query":{"match_all":{}}},"node_id":"n1",)"
                R"("measurements":{"latency":{"number":160,"count":2},"cpu":{"number":97,"count":2}}},)"
                R"({"timestamp":1720000000001,"indices":["films"],"source":"{}","latency":12}]})");
  const auto seen = bench.run("query_insights");
  EXPECT_EQ(seen.structured["queries"][0], (json{{"timestamp", 1720000000000},
                                                 {"latency", 160},
                                                 {"cpu", 97},
                                                 {"count", 2},
                                                 {"indices", R"(["films"])"},
                                                 {"search_type", "query_then_fetch"},
                                                 {"node_id", "n1"},
                                                 {"source", R"({"query":{"match_all":{}}})"}}));
  EXPECT_EQ(seen.structured["queries"][1]["latency"], 12);
}

TEST(opensearch_query_insights, the_missing_plugin_is_named) {
  tool_bench bench(offer_query_insights);
  bench.replies(insights_path, R"({"error":"no handler found for uri [/_insights/top_queries] and method [GET]"})",
                400);
  const auto seen = bench.run("query_insights");
  EXPECT_TRUE(seen.is_error);
  EXPECT_THAT(seen.text, HasSubstr("query insights plugin"));
}

}  // namespace
}  // namespace hydrant::providers::opensearch

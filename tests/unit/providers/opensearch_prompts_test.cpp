#include "providers/opensearch/prompts.hpp"
#include "providers/opensearch/tools/tools.hpp"
#include "tests/unit/providers/opensearch_scene.hpp"

#include <gmock/gmock.h>

namespace hydrant::providers::opensearch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> some_names(std::string_view) {
  return {"films", "logs"};
}

void offer(scene& on, const std::vector<std::string>& tool_names) {
  for (const auto& name : tool_names)
    on.tools.offer(
        {category::core_tools, ""}, tool(name),
        [](access&, call&) -> boost::asio::awaitable<outcome<tool_result>> { co_return protocol::text_result(""); });
  offer_prompts(on.offered, on.tools, some_names);
}

std::string text_of(scene& on, const char* name, json arguments) {
  open_call with(with_arguments(std::move(arguments)));
  const auto result = written(run_to_end(on.offered.find_prompt(name)->run(), with.c));
  EXPECT_EQ(result["messages"][0]["role"], "user");
  return result["messages"][0]["content"]["text"].get<std::string>();
}

TEST(opensearch_prompts, name_the_tools_that_are_offered_and_no_others) {
  scene on;
  offer(on, {"get_index_mapping", "count"});
  const auto text = text_of(on, "debug_slow_query", {{"index", "films"}, {"query", "{}"}});
  EXPECT_THAT(text, HasSubstr("1. get_index_mapping: "));
  EXPECT_THAT(text, HasSubstr("2. count: "));
  EXPECT_THAT(text, Not(HasSubstr("opensearch_api")));
  EXPECT_THAT(text, Not(HasSubstr("search_index")));
}

TEST(opensearch_prompts, name_tools_as_they_are_called) {
  scene on({"default"}, {}, {{"*"}, {}, {"generic"}, {}});
  for (const auto offer_some : {offer_index_tools, offer_mapping_tool, offer_index_detail_tools, offer_shard_tools,
                                offer_search_tools, offer_health_tool, offer_node_tools, offer_task_tool,
                                offer_query_insights, offer_ppl_tool, offer_skills, offer_generic_tool})
    offer_some(on.tools);
  offer_prompts(on.offered, on.tools, some_names);
  EXPECT_THAT(text_of(on, "explore_index", {{"index", "films"}}), HasSubstr("5. ppl_query: "));
  EXPECT_THAT(text_of(on, "debug_slow_query", {{"index", "films"}, {"query", "{}"}}),
              HasSubstr("11. cluster_health: "));
  EXPECT_THAT(text_of(on, "investigate_logs", {{"index", "logs"}, {"start", "a"}, {"end", "b"}}),
              HasSubstr("6. cluster_health: "));
}

TEST(opensearch_prompts, without_any_of_their_tools_are_not_offered) {
  scene on;
  offer(on, {"count"});
  EXPECT_EQ(on.offered.find_prompt("explore_index"), nullptr);
  EXPECT_NE(on.offered.find_prompt("debug_slow_query"), nullptr);
}

TEST(opensearch_prompts, hold_their_arguments_as_they_are) {
  scene on;
  offer(on, {"search_index"});
  const auto query = R"({"query":{"match":{"title":"{index}"}}})";
  const auto text = text_of(on, "debug_slow_query", {{"index", "films"}, {"query", query}});
  EXPECT_THAT(text, HasSubstr("index films is slow"));
  EXPECT_THAT(text, HasSubstr(query));
}

TEST(opensearch_prompts, a_question_is_optional) {
  scene on;
  offer(on, {"search_index"});
  EXPECT_THAT(text_of(on, "explore_index", {{"index", "films"}, {"question", "Who directs?"}}),
              HasSubstr("answer this question, and show the query that the answer comes from: Who directs?"));
  const auto without = text_of(on, "explore_index", {{"index", "films"}});
  EXPECT_THAT(without, HasSubstr("three questions"));
  EXPECT_THAT(without, Not(HasSubstr("{question}")));
}

TEST(opensearch_prompts, of_several_clusters_ask_which_one) {
  scene on({"east", "west"});
  offer(on, {"log_patterns"});
  const auto& arguments = on.offered.find_prompt("investigate_logs")->descriptor()["arguments"];
  EXPECT_EQ(arguments[0]["name"], "opensearch_cluster_name");
  EXPECT_TRUE(arguments[0]["required"].get<bool>());
  const auto text = text_of(
      on, "investigate_logs",
      {{"opensearch_cluster_name", "west"}, {"index", "logs-*"}, {"start", "2026-03-12"}, {"end", "2026-03-13"}});
  EXPECT_THAT(text, HasSubstr("in the cluster west"));
  EXPECT_THAT(text, HasSubstr("between 2026-03-12 and 2026-03-13"));
}

TEST(opensearch_prompts, complete_the_index) {
  scene on;
  offer(on, {"search_index"});
  const auto* suggest = on.offered.find_prompt_completer("explore_index", "index");
  ASSERT_NE(suggest, nullptr);
  EXPECT_THAT((*suggest)("fi", json::object()).values, ElementsAre("films"));
  EXPECT_EQ(on.offered.find_prompt_completer("explore_index", "question"), nullptr);
}

}  // namespace
}  // namespace hydrant::providers::opensearch

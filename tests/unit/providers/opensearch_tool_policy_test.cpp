#include "providers/opensearch/policy/glob.hpp"
#include "providers/opensearch/policy/tool_policy.hpp"

#include <gmock/gmock.h>

#include <array>

namespace hydrant::providers::opensearch {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::array<tool_names, 3> tools{
    {{"list_indices", "ListIndexTool"}, {"search_index", "SearchIndexTool"}, {"call_api", "GenericOpenSearchApiTool"}}};

bool offers_list(tool_lists lists) {
  return tool_policy(std::move(lists)).offers("list_indices", "ListIndexTool", category::core_tools);
}

bool offers_generic(tool_lists lists) {
  return tool_policy(std::move(lists)).offers("call_api", "GenericOpenSearchApiTool", category::generic);
}

TEST(opensearch_glob, a_star_stands_for_any_characters) {
  EXPECT_TRUE(matches_glob("*", ""));
  EXPECT_TRUE(matches_glob("logs-*", "logs-"));
  EXPECT_TRUE(matches_glob("*-2026-*", "logs-2026-01"));
  EXPECT_TRUE(matches_glob("a*b*c", "aXbXbYc"));
  EXPECT_TRUE(matches_glob("", ""));
}

TEST(opensearch_glob, the_whole_text_must_fit) {
  EXPECT_FALSE(matches_glob("logs", "logs-1"));
  EXPECT_FALSE(matches_glob("logs-*", "my-logs-1"));
  EXPECT_FALSE(matches_glob("a*b", "abc"));
  EXPECT_FALSE(matches_glob("", "a"));
  EXPECT_FALSE(matches_glob("a", ""));
}

TEST(opensearch_glob, nothing_but_the_star_is_special) {
  EXPECT_FALSE(matches_glob("a?c", "abc"));
  EXPECT_FALSE(matches_glob("[ab]", "a"));
  EXPECT_TRUE(matches_glob("a?c", "a?c"));
  EXPECT_FALSE(matches_glob("A*", "a"));
}

TEST(opensearch_glob, many_stars_are_not_slow) {
  std::string pattern;
  for (int i = 0; i < 200; ++i)
    pattern += "a*";
  EXPECT_FALSE(matches_glob(pattern + "b", std::string(5'000, 'a')));
}

TEST(opensearch_tool_policy, core_tools_and_skills_are_on_by_default) {
  const tool_policy policy{{}};
  EXPECT_TRUE(policy.offers("list_indices", "ListIndexTool", category::core_tools));
  EXPECT_TRUE(policy.offers("find_log_patterns", "LogPatternAnalysisTool", category::skills));
  EXPECT_FALSE(policy.offers("cat_nodes", "CatNodesTool", category::cluster_tools));
  EXPECT_FALSE(policy.offers("query_ppl", "PPLQueryTool", category::observability));
  EXPECT_FALSE(policy.offers("call_api", "GenericOpenSearchApiTool", category::generic));
}

TEST(opensearch_tool_policy, a_disabled_tool_is_never_offered) {
  EXPECT_FALSE(offers_list({{"list_indices"}, {"list_indices"}, {"core_tools"}, {}}));
}

TEST(opensearch_tool_policy, an_enabled_tool_is_offered_whatever_its_category) {
  EXPECT_TRUE(offers_list({{"list_indices"}, {}, {}, {"core_tools"}}));
}

TEST(opensearch_tool_policy, a_disabled_category_wins_over_an_enabled_one) {
  EXPECT_FALSE(offers_list({{}, {}, {"core_tools"}, {"core_tools"}}));
}

TEST(opensearch_tool_policy, a_category_can_be_enabled) {
  EXPECT_TRUE(
      tool_policy({{}, {}, {"Cluster_Tools"}, {}}).offers("cat_nodes", "CatNodesTool", category::cluster_tools));
}

TEST(opensearch_tool_policy, former_names_globs_and_any_case_are_understood) {
  EXPECT_FALSE(offers_list({{}, {"ListIndexTool"}, {}, {}}));
  EXPECT_FALSE(offers_list({{}, {"LISTINDEX*"}, {}, {}}));
  EXPECT_FALSE(offers_list({{}, {"List_*"}, {}, {}}));
  EXPECT_TRUE(offers_list({{}, {"list"}, {}, {}}));
}

TEST(opensearch_tool_policy, the_generic_tool_wants_to_be_named) {
  EXPECT_FALSE(offers_generic({{"*"}, {}, {}, {}}));
  EXPECT_TRUE(offers_generic({{"call_api"}, {}, {}, {}}));
  EXPECT_TRUE(offers_generic({{"genericopensearchapitool"}, {}, {}, {}}));
  EXPECT_TRUE(offers_generic({{}, {}, {"generic"}, {}}));
  EXPECT_FALSE(offers_generic({{"call_api"}, {"*"}, {}, {}}));
}

TEST(opensearch_tool_policy, a_tool_without_a_former_name_is_not_matched_by_an_empty_entry) {
  EXPECT_TRUE(tool_policy({{}, {""}, {}, {}}).offers("list_indices", "", category::core_tools));
}

TEST(opensearch_tool_policy, entries_that_mean_nothing_are_told) {
  const tool_policy policy{{{"search_*", "lst_indices"}, {"GetTool"}, {"core_tools", "cores"}, {"SKILLS"}}};
  EXPECT_THAT(policy.unknown_entries(tools), ElementsAre("lst_indices", "GetTool", "cores"));
  EXPECT_THAT(tool_policy({}).unknown_entries(tools), IsEmpty());
}

}  // namespace
}  // namespace hydrant::providers::opensearch

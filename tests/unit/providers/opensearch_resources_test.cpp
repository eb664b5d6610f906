#include "providers/opensearch/resources.hpp"
#include "providers/opensearch/tools/tools.hpp"
#include "tests/unit/providers/opensearch_scene.hpp"

#include <gmock/gmock.h>

namespace hydrant::providers::opensearch {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> some_names(std::string_view cluster) {
  if (cluster == "west") return {"films-west", "logs"};
  return {"best-films", "films", "films-old", "logs"};
}

outcome<tool_result> never(access&, call&) {
  throw std::logic_error("not called");
}

/// Offers tools of these names, and the resources that go with them.
void offer(scene& on, const std::vector<std::string>& tool_names) {
  for (const auto& name : tool_names)
    on.tools.offer({category::core_tools, ""}, tool(name),
                   [](access& a, call& c) -> boost::asio::awaitable<outcome<tool_result>> { co_return never(a, c); });
  offer_resources(on.offered, on.tools, some_names);
}

const std::vector<std::string> all_tools = {"list_indices", "cluster_health", "get_index_mapping", "search_index"};

json content_of(scene& on, const std::string& uri) {
  const auto contents = written(on.read(uri))["contents"];
  EXPECT_EQ(contents[0]["uri"], uri);
  EXPECT_EQ(contents[0]["mimeType"], "application/json");
  return json::parse(contents[0]["text"].get<std::string>());
}

base::error failure_of_read(scene& on, const std::string& uri) {
  const auto ended = on.read(uri);
  if (ended.failure() == nullptr) throw std::logic_error("it was read");
  return *ended.failure();
}

std::vector<std::string> listed_uris(const listing& list, const char* member, const char* key) {
  std::vector<std::string> out;
  for (const auto& one : listed(list, member))
    out.push_back(one[key].get<std::string>());
  return out;
}

TEST(opensearch_resources, one_cluster_has_two_that_stand_and_three_for_each_index) {
  scene on;
  offer(on, all_tools);
  EXPECT_THAT(listed_uris(on.offered.resources(), "resources", "uri"),
              ElementsAre("opensearch://indices", "opensearch://cluster/health"));
  EXPECT_THAT(listed_uris(on.offered.templates(), "resourceTemplates", "uriTemplate"),
              ElementsAre("opensearch://indices/{index}/mapping", "opensearch://indices/{index}/settings",
                          "opensearch://indices/{index}/sample"));
}

TEST(opensearch_resources, of_several_clusters_each_uri_says_which) {
  scene on({"east", "west"});
  offer(on, all_tools);
  EXPECT_THAT(listed_uris(on.offered.resources(), "resources", "uri"), IsEmpty());
  EXPECT_THAT(listed_uris(on.offered.templates(), "resourceTemplates", "uriTemplate"),
              Contains("opensearch://{cluster}/indices/{index}/mapping"));
  on.upstream.answer = [](const std::string& what, const json&) -> fake_cluster::reply {
    EXPECT_EQ(what, "GET /films/_mapping");
    return {200, R"({"films":{"mappings":{}}})"};
  };
  EXPECT_TRUE(content_of(on, "opensearch://west/indices/films/mapping").contains("films"));
  EXPECT_EQ(failure_of_read(on, "opensearch://north/indices/films/mapping").kind, base::error_kind::resource_not_found);
}

TEST(opensearch_resources, show_nothing_that_the_tools_are_kept_from_showing) {
  scene on;
  offer(on, {"list_indices"});
  EXPECT_THAT(listed_uris(on.offered.resources(), "resources", "uri"), ElementsAre("opensearch://indices"));
  EXPECT_EQ(on.offered.templates().size(), 0u);
}

TEST(opensearch_resources, indices_have_numbers_as_numbers_and_keep_to_the_rules) {
  scene on({"default"}, index_rules({}, {"secret*"}));
  offer(on, all_tools);
  on.upstream.answer = [](const std::string&, const json&) -> fake_cluster::reply {
    return {200, R"([{"index":"films","docs.count":"12"},{"index":"secret","docs.count":"1"}])"};
  };
  const auto read = content_of(on, "opensearch://indices");
  EXPECT_EQ(read["indices"], json::parse(R"([{"index":"films","docs.count":12}])"));
}

TEST(opensearch_resources, whoever_may_not_see_statistics_still_sees_names) {
  scene on({"default"}, index_rules({}, {"secret*"}));
  offer(on, all_tools);
  on.upstream.answer = [](const std::string& what, const json&) -> fake_cluster::reply {
    if (what.find("_cat") != std::string::npos) return {403, R"({"error":"no permissions","status":403})"};
    return {200, R"({"indices":[{"name":"films"},{"name":"secret"}],"aliases":[],"data_streams":[]})"};
  };
  EXPECT_EQ(content_of(on, "opensearch://indices")["indices"], json::parse(R"([{"index":"films"}])"));
}

TEST(opensearch_resources, a_denied_index_is_not_read) {
  scene on({"default"}, index_rules({}, {"secret*"}));
  offer(on, all_tools);
  on.upstream.answer = [](const std::string& what, const json&) -> fake_cluster::reply {
    EXPECT_THAT(what, HasSubstr("_resolve"));
    return {200, R"({"indices":[{"name":"secret","attributes":["open"]}],"aliases":[],"data_streams":[]})"};
  };
  for (const char* part : {"mapping", "settings", "sample"})
    EXPECT_EQ(failure_of_read(on, std::string("opensearch://indices/secret/") + part).kind,
              base::error_kind::forbidden);
}

TEST(opensearch_resources, an_api_is_no_index) {
  scene on;
  offer(on, all_tools);
  EXPECT_EQ(failure_of_read(on, "opensearch://indices/_nodes/settings").kind, base::error_kind::invalid_params);
  EXPECT_THAT(on.upstream.asked, IsEmpty());
}

TEST(opensearch_resources, a_sample_has_three_documents) {
  scene on;
  offer(on, all_tools);
  on.upstream.answer = [](const std::string& what, const json&) -> fake_cluster::reply {
    EXPECT_THAT(what, HasSubstr("/films/_search?size=3&"));
    return {200,
            R"({"hits":{"total":{"value":9,"relation":"eq"},"hits":[{"_index":"films","_id":"1","_source":{}}]}})"};
  };
  const auto read = content_of(on, "opensearch://indices/films/sample");
  EXPECT_EQ(read["documents"][0]["_id"], "1");
  EXPECT_EQ(read["total"]["value"], 9);
}

TEST(opensearch_resources, what_the_cluster_does_not_have_is_not_found_and_named) {
  scene on;
  offer(on, all_tools);
  on.upstream.answer = [](const std::string&, const json&) -> fake_cluster::reply {
    return {404, R"({"error":{"type":"index_not_found_exception","reason":"no such index [nope]"},"status":404})"};
  };
  const auto failure = failure_of_read(on, "opensearch://indices/nope/mapping");
  EXPECT_EQ(failure.kind, base::error_kind::resource_not_found);
  EXPECT_EQ(failure.data, R"({"uri":"opensearch://indices/nope/mapping"})");
}

TEST(opensearch_resources, more_than_a_mebibyte_is_refused) {
  scene on;
  offer(on, all_tools);
  on.upstream.answer = [](const std::string&, const json&) -> fake_cluster::reply {
    return {200, json({{"films", std::string(resource_bytes_max, 'x')}}).dump()};
  };
  EXPECT_EQ(failure_of_read(on, "opensearch://indices/films/mapping").kind, base::error_kind::too_large);
}

TEST(opensearch_completion, beginnings_come_before_middles) {
  EXPECT_THAT(matching({"best-films", "films", "films-old", "logs"}, "Film").values,
              ElementsAre("films", "films-old", "best-films"));
  EXPECT_EQ(matching({"films", "logs"}, "").values.size(), 2u);
  EXPECT_THAT(matching({"films"}, "x").values, IsEmpty());
}

TEST(opensearch_completion, at_most_a_hundred_are_given_and_all_counted) {
  std::vector<std::string> names;
  for (int i = 0; i < 250; ++i)
    names.push_back("logs-" + std::to_string(i));
  const auto found = matching(names, "logs");
  EXPECT_EQ(found.values.size(), 100u);
  EXPECT_EQ(found.total, 250u);
}

TEST(opensearch_completion, indices_are_those_of_the_cluster_that_was_chosen) {
  scene on({"east", "west"});
  const auto suggest = complete_indices(on.with, some_names, "cluster");
  EXPECT_THAT(suggest("film", {{"cluster", "west"}}).values, ElementsAre("films-west"));
  EXPECT_THAT(suggest("", {{"cluster", "north"}}).values, IsEmpty());
  EXPECT_THAT(suggest("", json::object()).values,
              ElementsAre("best-films", "films", "films-old", "films-west", "logs"));
  EXPECT_THAT(complete_clusters(on.with)("we", json::object()).values, ElementsAre("west"));
}

TEST(opensearch_completion, templates_offer_it) {
  scene on;
  offer(on, all_tools);
  const auto* suggest = on.offered.find_template_completer("opensearch://indices/{index}/mapping", "index");
  ASSERT_NE(suggest, nullptr);
  EXPECT_THAT((*suggest)("log", json::object()).values, ElementsAre("logs"));
}

}  // namespace
}  // namespace hydrant::providers::opensearch

#include "providers/opensearch/policy/index_rules.hpp"

#include <gtest/gtest.h>

namespace hydrant::providers::opensearch {
namespace {

using base::error_kind;
using protocol::json;

// What _resolve/index tells about a small cluster. Each test asks for what its expression would have found, or more.
const json cluster = json::parse(R"({
  "indices": [
    {"name": ".ds-audit-000001", "attributes": ["hidden", "open"], "data_stream": "audit"},
    {"name": ".ds-logs-000001", "attributes": ["hidden", "open"], "data_stream": "logs"},
    {"name": "films", "aliases": ["all", "movies"], "attributes": ["open"]},
    {"name": "films-old", "aliases": [], "attributes": ["open"]},
    {"name": "secret-films", "aliases": ["all", "films-view"], "attributes": ["open"]}],
  "aliases": [
    {"name": "all", "indices": ["films", "secret-films"]},
    {"name": "films-view", "indices": ["secret-films"]},
    {"name": "movies", "indices": ["films"]}],
  "data_streams": [
    {"name": "audit", "backing_indices": [".ds-audit-000001"], "timestamp_field": "@timestamp"},
    {"name": "logs", "backing_indices": [".ds-logs-000001"], "timestamp_field": "@timestamp"}]})");

const index_rules no_secrets{{}, {"secret*", "audit"}};
const index_rules only_films{{"films*"}, {}};

std::string narrowed(const index_rules& rules, std::string_view expression, const json& reply = cluster) {
  const auto outcome = rules.narrow(expression, reply);
  return outcome ? *outcome : "failure: " + outcome.error().message;
}

error_kind failure(const index_rules& rules, std::string_view expression, const json& reply = cluster) {
  const auto outcome = rules.narrow(expression, reply);
  return outcome ? error_kind::internal : outcome.error().kind;
}

TEST(opensearch_index_rules, without_rules_everything_is_allowed) {
  const index_rules none;
  EXPECT_FALSE(none.any());
  EXPECT_TRUE(none.allows("secret"));
  EXPECT_EQ(narrowed(none, "<logs-{now/d}>,other:films", json()), "<logs-{now/d}>,other:films");
  EXPECT_TRUE(none.check_body(json{{"pit", {{"id", "x"}}}}));
  EXPECT_TRUE(none.check_parameter("source"));
}

TEST(opensearch_index_rules, deny_wins_over_allow) {
  const index_rules rules{{"films*"}, {"*-old"}};
  EXPECT_TRUE(rules.allows("films"));
  EXPECT_FALSE(rules.allows("films-old"));
  EXPECT_FALSE(rules.allows("books"));
}

TEST(opensearch_index_rules, rules_do_not_mind_case) {
  EXPECT_FALSE(index_rules({}, {"Secret*"}).allows("secret-films"));
  EXPECT_FALSE(no_secrets.allows("SECRET-films"));
}

TEST(opensearch_index_rules, a_backing_index_is_also_known_by_its_data_stream) {
  EXPECT_FALSE(no_secrets.allows(".ds-audit-000001"));
  EXPECT_TRUE(index_rules({"logs"}, {}).allows(".ds-logs-000001"));
  EXPECT_FALSE(index_rules({"logs"}, {".ds-*"}).allows(".ds-logs-000001"));
  EXPECT_FALSE(index_rules({"logs"}, {}).allows(".ds-logs-1"));
}

TEST(opensearch_index_rules, what_is_named_must_be_allowed) {
  EXPECT_EQ(narrowed(no_secrets, "films"), "films");
  EXPECT_EQ(narrowed(no_secrets, "films,secret-films"), "failure: the rules of this server do not allow secret-films");
  EXPECT_EQ(failure(no_secrets, "films*,secret-films"), error_kind::forbidden);
}

TEST(opensearch_index_rules, a_named_alias_must_be_allowed_with_each_of_its_indices) {
  EXPECT_EQ(narrowed(no_secrets, "movies"), "movies");
  EXPECT_EQ(narrowed(only_films, "movies"), "movies");
  EXPECT_EQ(narrowed(no_secrets, "all"), "failure: the rules of this server do not allow all");
  // Its own name is allowed, its index is not.
  EXPECT_EQ(narrowed(only_films, "films-view"), "failure: the rules of this server do not allow films-view");
}

TEST(opensearch_index_rules, an_alias_that_is_denied_by_its_own_name_stays_denied) {
  EXPECT_EQ(failure(index_rules({}, {"movies"}), "movies"), error_kind::forbidden);
}

TEST(opensearch_index_rules, a_data_stream_is_sent_by_its_name) {
  EXPECT_EQ(narrowed(no_secrets, "logs"), "logs");
  EXPECT_EQ(narrowed(index_rules({"lo*"}, {}), "*"), ".ds-logs-000001,logs");
  EXPECT_EQ(failure(no_secrets, "audit"), error_kind::forbidden);
  EXPECT_EQ(failure(no_secrets, ".ds-audit-000001"), error_kind::forbidden);
  EXPECT_EQ(failure(index_rules({}, {".ds-audit*"}), "audit"), error_kind::forbidden);
  EXPECT_EQ(narrowed(no_secrets, ".ds-*"), ".ds-logs-000001");
  EXPECT_EQ(failure(no_secrets, "*,-films*,-logs"), error_kind::resource_not_found);
}

TEST(opensearch_index_rules, a_renamed_backing_index_is_known_by_what_the_cluster_says) {
  const auto reply = json::parse(R"({"indices": [{"name": "restored-7", "data_stream": "audit"}]})");
  EXPECT_EQ(failure(no_secrets, "restored-7", reply), error_kind::forbidden);
}

TEST(opensearch_index_rules, what_a_wildcard_finds_is_filtered_silently) {
  EXPECT_EQ(narrowed(no_secrets, "*films*"), "films,films-old");
  EXPECT_EQ(narrowed(only_films, "*"), "films,films-old");
  EXPECT_EQ(narrowed(only_films, "_all"), "films,films-old");
  EXPECT_EQ(narrowed(only_films, ""), "films,films-old");
}

TEST(opensearch_index_rules, aliases_that_a_wildcard_finds_become_their_allowed_indices) {
  EXPECT_EQ(narrowed(no_secrets, "al*"), "films");
  EXPECT_EQ(narrowed(no_secrets, "m*,films"), "films");
}

TEST(opensearch_index_rules, an_exclusion_takes_out_what_came_before_it) {
  EXPECT_EQ(narrowed(only_films, "films*,-films-old"), "films");
  EXPECT_EQ(narrowed(only_films, "films*,-films-old,films-o*"), "films,films-old");
  EXPECT_EQ(narrowed(only_films, "*,-movies"), "films-old");
  EXPECT_EQ(narrowed(only_films, "*,-mov*"), "films-old");
  EXPECT_EQ(failure(only_films, "films*,-*"), error_kind::resource_not_found);
}

TEST(opensearch_index_rules, an_exclusion_of_what_is_denied_changes_nothing) {
  EXPECT_EQ(narrowed(no_secrets, "films*,-secret-films"), "films,films-old");
}

TEST(opensearch_index_rules, nothing_left_is_a_failure_and_never_means_all) {
  EXPECT_EQ(failure(no_secrets, "secret*"), error_kind::resource_not_found);
  EXPECT_EQ(narrowed(no_secrets, "secret*"), "failure: this server can reach no index that matches \"secret*\"");
  EXPECT_EQ(narrowed(no_secrets, "absent*", json::object()),
            "failure: this server can reach no index that matches \"absent*\"");
}

TEST(opensearch_index_rules, whether_a_denied_name_exists_is_not_told) {
  EXPECT_EQ(narrowed(only_films, "secret-films"), "failure: the rules of this server do not allow secret-films");
  EXPECT_EQ(narrowed(only_films, "secret-other"), "failure: the rules of this server do not allow secret-other");
  EXPECT_EQ(failure(only_films, "films-new"), error_kind::resource_not_found);
}

TEST(opensearch_index_rules, a_name_in_another_case_is_another_name) {
  EXPECT_EQ(failure(no_secrets, "SECRET-FILMS"), error_kind::forbidden);
  EXPECT_EQ(failure(only_films, "Films"), error_kind::resource_not_found);
}

TEST(opensearch_index_rules, forms_that_hide_a_name_are_refused) {
  for (const auto* expression : {"other:films",
                                 "*:*",
                                 "<films-{now/d}>",
                                 "films%2a",
                                 "%66ilms",
                                 "films,,films",
                                 ",",
                                 "films,",
                                 " ",
                                 "films ",
                                 " films",
                                 "films, secret-films",
                                 "-secret-films",
                                 "-films,*",
                                 "films\nx",
                                 "films/_search",
                                 "films?x=1",
                                 "films#",
                                 "films|secret",
                                 "\\films",
                                 "+films",
                                 "_films",
                                 ".",
                                 "..",
                                 "*,-",
                                 "\"films\""}) {
    EXPECT_EQ(failure(only_films, expression), error_kind::invalid_params) << expression;
    EXPECT_FALSE(only_films.check_expression(expression)) << expression;
  }
}

TEST(opensearch_index_rules, control_characters_are_refused_without_rules_too) {
  EXPECT_FALSE(index_rules().check_expression("films\r\nX: y"));
  EXPECT_FALSE(index_rules().check_expression(std::string_view("a\0b", 3)));
  EXPECT_TRUE(index_rules().check_expression("<films-{now/d}>,b*,-c"));
}

TEST(opensearch_index_rules, an_expression_has_a_bounded_number_of_parts) {
  std::string expression = "films";
  for (int i = 0; i < 200; ++i)
    expression += ",films";
  EXPECT_EQ(failure(only_films, expression), error_kind::invalid_params);
}

TEST(opensearch_index_rules, many_parts_over_many_indices_are_decided_once) {
  json reply = {{"indices", json::array()}, {"aliases", {{{"name", "all"}, {"indices", json::array()}}}}};
  for (int i = 0; i < 3000; ++i) {
    const auto name = "secret-" + std::to_string(i);
    reply["indices"].push_back({{"name", name}});
    reply["aliases"][0]["indices"].push_back(name);
  }
  reply["indices"].push_back({{"name", "films"}});
  std::string stars = "*";
  for (int i = 1; i < 50; ++i)
    stars += ",*" + std::string(static_cast<std::size_t>(i), '*') + ",all*";
  EXPECT_EQ(*only_films.narrow(stars, reply), "films");
}

TEST(opensearch_index_rules, more_names_than_a_request_can_hold_want_a_narrower_pattern) {
  json reply{{"indices", json::array()}};
  for (int i = 0; i < 1'000; ++i)
    reply["indices"].push_back({{"name", "films-" + std::to_string(i)}});
  EXPECT_EQ(failure(only_films, "films-*", reply), error_kind::too_large);
  EXPECT_LE(narrowed(only_films, "films-1*", reply).size(), index_rules::expression_bytes_max);
}

TEST(opensearch_index_rules, a_reply_of_another_shape_allows_nothing) {
  for (const auto* reply : {"[]", R"({"indices": {}})", R"({"indices": [{"name": 5}]})", R"({"indices": ["films"]})",
                            R"({"aliases": [{"name": "films"}]})", R"({"data_streams": [{"name": "films"}]})"}) {
    EXPECT_EQ(failure(only_films, "films", json::parse(reply)), error_kind::unavailable) << reply;
  }
  const auto empty_alias = json::parse(R"({"aliases": [{"name": "films", "indices": []}]})");
  EXPECT_EQ(failure(no_secrets, "films", empty_alias), error_kind::forbidden);
}

TEST(opensearch_index_rules, what_is_resolved_has_no_exclusions_and_no_other_word_for_all) {
  EXPECT_EQ(to_resolve(""), "*");
  EXPECT_EQ(to_resolve("_all"), "*");
  EXPECT_EQ(to_resolve("films*,-films-old,movies"), "films*,movies");
  EXPECT_EQ(to_resolve("-films"), "-films");
}

TEST(opensearch_index_rules, rows_are_filtered_by_the_name_of_their_index) {
  const auto rows =
      json::parse(R"([{"index": "films"}, {"index": "secret-films"}, {"node": "a"}, {"index": null}, 1])");
  EXPECT_EQ(no_secrets.filter(rows, "index"), json::parse(R"([{"index": "films"}])"));
  EXPECT_EQ(index_rules().filter(rows, "index"), rows);
  EXPECT_EQ(no_secrets.filter(json::object(), "index"), json::array());
}

TEST(opensearch_index_rules, joined_names_are_split_again) {
  EXPECT_EQ(split_names("a,b"), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(split_names("").empty());
}

bool allows_body(const char* body, std::vector<std::string> vetted = {}) {
  return only_films.check_body(json::parse(body), vetted).has_value();
}

TEST(opensearch_index_rules_body, usual_searches_are_fine) {
  EXPECT_TRUE(allows_body(R"({"query": {"match": {"title": "index"}}, "size": 10, "_source": ["index"]})"));
  EXPECT_TRUE(allows_body(R"({"aggs": {"index": {"terms": {"field": "genre"}}}, "search_after": [1, "a"]})"));
  EXPECT_TRUE(allows_body(R"({"query": {"script_score": {"query": {"match_all": {}},
                                        "script": {"source": "_score * 2"}}}})"));
  EXPECT_TRUE(allows_body(R"({"query": {"query_string": {"query": "a AND b"}}})"));
  EXPECT_TRUE(allows_body(R"({"query": {"term": {"source": "web"}}})"));
  EXPECT_TRUE(allows_body(R"({"id": "my-template", "params": {"title": "x"}})"));
  EXPECT_TRUE(allows_body("null"));
}

TEST(opensearch_index_rules_body, queries_that_look_into_other_indices_are_refused) {
  EXPECT_FALSE(allows_body(R"({"query": {"terms": {"id": {"index": "secret", "id": "1", "path": "ids"}}}})"));
  EXPECT_FALSE(allows_body(R"({"query": {"more_like_this": {"like": [{"_index": "secret", "_id": "1"}]}}})"));
  EXPECT_FALSE(allows_body(R"({"query": {"geo_shape": {"at": {"indexed_shape": {"index": "secret", "id": "1"}}}}})"));
  EXPECT_FALSE(allows_body(R"({"query": {"geo_shape": {"at": {"indexed_shape": {"id": "1"}}}}})"));
  EXPECT_FALSE(allows_body(R"({"query": {"percolate": {"field": "q", "index": "secret", "id": "1"}}})"));
  EXPECT_FALSE(allows_body(R"({"docs": [{"_index": "secret", "_id": "1"}]})"));
  EXPECT_FALSE(allows_body(R"([{"index": ["films", "secret"]}, {"query": {"match_all": {}}}])"));
  EXPECT_FALSE(allows_body(R"({"actions": [{"add": {"indices": ["secret"], "alias": "films-2"}}]})"));
}

TEST(opensearch_index_rules_body, only_names_that_were_narrowed_may_be_named) {
  const auto* body = R"({"query": {"terms": {"id": {"index": "films", "id": "1", "path": "ids"}}}})";
  // By the rules alone this could be an alias of an index that is denied.
  EXPECT_FALSE(allows_body(body));
  EXPECT_TRUE(allows_body(body, {"films"}));
  EXPECT_FALSE(allows_body(body, {"films-old"}));
  EXPECT_FALSE(allows_body(R"({"docs": [{"_index": "films,secret", "_id": "1"}]})", {"films"}));
}

TEST(opensearch_index_rules_body, what_opensearch_reads_as_a_name_is_one) {
  for (const char* name : {"20240101", "[20240101]", "true", "[[\"films\"]]", "1.5"}) {
    const auto body = R"({"docs": [{"_index": )" + std::string(name) + R"(, "_id": "1"}]})";
    EXPECT_FALSE(allows_body(body.c_str(), {"films"})) << name;
  }
  EXPECT_TRUE(allows_body(R"({"settings": {"index": {"number_of_replicas": 1}}})"));
  EXPECT_TRUE(allows_body(R"({"docs": [{"_index": null, "_id": "1"}]})"));
}

TEST(opensearch_index_rules_body, changes_make_no_aliases_and_lead_through_no_pipeline) {
  const auto fine = [](const char* body) { return only_films.check_change(json::parse(body)).has_value(); };
  for (const auto* body :
       {R"({"alias": "secret"})", R"({"aliases": {"secret": {}}})", R"({"index": {"default_pipeline": "p"}})",
        R"({"index.search.default_pipeline": "p"})", R"({"settings": {"index": {"final_pipeline": "p"}}})"})
    EXPECT_FALSE(fine(body)) << body;
  EXPECT_TRUE(fine(R"({"settings": {"index": {"number_of_replicas": 1}}})"));
}

TEST(opensearch_index_rules_body, handles_are_refused) {
  EXPECT_FALSE(allows_body(R"({"pit": {"id": "abc"}})"));
  EXPECT_FALSE(allows_body(R"({"scroll_id": "abc"})"));
  EXPECT_FALSE(allows_body(R"({"scroll": "1m"})"));
}

TEST(opensearch_index_rules_body, what_tells_whether_an_index_exists_is_refused) {
  EXPECT_FALSE(allows_body(R"({"indices_boost": [{"secret": 2}]})"));
}

TEST(opensearch_index_rules_body, what_cannot_be_looked_into_is_refused) {
  EXPECT_FALSE(allows_body(R"({"query": {"wrapper": {"query": "eyJ0ZXJtcyI6e319"}}})"));
  EXPECT_FALSE(allows_body(R"({"source": "{\"query\": {}}", "params": {}})"));
  EXPECT_FALSE(
      allows_body(R"({"source": {"query": {"terms": {"a": {"{{k}}": "secret"}}}}, "params": {"k": "index"}})"));
  EXPECT_FALSE(allows_body(R"({"templates": [{"id": "a", "template": {"source": "{}"}}]})"));
  EXPECT_FALSE(allows_body(R"({"inline": "{\"query\": {}}"})"));
  EXPECT_FALSE(allows_body(R"({"template": "{\"query\": {}}"})"));
  EXPECT_FALSE(allows_body(R"({"template": {"query": {"terms": {"f": {"{{k}}": "x"}}}}, "params": {"k": "index"}})"));
  EXPECT_FALSE(allows_body(R"({"requests": [{"template": {"inline": "{}"}}]})"));
  EXPECT_FALSE(allows_body(R"({"query": {}, "search_pipeline": {"request_processors": []}})"));
  EXPECT_FALSE(allows_body(R"({"query": "source=secret | head 1"})"));
  EXPECT_FALSE(allows_body(R"("{\"index\": \"secret\"}")"));
  std::string deep;
  for (int i = 0; i < 150; ++i)
    deep += "[";
  EXPECT_FALSE(allows_body((deep + std::string(150, ']')).c_str()));
}

TEST(opensearch_index_rules_body, parameters_that_carry_bodies_or_handles_are_refused) {
  for (const auto* name :
       {"source", "source_content_type", "scroll", "scroll_id", "index", "new_index", "pipeline", "search_pipeline"})
    EXPECT_FALSE(only_films.check_parameter(name)) << name;
  EXPECT_TRUE(only_films.check_parameter("size"));
}

}  // namespace
}  // namespace hydrant::providers::opensearch

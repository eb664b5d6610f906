// search_index, count, explain and msearch, and the bodies that they are given.

#include "providers/opensearch/tools/bodies.hpp"
#include "providers/opensearch/tools/tools.hpp"
#include "tests/unit/providers/opensearch_scene.hpp"

#include <gmock/gmock.h>

namespace hydrant::providers::opensearch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// --- bodies

std::string nested(std::size_t levels) {
  return R"({"query":)" + std::string(levels, '[') + std::string(levels, ']') + "}";
}

TEST(opensearch_bodies, an_object_may_come_as_a_text) {
  const auto wanted = json::parse(R"({"size":1})");
  EXPECT_EQ(*object_of(wanted, "body"), wanted);
  EXPECT_EQ(*object_of(" {\"size\":1}\n", "body"), wanted);
  for (const json& bad : {json(), json(1), json::array(), json("{"), json("[]"), json("{} {}"), json("")})
    EXPECT_THAT(object_of(bad, "query_dsl").error().message, HasSubstr("query_dsl must be a JSON object"));
}

TEST(opensearch_bodies, a_text_nests_no_deeper_than_a_request_may) {
  EXPECT_TRUE(object_of(nested(63), "body"));
  EXPECT_FALSE(object_of(nested(64), "body"));
  EXPECT_FALSE(object_of(nested(1'000'000), "body"));
  EXPECT_FALSE(lines_of(nested(1'000'000), "body", 10));
}

TEST(opensearch_bodies, lines_come_as_text_or_as_an_array) {
  const auto wanted = std::vector<json>{json::object(), {{"size", 1}}};
  EXPECT_EQ(*lines_of("{}\r\n\n{\"size\":1}", "body", 2), wanted);
  EXPECT_EQ(*lines_of(json(wanted), "body", 2), wanted);
  EXPECT_EQ(*lines_of("[{},\n{\"size\":1}]", "body", 2), wanted);
  EXPECT_EQ(as_ndjson(wanted), "{}\n{\"size\":1}\n");
  for (const json& bad : {json(), json(""), json("\n"), json::array(), json::array({1}), json("{}\n1"), json("[[]]")})
    EXPECT_FALSE(lines_of(bad, "body", 2)) << bad;
  EXPECT_THAT(lines_of("{}\n{}\n{}\n{", "body", 2).error().message, HasSubstr("more than 2 lines"));
}

TEST(opensearch_bodies, a_size_is_bounded_wherever_it_comes_from) {
  const auto bounded = [](json body, std::int64_t wanted) {
    bound_size(body, wanted, 100);
    return body["size"];
  };
  EXPECT_EQ(bounded(json::object(), 10), 10);
  EXPECT_EQ(bounded({{"size", 5}}, 10), 5);
  EXPECT_EQ(bounded({{"size", 0}}, 10), 0);
  EXPECT_EQ(bounded({{"size", 5000}}, 10), 100);
  EXPECT_EQ(bounded({{"size", -1}}, 10), 0);
  EXPECT_EQ(bounded({{"size", "5000"}}, 10), 100);
  EXPECT_EQ(bounded({{"size", "7"}}, 10), 7);
  EXPECT_EQ(bounded({{"size", 5000.0}}, 10), 100);
  EXPECT_LE(bounded({{"size", std::numeric_limits<std::uint64_t>::max()}}, 10), 100);
  EXPECT_EQ(from_of({{"from", 20}}), 20);
  EXPECT_EQ(from_of({{"from", "20"}}), 20);
  EXPECT_EQ(from_of({{"from", 20.0}}), 20);
  EXPECT_EQ(from_of({{"from", "many"}}), 0);
  EXPECT_EQ(from_of({{"from", -3}}), 0);
}

TEST(opensearch_bodies, several_fields_to_sort_by_are_a_list) {
  EXPECT_TRUE(check_sort(json::object(), "body"));
  for (const auto* fine :
       {R"({"sort":{"year":"desc"}})", R"({"sort":"year"})", R"({"sort":["_score",{"year":"desc"}]})",
        R"({"query":{"term":{"sort":{"value":1,"boost":2}}}})"})
    EXPECT_TRUE(check_sort(json::parse(fine), "body")) << fine;
  const auto two = json::parse(R"({"sort":{"year":"desc","title":"asc"}})");
  EXPECT_THAT(check_sort(two, "query_dsl").error().message, HasSubstr("query_dsl sorts by several fields"));
}

// --- the tools

const std::string two_hits = R"({"took":3,"timed_out":false,"_shards":{"total":1,"successful":1,"failed":0},
  "hits":{"total":{"value":7,"relation":"eq"},"hits":[
    {"_index":"films","_id":"a","_score":1.5,"_source":{"title":"A"}},
    {"_index":"films","_id":"b","_score":1.0,"_source":{"title":"B"}}]}})";

struct opensearch_search_tools : testing::Test {
  void offer_with(index_rules rules = {}) {
    on = std::make_unique<scene>(std::vector<std::string>{"default"}, std::move(rules));
    on->upstream.answer = [this](const std::string& what, const json&) -> fake_cluster::reply {
      if (what.starts_with("GET /_resolve/"))
        return {200, R"({"indices":[{"name":"films"},{"name":"secret"}],"aliases":[],"data_streams":[]})"};
      return reply;
    };
    offer_search_tools(on->tools);
  }
  void SetUp() override { offer_with(); }
  json run(const std::string& name, json arguments) {
    if (name == "search_index") arguments.emplace("size", 10), arguments.emplace("format", "json");
    if (name == "count" || name == "msearch") arguments.emplace("index", "");
    if (name == "count") arguments.emplace("body", json::object());
    return written(on->run(name, std::move(arguments)));
  }
  const std::pair<std::string, json>& last() const { return on->upstream.asked.back(); }

  std::unique_ptr<scene> on;
  fake_cluster::reply reply{200, two_hits};
};

TEST_F(opensearch_search_tools, a_search_is_sent_within_bounds_and_told) {
  const auto result = run("search_index", {{"index", "films"}, {"query_dsl", {{"size", 100'000}, {"from", 2}}}});
  EXPECT_EQ(last().first, "POST /films/_search");
  EXPECT_EQ(last().second, json::parse(R"({"from":2,"size":100})"));
  EXPECT_EQ(result["structuredContent"]["total"], 7);
  EXPECT_THAT(result["content"][0]["text"], HasSubstr("7 documents match; 3 to 4 follow (3 ms)."));
  EXPECT_THAT(result["content"][0]["text"], HasSubstr(R"("from": 4)"));
}

TEST_F(opensearch_search_tools, a_sort_whose_order_would_be_lost_is_not_sent) {
  const auto two = json::parse(R"({"sort":{"year":"desc","title":"asc"}})");
  EXPECT_EQ(run("search_index", {{"index", "films"}, {"query_dsl", two}})["isError"], true);
  EXPECT_EQ(run("msearch", {{"index", "films"}, {"body", json::array({json::object(), two})}})["isError"], true);
  EXPECT_TRUE(on->upstream.asked.empty());
}

TEST_F(opensearch_search_tools, a_search_that_would_change_something_is_not_sent) {
  const auto prolonging = json::parse(R"({"pit":{"id":"x","keep_alive":"20h"}})");
  EXPECT_EQ(run("search_index", {{"index", ""}, {"query_dsl", prolonging}})["isError"], true);
  EXPECT_EQ(run("msearch", {{"body", json::array({json::object(), prolonging})}})["isError"], true);
  EXPECT_TRUE(on->upstream.asked.empty());
}

TEST_F(opensearch_search_tools, what_is_called_an_index_is_never_an_api) {
  for (const auto* index : {"_scripts", "_snapshot", "_cluster", "_all/_close"}) {
    const auto result = run("search_index", {{"index", index}, {"query_dsl", json::object()}});
    if (result.value("isError", false)) continue;
    EXPECT_THAT(last().first, HasSubstr("%2F"));
  }
  EXPECT_TRUE(run("explain", {{"index", "_scripts"}, {"id", "x"}, {"body", {{"script", "1"}}}})["isError"]);
  EXPECT_THAT(on->upstream.asked, IsEmpty());
}

TEST_F(opensearch_search_tools, with_rules_only_allowed_indices_are_searched) {
  offer_with(index_rules({"films"}, {}));
  run("search_index", {{"index", "*"}, {"query_dsl", json::object()}});
  EXPECT_EQ(last().first, "POST /films/_search");
  for (const auto* name : {"search_index", "count"}) {
    const auto asked_before = on->upstream.asked.size();
    const json lookup = {{"query", {{"terms", {{"_id", {{"index", "secret"}, {"id", "1"}, {"path", "x"}}}}}}}};
    EXPECT_TRUE(run(name, {{"index", "films"}, {"query_dsl", lookup}, {"body", lookup}})["isError"]);
    EXPECT_TRUE(run(name, {{"index", "secret"}, {"query_dsl", json::object()}})["isError"]);
    EXPECT_EQ(on->upstream.asked.size(), asked_before + 2) << "names alone were looked up";
  }
}

TEST_F(opensearch_search_tools, a_count_is_exact_and_can_be_cancelled) {
  const auto result = run("count", {{"body", R"({"query":{"match_all":{}}})"}});
  EXPECT_EQ(last().first, "POST /_search");
  EXPECT_EQ(last().second, json::parse(R"({"query":{"match_all":{}},"size":0,"track_total_hits":true})"));
  EXPECT_EQ(result["structuredContent"], json({{"count", 7}}));
  EXPECT_TRUE(run("count", {{"body", {{"aggs", json::object()}}}})["isError"]);
}

TEST_F(opensearch_search_tools, an_explanation_is_indented) {
  reply = {200, R"({"matched":true,"explanation":{"value":2.5,"description":"sum of:","details":[
                    {"value":1,"description":"boost","details":[]},{"value":"odd"}]}})"};
  const auto result =
      run("explain", {{"index", "films"}, {"id", "a/b"}, {"body", {{"query", {{"match_all", json::object()}}}}}});
  EXPECT_EQ(last().first, "POST /films/_explain/a%2Fb");
  EXPECT_EQ(result["content"][0]["text"], "a/b matches.\n2.5 sum of:\n  1 boost\n  \"odd\" \n");
  EXPECT_EQ(result["structuredContent"]["explanation"]["value"], 2.5);
}

TEST_F(opensearch_search_tools, a_missing_document_is_told_from_a_missing_index) {
  const json wanted = {{"index", "films"}, {"id", "nothing"}, {"body", json::object()}};
  reply = {404, R"({"_index":"films","_id":"nothing","matched":false})"};
  EXPECT_EQ(run("explain", wanted)["content"][0]["text"], "films has no document with the _id nothing");
  reply = {
      404,
      R"({"error":{"type":"index_not_found_exception","reason":"no such index [films]","index":"films"},"status":404})"};
  const auto result = run("explain", wanted);
  EXPECT_TRUE(result["isError"]);
  EXPECT_THAT(result["content"][0]["text"], HasSubstr("index"));
  EXPECT_THAT(result["content"][0]["text"], Not(HasSubstr("no document")));
}

TEST_F(opensearch_search_tools, replies_of_any_shape_are_told_as_something) {
  for (const auto* odd :
       {"[]", "null", "1", "{}", R"({"hits":[]})", R"({"hits":{"hits":{"a":1}}})", "<html>",
        R"({"matched":"yes","explanation":[]})", R"({"responses":{"a":1}})", R"({"responses":[1]})"}) {
    reply = {200, odd};
    EXPECT_NO_THROW(run("search_index", {{"index", "films"}, {"query_dsl", json::object()}})) << odd;
    EXPECT_NO_THROW(run("count", {})) << odd;
    EXPECT_NO_THROW(run("explain", {{"index", "films"}, {"id", "a"}, {"body", json::object()}})) << odd;
    EXPECT_NO_THROW(run("msearch", {{"body", json::array({json::object(), json::object()})}})) << odd;
  }
}

TEST_F(opensearch_search_tools, a_failure_names_what_was_tried) {
  reply = {400, R"({"error":{"type":"parsing_exception","reason":"unknown query [mach]"},"status":400})"};
  const auto result = run("search_index", {{"index", "films"}, {"query_dsl", json::object()}});
  EXPECT_TRUE(result["isError"]);
  EXPECT_THAT(result["content"][0]["text"], HasSubstr("unknown query [mach]"));
}

// --- msearch

std::string sent_lines(scene& on, const std::function<void()>& run) {
  std::string text;
  on.with.clusters.front() = std::make_unique<cluster>(
      cluster_at("http://a.test"),
      [&](net::http_request request) -> boost::asio::awaitable<net::http_outcome> {
        if (request.method == "GET")
          co_return answered(200, R"({"indices":[{"name":"films"},{"name":"secret"}],"aliases":[],"data_streams":[]})");
        EXPECT_EQ(request.headers.at(0).second, "application/x-ndjson");
        text = request.body;
        co_return answered(200, R"({"responses":[]})");
      },
      aws_credentials_getter(), on.time, on.meter);
  run();
  return text;
}

TEST_F(opensearch_search_tools, msearch_writes_headers_anew) {
  const auto body = json::parse(R"([{"index":"films","routing":"r","ccs_minimize_roundtrips":true},{"size":5000},
                                    {"index":["a","b"]},{},{"indices":"c"},{"size":1},{},{}])");
  EXPECT_EQ(sent_lines(*on,
                       [&] {
                         run("msearch", {{"index", "d"}, {"body", body}});
                       }),
            "{\"index\":[\"films\"],\"routing\":\"r\"}\n{\"size\":100}\n{\"index\":[\"a\",\"b\"]}\n{\"size\":10}\n"
            "{\"index\":[\"c\"]}\n{\"size\":1}\n{\"index\":[\"d\"]}\n{\"size\":10}\n");
}

TEST_F(opensearch_search_tools, msearch_refuses_headers_whose_index_is_none) {
  for (const json& index : {json(1), json(nullptr), json::array(), json::array({"films", 5})})
    EXPECT_TRUE(run("msearch", {{"body", json::array({{{"index", index}}, json::object()})}})["isError"]) << index;
  EXPECT_TRUE(run("msearch", {{"body", json::array({json::object()})}})["isError"]) << "no search";
  EXPECT_THAT(on->upstream.asked, IsEmpty());
}

TEST_F(opensearch_search_tools, msearch_keeps_every_search_to_the_rules) {
  offer_with(index_rules({"films"}, {}));
  EXPECT_EQ(sent_lines(*on,
                       [&] {
                         run("msearch", {{"body", "{}\n{}\n{\"index\":\"*\"}\n{\"size\":1}"}});
                       }),
            "{\"index\":[\"films\"]}\n{\"size\":10}\n{\"index\":[\"films\"]}\n{\"size\":1}\n");
  for (const auto* header : {R"({"index":"secret"})", R"({"indices":["films","secret"]})", R"({"index":"a:films"})"})
    EXPECT_EQ(sent_lines(*on, [&] { run("msearch", {{"body", std::string("{}\n{}\n") + header + "\n{}"}}); }), "");
  EXPECT_EQ(sent_lines(*on, [&] { run("msearch", {{"body", "{}\n{\"pit\":{\"id\":\"x\"}}"}}); }), "");
}

TEST_F(opensearch_search_tools, msearch_tells_each_answer_or_why_there_is_none) {
  reply = {200, R"({"responses":[)" + two_hits + R"(,{"error":{"type":"index_not_found_exception",
           "reason":"no such index [nothing]","index":"nothing"},"status":404}]})"};
  const auto result = run("msearch", {{"body", "{}\n{}\n{}\n{}"}});
  EXPECT_EQ(result["structuredContent"]["responses"][0]["total"], 7);
  EXPECT_THAT(result["structuredContent"]["responses"][1]["error"], HasSubstr("nothing"));
  EXPECT_THAT(result["content"][0]["text"], HasSubstr("Search 2: "));
}

}  // namespace
}  // namespace hydrant::providers::opensearch

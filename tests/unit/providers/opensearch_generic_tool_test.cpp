#include "providers/opensearch/tools/tools.hpp"
#include "tests/unit/providers/opensearch_scene.hpp"

#include <gmock/gmock.h>

namespace hydrant::providers::opensearch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const auto resolved = json::parse(R"({"indices":[{"name":"films","aliases":["movies"]},{"name":"secret"}],
  "aliases":[{"name":"movies","indices":["films"]},{"name":"mixed","indices":["films","secret"]}],"data_streams":[]})");

/// The generic tool as it is offered with such permissions and such rules.
struct opened {
  explicit opened(std::vector<std::string> writes = {}, index_rules rules = {})
      : on({"default"}, std::move(rules), tool_lists{{"opensearch_api"}, {}, {}, {}}) {
    on.with.writes = *write_permissions::from(writes);
    on.upstream.answer = [this](const std::string& what, const json&) -> fake_cluster::reply {
      if (!what.starts_with("GET /_resolve/index/")) return {200, R"({"done":true})"};
      const auto name = what.substr(what.rfind('/') + 1);
      if (name == "new") return {404, R"({"error":{"type":"index_not_found_exception"},"status":404})"};
      json found = resolved;
      if (name.find('*') == std::string::npos)
        for (const char* kind : {"indices", "aliases"})
          std::erase_if(found[kind].get_ref<json::array_t&>(), [&](const json& one) { return one["name"] != name; });
      return {200, found.dump()};
    };
    offer_generic_tool(on.tools);
  }

  outcome<tool_result> call_with(call_setup setup) {
    const auto* found = on.offered.find_tool("opensearch_api");
    setup.arguments.emplace("method", "GET");
    setup.arguments.emplace("query_params", json::object());
    open_call open(std::move(setup));
    auto ended = run_to_end(found->definition.run(), open.c);
    questions = open.c.open_questions();
    return ended;
  }
  json operator()(json arguments) { return written(call_with(with_arguments(std::move(arguments)))); }
  /// The words of a refusal; nothing but look-ups of names was sent.
  std::string refused(json arguments) {
    on.upstream.asked.clear();
    const auto result = (*this)(std::move(arguments));
    EXPECT_TRUE(result.value("isError", false)) << result;
    EXPECT_THAT(sent(), IsEmpty());
    return result["content"][0]["text"];
  }
  /// What was sent, without look-ups of names.
  std::vector<std::string> sent() const {
    std::vector<std::string> out;
    for (const auto& [what, body] : on.upstream.asked)
      if (!what.starts_with("GET /_resolve/")) out.push_back(what);
    return out;
  }

  scene on;
  call::question_map questions;
};

TEST(opensearch_generic_tool, sends_what_reads_and_gives_the_reply) {
  opened api;
  const auto result = api({{"path", "/films/_count"}, {"query_params", {{"q", "a b"}, {"pretty", true}}}});
  EXPECT_EQ(result["structuredContent"], json::parse(R"({"status":200,"body":{"done":true}})"));
  EXPECT_THAT(api.sent(), ElementsAre("GET /films/_count?pretty=true&q=a%20b"));
}

TEST(opensearch_generic_tool, a_refusal_of_the_cluster_is_an_error_with_its_words) {
  opened api;
  api.on.upstream.answer = [](const std::string&, const json&) { return fake_cluster::reply{404, "gone\xFF"}; };
  const auto result = api({{"path", "/films"}});
  EXPECT_TRUE(result["isError"]);
  EXPECT_THAT(result["content"][0]["text"], HasSubstr("HTTP 404\ngone"));
}

TEST(opensearch_generic_tool, a_reply_that_is_too_long_or_too_deep_is_text_alone) {
  opened api;
  api.on.with.limits.text_bytes_max = 5000;
  std::string reply = std::string(200, '[') + std::string(200, ']');
  api.on.upstream.answer = [&](const std::string&, const json&) { return fake_cluster::reply{200, reply}; };
  EXPECT_FALSE(api({{"path", "/films"}})["structuredContent"].contains("body"));
  reply = '"' + std::string(20'000, 'x') + '"';
  const auto result = api({{"path", "/films"}});
  EXPECT_FALSE(result["structuredContent"].contains("body"));
  EXPECT_LE(result["content"][0]["text"].get_ref<const std::string&>().size(), 5000u);
  EXPECT_THAT(result["content"][0]["text"], HasSubstr("filter_path"));
}

TEST(opensearch_generic_tool, only_what_is_permitted_is_sent) {
  opened none;
  EXPECT_THAT(none.refused({{"method", "DELETE"}, {"path", "/films"}}), HasSubstr("does not permit"));
  none.refused({{"method", "POST"}, {"path", "/_bulk"}, {"body", "{}\n{}"}});
  none.refused({{"path", "/films/_refresh"}});
  none.refused({{"path", "/films/_search"}, {"query_params", {{"scroll", "1m"}}}});
  none.refused({{"path", "/films/_search?scroll=1m"}});
  none.refused({{"path", "/films/../_cluster/settings"}});
  none.refused({{"path", "/_plugins/_asynchronous_search/x"}, {"query_params", {{"keep_alive", "5d"}}}});
  none.refused({{"path", "/_search"}, {"body", {{"pit", {{"id", "x"}, {"keep_alive", "20h"}}}}}});
  none.refused({{"path", "/_plugins/_job_scheduler/_lock"}, {"body", {{"job_id", "j"}}}});
  opened documents({"documents"});
  documents.refused({{"method", "POST"}, {"path", "/_bulk"}, {"body", R"({"delete":{"_index":".x","_id":"1"}})"}});
  documents.refused({{"method", "POST"}, {"path", "/_reindex"}, {"body", {{"source", {{"remote", json::object()}}}}}});
  EXPECT_THAT(documents.refused({{"method", "DELETE"}, {"path", "/films"}}), HasSubstr("may change indices"));
  documents({{"method", "PUT"}, {"path", "/films/_doc/1"}, {"body", {{"a", 1}}}});
  EXPECT_THAT(documents.sent(), ElementsAre("PUT /films/_doc/1"));
}

TEST(opensearch_generic_tool, its_description_follows_what_it_may_do) {
  opened reads;
  EXPECT_TRUE(reads.on.offered.find_tool("opensearch_api")->definition.repeatable());
  opened writes({"documents"});
  const auto& definition = writes.on.offered.find_tool("opensearch_api")->definition;
  EXPECT_FALSE(definition.repeatable());
  EXPECT_TRUE(definition.counts_answers_once());
  EXPECT_TRUE(definition.descriptor()["annotations"]["destructiveHint"]);
}

TEST(opensearch_generic_tool, lines_are_sent_as_lines_in_whatever_form_they_come) {
  for (const json& body : {json(R"({"delete":{"_id":"1"}})"), json({{"delete", {{"_id", "1"}}}}),
                           json::array({{{"delete", {{"_id", "1"}}}}}), json("\n{\"delete\":{\"_id\":\"1\"}}\n\n")}) {
    opened api({"documents"});
    std::string type;
    std::string text;
    api.on.with.clusters.front() = std::make_unique<cluster>(
        cluster_at("http://a.test"),
        [&](net::http_request request) -> boost::asio::awaitable<net::http_outcome> {
          type = request.headers.at(0).second;
          text = request.body;
          EXPECT_EQ(request.repeat, net::repeatable::no);
          co_return answered(200, "{}");
        },
        aws_credentials_getter(), api.on.time, api.on.meter);
    api({{"method", "POST"}, {"path", "/films/_bulk"}, {"body", body}});
    EXPECT_EQ(type, "application/x-ndjson");
    EXPECT_EQ(text, "{\"delete\":{\"_id\":\"1\"}}\n");
  }
}

TEST(opensearch_generic_tool, a_document_called_bulk_is_no_list_of_lines) {
  opened api({"documents"});
  EXPECT_THAT(api.refused({{"method", "PUT"}, {"path", "/films/_doc/_bulk"}, {"body", "{}\n{}"}}),
              HasSubstr("must be a JSON object"));
}

// --- consent

call_setup write_call(answer_map answers = {}) {
  return with_answers(std::move(answers),
                      {{"method", "DELETE"}, {"path", "/films/_doc/1"}, {"query_params", {{"refresh", "true"}}}});
}

TEST(opensearch_generic_tool, a_change_waits_for_the_user) {
  opened api({"true"});
  EXPECT_TRUE(api.call_with(write_call()).is_waiting());
  EXPECT_THAT(api.sent(), IsEmpty());
  const std::string message = api.questions.at("confirm").params["message"];
  EXPECT_THAT(message, HasSubstr("DELETE /films/_doc/1"));
  EXPECT_THAT(message, HasSubstr("cluster default"));
  EXPECT_THAT(message, HasSubstr(R"("refresh":"true")"));
}

TEST(opensearch_generic_tool, the_question_shows_the_body_within_bounds) {
  opened api({"true"});
  auto setup =
      with_answers({}, {{"method", "PUT"}, {"path", "/films/_doc/1"}, {"body", {{"t", std::string(9000, 'x')}}}});
  EXPECT_TRUE(api.call_with(std::move(setup)).is_waiting());
  const std::string message = api.questions.at("confirm").params["message"];
  EXPECT_THAT(message, HasSubstr(R"(Body: {"t":"xxx)"));
  EXPECT_LT(message.size(), 4000u);
}

TEST(opensearch_generic_tool, what_the_user_confirms_is_sent_once) {
  opened api({"true"});
  const json yes = {{"action", "accept"}, {"content", {{"confirmed", true}}}};
  EXPECT_NE(api.call_with(write_call({{"confirm", yes}})).value(), nullptr);
  EXPECT_THAT(api.sent(), ElementsAre("DELETE /films/_doc/1?refresh=true"));
}

TEST(opensearch_generic_tool, what_the_user_does_not_confirm_is_not_sent) {
  for (const json& no : {json{{"action", "decline"}}, json{{"action", "cancel"}},
                         json{{"action", "accept"}, {"content", {{"confirmed", false}}}}}) {
    opened api({"true"});
    const auto result = written(api.call_with(write_call({{"confirm", no}})));
    EXPECT_TRUE(result["isError"]);
    EXPECT_THAT(api.sent(), IsEmpty());
  }
}

TEST(opensearch_generic_tool, an_answer_of_the_wrong_shape_is_asked_for_again) {
  for (const json& odd : {json{{"action", "accept"}}, json{{"action", "accept"}, {"content", {{"confirmed", "yes"}}}},
                          json{{"action", "perhaps"}}}) {
    opened api({"true"});
    EXPECT_TRUE(api.call_with(write_call({{"confirm", odd}})).is_waiting());
    EXPECT_THAT(api.sent(), IsEmpty());
  }
}

TEST(opensearch_generic_tool, reads_and_clients_that_cannot_be_asked_go_without_a_question) {
  opened api({"true"});
  EXPECT_NE(api.call_with(with_answers({}, {{"path", "/films"}})).value(), nullptr);
  auto mute = write_call();
  mute.client = {};
  EXPECT_NE(api.call_with(std::move(mute)).value(), nullptr);
  EXPECT_THAT(api.sent(), ElementsAre("GET /films", "DELETE /films/_doc/1?refresh=true"));
}

// --- index rules: every way around

const index_rules films_only({"films*", "movies", "mixed", "new"}, {});

TEST(opensearch_generic_tool, with_rules_a_path_gets_the_names_that_it_stands_for) {
  opened api({}, films_only);
  api({{"path", "/*/_search"}});
  api({{"path", "/movies/_count"}});
  EXPECT_THAT(api.sent(), ElementsAre("GET /films/_search", "GET /movies/_count"));
}

TEST(opensearch_generic_tool, with_rules_no_other_index_is_reached_by_a_path) {
  opened api({"true"}, films_only);
  for (const auto* path :
       {"/", "/_search", "/_all/_search", "/_cat/indices", "/_cluster/state", "/secret", "/secret/_doc/1",
        "/films,secret/_search", "/mixed/_search", "/s%65cret/_search", "/films%2Csecret/_search", "/<secret>/_search",
        "/%3Csecret%3E/_search", "/other:films/_search", "/-films/_search"})
    api.refused({{"path", path}});
  api.refused({{"method", "POST"}, {"path", "/_reindex"}, {"body", {{"source", {{"index", "films"}}}}}});
}

TEST(opensearch_generic_tool, with_rules_no_other_index_is_reached_by_a_body_or_a_parameter) {
  opened api({"true"}, films_only);
  const auto search = [&](json body) {
    api.refused({{"method", "POST"}, {"path", "/films/_search"}, {"body", std::move(body)}});
  };
  search(json::parse(R"({"query":{"terms":{"_id":{"index":"secret","id":"1","path":"x"}}}})"));
  search(R"({"query":{"terms":{"_id":{"index":"secret","id":"1","path":"x"}}}})");
  search(json::parse(R"({"query":{"wrapper":{"query":"e30="}}})"));
  search(json::parse(R"({"pit":{"id":"abc"}})"));
  api.refused(
      {{"method", "POST"}, {"path", "/films/_mget"}, {"body", {{"docs", {{{"_index", "secret"}, {"_id", "1"}}}}}}});
  api.refused({{"method", "POST"}, {"path", "/films/_msearch"}, {"body", "{\"index\":\"secret\"}\n{}\n"}});
  api.refused({{"method", "POST"}, {"path", "/films/_msearch"}, {"body", {{"index", "secret"}}}});
  api.refused(
      {{"method", "POST"}, {"path", "/films/_bulk"}, {"body", json::array({{{"delete", {{"_index", "secret"}}}}})}});
  search(json::parse(R"({"query":{"more_like_this":{"like":[{"_index":20240101,"_id":"1"}]}}})"));
  for (const char* body : {R"({"inline":"{}"})", R"({"id":"stored","params":{"q":"x"}})"})
    api.refused({{"method", "POST"}, {"path", "/films/_search/template"}, {"body", json::parse(body)}});
  for (const auto* parameter : {"source", "index", "scroll_id", "new_index", "pipeline", "search_pipeline"})
    api.refused({{"path", "/films/_search"}, {"query_params", {{parameter, "secret"}}}});
}

TEST(opensearch_generic_tool, with_rules_no_index_is_made_under_another_name) {
  opened api({"true"}, films_only);
  for (const auto* path : {"/films/_clone/secret-copy", "/films/_split/other", "/films/_shrink/other",
                           "/films/_alias/other", "/films/_aliases/other", "/films/_alias/f*", "/films/_clone/s%2Ax"})
    api.refused({{"method", "PUT"}, {"path", path}});
  api.refused({{"method", "POST"}, {"path", "/movies/_rollover/other"}});
  api({{"method", "PUT"}, {"path", "/films/_clone/films-2"}});
  EXPECT_THAT(api.sent(), ElementsAre("PUT /films/_clone/films-2"));
}

TEST(opensearch_generic_tool, a_sort_whose_order_would_be_lost_is_not_sent) {
  opened api;
  const auto two = json::parse(R"({"sort":{"year":"desc","title":"asc"}})");
  EXPECT_THAT(api.refused({{"method", "POST"}, {"path", "/films/_search"}, {"body", two}}), HasSubstr("write a list"));
}

TEST(opensearch_generic_tool, with_rules_a_change_of_an_index_makes_no_alias_by_its_body) {
  opened api({"true"}, films_only);
  api.refused({{"method", "PUT"}, {"path", "/films/_alias/films-2"}, {"body", {{"alias", "secret-2"}}}});
  api.refused({{"method", "PUT"}, {"path", "/new"}, {"body", {{"aliases", {{"secret-2", json::object()}}}}}});
  api.refused({{"method", "PUT"}, {"path", "/films/_settings"}, {"body", {{"index.default_pipeline", "p"}}}});
  api({{"method", "PUT"}, {"path", "/films/_doc/1"}, {"body", {{"alias", "a field"}, {"sort", {{"a", 1}, {"b", 2}}}}}});
  EXPECT_THAT(api.sent(), ElementsAre("PUT /films/_doc/1"));
}

TEST(opensearch_generic_tool, with_rules_a_new_index_needs_an_allowed_name) {
  opened api({"true"}, films_only);
  api({{"method", "PUT"}, {"path", "/new"}});
  EXPECT_THAT(api.sent(), ElementsAre("PUT /new"));
  EXPECT_THAT(api.refused({{"path", "/new/_search"}}), HasSubstr("no index"));
}

}  // namespace
}  // namespace hydrant::providers::opensearch

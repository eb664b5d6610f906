#include "providers/opensearch/render/failure.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace hydrant::providers::opensearch {
namespace {

using base::error_kind;
using protocol::json;
using testing::HasSubstr;
using testing::Not;

std::string described(int status, std::string_view body) {
  return describe_failure(status, body, "search films");
}

TEST(opensearch_failure, a_missing_index_is_named) {
  const auto* body = R"({"error": {"root_cause": [{"type": "index_not_found_exception", "index": "nothing"}],
      "type": "index_not_found_exception", "reason": "no such index [nothing]", "index": "nothing",
      "resource.id": "nothing", "resource.type": "index_or_alias", "index_uuid": "_na_"}, "status": 404})";
  EXPECT_EQ(described(404, body),
            "search films failed: there is no index \"nothing\". list_indices shows what there is.");
  EXPECT_EQ(failure_of(404, body, "count").kind, error_kind::resource_not_found);
}

TEST(opensearch_failure, a_parsing_error_tells_reason_and_position) {
  EXPECT_EQ(described(400, R"({"error": {"type": "parsing_exception", "line": 1, "col": 22,
      "reason": "unknown query [matchh] did you mean any of [match, match_all]?",
      "caused_by": {"type": "named_object_not_found_exception", "reason": "[1:22] unknown field [matchh]"}},
      "status": 400})"),
            "search films failed: unknown query [matchh] did you mean any of [match, match_all]? (line 1, column 22; "
            "parsing_exception, status 400). Correct the query and ask again.");
}

TEST(opensearch_failure, the_cause_in_a_shard_is_what_counts) {
  const auto text = described(400, R"({"error": {"root_cause": [{"type": "query_shard_exception",
      "reason": "Failed to parse query [title:(unclosed]"}], "type": "search_phase_execution_exception",
      "reason": "all shards failed", "phase": "query", "failed_shards": [{"shard": 0, "index": "films", "node": "bO-XM",
      "reason": {"type": "query_shard_exception", "reason": "Failed to parse query [title:(unclosed]", "index": "films",
      "caused_by": {"type": "parse_exception",
      "reason": "Cannot parse 'title:(unclosed': Encountered \"<EOF>\" at line 1, column 15.\nWas expecting one of:\n"}}}
      ]}, "status": 400})");
  EXPECT_EQ(text,
            "search films failed: Failed to parse query [title:(unclosed]: Cannot parse 'title:(unclosed': Encountered "
            "\"<EOF>\" at line 1, column 15. (parse_exception, status 400). Correct the query and ask again.");
}

TEST(opensearch_failure, broken_json_is_said_without_talk_of_sources) {
  const auto text = described(400, R"({"error": {"type": "json_e_o_f_exception",
      "reason": "Unexpected end-of-input\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 12]"},
      "status": 400})");
  EXPECT_THAT(text, HasSubstr("Unexpected end-of-input at [line: 1, column: 12]"));
  EXPECT_THAT(text, HasSubstr("not the JSON"));
}

TEST(opensearch_failure, a_script_shows_where_it_is_wrong) {
  EXPECT_THAT(described(400, R"({"error": {"type": "search_phase_execution_exception", "reason": "all shards failed",
      "failed_shards": [{"reason": {"type": "query_shard_exception", "reason": "failed to create query: compile error",
      "caused_by": {"type": "script_exception", "reason": "compile error",
      "script_stack": ["nope(", "     ^---- HERE"], "caused_by": {"type": "no_viable_alt_exception"}}}}]},
      "status": 400})"),
              HasSubstr("failed to create query: compile error: nope( ^---- HERE (script_exception"));
}

TEST(opensearch_failure, refused_credentials_are_no_matter_of_the_query) {
  const auto text = described(401, "Unauthorized");
  EXPECT_THAT(text, HasSubstr("refuses the credentials"));
  EXPECT_EQ(failure_of(401, "Unauthorized", "count").kind, error_kind::forbidden);
}

TEST(opensearch_failure, a_missing_permission_is_named_and_the_user_is_not) {
  const auto* body = R"({"error": {"root_cause": [{"type": "security_exception", "reason": "no permissions for [x]"}],
      "type": "security_exception", "reason": "no permissions for [indices:data/read/search] and User [name=reader,
      backend_roles=[admin], requestedTenant=null]"}, "status": 403})";
  std::string one_line(body);
  std::replace(one_line.begin(), one_line.end(), '\n', ' ');
  const auto text = described(403, one_line);
  EXPECT_THAT(text, HasSubstr("lacks the permission indices:data/read/search (status 403)"));
  EXPECT_THAT(text, Not(HasSubstr("reader")));
  EXPECT_THAT(text, Not(HasSubstr("backend")));
  EXPECT_THAT(described(403, R"({"message": "User: arn:aws:iam::1:user/x is not authorized"})"),
              HasSubstr("not permitted"));
}

TEST(opensearch_failure, known_limits_come_with_a_way_around_them) {
  const auto with_reason = [](const std::string& type, const std::string& reason) {
    return described(400, json{{"error", {{"type", type}, {"reason", reason}}}}.dump());
  };
  EXPECT_THAT(with_reason("illegal_argument_exception", "Result window is too large, from + size must be less"),
              HasSubstr("search_after"));
  EXPECT_THAT(with_reason("too_many_clauses", "maxClauseCount is set to 1024"), HasSubstr("terms query"));
  EXPECT_THAT(with_reason("too_many_buckets_exception", "Trying to create too many buckets"), HasSubstr("coarser"));
  EXPECT_THAT(with_reason("illegal_argument_exception", "Text fields are not optimised for operations"),
              HasSubstr("keyword"));
  EXPECT_THAT(with_reason("circuit_breaking_exception", "[parent] Data too large"), HasSubstr("short of memory"));
}

TEST(opensearch_failure, statuses_without_a_body_are_said_in_words) {
  EXPECT_THAT(described(413, ""), HasSubstr("too large (status 413). Send less"));
  EXPECT_THAT(described(429, ""), HasSubstr("busy"));
  EXPECT_THAT(described(503, ""), HasSubstr("not available"));
  EXPECT_THAT(described(504, ""), HasSubstr("not answer in time"));
  EXPECT_THAT(described(418, "{}"), HasSubstr("gave no reason (status 418)"));
  EXPECT_EQ(described(404, R"({"_index": "films", "_id": "x", "found": false})"),
            "search films failed: what was asked for is not there (status 404).");
}

TEST(opensearch_failure, a_cluster_without_manager_and_blocks_are_explained) {
  EXPECT_THAT(described(503, R"({"error": {"type": "cluster_manager_not_discovered_exception", "reason": null}})"),
              HasSubstr("no elected manager"));
  EXPECT_THAT(described(403, R"({"error": {"type": "cluster_block_exception",
      "reason": "index [films] blocked by: [FORBIDDEN/12/index read-only / allow delete (api)];"}, "status": 403})"),
              HasSubstr("blocked by"));
}

TEST(opensearch_failure, errors_that_are_texts_are_told) {
  EXPECT_EQ(described(405, R"({"error": "Incorrect HTTP method for uri [/films/_search]", "status": 405})"),
            "search films failed: Incorrect HTTP method for uri [/films/_search] (status 405). Use another method.");
  EXPECT_THAT(described(400, R"({"error": "no handler found for uri [/_plugins/_ppl] and method [POST]"})"),
              HasSubstr("plugin"));
}

TEST(opensearch_failure, plugins_tell_details) {
  EXPECT_THAT(described(400, R"({"error": {"reason": "Invalid Query", "details": "offending symbol [heed]",
                                 "type": "SyntaxCheckException"}, "status": 400})"),
              HasSubstr("Invalid Query: offending symbol [heed] (SyntaxCheckException, status 400). Correct"));
}

TEST(opensearch_failure, pages_of_html_are_not_shown) {
  const auto text = described(502, "\n<html><body>Bad Gateway at host-7</body></html>");
  EXPECT_THAT(text, Not(HasSubstr("host-7")));
  EXPECT_THAT(text, HasSubstr("a proxy"));
}

TEST(opensearch_failure, secrets_and_line_breaks_never_pass) {
  const auto text = described(400, R"({"error": {"type": "x", "reason":
      "cannot reach https://admin:s3cret@host:9200/ with Authorization: Basic czNjcmV0, Bearer abc.def.ghi\n\tat Foo"}})");
  EXPECT_THAT(text, HasSubstr("https://…@host:9200/"));
  for (const auto* secret : {"s3cret", "czNjcmV0", "abc.def", "\n", "\t"})
    EXPECT_THAT(text, Not(HasSubstr(secret)));
}

TEST(opensearch_failure, texts_are_bounded_and_utf_8) {
  const json body{{"error", {{"type", std::string(5'000, 't')}, {"reason", "x" + std::string(50'000, 'r')}}}};
  EXPECT_LE(described(400, body.dump()).size(), 1'000U);
  const auto text = described(500, "\xFF\xFE broken \xC3");
  EXPECT_NO_THROW(json(text).dump());
  std::string wide = "x";
  for (int i = 0; i < 2'000; ++i)
    wide += "é";
  EXPECT_NO_THROW(json(described(500, wide)).dump());
}

TEST(opensearch_failure, what_nests_or_is_large_is_told_as_text_and_not_parsed) {
  const std::string deep(100'000, '[');
  const std::string large = R"({"error":")" + std::string(300'000, 'x') + R"("})";
  for (const auto& body : {deep, large}) {
    const auto words = described(400, body);
    EXPECT_THAT(words, HasSubstr(body.substr(0, 20)));
    EXPECT_LT(words.size(), 1500u);
  }
}

TEST(opensearch_failure, an_item_of_several_is_told_likewise) {
  EXPECT_EQ(describe_failed_item(json::parse(R"({"error": {"type": "index_not_found_exception",
      "reason": "no such index [a]", "index": "a"}, "status": 404})"),
                                 "search 2"),
            "search 2 failed: there is no index \"a\". list_indices shows what there is.");
}

TEST(opensearch_partial, a_whole_reply_needs_no_note) {
  EXPECT_EQ(describe_partial(json::parse(R"({"timed_out": false, "_shards": {"total": 3, "failed": 0}})")),
            std::nullopt);
  EXPECT_EQ(describe_partial(json::array()), std::nullopt);
}

TEST(opensearch_partial, what_is_missing_is_told) {
  EXPECT_THAT(describe_partial(json{{"timed_out", true}}).value_or(""), HasSubstr("ran out of time"));
  EXPECT_THAT(describe_partial(json{{"terminated_early", true}}).value_or(""), HasSubstr("terminate_after"));
  EXPECT_EQ(describe_partial(json::parse(R"({"timed_out": false, "_shards": {"total": 5, "failed": 2, "failures": [
      {"shard": 0, "index": "films", "reason": {"type": "a_exception", "reason": "field [x] is bad"}}]}})"))
                .value_or(""),
            "2 of 5 shards failed (films: field [x] is bad), so their documents are missing here.");
}

}  // namespace
}  // namespace hydrant::providers::opensearch

// The small parts of the client: paths, URLs, when to try again, when to give up.

#include "providers/opensearch/client/api_request.hpp"
#include "providers/opensearch/client/base_url.hpp"
#include "providers/opensearch/client/circuit_breaker.hpp"
#include "providers/opensearch/client/reply_json.hpp"
#include "providers/opensearch/client/retry.hpp"
#include "tests/unit/providers/fake_sender.hpp"

#include <gmock/gmock.h>

namespace hydrant::providers::opensearch {
namespace {

using base::error_kind;
using net::reached;
using net::repeatable;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

// --- api_request

TEST(opensearch_api_request, a_name_stays_one_segment_whatever_it_holds) {
  EXPECT_EQ(escaped_segment("films/_close"), "films%2F_close");
  EXPECT_EQ(escaped_segment("a?b#c%d e"), "a%3Fb%23c%25d%20e");
  EXPECT_EQ(escaped_segment("<films-{now/d}>"), "%3Cfilms-%7Bnow%2Fd%7D%3E");
  EXPECT_EQ(escaped_segment(".."), "%2E%2E");
  EXPECT_EQ(escaped_segment("."), "%2E");
  EXPECT_EQ(escaped_segment("\r\n\xC3\xA9"), "%0D%0A%C3%A9");
}

TEST(opensearch_api_request, commas_and_wildcards_keep_their_meaning) {
  EXPECT_EQ(escaped_segment("films-*,.logs_1~"), "films-*,.logs_1~");
}

TEST(opensearch_api_request, empty_segments_are_left_out) {
  EXPECT_EQ(api_path({"", "_search"}), "/_search");
  EXPECT_EQ(api_path({"films", "_doc", "a/b"}), "/films/_doc/a%2Fb");
  EXPECT_EQ(api_path({""}), "/");
}

TEST(opensearch_api_request, the_target_escapes_parameters) {
  api_request asked{.path = "/_cat/indices", .query = {{"h", "index,docs.count"}, {"a&b", "c=d&e"}}};
  EXPECT_EQ(asked.target(), "/_cat/indices?h=index,docs.count&a%26b=c%3Dd%26e");
}

// --- base_url

TEST(opensearch_base_url, has_an_origin_a_host_and_a_path) {
  const auto url = base_url::parse("https://Search.Example.com:9200/behind/a/Proxy//");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->origin, "https://search.example.com:9200");
  EXPECT_EQ(url->host, "search.example.com:9200");
  EXPECT_EQ(url->path, "/behind/a/Proxy");
}

TEST(opensearch_base_url, the_schemes_own_port_is_not_in_the_host_header) {
  EXPECT_EQ(base_url::parse("https://a:443")->host, "a");
  EXPECT_EQ(base_url::parse("http://a:80/")->host, "a");
  EXPECT_EQ(base_url::parse("https://a:80")->host, "a:80");
  EXPECT_EQ(base_url::parse("https://a:8443")->host, "a:8443");
  EXPECT_EQ(base_url::parse("HTTPS://[::1]:443")->host, "[::1]");
  EXPECT_EQ(base_url::parse("http://[fe80::80]")->host, "[fe80::80]");
}

TEST(opensearch_base_url, refuses_what_is_none_and_repeats_nothing_of_it) {
  for (const auto* text :
       {"", "search.example.com", "ftp://a", "https://", "https:///x", "https://:9200", "http://a:", "http://a:0",
        "http://a:65536", "http://a:x", "http://a:-1", "https://joe:s3cret@a", "https://s3cret@a",
        "https://a/?key=s3cret", "https://a/#s3cret", "https://a b", "https://a\n"}) {
    const auto url = base_url::parse(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().kind, error_kind::invalid_params);
    EXPECT_THAT(url.error().message, Not(HasSubstr("s3cret")));
  }
}

// --- retry

net::http_outcome failing(error_kind kind, reached server) {
  return net::http_failure{base::fail(kind, "failed"), server};
}

bool tried_again(const net::http_outcome& last, repeatable repeat, int attempts = 1) {
  return pause_before_retry(attempts, last, repeat, 0).has_value();
}

TEST(opensearch_retry, what_only_reads_is_sent_again_if_the_server_is_busy_or_away) {
  for (const int status : {429, 502, 503, 504})
    EXPECT_TRUE(tried_again(answered(status, ""), repeatable::yes)) << status;
  for (const int status : {200, 400, 401, 404, 408, 500})
    EXPECT_FALSE(tried_again(answered(status, ""), repeatable::yes)) << status;
  EXPECT_TRUE(tried_again(failing(error_kind::unavailable, reached::perhaps), repeatable::yes));
}

TEST(opensearch_retry, what_writes_is_sent_again_only_if_the_server_cannot_have_seen_it) {
  for (const int status : {429, 502, 503, 504})
    EXPECT_FALSE(tried_again(answered(status, ""), repeatable::no)) << status;
  EXPECT_FALSE(tried_again(failing(error_kind::unavailable, reached::perhaps), repeatable::no));
  EXPECT_FALSE(tried_again(failing(error_kind::timeout, reached::perhaps), repeatable::no));
  EXPECT_TRUE(tried_again(failing(error_kind::unavailable, reached::no), repeatable::no));
}

TEST(opensearch_retry, what_used_up_its_time_or_will_fail_again_is_not_repeated) {
  EXPECT_FALSE(tried_again(failing(error_kind::timeout, reached::perhaps), repeatable::yes));
  EXPECT_FALSE(tried_again(failing(error_kind::too_large, reached::perhaps), repeatable::yes));
  EXPECT_FALSE(tried_again(failing(error_kind::invalid_params, reached::no), repeatable::yes));
  EXPECT_FALSE(tried_again(failing(error_kind::overloaded, reached::no), repeatable::yes));
}

TEST(opensearch_retry, pauses_double_spread_and_end) {
  const auto pause = [](int attempts, double jitter) {
    return pause_before_retry(attempts, answered(503, ""), repeatable::yes, jitter);
  };
  EXPECT_EQ(pause(1, 0), milliseconds(100));
  EXPECT_EQ(pause(1, 1), milliseconds(200));
  EXPECT_EQ(pause(2, 0), milliseconds(200));
  EXPECT_EQ(pause(2, 1), milliseconds(400));
  EXPECT_EQ(pause(3, 0), std::nullopt);
}

// --- circuit_breaker

struct opensearch_circuit_breaker : testing::Test {
  using pass = circuit_breaker::pass;
  using refusal = circuit_breaker::refusal;

  base::manual_clock time;
  circuit_breaker breaker{time};

  std::optional<refusal> refused() {
    const auto admitted = breaker.admit();
    const auto* why = std::get_if<refusal>(&admitted);
    return why ? std::optional(*why) : std::nullopt;
  }
  pass admitted() {
    const auto with = breaker.admit();
    EXPECT_TRUE(std::holds_alternative<pass>(with));
    return std::holds_alternative<pass>(with) ? std::get<pass>(with) : pass();
  }
  void fail_often(int times) {
    for (int i = 0; i < times; ++i)
      breaker.failed(admitted(), "it is away");
  }
};

TEST_F(opensearch_circuit_breaker, opens_after_failures_in_a_row) {
  fail_often(circuit_breaker::failures_max - 1);
  breaker.succeeded();
  fail_often(circuit_breaker::failures_max - 1);
  EXPECT_FALSE(breaker.is_open());
  fail_often(1);
  EXPECT_TRUE(breaker.is_open());
  EXPECT_EQ(refused()->next_try, circuit_breaker::pause_first);
}

TEST_F(opensearch_circuit_breaker, lets_one_try_whose_success_closes_it) {
  fail_often(circuit_breaker::failures_max);
  time.advance(circuit_breaker::pause_first);
  EXPECT_FALSE(refused());
  EXPECT_TRUE(refused()) << "a second one meanwhile";
  breaker.succeeded();
  EXPECT_FALSE(breaker.is_open());
  EXPECT_FALSE(refused());
}

TEST_F(opensearch_circuit_breaker, each_failed_try_doubles_the_while_up_to_its_bound) {
  fail_often(circuit_breaker::failures_max);
  for (const int seconds : {2, 4, 8, 15, 15}) {
    time.advance(circuit_breaker::pause_max);
    breaker.failed(admitted(), "it is away");
    EXPECT_EQ(refused()->next_try, std::chrono::seconds(seconds));
  }
}

TEST_F(opensearch_circuit_breaker, what_was_under_way_when_it_opened_says_nothing_new) {
  const auto older = admitted();
  fail_often(circuit_breaker::failures_max);
  for (int i = 0; i < 10; ++i)
    breaker.failed(older, "something older");
  EXPECT_EQ(refused()->next_try, circuit_breaker::pause_first);
  EXPECT_EQ(refused()->why, "it is away");
}

TEST_F(opensearch_circuit_breaker, an_older_request_is_not_taken_for_the_try) {
  const auto older = admitted();
  fail_often(circuit_breaker::failures_max);
  time.advance(circuit_breaker::pause_first);
  const auto trial = admitted();
  breaker.undecided(older);
  breaker.failed(older, "something older");
  breaker.failed(breaker.observe(), "a look");
  EXPECT_EQ(refused()->next_try, circuit_breaker::pause_first) << "there is one already";
  breaker.failed(trial, "still away");
  EXPECT_EQ(refused()->next_try, 2 * circuit_breaker::pause_first);
  EXPECT_EQ(refused()->why, "still away");
}

TEST_F(opensearch_circuit_breaker, failures_from_before_it_closed_do_not_open_it_again) {
  const auto older = admitted();
  fail_often(circuit_breaker::failures_max);
  breaker.succeeded();
  for (int i = 0; i < 10; ++i)
    breaker.failed(older, "something older");
  EXPECT_FALSE(breaker.is_open());
}

TEST_F(opensearch_circuit_breaker, a_try_whose_caller_went_away_makes_room_for_another) {
  fail_often(circuit_breaker::failures_max);
  time.advance(circuit_breaker::pause_first);
  breaker.undecided(admitted());
  EXPECT_FALSE(refused());
  EXPECT_TRUE(breaker.is_open());
}

TEST_F(opensearch_circuit_breaker, a_try_that_never_ends_does_not_keep_it_open) {
  fail_often(circuit_breaker::failures_max);
  time.advance(circuit_breaker::pause_first);
  const auto lost = admitted();
  time.advance(circuit_breaker::pause_first);
  EXPECT_FALSE(refused());
  breaker.failed(lost, "at last");
  EXPECT_EQ(refused()->next_try, circuit_breaker::pause_first) << "the newer one counts";
}

// --- reply_json

TEST(opensearch_reply_json, refuses_what_nests_too_deeply_before_parsing_it) {
  const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  EXPECT_TRUE(parse_reply(nested(100), 100));
  const auto deep = parse_reply(nested(1'000'000), 100);
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error().kind, error_kind::unavailable);
}

TEST(opensearch_reply_json, brackets_in_texts_do_not_nest) {
  EXPECT_TRUE(parse_reply(R"({"a":"[[[[[[\"[[[[","b":"\\"})", 1));
  EXPECT_FALSE(parse_reply(R"({"a":"\\","b":[]})", 1));
}

TEST(opensearch_reply_json, refuses_what_is_not_json) {
  EXPECT_THAT(parse_reply("<html>", 10).error().message, HasSubstr("not JSON"));
  EXPECT_FALSE(parse_reply("", 10));
}

}  // namespace
}  // namespace hydrant::providers::opensearch

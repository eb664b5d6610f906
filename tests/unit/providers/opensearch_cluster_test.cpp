#include "providers/opensearch/client/cluster.hpp"
#include "tests/unit/providers/opensearch_scene.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>

#include <deque>

namespace hydrant::providers::opensearch {
namespace {

using base::error_kind;
using net::reached;
using net::repeatable;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::Not;
using testing::Pair;

class counting_meter final : public request_meter {
 public:
  void asked(std::string_view cluster, int status, std::chrono::steady_clock::duration) override {
    seen.emplace_back(std::string(cluster), status);
  }
  std::vector<std::pair<std::string, int>> seen;
};

net::http_outcome failing(error_kind kind, reached server) {
  return net::http_failure{base::fail(kind, "it failed", "at host-7"), server};
}

/// A cluster whose answers are laid out beforehand; then it cannot be reached.
struct opensearch_cluster : testing::Test {
  net::http_sender sender() {
    return [this](net::http_request request) -> boost::asio::awaitable<net::http_outcome> {
      sent.push_back(std::move(request));
      if (answers.empty()) co_return no_connection();
      auto next = std::move(answers.front());
      answers.pop_front();
      co_return next;
    };
  }
  std::unique_ptr<cluster> made(cluster_settings from = {}, aws_credentials_getter keys = {}) {
    from.name = "prod";
    if (from.url.empty()) from.url = "http://c.test:9200/base";
    return std::make_unique<cluster>(from, sender(), std::move(keys), time, meter);
  }
  static base::result<net::http_reply> ask(cluster& of, api_request what, std::string authorization = {}) {
    return run_now(of.send(std::move(what), std::move(authorization)));
  }

  std::deque<net::http_outcome> answers;
  std::vector<net::http_request> sent;
  base::manual_clock time;
  counting_meter meter;
};

const api_request read_films{.path = "/films/_count", .query = {{"q", "a b"}}};
const api_request write_films{.method = "PUT", .path = "/films/_doc/1", .body = "{}", .repeat = repeatable::no};

TEST_F(opensearch_cluster, a_request_goes_below_the_clusters_path) {
  const auto one = made();
  answers = {answered(200, "{}")};
  const auto reply = ask(*one, write_films);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, "{}");
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].method, "PUT");
  EXPECT_EQ(sent[0].url, "http://c.test:9200/base/films/_doc/1");
  EXPECT_THAT(sent[0].headers, ElementsAre(Pair("Content-Type", "application/json")));
  EXPECT_EQ(sent[0].repeat, repeatable::no);
  EXPECT_FALSE(sent[0].direct);
  EXPECT_THAT(meter.seen, ElementsAre(Pair("prod", 200)));
}

TEST_F(opensearch_cluster, a_reply_of_any_status_comes_back) {
  const auto one = made();
  answers = {answered(404, "gone")};
  EXPECT_EQ(ask(*one, read_films)->status, 404);
}

TEST_F(opensearch_cluster, what_reads_is_sent_again) {
  const auto one = made();
  answers = {answered(503, ""), answered(200, "ok")};
  EXPECT_EQ(ask(*one, read_films)->body, "ok");
  EXPECT_THAT(meter.seen, ElementsAre(Pair("prod", 503), Pair("prod", 200)));
}

TEST_F(opensearch_cluster, what_writes_is_sent_once) {
  const auto one = made();
  answers = {answered(503, "busy"), answered(200, "")};
  EXPECT_EQ(ask(*one, write_films)->status, 503);
  EXPECT_EQ(sent.size(), 1u);
  answers = {failing(error_kind::unavailable, reached::perhaps), answered(200, "")};
  EXPECT_FALSE(ask(*one, write_films));
  EXPECT_EQ(sent.size(), 2u);
}

TEST_F(opensearch_cluster, a_pause_that_would_end_too_late_is_not_begun) {
  const auto one = made();
  answers = {answered(503, "busy")};
  auto hurried = read_films;
  hurried.timeout = std::chrono::milliseconds(50);
  EXPECT_EQ(ask(*one, hurried)->status, 503);
  EXPECT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].timeout, std::chrono::milliseconds(50));
}

TEST_F(opensearch_cluster, a_request_cannot_take_longer_than_the_cluster_may) {
  const auto one = made();
  answers = {answered(200, "")};
  auto patient = read_films;
  patient.timeout = std::chrono::hours(1);
  ASSERT_TRUE(ask(*one, patient));
  EXPECT_EQ(sent[0].timeout, std::chrono::seconds(30));
}

TEST_F(opensearch_cluster, is_given_up_after_failures_and_found_again_by_a_probe) {
  const auto one = made();
  for (int i = 0; i < circuit_breaker::failures_max; ++i) {
    answers = {failing(error_kind::unavailable, reached::perhaps)};
    EXPECT_FALSE(ask(*one, write_films));
  }
  EXPECT_TRUE(one->is_given_up());
  const auto asked_before = sent.size();
  const auto refused = ask(*one, read_films);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, error_kind::unavailable);
  EXPECT_THAT(refused.error().message, HasSubstr("does not answer (it failed); it is asked again in 1 s"));
  EXPECT_EQ(sent.size(), asked_before);
  answers = {answered(401, "")};
  EXPECT_EQ(run_now(one->probe({.path = "/"}))->status, 401);
  EXPECT_FALSE(one->is_given_up());
}

TEST_F(opensearch_cluster, slow_searches_and_large_replies_do_not_count_against_it) {
  const auto one = made();
  for (int i = 0; i < 2 * circuit_breaker::failures_max; ++i) {
    answers = {failing(i % 2 == 0 ? error_kind::timeout : error_kind::too_large, reached::perhaps)};
    EXPECT_FALSE(ask(*one, read_films));
  }
  EXPECT_FALSE(one->is_given_up());
}

TEST_F(opensearch_cluster, failures_are_in_words_without_details) {
  const auto one = made();
  answers = {failing(error_kind::timeout, reached::perhaps)};
  EXPECT_EQ(ask(*one, read_films).error().message,
            "OpenSearch cluster prod did not answer within 30 s; ask for less, or try later");
  answers = {failing(error_kind::too_large, reached::perhaps)};
  EXPECT_THAT(ask(*one, read_films).error().message, HasSubstr("larger than this server takes"));
  answers = {failing(error_kind::overloaded, reached::no)};
  EXPECT_EQ(ask(*one, read_films).error().message,
            "this server cannot ask OpenSearch cluster prod just now: it failed; try again");
  answers = {failing(error_kind::unavailable, reached::perhaps)};
  const auto away = ask(*one, write_films).error();
  EXPECT_THAT(away.message, HasSubstr("prod cannot be asked: it failed"));
  EXPECT_THAT(away.message, Not(HasSubstr("host-7")));
  EXPECT_EQ(away.detail, "at host-7");
}

// --- who asks

TEST_F(opensearch_cluster, basic_and_bearer_send_what_is_configured_whoever_calls) {
  cluster_settings basic;
  basic.auth = auth_kind::basic;
  basic.username = "reader";
  basic.password = "p:w";
  answers = {answered(200, ""), answered(200, "")};
  ASSERT_TRUE(ask(*made(basic), read_films, "Bearer of-the-caller"));
  cluster_settings bearer;
  bearer.auth = auth_kind::bearer;
  bearer.bearer_token = "t0ken";
  ASSERT_TRUE(ask(*made(bearer), read_films, "Bearer of-the-caller"));
  EXPECT_THAT(sent[0].headers, ElementsAre(Pair("Authorization", "Basic cmVhZGVyOnA6dw==")));
  EXPECT_THAT(sent[1].headers, ElementsAre(Pair("Authorization", "Bearer t0ken")));
}

TEST_F(opensearch_cluster, without_authentication_the_callers_credentials_stay_here) {
  answers = {answered(200, "")};
  ASSERT_TRUE(ask(*made(), read_films, "Bearer of-the-caller"));
  EXPECT_THAT(sent[0].headers, IsEmpty());
}

TEST_F(opensearch_cluster, the_callers_credentials_are_passed_on_and_never_replaced) {
  cluster_settings callers;
  callers.auth = auth_kind::caller;
  callers.username = "of-the-server";  // set, and yet not used
  callers.password = "x";
  callers.bearer_token = "of-the-server";
  const auto one = made(callers);
  answers = {answered(200, "")};
  ASSERT_TRUE(ask(*one, read_films, "Basic Y2FsbGVy"));
  EXPECT_THAT(sent[0].headers, ElementsAre(Pair("Authorization", "Basic Y2FsbGVy")));
  const auto refused = ask(*one, read_films);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, error_kind::forbidden);
  EXPECT_EQ(sent.size(), 1u);
}

TEST_F(opensearch_cluster, a_probe_goes_out_without_a_callers_credentials) {
  cluster_settings callers;
  callers.auth = auth_kind::caller;
  answers = {answered(401, "Unauthorized")};
  const auto reply = run_now(made(callers)->probe({.path = "/"}));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 401);
  EXPECT_THAT(sent[0].headers, IsEmpty());
}

TEST_F(opensearch_cluster, a_call_without_credentials_does_not_count_against_the_cluster) {
  cluster_settings callers;
  callers.auth = auth_kind::caller;
  const auto one = made(callers);
  for (int i = 0; i < 2 * circuit_breaker::failures_max; ++i)
    EXPECT_FALSE(ask(*one, read_films));
  EXPECT_FALSE(one->is_given_up());
}

TEST_F(opensearch_cluster, signs_the_path_as_it_is_sent_and_the_host_as_it_is_named) {
  cluster_settings aws;
  aws.auth = auth_kind::aws;
  aws.aws.region = "eu-central-1";
  aws.url = "https://Domain.Example.com:443/base";
  int asked_for_keys = 0;
  const auto one = made(aws, [&]() -> boost::asio::awaitable<base::result<aws_credentials>> {
    ++asked_for_keys;
    co_return aws_credentials{"AKID", "s3cret", "", std::nullopt};
  });
  answers = {answered(200, ""), answered(200, "")};
  ASSERT_TRUE(ask(*one, read_films));
  EXPECT_EQ(asked_for_keys, 1);
  EXPECT_EQ(sent[0].url, "https://domain.example.com:443/base/films/_count?q=a%20b");
  EXPECT_THAT(sent[0].headers, Contains(Pair("Authorization", HasSubstr("/eu-central-1/es/aws4_request"))));
  EXPECT_THAT(sent[0].headers, Not(Contains(Key("Host")))) << "libcurl writes it";
  // The signature depends on the whole path: the same request without the cluster's own path has another one.
  aws.url = "https://domain.example.com";
  const auto bare = made(aws, [&]() -> boost::asio::awaitable<base::result<aws_credentials>> {
    co_return aws_credentials{"AKID", "s3cret", "", std::nullopt};
  });
  ASSERT_TRUE(ask(*bare, read_films));
  EXPECT_NE(sent[0].headers, sent[1].headers);
  for (const auto& [name, value] : sent[0].headers)
    EXPECT_THAT(value, Not(HasSubstr("s3cret")));
}

TEST_F(opensearch_cluster, without_keys_nothing_is_sent) {
  cluster_settings aws;
  aws.auth = auth_kind::aws;
  aws.aws.region = "eu-central-1";
  const auto one = made(aws, []() -> boost::asio::awaitable<base::result<aws_credentials>> {
    co_return base::fail(error_kind::unavailable, "no keys");
  });
  EXPECT_EQ(ask(*one, read_films).error().message, "no keys");
  EXPECT_THAT(sent, IsEmpty());
}

// --- ends

TEST_F(opensearch_cluster, a_request_may_outlive_it) {
  boost::asio::io_context io;
  auto one = std::make_unique<cluster>(
      cluster_at("http://c.test"),
      [](net::http_request) -> boost::asio::awaitable<net::http_outcome> {
        boost::asio::steady_timer never(co_await boost::asio::this_coro::executor,
                                        boost::asio::steady_timer::time_point::max());
        co_await never.async_wait(boost::asio::use_awaitable);
        co_return no_connection();
      },
      aws_credentials_getter(), time, meter);
  boost::asio::co_spawn(io, one->send(read_films, ""), [](const std::exception_ptr&, auto) {});
  io.poll();
  one.reset();  // then the io_context, with the coroutine in it: nothing to see here without a sanitizer
}

TEST_F(opensearch_cluster, refuses_a_url_that_is_none) {
  cluster_settings bad;
  bad.url = "https://joe:s3cret@c.test";
  try {
    made(bad);
    FAIL() << "it was made";
  } catch (const std::invalid_argument& thrown) {
    EXPECT_THAT(thrown.what(), HasSubstr("cluster prod"));
    EXPECT_THAT(thrown.what(), Not(HasSubstr("s3cret")));
  }
}

}  // namespace
}  // namespace hydrant::providers::opensearch

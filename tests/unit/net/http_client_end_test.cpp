// How requests end before there is a reply: time, cancellation, stop; and how they wait for each other.

#include "net/curl_lane.hpp"
#include "tests/support/http_server.hpp"
#include "tests/unit/net/http_client_fixture.hpp"

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <atomic>
#include <vector>

namespace hydrant::net {
namespace {

using namespace std::chrono_literals;
using support::answering;
using support::http_answer;
using support::http_peer;
using support::http_server;

/// Reads one request of each connection and does not answer; tells when it has one, and when the client has closed.
struct silent_server {
  std::promise<void> asked;
  std::promise<bool> closed;
  std::atomic<int> requests = 0;
  http_server server{[this](http_peer& peer) {
    if (!peer.request()) return;
    if (++requests > 1) return;
    asked.set_value();
    closed.set_value(peer.closed());
  }};
};

TEST(http_client_end, time_runs_out_and_the_connection_is_closed) {
  silent_server silent;
  sending_client client;
  auto request = ask(silent.server, "/x");
  request.timeout = 50ms;
  const auto why = failure(client.send(request));
  EXPECT_EQ(why.why.kind, base::error_kind::timeout);
  EXPECT_EQ(why.server, reached::perhaps);
  EXPECT_TRUE(silent.closed.get_future().get());
}

TEST(http_client_end, a_reply_that_never_ends_runs_out_of_time) {
  http_server server([](http_peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    peer.closed();
  });
  sending_client client;
  auto request = ask(server, "/x");
  request.timeout = 50ms;
  EXPECT_EQ(failure(client.send(request)).why.kind, base::error_kind::timeout);
}

TEST(http_client_end, no_time_at_all_is_a_timeout_too) {
  silent_server silent;
  sending_client client;
  for (const auto time : {0ms, -5ms}) {
    auto request = ask(silent.server, "/x");
    request.timeout = time;
    EXPECT_EQ(failure(client.send(request)).why.kind, base::error_kind::timeout);
  }
}

// The kernel connects, and nobody answers the TLS greeting.
TEST(http_client_end, a_connection_that_does_not_come_about_is_a_timeout_without_reach) {
  http_server server([](http_peer& peer) { peer.request(); });
  sending_client client;
  auto request = ask(server, "/x");
  request.url.replace(0, 4, "https");
  request.connect_timeout = 50ms;
  const auto why = failure(client.send(request));
  EXPECT_EQ(why.why.kind, base::error_kind::timeout) << why.why.detail;
  EXPECT_EQ(why.server, reached::no);
}

// Which is no fault of the server's, so that it is no timeout.
TEST(http_client_end, time_runs_out_in_the_queue_as_well) {
  std::promise<void> go_on;
  http_server server(answering([go = go_on.get_future().share()](const auto&) {
    go.wait();
    return http_answer("200 OK", "late");
  }));
  sending_client client(1, 1);
  auto first = client.start(ask(server, "/first"));
  auto hasty = ask(server, "/hasty");
  hasty.timeout = 50ms;
  auto second = client.start(hasty);
  auto third = client.start(ask(server, "/third"));
  const auto why = failure(second.get());
  EXPECT_EQ(why.why.kind, base::error_kind::overloaded);
  EXPECT_EQ(why.why.message, "no connection was free in time");
  EXPECT_EQ(why.server, reached::no);
  go_on.set_value();
  EXPECT_EQ(first.get()->body, "late");
  EXPECT_EQ(third.get()->body, "late");
  EXPECT_EQ(server.connections(), 1U);
}

// Kept connections count too: one to another server gives way.
TEST(http_client_end, a_kept_connection_makes_room_for_another_server) {
  const auto ok = answering([](const auto&) { return http_answer("200 OK", ""); });
  http_server one(ok);
  http_server other(ok);
  sending_client client(1, 1);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(client.send(ask(one, "/x"))->status, 200);
    EXPECT_EQ(client.send(ask(other, "/x"))->status, 200);
  }
  EXPECT_EQ(one.connections(), 2U);
  EXPECT_EQ(other.connections(), 2U);
}

TEST(http_client_end, more_than_may_wait_are_refused) {
  silent_server silent;
  sending_client client(1, 1);
  std::vector<std::future<http_outcome>> waiting;
  for (std::size_t i = 0; i < 1 + curl_lane::waiting_max; ++i)
    waiting.push_back(client.start(ask(silent.server, "/x")));
  const auto why = failure(client.send(ask(silent.server, "/x")));
  EXPECT_EQ(why.why.kind, base::error_kind::overloaded);
  EXPECT_EQ(why.server, reached::no);
  client.client.stop();
  for (auto& one : waiting)
    EXPECT_EQ(failure(one.get()).why.kind, base::error_kind::unavailable);
}

TEST(http_client_end, cancellation_closes_the_connection_at_once) {
  silent_server silent;
  sending_client client;
  asio::cancellation_signal cancel;
  auto running = client.start(ask(silent.server, "/x"), cancel);
  silent.asked.get_future().wait();
  client.cancel(cancel);
  EXPECT_TRUE(silent.closed.get_future().get());
  EXPECT_THROW(running.get(), boost::system::system_error);
}

TEST(http_client_end, cancellation_in_the_queue_leaves_the_others_alone) {
  silent_server silent;
  sending_client client(1, 1);
  asio::cancellation_signal cancel_first;
  asio::cancellation_signal cancel_second;
  auto first = client.start(ask(silent.server, "/first"), cancel_first);
  silent.asked.get_future().wait();
  auto second = client.start(ask(silent.server, "/second"), cancel_second);
  auto third = client.start(ask(silent.server, "/third"));
  client.cancel(cancel_second);
  EXPECT_THROW(second.get(), boost::system::system_error);
  client.cancel(cancel_first);
  EXPECT_THROW(first.get(), boost::system::system_error);
  EXPECT_EQ(failure(third.get()).server, reached::perhaps);
  EXPECT_EQ(silent.requests, 2);
}

TEST(http_client_end, stop_fails_what_runs_what_waits_and_what_comes) {
  silent_server silent;
  sending_client client(2, 1);
  auto running = client.start(ask(silent.server, "/x"));
  silent.asked.get_future().wait();
  auto waiting = client.start(ask(silent.server, "/x"));
  client.client.stop();
  client.client.stop();
  EXPECT_TRUE(silent.closed.get_future().get());
  const auto ran = failure(running.get());
  EXPECT_EQ(ran.why.kind, base::error_kind::unavailable);
  EXPECT_EQ(ran.server, reached::perhaps);
  EXPECT_EQ(failure(waiting.get()).server, reached::no);
  for (const std::size_t thread : {0U, 1U}) {
    const auto later = failure(client.start(ask(silent.server, "/x"), thread).get());
    EXPECT_EQ(later.why.kind, base::error_kind::unavailable);
    EXPECT_EQ(later.server, reached::no);
  }
}

TEST(http_client_end, coroutines_that_nobody_resumes_take_their_connections_along) {
  silent_server silent;
  std::future<http_outcome> running;
  std::future<http_outcome> waiting;
  {
    sending_client client(1, 1);
    running = client.start(ask(silent.server, "/x"));
    silent.asked.get_future().wait();
    waiting = client.start(ask(silent.server, "/x"));
  }
  EXPECT_TRUE(silent.closed.get_future().get());
  EXPECT_THROW(running.get(), std::future_error);
  EXPECT_THROW(waiting.get(), std::future_error);
}

TEST(http_client_end, a_stopped_client_may_go_while_the_threads_run) {
  silent_server silent;
  io_pool io(1);
  io.start();
  std::future<http_outcome> running;
  {
    http_client client(io, 2);
    running = asio::co_spawn(io.at(0), client.send(ask(silent.server, "/x")), asio::use_future);
    silent.asked.get_future().wait();
    client.stop();
  }
  EXPECT_EQ(failure(running.get()).server, reached::perhaps);
}

TEST(http_client_end, a_coroutine_elsewhere_is_refused) {
  http_server server(answering([](const auto&) { return http_answer("200 OK", ""); }));
  sending_client client;
  asio::io_context elsewhere;
  auto outcome = asio::co_spawn(elsewhere, client.client.send(ask(server, "/x")), asio::use_future);
  elsewhere.run();
  EXPECT_EQ(failure(outcome.get()).why.kind, base::error_kind::internal);
}

TEST(http_client_end, many_requests_run_side_by_side_within_the_bound) {
  std::atomic<int> now = 0;
  std::atomic<int> most = 0;
  http_server server(answering([&](const std::string& request) {
    const int running = ++now;
    for (int seen = most; seen < running && !most.compare_exchange_weak(seen, running);) {
    }
    auto answer = http_answer("200 OK", request.substr(0, request.find(" HTTP")));
    --now;
    return answer;
  }));
  sending_client client(2, 4);
  std::vector<std::future<http_outcome>> running;
  for (std::size_t i = 0; i < 400; ++i) {
    auto request = ask(server, "/" + std::to_string(i));
    request.repeat = i % 5 == 0 ? repeatable::no : repeatable::yes;
    running.push_back(client.start(request, i % 2));
  }
  for (std::size_t i = 0; i < running.size(); ++i)
    EXPECT_EQ(running[i].get()->body, "GET /" + std::to_string(i));
  EXPECT_LE(most, 8);
}

}  // namespace
}  // namespace hydrant::net

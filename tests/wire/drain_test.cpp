// A node that is asked to stop (docs/operations.md, "Stopping").

#include "tests/wire/wire_fixture.hpp"

#include <atomic>
#include <chrono>
#include <future>
#include <thread>

namespace hydrant::wire {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

class draining : public wire_test {
 protected:
  void TearDown() override {
    if (stopping_.valid()) stopping_.wait();
    wire_test::TearDown();
  }

  /// Asks the node to stop and waits until it says that it is not ready, or nothing more.
  void begin_stop() try {
    began_ = steady_clock::now();
    stopping_ = std::async(std::launch::async, [this] { node().stop(); });
    const auto until = steady_clock::now() + seconds(20);
    while (steady_clock::now() < until)
      if (ask(get("/ready")).status == 503) return;
    FAIL() << "it is still ready";
  } catch (const std::runtime_error&) {
    return;
  }
  /// How long it took.
  std::chrono::duration<double> stopped() {
    stopping_.get();
    return steady_clock::now() - began_;
  }

  static json countdown(int from, int interval_ms) {
    auto message = tool_call("c", "countdown", {{"from", from}, {"interval_ms", interval_ms}});
    message["params"]["_meta"] = {{"progressToken", "p"}};
    return message;
  }

 private:
  steady_clock::time_point began_;
  std::future<void> stopping_;
};

TEST_F(draining, finishes_the_calls_of_sessions) {
  start({{"drain-timeout", "20s"}});
  const auto session = open_session();
  auto running = open(session.post(countdown(20, 50)));
  EXPECT_EQ(running.client.next_message()["params"]["progress"], 1);
  begin_stop();
  for (int step = 2; step <= 20; ++step)
    EXPECT_EQ(running.client.next_message()["params"]["progress"], step);
  EXPECT_EQ(running.client.next_message()["result"]["content"][0]["text"], "liftoff");
  EXPECT_TRUE(running.client.next_message().is_null());
  EXPECT_TRUE(running.client.body_complete());
  EXPECT_LT(stopped(), seconds(10));
}

TEST_F(draining, finishes_the_calls_of_2026_07_28) {
  start({{"drain-timeout", "20s"}});
  auto quiet = connect();
  quiet.send(modern(tool_call(1, "countdown", {{"from", 1}, {"interval_ms", 500}})).text());
  auto running = open(modern(countdown(20, 50)));
  EXPECT_EQ(running.client.next_message()["params"]["progress"], 1);
  begin_stop();
  for (int step = 2; step <= 20; ++step)
    EXPECT_EQ(running.client.next_message()["params"]["progress"], step);
  EXPECT_EQ(running.client.next_message()["id"], "c");
  const auto answer = quiet.receive();
  EXPECT_EQ(answer.json()["id"], 1);
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_LT(stopped(), seconds(10));
}

TEST_F(draining, says_that_it_is_alive_and_not_ready) {
  start({{"drain-timeout", "20s"}});
  auto running = open(modern(countdown(20, 50)));
  begin_stop();
  const auto ready = ask(get("/ready"));
  EXPECT_EQ(ready.status, 503);
  EXPECT_EQ(ready.json()["ready"], false);
  EXPECT_TRUE(ready.has("retry-after"));
  EXPECT_EQ(ready.header("connection"), "close");
  const auto health = ask(get("/health"));
  EXPECT_EQ(health.status, 200);
  EXPECT_EQ(health.json()["status"], "draining");
  EXPECT_EQ(ask(get("/metrics")).status, 200);
}

TEST_F(draining, still_answers_short_requests_but_keeps_no_new_streams) {
  start({{"drain-timeout", "20s"}});
  const auto session = open_session();
  auto running = open(modern(countdown(40, 50)));
  begin_stop();
  expect_result(ask(session.post(call(1, "ping"))));
  expect_result(ask(modern(tool_call(1, "echo", {{"message", "m"}}))));
  for (const auto& request : {session.get(), get("/sse")}) {
    auto sent_on = open(request);
    while (sent_on.client.next_event())
      continue;
    EXPECT_TRUE(sent_on.client.body_complete());
    EXPECT_TRUE(sent_on.client.retry());
  }
  const auto listen = ask(modern(call(1, "subscriptions/listen", {{"notifications", {{"toolsListChanged", true}}}})));
  EXPECT_EQ(listen.status, 503);
  EXPECT_TRUE(listen.has("retry-after"));
}

TEST_F(draining, sends_the_readers_of_sessions_away_with_a_time_to_come_back) {
  start({{"drain-timeout", "20s"}});
  const auto session = open_session();
  auto stream = open(session.get());
  stream.client.next_event();
  auto legacy = open(get("/sse"));
  EXPECT_EQ(legacy.client.next_event()->event, "endpoint");
  begin_stop();
  EXPECT_FALSE(stream.client.next_event());
  EXPECT_TRUE(stream.client.body_complete());
  EXPECT_GE(stream.client.retry(), std::chrono::milliseconds(1000));
  EXPECT_FALSE(legacy.client.next_event());
  EXPECT_TRUE(legacy.client.body_complete());
  EXPECT_TRUE(legacy.client.retry());
  EXPECT_LT(stopped(), seconds(10));
}

TEST_F(draining, ends_listen_streams_with_their_result) {
  start({{"drain-timeout", "20s"}});
  auto stream = open(modern(call("l", "subscriptions/listen", {{"notifications", {{"toolsListChanged", true}}}})));
  stream.client.next_message();
  begin_stop();
  const auto result = stream.client.next_message();
  EXPECT_EQ(result["id"], "l");
  EXPECT_EQ(result["result"]["resultType"], "complete");
  EXPECT_TRUE(stream.client.next_message().is_null());
  EXPECT_LT(stopped(), seconds(10));
}

TEST_F(draining, closes_idle_connections_at_once) {
  start({{"drain-timeout", "20s"}});
  auto idle = connect();
  idle.send(get("/ready").text());
  EXPECT_EQ(idle.receive().status, 200);
  auto silent = connect();
  await_metric("hydrant_connections_open", 3);
  auto running = open(modern(countdown(20, 50)));
  begin_stop();
  EXPECT_TRUE(idle.closed());
  EXPECT_TRUE(silent.closed());
}

TEST_F(draining, delivers_answers_that_are_still_being_read) {
  start({{"drain-timeout", "20s"}});
  http_client slow(port(), seconds(20), 4096);
  const std::string message(3'500'000, 'a');
  slow.send(modern(tool_call(1, "echo", {{"message", message}})).text());
  EXPECT_EQ(slow.receive_head().status, 200);
  begin_stop();
  EXPECT_EQ(json::parse(slow.rest())["result"]["content"][0]["text"].get_ref<const std::string&>().size(),
            message.size());
  EXPECT_TRUE(slow.body_complete());
  EXPECT_LT(stopped(), seconds(10));
}

TEST_F(draining, answers_requests_that_are_still_being_sent) {
  start({{"drain-timeout", "20s"}});
  const auto text = modern(tool_call(1, "echo", {{"message", "hello"}})).text();
  auto client = connect();
  client.send(std::string_view(text).substr(0, text.size() / 2));
  auto other = connect();
  other.send(get("/ready").text());
  EXPECT_EQ(other.receive().status, 200);
  auto running = open(modern(countdown(20, 50)));
  begin_stop();
  client.send(std::string_view(text).substr(text.size() / 2));
  EXPECT_EQ(client.receive().json()["id"], 1);
}

TEST_F(draining, cuts_what_takes_longer_than_it_may) {
  start({{"drain-timeout", "1s"}});
  const auto session = open_session();
  auto in_session = open(session.post(tool_call(1, "countdown", {{"from", 1}, {"interval_ms", 60'000}})));
  auto alone = open(modern(countdown(1000, 50)));
  begin_stop();
  EXPECT_TRUE(in_session.client.next_message().is_null());
  EXPECT_FALSE(in_session.client.body_complete());
  const auto took = stopped();
  EXPECT_GE(took, std::chrono::milliseconds(900));
  EXPECT_LT(took, seconds(6));
}

TEST_F(draining, needs_no_time_when_nothing_runs) {
  start({{"drain-timeout", "1h"}});
  open_session();
  EXPECT_EQ(ask(get("/ready")).status, 200);
  const auto began = steady_clock::now();
  node().stop();
  EXPECT_LT(steady_clock::now() - began, seconds(5));
}

TEST_F(draining, leaves_no_answer_half_sent_while_clients_storm_in) {
  start({{"drain-timeout", "5s"}});
  std::atomic<int> answered{0}, halves{0};
  std::atomic<bool> over{false};
  const auto storm = [&] {
    const auto asked = modern(tool_call(1, "echo", {{"message", std::string(100'000, 'a')}})).text();
    while (!over) {
      try {
        auto client = connect();
        client.send(asked);
        client.receive_head();
        client.rest();
        ++(client.body_complete() ? answered : halves);
      } catch (const std::runtime_error&) {
        continue;  // before the first byte of an answer a client may send its request to another node
      }
    }
  };
  auto one = std::async(std::launch::async, storm);
  auto other = std::async(std::launch::async, storm);
  while (answered < 50)
    std::this_thread::yield();
  const auto began = steady_clock::now();
  node().stop();
  EXPECT_LT(steady_clock::now() - began, seconds(8));
  over = true;
  one.get();
  other.get();
  EXPECT_EQ(halves, 0);
}

TEST_F(draining, is_done_only_once) {
  start();
  node().stop();
  node().stop();
}

}  // namespace
}  // namespace hydrant::wire

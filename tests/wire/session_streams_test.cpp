// Streams of sessions that are opened, cut, resumed and taken over (2025-11-25 basic/transports, "Listening for
// Messages from the Server", "Resumability and Redelivery").

#include "tests/wire/wire_fixture.hpp"

namespace hydrant::wire {
namespace {

class session_streams : public wire_test {
 protected:
  void SetUp() override { start(); }

  json countdown(int from, int interval_ms) const {
    auto message = tool_call("c", "countdown", {{"from", from}, {"interval_ms", interval_ms}});
    message["params"]["_meta"] = {{"progressToken", "p"}};
    return message;
  }
  session watching_counter() const {
    auto session = open_session();
    expect_result(ask(session.post(call(1, "resources/subscribe", {{"uri", "demo://counter"}}))));
    return session;
  }
  void increment() const { expect_result(ask(modern(tool_call(1, "increment")))); }
};

TEST_F(session_streams, begin_with_a_retry_and_an_event_to_resume_from) {
  const auto session = open_session();
  auto stream = open(session.get());
  EXPECT_EQ(stream.head.status, 200);
  EXPECT_EQ(stream.head.header("content-type"), "text/event-stream");
  EXPECT_NE(stream.head.header("cache-control").find("no-cache"), std::string::npos);
  EXPECT_EQ(stream.head.header("x-accel-buffering"), "no");
  const auto first = stream.client.next_event();
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->data.empty());
  EXPECT_FALSE(first->id.empty());
  EXPECT_EQ(first->retry, std::chrono::milliseconds(1000));
}

TEST_F(session_streams, begin_without_an_empty_event_in_older_revisions) {
  auto session = open_session("2025-06-18");
  expect_result(ask(session.post(call(1, "resources/subscribe", {{"uri", "demo://counter"}}))));
  auto stream = open(session.get());
  increment();
  const auto first = stream.client.next_event();
  ASSERT_TRUE(first);
  EXPECT_EQ(json::parse(first->data)["method"], "notifications/resources/updated");
}

TEST_F(session_streams, want_an_accept_that_admits_them) {
  const auto session = open_session();
  EXPECT_EQ(ask(session.get().with("Accept", "application/json")).status, 406);
  EXPECT_EQ(open(session.get().with("Accept", "*/*")).head.status, 200);
  EXPECT_EQ(open(session.get().without("Accept")).head.status, 200);
}

TEST_F(session_streams, carry_what_the_session_subscribed_to) {
  const auto session = watching_counter();
  auto stream = open(session.get());
  increment();
  const auto update = stream.client.next_message();
  EXPECT_EQ(update["method"], "notifications/resources/updated");
  EXPECT_EQ(update["params"], (json{{"uri", "demo://counter"}}));
  expect_result(ask(session.post(call(2, "resources/unsubscribe", {{"uri", "demo://counter"}}))));
  increment();
  expect_result(ask(modern(tool_call(1, "test_trigger_tool_change"))));
  EXPECT_EQ(stream.client.next_message()["method"], "notifications/tools/list_changed");
}

TEST_F(session_streams, tell_of_changed_lists) {
  const auto session = open_session();
  auto stream = open(session.get());
  stream.client.next_event();
  expect_result(ask(modern(tool_call(1, "test_trigger_tool_change"))));
  EXPECT_EQ(stream.client.next_message()["method"], "notifications/tools/list_changed");
  expect_result(ask(modern(tool_call(1, "test_trigger_prompt_change"))));
  EXPECT_EQ(stream.client.next_message()["method"], "notifications/prompts/list_changed");
}

TEST_F(session_streams, of_a_call_resume_where_they_were_cut) {
  const auto session = open_session();
  std::vector<int> steps;
  std::string cursor;
  {
    auto stream = open(session.post(countdown(30, 5)));
    while (steps.size() < 10)
      steps.push_back(stream.client.next_message()["params"]["progress"]);
    cursor = stream.client.last_event_id();
    stream.client.abort();
  }
  auto resumed = open(session.get(cursor));
  EXPECT_EQ(resumed.head.status, 200);
  auto message = resumed.client.next_message();
  for (; message.contains("method"); message = resumed.client.next_message())
    steps.push_back(message["params"]["progress"]);
  EXPECT_EQ(message["id"], "c");
  EXPECT_TRUE(resumed.client.next_message().is_null());
  ASSERT_EQ(steps.size(), 30U);
  for (std::size_t i = 0; i < steps.size(); ++i)
    EXPECT_EQ(steps[i], static_cast<int>(i) + 1);
}

TEST_F(session_streams, of_a_finished_call_replay_from_the_priming_event) {
  const auto session = open_session();
  auto stream = open(session.post(countdown(3, 0)));
  const auto primed = stream.client.next_event();
  ASSERT_TRUE(primed);
  for (int i = 0; i < 4; ++i)
    stream.client.next_message();
  EXPECT_TRUE(stream.client.next_message().is_null());
  for (int again = 0; again < 2; ++again) {
    auto replay = open(session.get(primed->id));
    for (int step = 1; step <= 3; ++step)
      EXPECT_EQ(replay.client.next_message()["params"]["progress"], step);
    EXPECT_EQ(replay.client.next_message()["id"], "c");
    EXPECT_TRUE(replay.client.next_message().is_null());
    EXPECT_TRUE(replay.client.body_complete());
  }
}

TEST_F(session_streams, carry_a_question_to_a_client_that_comes_back) {
  const auto session = open_session("2025-11-25", {{"elicitation", json::object()}});
  std::string cursor;
  {
    auto stream = open(session.post(tool_call(1, "confirm", {{"question", "q"}})));
    const auto primed = stream.client.next_event();
    ASSERT_TRUE(primed);
    cursor = primed->id;
  }
  auto resumed = open(session.get(cursor));
  const auto question = resumed.client.next_message();
  EXPECT_EQ(question["method"], "elicitation/create");
  const json refused = {{"jsonrpc", "2.0"}, {"id", question["id"]}, {"result", {{"action", "decline"}}}};
  EXPECT_EQ(ask(session.post(refused)).status, 202);
  EXPECT_EQ(resumed.client.next_message()["result"]["content"][0]["text"], "no answer: decline");
}

TEST_F(session_streams, are_closed_by_a_tool_that_lets_its_client_come_back) {
  const auto session = open_session();
  auto stream = open(session.post(tool_call(1, "test_reconnection")));
  EXPECT_TRUE(stream.client.next_message().is_null());
  EXPECT_TRUE(stream.client.retry().has_value());
  auto resumed = open(session.get(stream.client.last_event_id()));
  EXPECT_EQ(resumed.client.next_message()["id"], 1);
}

TEST_F(session_streams, go_to_the_newest_of_two_readers) {
  const auto session = watching_counter();
  auto first = open(session.get());
  first.client.next_event();
  auto second = open(session.get());
  second.client.next_event();
  EXPECT_TRUE(first.client.next_message().is_null());
  EXPECT_TRUE(first.client.body_complete());
  increment();
  EXPECT_EQ(second.client.next_message()["method"], "notifications/resources/updated");
  EXPECT_EQ(metric("hydrant_takeovers_total"), 1);
  EXPECT_EQ(metric("hydrant_streams_open"), 1);
}

TEST_F(session_streams, replay_what_came_while_nobody_read) {
  const auto session = watching_counter();
  std::string cursor;
  {
    auto stream = open(session.get());
    increment();
    stream.client.next_message();
    cursor = stream.client.last_event_id();
  }
  await_metric("hydrant_streams_open", 0);
  for (int i = 0; i < 3; ++i)
    increment();
  auto stream = open(session.get(cursor));
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(stream.client.next_message()["params"]["uri"], "demo://counter");
  EXPECT_EQ(metric("hydrant_replays_total"), 1);
}

TEST_F(session_streams, are_not_read_with_the_cursor_of_another_session) {
  const auto owner = watching_counter();
  const auto other = open_session();
  auto own = open(owner.post(countdown(3, 0)));
  for (auto message = own.client.next_message(); !message.is_null(); message = own.client.next_message()) {
  }
  EXPECT_EQ(ask(other.get(own.client.last_event_id())).status, 404);

  auto main = open(owner.get());
  increment();
  main.client.next_message();
  auto foreign = open(other.get(main.client.last_event_id()));
  expect_result(ask(modern(tool_call(1, "test_trigger_tool_change"))));
  if (foreign.head.status == 200)
    EXPECT_EQ(foreign.client.next_message()["method"], "notifications/tools/list_changed");
  else
    EXPECT_EQ(foreign.head.status, 404);
}

TEST_F(session_streams, refuse_cursors_that_are_none) {
  const auto session = open_session();
  for (const auto* cursor :
       {"x", "1", "main", "main_1", "main_1-x", "main_-1-1", "a b_0-0", "main_0-18446744073709551616", "_0-0"})
    EXPECT_EQ(ask(session.get(cursor)).status, 400) << cursor;
  for (const auto* cursor : {"never_0-0", "never_7-99"})
    EXPECT_EQ(ask(session.get(cursor)).status, 404) << cursor;
  EXPECT_EQ(ask(session.get("main_0-" + std::string(5000, '0'))).status, 400);
  EXPECT_EQ(metric("hydrant_streams_open"), 0);
}

TEST_F(session_streams, say_so_when_the_log_does_not_reach_back) {
  node().stop();
  start({{"stream.log-events-max", "16"}});
  const auto session = open_session();
  auto stream = open(session.post(countdown(100, 0)));
  const auto primed = stream.client.next_event();
  for (auto message = stream.client.next_message(); !message.is_null(); message = stream.client.next_message()) {
  }
  EXPECT_EQ(ask(session.get(primed->id)).status, 404);
  EXPECT_GE(metric("hydrant_gaps_total"), 1);
}

TEST_F(session_streams, slow_a_call_down_whose_client_does_not_read) {
  const auto session = open_session();
  http_client slow(port(), std::chrono::seconds(20), 4096);
  slow.send(session.post(countdown(20'000, 0)).text());
  slow.receive_head();
  int steps = 0;
  auto message = slow.next_message();
  for (; message.contains("method"); message = slow.next_message())
    EXPECT_EQ(message["params"]["progress"], ++steps);
  EXPECT_EQ(steps, 20'000);
  EXPECT_EQ(message["id"], "c");
}

TEST_F(session_streams, survive_readers_that_come_and_go) {
  const auto session = watching_counter();
  for (int i = 0; i < 40; ++i) {
    auto stream = connect();
    stream.send(session.get().text());
    if (i % 4 == 0) stream.abort();
    if (i % 4 == 1) increment();
    if (i % 4 == 2) stream.receive_head();
  }
  await_metric("hydrant_streams_open", 0);
  await_metric("hydrant_connections_open", 1);
  expect_result(ask(session.post(call(9, "ping"))));
}

}  // namespace
}  // namespace hydrant::wire

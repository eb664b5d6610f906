// Sessions of Streamable HTTP (2025-11-25 basic/lifecycle, basic/transports "Session Management").

#include "tests/wire/wire_fixture.hpp"

#include <algorithm>
#include <set>

namespace hydrant::wire {
namespace {

using wire_session = wire_test;

TEST_F(wire_session, opens_in_every_revision_that_has_them) {
  start();
  for (const auto* revision : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"}) {
    const auto answer = ask(post(call("init", "initialize", initialize_params(revision))));
    expect_result(answer);
    const auto result = answer.json()["result"];
    EXPECT_EQ(result["protocolVersion"], revision);
    EXPECT_EQ(result["serverInfo"]["name"], "hydrant");
    EXPECT_EQ(result["capabilities"].contains("completions"), std::string_view(revision) != "2024-11-05");
    EXPECT_FALSE(result.contains("resultType"));
    const session opened{answer.header("mcp-session-id"), revision};
    EXPECT_EQ(ask(opened.post(notification("notifications/initialized"))).status, 202);
    EXPECT_EQ(ask(opened.post(call(1, "ping"))).json()["result"], json::object());
    expect_result(ask(opened.post(call(2, "tools/list"))));
  }
  EXPECT_EQ(metric("hydrant_sessions_active"), 4);
}

TEST_F(wire_session, is_offered_in_2025_11_25_to_who_asks_for_something_else) {
  start();
  for (const auto* revision : {"2026-07-28", "2099-01-01", "1.0", ""}) {
    const auto answer = ask(post(call(1, "initialize", initialize_params(revision))));
    expect_result(answer);
    EXPECT_EQ(answer.json()["result"]["protocolVersion"], "2025-11-25") << revision;
    EXPECT_TRUE(answer.has("mcp-session-id"));
  }
}

TEST_F(wire_session, has_an_id_that_is_visible_ascii_and_never_the_same) {
  start();
  std::set<std::string> ids;
  for (int i = 0; i < 50; ++i) {
    const auto id = open_session().id;
    EXPECT_GE(id.size(), 16U);
    EXPECT_TRUE(std::ranges::all_of(id, [](char c) { return c >= 0x21 && c <= 0x7e; })) << id;
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 50U);
}

TEST_F(wire_session, is_not_opened_within_a_session) {
  start();
  const auto session = open_session();
  expect_error(ask(session.post(call(1, "initialize", initialize_params()))), 400, -32600);
}

TEST_F(wire_session, does_not_keep_what_a_stranger_sends_at_any_size) {
  start();
  auto params = initialize_params();
  params["capabilities"]["experimental"] = {{"a", std::string(100'000, 'a')}};
  expect_error(ask(post(call(1, "initialize", params))), 200, -32602);
}

TEST_F(wire_session, is_gone_once_it_was_deleted) {
  start();
  const auto session = open_session();
  const auto ended = ask(session.end());
  EXPECT_EQ(ended.status, 204);
  EXPECT_TRUE(ended.body.empty());
  expect_error(ask(session.post(call(1, "ping"))), 404, -32600);
  EXPECT_EQ(ask(session.get()).status, 404);
  EXPECT_EQ(ask(session.end()).status, 404);
  EXPECT_EQ(metric("hydrant_sessions_active"), 0);
  EXPECT_EQ(metric("hydrant_sessions_ended_total"), 1);
}

TEST_F(wire_session, takes_its_streams_and_calls_along_when_it_is_deleted) {
  start();
  const auto session = open_session();
  auto own = open(session.get());
  auto running = open(session.post(tool_call(1, "countdown", {{"from", 1}, {"interval_ms", 60'000}})));
  await_metric("hydrant_calls_running", 1);
  EXPECT_EQ(ask(session.end()).status, 204);
  EXPECT_TRUE(own.client.next_message().is_null());
  EXPECT_TRUE(running.client.next_message().is_null());
  await_metric("hydrant_calls_running", 0);
  await_metric("hydrant_streams_open", 0);
}

TEST_F(wire_session, above_their_number_is_refused_until_another_time) {
  start({{"session.max", "2"}});
  const auto first = open_session();
  open_session();
  const auto third = ask(post(call("x", "initialize", initialize_params())));
  expect_error(third, 503, -32603);
  EXPECT_GT(std::stoi(third.header("retry-after")), 0);
  EXPECT_EQ(third.json()["id"], "x");
  EXPECT_EQ(ask(get("/sse")).status, 503);
  EXPECT_EQ(ask(first.end()).status, 204);
  expect_result(ask(post(call(1, "initialize", initialize_params()))));
}

TEST_F(wire_session, ends_when_nobody_asks_it_anything) {
  start({{"session.ttl", "1s"}});
  const auto session = open_session();
  await_metric("hydrant_sessions_active", 0);
  await_metric("hydrant_sessions_ended_total", 1);
  expect_error(ask(session.post(call(1, "ping"))), 404, -32600);
}

TEST_F(wire_session, ends_also_while_its_stream_is_open) {
  start({{"session.ttl", "1s"}});
  const auto session = open_session();
  auto stream = open(session.get());
  EXPECT_EQ(stream.head.status, 200);
  EXPECT_TRUE(stream.client.next_message().is_null()) << "the stream ends with the session";
  EXPECT_EQ(ask(session.get()).status, 404);
  await_metric("hydrant_streams_open", 0);
}

TEST_F(wire_session, survives_being_put_out_of_memory) {
  start({{"session.passivate-after", "1s"}});
  const auto session = open_session();
  await_metric("hydrant_session_actors", 0);
  EXPECT_EQ(metric("hydrant_passivations_total"), 1);
  expect_result(ask(session.post(call(1, "ping"))));
  EXPECT_EQ(metric("hydrant_session_actors"), 1);
}

TEST_F(wire_session, may_have_only_so_many_calls_under_way) {
  start({{"session.pending-max", "2"}});
  const auto session = open_session();
  const json slow = {{"from", 1}, {"interval_ms", 60'000}};
  auto first = open(session.post(tool_call(1, "countdown", slow)));
  auto second = open(session.post(tool_call(2, "countdown", slow)));
  const auto third = ask(session.post(tool_call(3, "countdown", slow)));
  expect_error(third, 503, -32603);
  EXPECT_TRUE(third.has("retry-after"));
  expect_result(ask(session.post(call(4, "ping"))));
}

TEST_F(wire_session, answers_calls_in_parallel) {
  start();
  const auto session = open_session();
  std::vector<opened> running;
  for (int i = 0; i < 8; ++i)
    running.push_back(open(session.post(tool_call(i, "countdown", {{"from", 3}, {"interval_ms", 5}}))));
  for (int i = 0; i < 8; ++i) {
    EXPECT_EQ(running[static_cast<std::size_t>(i)].client.next_message()["id"], i);
    EXPECT_TRUE(running[static_cast<std::size_t>(i)].client.next_message().is_null());
  }
}

TEST_F(wire_session, sends_nothing_more_for_a_cancelled_call) {
  start();
  const auto session = open_session();
  auto countdown = tool_call("c", "countdown", {{"from", 1000}, {"interval_ms", 5}});
  countdown["params"]["_meta"] = {{"progressToken", 1}};
  auto running = open(session.post(countdown));
  running.client.next_message();
  EXPECT_EQ(ask(session.post(notification("notifications/cancelled", {{"requestId", "c"}}))).status, 202);
  for (auto message = running.client.next_message(); !message.is_null(); message = running.client.next_message())
    EXPECT_FALSE(message.contains("id")) << message;
  EXPECT_EQ(metric("hydrant_calls_cancelled_total"), 1);
  EXPECT_EQ(metric("hydrant_calls_running"), 0);
}

TEST_F(wire_session, asks_its_client_on_the_stream_of_the_call) {
  start();
  const auto session = open_session("2025-11-25", {{"elicitation", json::object()}});
  auto running = open(session.post(tool_call(1, "confirm", {{"question", "Shall we?"}})));
  const auto question = running.client.next_message();
  EXPECT_EQ(question["method"], "elicitation/create");
  EXPECT_EQ(question["params"]["message"], "Shall we?");
  const json answer = {{"action", "accept"}, {"content", {{"confirmed", true}}}};
  EXPECT_EQ(ask(session.post({{"jsonrpc", "2.0"}, {"id", question["id"]}, {"result", answer}})).status, 202);
  const auto response = running.client.next_message();
  EXPECT_EQ(response["id"], 1);
  EXPECT_EQ(response["result"]["content"][0]["text"], "yes");
  EXPECT_FALSE(response["result"].contains("resultType"));
}

TEST_F(wire_session, takes_an_answer_only_from_the_client_that_was_asked) {
  start();
  const auto asked = open_session("2025-11-25", {{"elicitation", json::object()}});
  const auto other = open_session("2025-11-25", {{"elicitation", json::object()}});
  auto running = open(asked.post(tool_call(1, "confirm", {{"question", "q"}})));
  const auto question = running.client.next_message();
  const auto answer = [&](bool confirmed) {
    return json{{"jsonrpc", "2.0"},
                {"id", question["id"]},
                {"result", {{"action", "accept"}, {"content", {{"confirmed", confirmed}}}}}};
  };
  EXPECT_EQ(ask(other.post(answer(false))).status, 202);
  EXPECT_EQ(ask(asked.post(answer(true))).status, 202);
  EXPECT_EQ(running.client.next_message()["result"]["content"][0]["text"], "yes");
}

TEST_F(wire_session, gives_a_question_up_that_is_not_answered) {
  start({{"call.ask-timeout", "1s"}});
  const auto session = open_session("2025-11-25", {{"elicitation", json::object()}});
  auto running = open(session.post(tool_call(1, "confirm", {{"question", "q"}})));
  EXPECT_EQ(running.client.next_message()["method"], "elicitation/create");
  EXPECT_EQ(running.client.next_message()["error"]["code"], -32603);
}

TEST_F(wire_session, ends_a_call_whose_question_is_refused) {
  start();
  const auto session = open_session("2025-11-25", {{"elicitation", json::object()}});
  auto running = open(session.post(tool_call(1, "confirm", {{"question", "q"}})));
  const auto question = running.client.next_message();
  const json refusal = {{"jsonrpc", "2.0"}, {"id", question["id"]}, {"error", {{"code", -1}, {"message", "not now"}}}};
  EXPECT_EQ(ask(session.post(refusal)).status, 202);
  EXPECT_EQ(running.client.next_message()["error"]["code"], -32600);
}

TEST_F(wire_session, logs_from_the_level_on_that_was_set) {
  start();
  const auto session = open_session();
  EXPECT_EQ(ask(session.post(call(1, "logging/setLevel", {{"level", "error"}}))).json()["result"], json::object());
  EXPECT_EQ(ask(session.post(tool_call(2, "test_logging_tool"))).header("content-type"), "application/json");
  expect_result(ask(session.post(call(3, "logging/setLevel", {{"level", "debug"}}))));
  auto logged = open(session.post(tool_call(4, "test_logging_tool")));
  EXPECT_EQ(logged.client.next_message()["method"], "notifications/message");
  EXPECT_EQ(logged.client.next_message()["id"], 4);
  expect_error(ask(session.post(call(5, "logging/setLevel", {{"level", "loud"}}))), 200, -32602);
}

TEST_F(wire_session, has_a_code_of_its_own_for_unknown_resources) {
  start();
  const auto session = open_session();
  const auto answer = ask(session.post(call(1, "resources/read", {{"uri", "demo://nothing"}})));
  expect_error(answer, 200, -32002);
  EXPECT_EQ(answer.json()["error"]["data"]["uri"], "demo://nothing");
}

}  // namespace
}  // namespace hydrant::wire

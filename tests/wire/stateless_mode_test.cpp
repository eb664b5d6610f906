// --stateless: clients of the session eras are served without a session.

#include "tests/wire/wire_fixture.hpp"

namespace hydrant::wire {
namespace {

class stateless_mode : public wire_test {
 protected:
  void SetUp() override { start({{"stateless", "true"}}); }

  static request in(const std::string& revision, const json& message) {
    return post(message).with("MCP-Protocol-Version", revision);
  }
};

TEST_F(stateless_mode, initializes_and_mints_no_session) {
  for (const auto* revision : {"2025-03-26", "2025-06-18", "2025-11-25"}) {
    const auto answer = ask(post(call(1, "initialize", initialize_params(revision))));
    expect_result(answer);
    EXPECT_EQ(answer.json()["result"]["protocolVersion"], revision);
    EXPECT_FALSE(answer.has("mcp-session-id"));
  }
  EXPECT_EQ(ask(post(notification("notifications/initialized"))).status, 202);
  EXPECT_EQ(metric("hydrant_sessions_active"), 0);
}

TEST_F(stateless_mode, answers_calls_without_initialize) {
  expect_result(ask(in("2025-11-25", call(1, "tools/list"))));
  const auto answer = ask(in("2025-06-18", tool_call("e", "echo", {{"message", "hello"}})));
  EXPECT_EQ(answer.json()["result"]["content"][0]["text"], "hello");
  EXPECT_FALSE(answer.json()["result"].contains("resultType"));
  expect_result(ask(post(call(1, "ping"))));
}

TEST_F(stateless_mode, ignores_session_ids) {
  expect_result(ask(in("2025-11-25", call(1, "ping")).with("Mcp-Session-Id", "whatever")));
}

TEST_F(stateless_mode, allows_neither_get_nor_delete) {
  for (const auto* method : {"GET", "DELETE"}) {
    auto asked = get("/mcp").with("Mcp-Session-Id", "x").with("Accept", "text/event-stream");
    asked.method = method;
    const auto answer = ask(asked);
    EXPECT_EQ(answer.status, 405);
    EXPECT_EQ(answer.header("allow"), "POST, OPTIONS");
  }
  EXPECT_EQ(ask(get("/sse")).status, 404);
}

TEST_F(stateless_mode, says_that_asking_a_client_takes_a_session) {
  const auto answer = ask(in("2025-11-25", tool_call(1, "confirm", {{"question", "q"}})));
  expect_error(answer, 200, -32600);
  for (const auto* method : {"logging/setLevel", "resources/subscribe", "resources/unsubscribe"}) {
    const auto refused = ask(in("2025-11-25", call(1, method, {{"uri", "demo://counter"}, {"level", "info"}})));
    expect_error(refused, 200, -32601);
    EXPECT_NE(refused.body.find("session"), std::string::npos);
  }
}

TEST_F(stateless_mode, streams_the_progress_of_a_call) {
  auto countdown = tool_call(1, "countdown", {{"from", 2}, {"interval_ms", 0}});
  countdown["params"]["_meta"] = {{"progressToken", 1}};
  auto stream = open(in("2025-11-25", countdown));
  for (int step = 1; step <= 2; ++step)
    EXPECT_EQ(stream.client.next_message()["params"]["progress"], step);
  EXPECT_EQ(stream.client.next_message()["id"], 1);
  EXPECT_TRUE(stream.client.next_message().is_null());
}

TEST_F(stateless_mode, refuses_batches_and_unknown_versions) {
  expect_error(ask(in("2025-03-26", json::array({call(1, "ping")}))), 400, -32600);
  expect_error(ask(in("2099-01-01", call(1, "ping"))), 400, -32022);
}

TEST_F(stateless_mode, serves_2026_07_28_as_always) {
  const auto answer = ask(modern(tool_call(1, "confirm", {{"question", "q"}}), {{"elicitation", json::object()}}));
  EXPECT_EQ(answer.json()["result"]["resultType"], "input_required");
  auto stream = open(modern(call(1, "subscriptions/listen", {{"notifications", {{"toolsListChanged", true}}}})));
  EXPECT_EQ(stream.client.next_message()["method"], "notifications/subscriptions/acknowledged");
}

}  // namespace
}  // namespace hydrant::wire

// HTTP+SSE of 2024-11-05: one stream for all answers, POSTs that are merely accepted.

#include "tests/wire/wire_fixture.hpp"

namespace hydrant::wire {
namespace {

class legacy_sse : public wire_test {
 protected:
  void SetUp() override { start(); }

  struct legacy_client {
    opened stream;
    std::string messages_path;
    std::string session_id;

    request post(const json& message) const { return wire::post(message, messages_path).without("Accept"); }
  };

  legacy_client connect_legacy(const std::string& path = "/sse", const std::string& last_event_id = {}) const {
    auto asked = get(path).with("Accept", "text/event-stream");
    if (!last_event_id.empty()) asked.with("Last-Event-ID", last_event_id);
    auto stream = open(asked);
    EXPECT_EQ(stream.head.status, 200);
    const auto endpoint = stream.client.next_event();
    if (!endpoint) throw std::runtime_error("no endpoint event");
    EXPECT_EQ(endpoint->event, "endpoint");
    EXPECT_TRUE(endpoint->data.starts_with("/messages?sessionId=")) << endpoint->data;
    return {std::move(stream), endpoint->data, endpoint->data.substr(endpoint->data.find('=') + 1)};
  }

  /// Posts a request and reads its answer from the stream.
  json ask_legacy(legacy_client& client, const json& message) const {
    const auto accepted = ask(client.post(message));
    EXPECT_EQ(accepted.status, 202) << accepted.body;
    return client.stream.client.next_message();
  }

  legacy_client initialized() const {
    auto client = connect_legacy();
    EXPECT_EQ(ask_legacy(client, call(0, "initialize", initialize_params("2024-11-05")))["result"]["protocolVersion"],
              "2024-11-05");
    EXPECT_EQ(ask(client.post(notification("notifications/initialized"))).status, 202);
    return client;
  }
};

TEST_F(legacy_sse, answers_on_the_stream) {
  auto client = initialized();
  EXPECT_EQ(ask_legacy(client, call(1, "ping"))["result"], json::object());
  EXPECT_EQ(ask_legacy(client, tool_call("e", "echo", {{"message", "hello"}}))["result"]["content"][0]["text"],
            "hello");
  EXPECT_EQ(ask_legacy(client, call(2, "no/such"))["error"]["code"], -32601);
  EXPECT_EQ(ask_legacy(client, tool_call(3, "echo"))["error"]["code"], -32602);
}

TEST_F(legacy_sse, opens_its_stream_for_any_accept_that_admits_it) {
  EXPECT_EQ(open(get("/sse").with("Accept", "*/*")).head.status, 200);
  EXPECT_EQ(open(get("/sse")).head.status, 200);
  EXPECT_EQ(ask(get("/sse").with("Accept", "text/html")).status, 406);
}

TEST_F(legacy_sse, never_sends_events_that_its_clients_cannot_read) {
  auto client = initialized();
  auto countdown = tool_call(1, "countdown", {{"from", 2}, {"interval_ms", 0}});
  countdown["params"]["_meta"] = {{"progressToken", 1}};
  EXPECT_EQ(ask(client.post(countdown)).status, 202);
  for (int i = 0; i < 3; ++i) {
    const auto event = client.stream.client.next_event();
    ASSERT_TRUE(event);
    EXPECT_EQ(event->event, "message");
    EXPECT_TRUE(json::accept(event->data)) << event->data;
  }
}

TEST_F(legacy_sse, initializes_once) {
  auto client = initialized();
  EXPECT_EQ(ask_legacy(client, call(1, "initialize", initialize_params("2024-11-05")))["error"]["code"], -32600);
}

TEST_F(legacy_sse, can_be_initialized_again_after_a_wrong_try) {
  auto client = connect_legacy();
  EXPECT_EQ(ask_legacy(client, call(1, "initialize", {{"protocolVersion", 7}}))["error"]["code"], -32602);
  EXPECT_EQ(ask_legacy(client, call(2, "initialize", initialize_params("2024-11-05")))["id"], 2);
}

TEST_F(legacy_sse, asks_its_client_on_the_stream) {
  auto client = connect_legacy();
  ask_legacy(client, call(0, "initialize", initialize_params("2024-11-05", {{"sampling", json::object()}})));
  const auto question = ask_legacy(client, tool_call(1, "test_sampling", {{"prompt", "p"}}));
  EXPECT_EQ(question["method"], "sampling/createMessage");
  const json answer = {{"role", "assistant"}, {"model", "m"}, {"content", {{"type", "text"}, {"text", "sampled"}}}};
  EXPECT_EQ(ask_legacy(client, {{"jsonrpc", "2.0"}, {"id", question["id"]}, {"result", answer}})["id"], 1);
}

TEST_F(legacy_sse, refuses_messages_with_410_while_its_stream_is_closed) {
  auto client = initialized();
  client.stream.client.abort();
  await_metric("hydrant_streams_open", 0);
  const auto answer = ask(client.post(call(1, "ping")));
  expect_error(answer, 410, -32600);
  EXPECT_NE(answer.body.find("GET /sse?sessionId="), std::string::npos) << "says what to do";
}

TEST_F(legacy_sse, is_resumed_by_its_session_id) {
  auto client = initialized();
  client.stream.client.abort();
  await_metric("hydrant_streams_open", 0);
  auto again = connect_legacy("/sse?sessionId=" + client.session_id);
  EXPECT_EQ(again.session_id, client.session_id);
  EXPECT_EQ(ask_legacy(again, call(1, "ping"))["id"], 1);
}

TEST_F(legacy_sse, resumes_behind_the_last_event_that_was_seen) {
  auto client = initialized();
  auto countdown = tool_call(1, "countdown", {{"from", 20}, {"interval_ms", 5}});
  countdown["params"]["_meta"] = {{"progressToken", 1}};
  EXPECT_EQ(ask(client.post(countdown)).status, 202);
  for (int step = 1; step <= 5; ++step)
    EXPECT_EQ(client.stream.client.next_message()["params"]["progress"], step);
  const auto cursor = client.stream.client.last_event_id();
  client.stream.client.abort();
  auto again = connect_legacy("/sse?sessionId=" + client.session_id, cursor);
  for (int step = 6; step <= 20; ++step)
    EXPECT_EQ(again.stream.client.next_message()["params"]["progress"], step);
  EXPECT_EQ(again.stream.client.next_message()["id"], 1);
}

TEST_F(legacy_sse, is_taken_over_by_a_newer_connection) {
  auto client = initialized();
  auto again = connect_legacy("/sse?sessionId=" + client.session_id);
  EXPECT_TRUE(client.stream.client.next_message().is_null());
  EXPECT_EQ(ask_legacy(again, call(1, "ping"))["id"], 1);
}

TEST_F(legacy_sse, keeps_apart_from_sessions_of_streamable_http) {
  const auto modern_session = open_session();
  EXPECT_EQ(ask(get("/sse?sessionId=" + modern_session.id)).status, 400);
  auto client = initialized();
  const session wrong{client.session_id};
  EXPECT_EQ(ask(wrong.get()).status, 400);
}

TEST_F(legacy_sse, refuses_bad_messages_before_they_are_accepted) {
  auto client = initialized();
  expect_error(ask(post_raw("{", client.messages_path)), 400, -32700);
  expect_error(ask(client.post(call(1, "ping")).with("Content-Type", "text/plain")), 415, -32600);
  expect_error(ask(client.post(json::array({call(1, "ping")}))), 400, -32600);
}

TEST_F(legacy_sse, ends_with_its_session) {
  node().stop();
  start({{"session.ttl", "1s"}});
  auto client = connect_legacy();
  EXPECT_TRUE(client.stream.client.next_message().is_null());
  EXPECT_EQ(ask(client.post(call(1, "ping"))).status, 404);
}

TEST_F(legacy_sse, can_be_turned_off) {
  node().stop();
  start({{"legacy-sse", "false"}});
  EXPECT_EQ(ask(get("/sse")).status, 404);
  EXPECT_EQ(ask(post(call(1, "ping"), "/messages?sessionId=x")).status, 404);
}

}  // namespace
}  // namespace hydrant::wire

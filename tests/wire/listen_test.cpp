// subscriptions/listen (2026-07-28 basic/patterns/subscriptions).

#include "tests/wire/wire_fixture.hpp"

namespace hydrant::wire {
namespace {

constexpr const char* subscription_id = "io.modelcontextprotocol/subscriptionId";

class listening : public wire_test {
 protected:
  void SetUp() override { start(); }

  opened listen(const json& id, const json& filter) const {
    return open(modern(call(id, "subscriptions/listen", {{"notifications", filter}})));
  }
  void increment() const { expect_result(ask(modern(tool_call(1, "increment")))); }
};

TEST_F(listening, begins_with_what_will_be_told_under_the_requests_id) {
  const std::vector<json> ids{1, "1", "text", INT64_MAX, UINT64_MAX, 0};
  for (const auto& id : ids) {
    auto stream = listen(id, {{"toolsListChanged", true},
                              {"promptsListChanged", false},
                              {"no such thing", true},
                              {"resourceSubscriptions", {"demo://counter"}}});
    EXPECT_EQ(stream.head.header("content-type"), "text/event-stream");
    const auto message = stream.client.next_message();
    EXPECT_EQ(message["method"], "notifications/subscriptions/acknowledged");
    EXPECT_EQ(message["params"]["_meta"][subscription_id], id) << message;
    EXPECT_EQ(message["params"]["_meta"][subscription_id].type(), json::parse(id.dump()).type());
    EXPECT_EQ(message["params"]["notifications"],
              (json{{"toolsListChanged", true}, {"resourceSubscriptions", {"demo://counter"}}}));
    EXPECT_FALSE(message.contains("id"));
  }
}

TEST_F(listening, tells_of_a_resource_that_changed) {
  auto by_number = listen(7, {{"resourceSubscriptions", {"demo://counter"}}});
  auto by_text = listen("seven", {{"resourceSubscriptions", {"demo://counter", "demo://other"}}});
  by_number.client.next_message();
  by_text.client.next_message();
  increment();
  for (auto* stream : {&by_number, &by_text}) {
    const auto message = stream->client.next_message();
    EXPECT_EQ(message["method"], "notifications/resources/updated");
    EXPECT_EQ(message["params"]["uri"], "demo://counter");
    EXPECT_EQ(message["params"]["_meta"][subscription_id], stream == &by_number ? json(7) : json("seven"));
  }
}

TEST_F(listening, tells_only_what_was_asked_for) {
  auto prompts = listen(1, {{"promptsListChanged", true}});
  auto tools = listen(2, {{"toolsListChanged", true}});
  prompts.client.next_message();
  tools.client.next_message();
  increment();
  expect_result(ask(modern(tool_call(1, "test_trigger_tool_change"))));
  expect_result(ask(modern(tool_call(1, "test_trigger_prompt_change"))));
  const auto first = prompts.client.next_message();
  EXPECT_EQ(first["method"], "notifications/prompts/list_changed");
  EXPECT_EQ(first["params"]["_meta"][subscription_id], 1);
  EXPECT_EQ(tools.client.next_message()["method"], "notifications/tools/list_changed");
}

TEST_F(listening, goes_on_until_the_client_ends_it) {
  {
    auto stream = listen(1, {{"toolsListChanged", true}});
    stream.client.next_message();
    for (int i = 0; i < 20; ++i) {
      expect_result(ask(modern(tool_call(1, "test_trigger_tool_change"))));
      EXPECT_EQ(stream.client.next_message()["method"], "notifications/tools/list_changed");
    }
    EXPECT_EQ(metric("hydrant_listeners_open"), 1);
  }
  await_metric("hydrant_listeners_open", 0);
}

TEST_F(listening, to_nothing_is_acknowledged_and_ends) {
  auto stream = listen("none", json::object());
  EXPECT_EQ(stream.client.next_message()["method"], "notifications/subscriptions/acknowledged");
  const auto result = stream.client.next_message();
  EXPECT_EQ(result["id"], "none");
  EXPECT_EQ(result["result"]["resultType"], "complete");
  EXPECT_FALSE(stream.client.next_event());
  EXPECT_TRUE(stream.client.body_complete());
}

TEST_F(listening, takes_one_place_of_a_bounded_number) {
  node().stop();
  start({{"stream.max", "2"}});
  auto first = listen(1, {{"toolsListChanged", true}});
  auto second = listen(2, {{"toolsListChanged", true}});
  const auto third = ask(modern(call(3, "subscriptions/listen", {{"notifications", {{"toolsListChanged", true}}}})));
  expect_error(third, 503, -32603);
  EXPECT_TRUE(third.has("retry-after"));
}

TEST_F(listening, merges_what_a_slow_client_has_not_read) {
  auto message = call(1, "subscriptions/listen", {{"notifications", {{"resourceSubscriptions", {"demo://counter"}}}}});
  http_client slow(port(), std::chrono::seconds(20), 4096);
  slow.send(modern(message).text());
  slow.receive_head();
  auto busy = connect();
  std::string many;
  for (int i = 0; i < 100; ++i)
    many += modern(tool_call(1, "increment")).text();
  for (int round = 0; round < 20; ++round) {
    busy.send(many);
    for (int i = 0; i < 100; ++i)
      ASSERT_EQ(busy.receive().status, 200);
  }
  EXPECT_EQ(slow.next_message()["method"], "notifications/subscriptions/acknowledged");
  EXPECT_EQ(slow.next_message()["method"], "notifications/resources/updated");
}

TEST_F(listening, is_kept_alive_by_comments) {
  node().stop();
  start({{"stream.keep-alive", "1s"}});
  auto stream = listen(1, {{"toolsListChanged", true}});
  stream.client.next_message();
  EXPECT_FALSE(stream.client.closed()) << "bytes that are no event";
}

}  // namespace
}  // namespace hydrant::wire

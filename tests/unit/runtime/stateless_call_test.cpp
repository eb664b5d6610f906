#include "runtime/stateless_call.hpp"

#include "runtime/subscription_hub.hpp"
#include "tests/support/recorded_exchange.hpp"
#include "tests/unit/runtime/calls.hpp"

#include <gmock/gmock.h>

namespace hydrant::runtime {
namespace {

using support::recorded_exchange;
using testing::HasSubstr;

constexpr int an_hour_ms = 3'600'000;

class stateless_call : public runtime_test {
 protected:
  std::shared_ptr<recorded_exchange> ask(const protocol::message& asked, const caller& who = modern()) {
    auto http = std::make_shared<recorded_exchange>();
    answer_stateless(e_.env, hub_, asked, who, http);
    return http;
  }
  /// The same, until it is answered.
  std::shared_ptr<recorded_exchange> ask_and_wait(const protocol::message& asked, const caller& who = modern()) {
    auto http = ask(asked, who);
    EXPECT_TRUE(e_.run_until([&] { return http->answers() > 0; }));
    return http;
  }
  json body(const protocol::message& asked, const caller& who = modern()) { return ask_and_wait(asked, who)->body(); }
  double running() { return e_.measured.calls_running.Value(); }
  double cancelled() { return e_.measured.calls_cancelled.Value(); }
  bool handler_is_gone() {
    return e_.run_until([this] { return seen_.ended == 1; });
  }

  subscription_hub hub_{e_.env};
};

std::string text_of(const json& response) {
  return response["result"]["content"][0]["text"];
}

TEST_F(stateless_call, a_plain_method_is_answered_with_its_result) {
  const auto http = ask(request("tools/list", json::object(), R"("x")"));
  EXPECT_EQ(http->status(), 200);
  EXPECT_EQ(http->answered().content_type, "application/json");
  EXPECT_EQ(http->body()["id"], "x");
  EXPECT_EQ(http->body()["result"]["resultType"], "complete");
}

TEST_F(stateless_call, a_bad_cursor_is_an_error_of_the_request) {
  const auto http = ask(request("tools/list", {{"cursor", "x"}}));
  EXPECT_EQ(http->status(), 200);
  EXPECT_EQ(http->body()["error"]["code"], -32602);
}

TEST_F(stateless_call, methods_of_the_other_era_are_unknown) {
  for (const char* name :
       {"initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe", "tasks/list", ""}) {
    const auto http = ask(request(name));
    EXPECT_EQ(http->status(), 404) << name;
    EXPECT_EQ(http->body()["error"]["code"], -32601) << name;
    EXPECT_EQ(http->body()["id"], 1) << name;
  }
}

TEST_F(stateless_call, listening_goes_to_the_hub) {
  const auto http = ask(request("subscriptions/listen", {{"notifications", {{"toolsListChanged", true}}}}));
  EXPECT_EQ(http->stream()->messages()[0]["method"], "notifications/subscriptions/acknowledged");
}

TEST_F(stateless_call, an_immediate_tool_is_answered_as_json) {
  const auto http = ask(tool_call("echo", {{"message", "hi"}}));
  EXPECT_EQ(http->status(), 200);
  EXPECT_EQ(text_of(http->body()), "hi");
  EXPECT_EQ(http->body()["result"]["resultType"], "complete");
}

TEST_F(stateless_call, an_immediate_tool_that_reports_is_answered_as_a_stream) {
  const auto stream = ask(tool_call("send_now", {{"reports", 3}}))->stream();
  const auto messages = stream->messages();
  ASSERT_EQ(messages.size(), 4U);
  EXPECT_EQ(messages[0]["method"], "notifications/progress");
  EXPECT_EQ(messages[2]["params"]["progress"], 3);
  EXPECT_EQ(text_of(messages[3]), "sent");
  EXPECT_TRUE(stream->closed());
}

TEST_F(stateless_call, bad_arguments_are_answered_before_anything_runs) {
  const auto http = ask(tool_call("echo", {{"message", 5}}));
  EXPECT_EQ(http->status(), 200);
  EXPECT_EQ(http->body()["result"]["isError"], true);
  EXPECT_EQ(ask(tool_call("echo", {{"message", 5}}), of_session(revision::r2025_06_18))->body()["error"]["code"],
            -32602);
}

TEST_F(stateless_call, what_cannot_be_prepared_is_refused) {
  EXPECT_EQ(ask(tool_call("none"))->body()["error"]["code"], -32602);
  const auto http = ask(request("resources/read", {{"uri", "none://"}}));
  EXPECT_EQ(http->body()["error"]["code"], -32602);
  EXPECT_EQ(http->body()["error"]["data"]["uri"], "none://");
  EXPECT_EQ(
      ask(request("resources/read", {{"uri", "none://"}}), of_session(revision::r2025_11_25))->body()["error"]["code"],
      -32002);
}

TEST_F(stateless_call, a_resource_and_a_prompt_are_answered_as_json) {
  const auto read = body(request("resources/read", {{"uri", "demo://counter"}}));
  EXPECT_EQ(read["result"]["contents"][0]["text"], "0");
  EXPECT_EQ(read["result"]["cacheScope"], "private");
  EXPECT_EQ(
      body(request("prompts/get", {{"name", "plan_launch"}, {"arguments", {{"rocket", "R"}}}}))["result"]["messages"]
          .size(),
      1U);
}

TEST_F(stateless_call, an_async_tool_that_reports_nothing_is_answered_as_json) {
  EXPECT_EQ(text_of(body(tool_call("send"))), "sent 0");
  EXPECT_EQ(running(), 0);
}

TEST_F(stateless_call, an_async_tool_that_reports_is_answered_as_a_stream) {
  const auto http = ask_and_wait(tool_call("send", {{"reports", 5}}));
  e_.poll();
  const auto messages = http->stream()->messages();
  ASSERT_EQ(messages.size(), 6U);
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(messages[static_cast<std::size_t>(i)]["params"], json({{"progress", i + 1}, {"progressToken", "t"}}));
  EXPECT_EQ(messages[5]["id"], 1);
  EXPECT_EQ(text_of(messages[5]), "sent 5");
  EXPECT_TRUE(http->stream()->closed());
  EXPECT_EQ(running(), 0);
}

TEST_F(stateless_call, a_stream_grows_no_faster_than_its_client_reads) {
  const auto stream = ask_and_wait(tool_call("send", {{"reports", 1000}}))->stream();
  e_.poll();
  EXPECT_EQ(stream->writes(), 256U);
  stream->read(44);
  e_.poll();
  EXPECT_EQ(stream->writes(), 300U);
  for (int i = 0; i < 10 && !stream->closed(); ++i) {
    stream->read_all();
    e_.poll();
  }
  EXPECT_TRUE(stream->closed());
  EXPECT_EQ(stream->messages().size(), 1001U);
}

TEST_F(stateless_call, a_blocking_tool_streams_from_its_worker) {
  const auto http = ask_and_wait(tool_call("send_blocking", {{"reports", 5}}));
  EXPECT_TRUE(e_.run_until([&] { return http->stream()->closed(); }));
  EXPECT_EQ(http->stream()->messages().size(), 6U);
}

TEST_F(stateless_call, a_client_that_goes_away_cancels_its_call) {
  const auto http = ask(tool_call("send", {{"wait_ms", an_hour_ms}}));
  e_.poll();
  EXPECT_EQ(running(), 1);
  http->disconnect();
  EXPECT_TRUE(handler_is_gone());
  EXPECT_EQ(running(), 0);
  EXPECT_EQ(cancelled(), 1);
  EXPECT_EQ(http->answers(), 0);
}

TEST_F(stateless_call, one_call_more_than_the_node_may_run_is_refused) {
  e_.bounds.calls_max = 0;
  const auto http = ask(tool_call("send"));
  EXPECT_EQ(http->status(), 503);
  EXPECT_EQ(running(), 0);
}

TEST_F(stateless_call, a_client_that_closes_its_stream_cancels_its_call) {
  const auto http = ask_and_wait(tool_call("send", {{"reports", 1}, {"wait_ms", an_hour_ms}}));
  http->stream()->finish();
  EXPECT_TRUE(handler_is_gone());
  EXPECT_EQ(running(), 0);
  EXPECT_EQ(cancelled(), 1);
}

TEST_F(stateless_call, a_client_that_closes_its_stream_cancels_a_blocking_call) {
  const auto http = ask_and_wait(tool_call("send_blocking", {{"reports", 1000}}));
  http->stream()->finish();
  EXPECT_TRUE(handler_is_gone());
  EXPECT_EQ(cancelled(), 1);
}

TEST_F(stateless_call, a_stream_that_is_complete_cancels_nothing) {
  const auto http = ask_and_wait(tool_call("send", {{"reports", 1}}));
  e_.poll();
  http->stream()->read_all();
  http->stream()->finish();
  EXPECT_EQ(cancelled(), 0);
}

TEST_F(stateless_call, a_call_that_takes_too_long_is_answered_with_a_timeout) {
  e_.bounds.call_timeout = std::chrono::milliseconds(0);
  EXPECT_THAT(body(tool_call("send", {{"wait_ms", an_hour_ms}}))["error"]["message"].get<std::string>(),
              HasSubstr("too long"));
  EXPECT_TRUE(handler_is_gone());
  EXPECT_EQ(running(), 0);
}

TEST_F(stateless_call, a_handler_that_throws_is_an_internal_error) {
  for (const char* tool : {"throw_now", "throw_async", "throw_blocking"}) {
    const auto response = body(tool_call(tool));
    EXPECT_EQ(response["error"]["code"], -32603) << tool;
    EXPECT_EQ(protocol::to_text(response).find("secret"), std::string::npos) << tool;
  }
}

TEST_F(stateless_call, a_failure_keeps_its_status) {
  const auto http = ask_and_wait(tool_call("fail"));
  EXPECT_EQ(http->status(), 503);
  EXPECT_EQ(http->body()["error"]["message"], "the backend is away");
}

TEST_F(stateless_call, questions_are_put_by_the_result_and_answered_by_a_retry) {
  auto asked = tool_call("ask_twice");
  const auto answer = [](const char* v) { return json({{"action", "accept"}, {"content", {{"v", v}}}}); };
  auto first = body(asked)["result"];
  EXPECT_EQ(first["resultType"], "input_required");
  EXPECT_TRUE(first["inputRequests"].contains("first"));

  asked.params["requestState"] = first["requestState"];
  asked.params["inputResponses"] = {{"first", answer("a")}};
  auto second = body(asked)["result"];
  EXPECT_EQ(second["resultType"], "input_required");
  EXPECT_TRUE(second["inputRequests"].contains("second"));
  EXPECT_NE(second["requestState"], first["requestState"]);

  asked.params["requestState"] = second["requestState"];
  asked.params["inputResponses"] = {{"second", answer("b")}};
  EXPECT_EQ(text_of(body(asked)), "a+b in 3");
}

TEST_F(stateless_call, answers_that_count_once_are_refused_the_second_time) {
  auto asked = tool_call("ask_once");
  asked.params["requestState"] = body(asked)["result"]["requestState"];
  asked.params["inputResponses"] = {{"first", {{"action", "accept"}, {"content", {{"v", "a"}}}}}};
  EXPECT_EQ(body(asked)["result"]["resultType"], "input_required") << "of the next round";
  auto again = body(asked);
  EXPECT_EQ(again["error"]["code"], -32602) << again;
  EXPECT_THAT(protocol::to_text(again), HasSubstr("used already"));
}

TEST_F(stateless_call, a_client_that_leaves_while_its_answers_are_looked_at_harms_nothing) {
  e_.catalog.add(tool("ask_slowly").answers_count_once().async([](call& c) -> tool_task {
    const auto* answer = c.ask("first", protocol::elicit_form("First?", {{"v", {{"type", "string"}}}}, {"v"}));
    if (!answer) co_return c.wait<tool_result>();
    co_await c.sleep(std::chrono::milliseconds(1));
    co_return protocol::text_result("done");
  }));
  auto asked = tool_call("ask_slowly");
  asked.params["requestState"] = body(asked)["result"]["requestState"];
  asked.params["inputResponses"] = {{"first", {{"action", "accept"}, {"content", {{"v", "a"}}}}}};
  std::function<void(base::result<token_use>)> answer;
  e_.claim_once = [&](const auto&, auto, auto done) { answer = std::move(done); };
  const auto http = ask(asked);
  http->disconnect();
  answer(token_use::first);
  e_.poll();
  EXPECT_EQ(running(), 0);
  EXPECT_EQ(http->answers(), 0);
}

TEST_F(stateless_call, answers_that_count_once_need_a_state) {
  auto asked = tool_call("ask_once");
  asked.params["inputResponses"] = {{"first", {{"action", "accept"}, {"content", {{"v", "a"}}}}}};
  EXPECT_TRUE(body(asked)["result"]["inputRequests"].contains("first"));
}

TEST_F(stateless_call, answers_that_count_once_are_not_taken_while_nobody_can_tell) {
  auto asked = tool_call("ask_once");
  asked.params["requestState"] = body(asked)["result"]["requestState"];
  e_.claim_once = [](const auto&, auto, const auto& done) { done(base::fail(base::error_kind::unavailable, "away")); };
  const auto http = ask_and_wait(asked);
  EXPECT_EQ(http->status(), 503) << http->body();
  ASSERT_EQ(http->answered().headers.size(), 1U);
  EXPECT_EQ(http->answered().headers[0].first, "Retry-After");
}

TEST_F(stateless_call, a_wrong_answer_is_asked_for_again) {
  auto asked = tool_call("ask_twice");
  for (const auto& responses :
       {json({{"other", 1}}), json({{"first", 12345}}), json({{"first", {{"action", "accept"}}}})}) {
    asked.params["inputResponses"] = responses;
    const auto result = body(asked)["result"];
    EXPECT_EQ(result["resultType"], "input_required") << responses;
    EXPECT_TRUE(result["inputRequests"].contains("first")) << responses;
  }
}

TEST_F(stateless_call, a_tampered_state_is_an_error) {
  auto asked = tool_call("ask_twice");
  asked.params["requestState"] = body(asked)["result"]["requestState"].get<std::string>() + "-TAMPERED";
  EXPECT_EQ(body(asked)["error"]["code"], -32602);
}

TEST_F(stateless_call, an_expired_state_is_an_error) {
  auto asked = tool_call("ask_twice");
  asked.params["requestState"] = body(asked)["result"]["requestState"];
  e_.time.advance(e_.bounds.request_state_ttl + std::chrono::milliseconds(1));
  EXPECT_EQ(body(asked)["error"]["code"], -32602);
}

TEST_F(stateless_call, a_client_that_cannot_be_asked_is_told_what_it_lacks) {
  const auto http = ask_and_wait(tool_call("ask_twice"), {revision::r2026_07_28, {}, "", {}});
  EXPECT_EQ(http->status(), 400);
  EXPECT_EQ(http->body()["error"]["code"], -32021);
  EXPECT_EQ(http->body()["error"]["data"]["requiredCapabilities"], json({{"elicitation", {{"form", json::object()}}}}));
}

TEST_F(stateless_call, without_a_session_a_client_of_the_session_era_cannot_be_asked) {
  auto who = of_session(revision::r2025_11_25);
  who.capabilities = modern().capabilities;
  const auto http = ask_and_wait(tool_call("ask_twice"), who);
  EXPECT_EQ(http->status(), 200);
  EXPECT_EQ(http->body()["error"]["code"], -32600);
}

TEST_F(stateless_call, initialize_is_a_courtesy_without_sessions) {
  for (const char* wanted : {"2025-03-26", "2025-11-25"}) {
    const auto response = body(request("initialize", {{"protocolVersion", wanted}}), of_session(revision::r2025_11_25));
    EXPECT_EQ(response["result"]["protocolVersion"], wanted);
  }
  EXPECT_EQ(body(request("initialize"), of_session(revision::r2025_03_26))["result"]["protocolVersion"], "2025-11-25");
  EXPECT_TRUE(ask(request("initialize"), of_session(revision::r2025_03_26))->answered().headers.empty());
  EXPECT_EQ(body(request("ping"), of_session(revision::r2025_11_25))["result"], json::object());
}

TEST_F(stateless_call, what_needs_a_session_is_unknown_without_one) {
  for (const char* name : {"logging/setLevel", "resources/subscribe", "resources/unsubscribe"}) {
    const auto http = ask(request(name, {{"uri", "a://1"}, {"level", "info"}}), of_session(revision::r2025_11_25));
    EXPECT_EQ(http->status(), 200) << name;
    EXPECT_EQ(http->body()["error"]["code"], -32601) << name;
  }
}

TEST_F(stateless_call, every_request_is_answered_once) {
  for (const auto& asked :
       {request("tools/list"), request("none"), tool_call("echo", {{"message", "x"}}), tool_call("send"),
        tool_call("send_now", {{"reports", 1}}), tool_call("ask_twice"), tool_call("throw_async")}) {
    const auto http = ask_and_wait(asked);
    e_.poll();
    EXPECT_EQ(http->answers(), 1) << asked.method;
  }
}

}  // namespace
}  // namespace hydrant::runtime

// 2026-07-28: metadata in every request, mirrored header fields, and no sessions
// (basic/index "_meta"; basic/transports/streamable-http; basic/versioning).

#include "tests/wire/wire_fixture.hpp"

#include <algorithm>
#include <cctype>

namespace hydrant::wire {
namespace {

class metadata_era : public wire_test {
 protected:
  void SetUp() override { start(); }
};

const json echo = tool_call(1, "echo", {{"message", "hello"}});

TEST_F(metadata_era, answers_every_method_with_a_result_type) {
  const std::vector<json> requests{call(1, "server/discover"),
                                   call(1, "tools/list"),
                                   call(1, "resources/list"),
                                   call(1, "resources/templates/list"),
                                   call(1, "prompts/list"),
                                   call(1, "resources/read", {{"uri", "demo://counter"}}),
                                   echo,
                                   call(1, "prompts/get", {{"name", "test_simple_prompt"}}),
                                   call(1, "completion/complete",
                                        {{"ref", {{"type", "ref/prompt"}, {"name", "plan_launch"}}},
                                         {"argument", {{"name", "timezone"}, {"value", "U"}}}})};
  for (const auto& one : requests) {
    const auto answer = ask(modern(one));
    expect_result(answer);
    EXPECT_EQ(answer.header("content-type"), "application/json");
    EXPECT_EQ(answer.json()["result"]["resultType"], "complete") << answer.body;
    EXPECT_FALSE(answer.has("mcp-session-id"));
  }
}

TEST_F(metadata_era, says_how_long_lists_and_contents_may_be_kept) {
  for (const auto& one : {call(1, "server/discover"), call(1, "tools/list"), call(1, "resources/list"),
                          call(1, "resources/templates/list"), call(1, "prompts/list"),
                          call(1, "resources/read", {{"uri", "demo://counter"}})}) {
    const auto result = ask(modern(one)).json()["result"];
    EXPECT_TRUE(result["ttlMs"].is_number_unsigned()) << result;
    EXPECT_TRUE(result["cacheScope"] == "public" || result["cacheScope"] == "private") << result;
  }
}

TEST_F(metadata_era, discovers_what_there_is) {
  const auto result = ask(modern(call(1, "server/discover"))).json()["result"];
  EXPECT_EQ(result["supportedVersions"], json::array({"2026-07-28"}));
  EXPECT_TRUE(result["capabilities"].contains("tools"));
  EXPECT_EQ(result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"], "hydrant");
}

TEST_F(metadata_era, refuses_header_fields_that_do_not_mirror_the_body) {
  const std::vector<request> wrong{
      modern(echo).without("Mcp-Method"),
      modern(echo).with("Mcp-Method", "tools/list"),
      modern(echo).with("Mcp-Method", "TOOLS/CALL"),
      modern(echo).with("Mcp-Method", ""),
      modern(echo).without("Mcp-Name"),
      modern(echo).with("Mcp-Name", "Echo"),
      modern(echo).with("Mcp-Name", ""),
      modern(echo).with("Mcp-Name", "=?base64?ZWNobw?="),
      modern(echo).with("Mcp-Name", "=?base64?!!!!?="),
      modern(echo).without("MCP-Protocol-Version"),
      modern(echo).with("MCP-Protocol-Version", "2025-11-25"),
      modern(echo).with("MCP-Protocol-Version", "2026-07-29"),
      modern(call(1, "resources/read", {{"uri", "demo://counter"}})).with("Mcp-Name", "demo://other"),
      modern(call(1, "prompts/get", {{"name", "test_simple_prompt"}})).without("Mcp-Name")};
  for (const auto& one : wrong) {
    SCOPED_TRACE(one.text());
    const auto answer = ask(one);
    expect_error(answer, 400, -32020);
    EXPECT_EQ(answer.json()["id"], 1);
  }
}

TEST_F(metadata_era, takes_header_fields_in_any_case_and_encoded_names) {
  auto lower = modern(echo);
  for (auto& [name, value] : lower.headers)
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  expect_result(ask(lower));
  expect_result(ask(modern(echo).with("Mcp-Name", "  echo  ")));
  expect_result(ask(modern(echo).with("Mcp-Name", "=?base64?ZWNobw==?=")));
}

TEST_F(metadata_era, compares_mirrored_parameters) {
  const auto regional = tool_call(1, "test_x_mcp_header", {{"region", "eu-1"}});
  expect_result(ask(modern(regional).with("Mcp-Param-Region", "eu-1")));
  expect_result(ask(modern(regional).with("MCP-PARAM-REGION", "=?base64?ZXUtMQ==?=")));
  expect_result(ask(modern(tool_call(1, "test_x_mcp_header"))));
  expect_result(ask(modern(echo).with("Mcp-Param-Region", "of no meaning here")));
  expect_error(ask(modern(regional)), 400, -32020);
  expect_error(ask(modern(regional).with("Mcp-Param-Region", "eu-2")), 400, -32020);
  expect_error(ask(modern(regional).with("Mcp-Param-Region", "=?base64?ZXUtMQ?=")), 400, -32020);
  expect_error(ask(modern(tool_call(1, "test_x_mcp_header")).with("Mcp-Param-Region", "eu-1")), 400, -32020);
}

TEST_F(metadata_era, refuses_a_mirrored_parameter_that_comes_twice) {
  const auto regional = tool_call(1, "test_x_mcp_header", {{"region", "eu-1"}});
  const auto twice = modern(regional).adding("Mcp-Param-Region", "eu-1").adding("Mcp-Param-Region", "eu-2");
  EXPECT_EQ(ask(twice).status, 400);
}

TEST_F(metadata_era, refuses_requests_whose_metadata_is_incomplete) {
  for (const auto* missing : {"protocolVersion", "clientCapabilities"}) {
    auto meta = metadata();
    meta.erase(std::string("io.modelcontextprotocol/") + missing);
    const auto answer = ask(modern_as_is(call(1, "server/discover", {{"_meta", meta}})));
    expect_error(answer, 400, -32602);
    EXPECT_EQ(answer.json()["id"], 1);
  }
  expect_error(ask(modern_as_is(call(1, "server/discover"))), 400, -32602);
  auto anonymous = metadata();
  anonymous.erase("io.modelcontextprotocol/clientInfo");
  expect_result(ask(modern_as_is(call(1, "server/discover", {{"_meta", anonymous}}))));
}

TEST_F(metadata_era, names_the_versions_it_supports_when_asked_for_another) {
  for (const auto* version : {"v999.0.0", "2025-11-25", "2099-01-01", ""}) {
    auto meta = metadata();
    meta["io.modelcontextprotocol/protocolVersion"] = version;
    const auto answer =
        ask(modern_as_is(call("v", "server/discover", {{"_meta", meta}})).with("MCP-Protocol-Version", version));
    expect_error(answer, 400, -32022);
    const auto error = answer.json()["error"];
    EXPECT_EQ(error["data"]["supported"], json::array({"2026-07-28"}));
    EXPECT_EQ(error["data"]["requested"], version);
    EXPECT_EQ(answer.json()["id"], "v");
  }
}

TEST_F(metadata_era, names_the_capability_that_a_client_lacks) {
  const auto sampling = ask(modern(tool_call(1, "test_missing_capability")));
  expect_error(sampling, 400, -32021);
  EXPECT_EQ(sampling.json()["error"]["data"]["requiredCapabilities"], json::parse(R"({"sampling":{}})"));
  const auto elicitation = ask(modern(tool_call(1, "confirm", {{"question", "q"}})));
  expect_error(elicitation, 400, -32021);
  EXPECT_TRUE(elicitation.json()["error"]["data"]["requiredCapabilities"].contains("elicitation"));
}

TEST_F(metadata_era, does_not_know_the_methods_of_session_eras) {
  for (const auto* method : {"initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe",
                             "no/such/method", "tasks/get", ""}) {
    SCOPED_TRACE(method);
    const auto answer = ask(modern(call(5, method, initialize_params())));
    expect_error(answer, 404, -32601);
    EXPECT_EQ(answer.json()["id"], 5);
    EXPECT_FALSE(answer.has("mcp-session-id"));
  }
}

TEST_F(metadata_era, has_no_resource_not_found_code_of_its_own) {
  const auto answer = ask(modern(call(1, "resources/read", {{"uri", "demo://nothing"}})));
  expect_error(answer, 200, -32602);
  EXPECT_EQ(answer.json()["error"]["data"]["uri"], "demo://nothing");
}

TEST_F(metadata_era, ignores_session_ids_and_cursors) {
  const auto asked = modern(echo).with("Mcp-Session-Id", "nobody").with("Last-Event-ID", "main_0-1");
  const auto answer = ask(asked);
  expect_result(answer);
  EXPECT_FALSE(answer.has("mcp-session-id"));
}

TEST_F(metadata_era, accepts_notifications_and_refuses_responses) {
  auto asked = modern(notification("notifications/cancelled", {{"requestId", 1}}));
  EXPECT_EQ(ask(asked).status, 202);
  asked.body = R"({"jsonrpc":"2.0","id":1,"result":{}})";
  expect_error(ask(asked), 400, -32600);
}

TEST_F(metadata_era, streams_progress_only_to_who_asked_for_it) {
  auto countdown = tool_call("c", "countdown", {{"from", 3}, {"interval_ms", 0}});
  EXPECT_EQ(ask(modern(countdown)).header("content-type"), "application/json");
  countdown["params"]["_meta"] = {{"progressToken", 7}};
  auto stream = open(modern(countdown));
  EXPECT_EQ(stream.head.header("content-type"), "text/event-stream");
  EXPECT_EQ(stream.head.header("x-accel-buffering"), "no");
  for (int step = 1; step <= 3; ++step) {
    const auto message = stream.client.next_message();
    EXPECT_EQ(message["method"], "notifications/progress");
    EXPECT_EQ(message["params"], (json{{"progressToken", 7}, {"progress", step}, {"total", 3}}));
  }
  const auto response = stream.client.next_message();
  EXPECT_EQ(response["id"], "c");
  EXPECT_EQ(response["result"]["resultType"], "complete");
  EXPECT_FALSE(stream.client.next_event());
  EXPECT_TRUE(stream.client.last_event_id().empty()) << "streams of this revision cannot be resumed";
}

TEST_F(metadata_era, logs_only_to_who_asked_for_it) {
  EXPECT_EQ(ask(modern(tool_call(1, "test_logging_tool"))).header("content-type"), "application/json");
  auto logging = tool_call(1, "test_logging_tool");
  logging["params"]["_meta"] = {{"io.modelcontextprotocol/logLevel", "debug"}};
  auto stream = open(modern(logging));
  EXPECT_EQ(stream.client.next_message()["method"], "notifications/message");
  EXPECT_EQ(stream.client.next_message()["id"], 1);
  logging["params"]["_meta"] = {{"io.modelcontextprotocol/logLevel", "error"}};
  EXPECT_EQ(ask(modern(logging)).header("content-type"), "application/json");
}

TEST_F(metadata_era, refuses_log_levels_that_do_not_exist) {
  auto logging = tool_call(1, "test_logging_tool");
  logging["params"]["_meta"] = {{"io.modelcontextprotocol/logLevel", "loud"}};
  expect_error(ask(modern(logging)), 400, -32602);
}

TEST_F(metadata_era, takes_the_end_of_the_stream_for_a_cancellation) {
  auto countdown = tool_call(1, "countdown", {{"from", 1000}, {"interval_ms", 20}});
  countdown["params"]["_meta"] = {{"progressToken", 1}};
  {
    auto stream = open(modern(countdown));
    EXPECT_EQ(stream.client.next_message()["params"]["progress"], 1);
  }
  await_metric("hydrant_calls_cancelled_total", 1);
  await_metric("hydrant_calls_running", 0);
}

TEST_F(metadata_era, stops_a_call_that_takes_too_long) {
  node().stop();
  start({{"call.timeout", "1s"}});
  auto stream = open(modern(tool_call(1, "countdown", {{"from", 1}, {"interval_ms", 60'000}})));
  const auto answer = stream.head.header("content-type") == "text/event-stream" ? stream.client.next_message()
                                                                                : json::parse(stream.client.rest());
  EXPECT_EQ(answer["error"]["code"], -32603);
  await_metric("hydrant_calls_running", 0);
}

TEST_F(metadata_era, asks_by_input_required_and_takes_the_answers_back) {
  const json capabilities = {{"elicitation", json::object()}};
  auto message = tool_call(1, "test_input_required_result_request_state");
  const auto first = ask(modern(message, capabilities)).json()["result"];
  EXPECT_EQ(first["resultType"], "input_required");
  EXPECT_EQ(first["inputRequests"]["confirm"]["method"], "elicitation/create");
  message["id"] = 2;
  message["params"]["inputResponses"] = {{"confirm", {{"action", "accept"}, {"content", {{"ok", true}}}}}};
  message["params"]["requestState"] = first["requestState"];
  const auto second = ask(modern(message, capabilities)).json()["result"];
  EXPECT_EQ(second["resultType"], "complete");
  EXPECT_EQ(second["content"][0]["text"], "state-ok");
}

TEST_F(metadata_era, refuses_a_request_state_that_was_changed_or_belongs_elsewhere) {
  const json capabilities = {{"elicitation", json::object()}};
  auto message = tool_call(1, "test_input_required_result_request_state");
  const auto state = ask(modern(message, capabilities)).json()["result"]["requestState"].get<std::string>();
  message["params"]["inputResponses"] = {{"confirm", {{"action", "decline"}}}};
  for (const auto& changed : {state + "-TAMPERED", state.substr(1), std::string(), std::string(100'000, 'a')}) {
    message["params"]["requestState"] = changed;
    expect_error(ask(modern(message, capabilities)), 200, -32602);
  }
  auto other = tool_call(1, "test_input_required_result_tampered_state");
  other["params"]["requestState"] = state;
  expect_error(ask(modern(other, capabilities)), 200, -32602);
}

}  // namespace
}  // namespace hydrant::wire

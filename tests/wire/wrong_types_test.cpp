// Each known member of each method's params with a value of every wrong type, in both eras: always an error that says
// what is wrong, never silence and never a crash.

#include "tests/wire/wire_fixture.hpp"

#include <algorithm>

namespace hydrant::wire {
namespace {

enum class era { sessions, metadata, both };

/// A member of a request's params, as a JSON pointer, and the types that it may have.
struct member {
  const char* method;
  era exists_in;
  json params;  ///< right, but for the member
  const char* pointer;
  std::vector<json::value_t> right;
};

using type = json::value_t;

std::vector<member> members() {
  const json echo = {{"name", "echo"}, {"arguments", {{"message", "m"}}}};
  const json confirm = {{"name", "confirm"}, {"arguments", {{"question", "q"}}}};
  const json prompt = {{"name", "plan_launch"}, {"arguments", {{"rocket", "r"}}}};
  const json counter = {{"uri", "demo://counter"}};
  const json completion = {{"ref", {{"type", "ref/prompt"}, {"name", "plan_launch"}}},
                           {"argument", {{"name", "timezone"}, {"value", "E"}}}};
  const json by_template = {{"ref", {{"type", "ref/resource"}, {"uri", "demo://time/{zone}"}}},
                            {"argument", {{"name", "zone"}, {"value", "E"}}}};
  const json filter = {{"notifications", {{"toolsListChanged", true}}}};
  return {
      {"tools/list", era::both, json::object(), "/cursor", {type::string}},
      {"resources/list", era::both, json::object(), "/cursor", {type::string}},
      {"resources/templates/list", era::both, json::object(), "/cursor", {type::string}},
      {"prompts/list", era::both, json::object(), "/cursor", {type::string}},
      {"tools/call", era::both, echo, "/name", {type::string}},
      {"tools/call", era::both, echo, "/arguments", {type::object}},
      {"tools/call", era::metadata, confirm, "/inputResponses", {type::object}},
      {"tools/call", era::metadata, confirm, "/requestState", {type::string}},
      {"prompts/get", era::both, prompt, "/name", {type::string}},
      {"prompts/get", era::both, prompt, "/arguments", {type::object}},
      {"prompts/get", era::both, prompt, "/arguments/rocket", {type::string}},
      {"prompts/get", era::both, prompt, "/arguments/timezone", {type::string}},
      {"prompts/get", era::metadata, prompt, "/inputResponses", {type::object}},
      {"prompts/get", era::metadata, prompt, "/requestState", {type::string}},
      {"resources/read", era::both, counter, "/uri", {type::string}},
      {"resources/read", era::metadata, counter, "/inputResponses", {type::object}},
      {"resources/read", era::metadata, counter, "/requestState", {type::string}},
      {"completion/complete", era::both, completion, "/ref", {type::object}},
      {"completion/complete", era::both, completion, "/ref/type", {type::string}},
      {"completion/complete", era::both, completion, "/ref/name", {type::string}},
      {"completion/complete", era::both, by_template, "/ref/uri", {type::string}},
      {"completion/complete", era::both, completion, "/argument", {type::object}},
      {"completion/complete", era::both, completion, "/argument/name", {type::string}},
      {"completion/complete", era::both, completion, "/argument/value", {type::string}},
      {"completion/complete", era::both, completion, "/context", {type::object}},
      {"completion/complete", era::both, completion, "/context/arguments", {type::object}},
      {"resources/subscribe", era::sessions, counter, "/uri", {type::string}},
      {"resources/unsubscribe", era::sessions, counter, "/uri", {type::string}},
      {"logging/setLevel", era::sessions, {{"level", "info"}}, "/level", {type::string}},
      {"subscriptions/listen", era::metadata, filter, "/notifications", {type::object}},
      {"subscriptions/listen", era::metadata, filter, "/notifications/toolsListChanged", {type::boolean}},
      {"subscriptions/listen", era::metadata, filter, "/notifications/promptsListChanged", {type::boolean}},
      {"subscriptions/listen", era::metadata, filter, "/notifications/resourcesListChanged", {type::boolean}},
      {"subscriptions/listen", era::metadata, filter, "/notifications/resourceSubscriptions", {type::array}},
  };
}

/// One value of each type.
std::vector<json> values() {
  return {
      nullptr, true, 7, -1.5, UINT64_MAX, "text", json::array(), json::array({1}), json::object(), {{"a", {{"b", 1}}}}};
}

// JSON knows one kind of number.
type kind_of(const json& value) {
  return value.is_number() ? type::number_float : value.type();
}

bool right(const member& one, const json& value) {
  return std::ranges::count(one.right, kind_of(value)) > 0;
}

json with(const member& one, const json& value) {
  json params = one.params;
  params[json::json_pointer(one.pointer)] = value;
  return params;
}

class wrong_types : public wire_test {
 protected:
  void SetUp() override { start(); }
};

TEST_F(wrong_types, are_invalid_params_in_a_session) {
  const auto session = open_session();
  for (const auto& one : members()) {
    if (one.exists_in == era::metadata) continue;
    for (const auto& value : values()) {
      if (right(one, value)) continue;
      SCOPED_TRACE(std::string(one.method) + " " + one.pointer + " = " + value.dump());
      const auto answer = ask(session.post(call("id", one.method, with(one, value))));
      expect_error(answer, 200, -32602);
      EXPECT_EQ(answer.json()["id"], "id");
    }
  }
  expect_result(ask(session.post(call(1, "ping"))));
}

TEST_F(wrong_types, are_invalid_params_in_2026_07_28) {
  for (const auto& one : members()) {
    if (one.exists_in == era::sessions) continue;
    for (const auto& value : values()) {
      if (right(one, value)) continue;
      SCOPED_TRACE(std::string(one.method) + " " + one.pointer + " = " + value.dump());
      const auto answer = ask(modern(call("id", one.method, with(one, value))));
      expect_error(answer, 200, -32602);
      EXPECT_EQ(answer.json()["id"], "id");
    }
  }
}

TEST_F(wrong_types, are_invalid_params_without_sessions) {
  node().stop();
  start({{"stateless", "true"}});
  for (const auto& one : members()) {
    if (one.exists_in != era::both) continue;
    for (const auto& value : values()) {
      if (right(one, value)) continue;
      SCOPED_TRACE(std::string(one.method) + " " + one.pointer + " = " + value.dump());
      expect_error(ask(post(call("id", one.method, with(one, value))).with("MCP-Protocol-Version", "2025-11-25")), 200,
                   -32602);
    }
  }
}

// What is not there is as wrong as what has the wrong type, where it is needed.
TEST_F(wrong_types, of_required_members_include_their_absence) {
  const auto session = open_session();
  for (const auto* method : {"tools/call", "prompts/get", "resources/read", "completion/complete",
                             "resources/subscribe", "resources/unsubscribe", "logging/setLevel"}) {
    SCOPED_TRACE(method);
    expect_error(ask(session.post(call(1, method))), 200, -32602);
    expect_error(ask(session.post({{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}})), 200, -32602);
  }
  for (const auto* method : {"completion/complete", "subscriptions/listen"})
    expect_error(ask(modern(call(1, method))), 200, -32602);
}

TEST_F(wrong_types, in_metadata_are_refused_before_the_method_is_looked_at) {
  const auto session = open_session();
  for (const auto& value : values()) {
    SCOPED_TRACE(value.dump());
    if (!value.is_object()) {
      expect_error(ask(session.post(call(1, "ping", {{"_meta", value}}))), 400, -32602);
      expect_error(ask(modern_as_is(call(1, "tools/list", {{"_meta", value}}))), 400, -32602);
    }
    if (!value.is_string() && !value.is_number_integer())
      expect_error(ask(session.post(call(1, "ping", {{"_meta", {{"progressToken", value}}}}))), 400, -32602);
    for (const auto& [name, wanted] : {std::pair("protocolVersion", type::string),
                                       {"clientCapabilities", type::object},
                                       {"clientInfo", type::object},
                                       {"logLevel", type::string}}) {
      if (kind_of(value) == wanted) continue;
      auto meta = metadata();
      meta[std::string("io.modelcontextprotocol/") + name] = value;
      expect_error(ask(modern_as_is(call(1, "tools/list", {{"_meta", meta}}))), 400, -32602);
    }
  }
}

TEST_F(wrong_types, in_initialize_are_invalid_params) {
  for (const auto* pointer : {"/protocolVersion", "/capabilities", "/clientInfo", "/clientInfo/name"})
    for (const auto& value : values()) {
      const bool fits = std::string_view(pointer) == "/capabilities" ? value.is_object()
                        : std::string_view(pointer) == "/clientInfo" ? false
                                                                     : value.is_string();
      if (fits) continue;
      SCOPED_TRACE(std::string(pointer) + " = " + value.dump());
      auto params = initialize_params();
      params[json::json_pointer(pointer)] = value;
      const auto answer = ask(post(call(1, "initialize", params)));
      expect_error(answer, 200, -32602);
      EXPECT_FALSE(answer.has("mcp-session-id"));
    }
  EXPECT_EQ(metric("hydrant_sessions_active"), 0);
}

TEST_F(wrong_types, of_capabilities_count_as_not_declared) {
  for (const auto& value : values()) {
    if (value.is_object()) continue;
    const auto session = open_session("2025-11-25", {{"elicitation", value}, {"sampling", value}, {"roots", value}});
    const auto answer = ask(session.post(tool_call(1, "confirm", {{"question", "q"}})));
    expect_error(answer, 200, -32600);
    expect_error(ask(modern(tool_call(1, "confirm", {{"question", "q"}}), {{"elicitation", value}})), 400, -32021);
  }
}

// From 2025-11-25 on the model sees what was wrong with its arguments and can correct them (SEP-1303).
TEST_F(wrong_types, of_a_tools_arguments_are_told_to_the_model) {
  for (const auto& value : values()) {
    if (value.is_string()) continue;
    const auto answer = ask(modern(tool_call(1, "echo", {{"message", value}}))).json();
    EXPECT_EQ(answer["result"]["isError"], true) << value;
    const auto newest = open_session("2025-11-25");
    EXPECT_EQ(ask(newest.post(tool_call(1, "echo", {{"message", value}}))).json()["result"]["isError"], true) << value;
    const auto older = open_session("2025-06-18");
    expect_error(ask(older.post(tool_call(1, "echo", {{"message", value}}))), 200, -32602);
  }
}

TEST_F(wrong_types, of_numbers_in_a_tools_arguments_do_no_harm) {
  for (const json& by :
       {json(1e18), json(1.5), json(INT64_MAX), json(UINT64_MAX), json(-1e300), json("1"), json(1e-300)}) {
    const auto answer = ask(modern(tool_call(1, "increment", {{"by", by}}))).json();
    EXPECT_EQ(answer["result"]["isError"], true) << by;
  }
  const auto whole = ask(modern(tool_call(1, "increment", {{"by", 2.0}}))).json();
  EXPECT_EQ(whole["result"]["content"][0]["text"], "2");
}

TEST_F(wrong_types, of_cancellations_are_ignored) {
  const auto session = open_session();
  for (const auto& value : values())
    EXPECT_EQ(ask(session.post(notification("notifications/cancelled", {{"requestId", value}}))).status, 202) << value;
  EXPECT_EQ(metric("hydrant_calls_cancelled_total"), 0);
}

TEST_F(wrong_types, of_answers_to_a_question_make_it_be_asked_again) {
  const auto session = open_session("2025-11-25", {{"elicitation", json::object()}});
  auto running = open(session.post(tool_call(1, "confirm", {{"question", "q"}})));
  const std::vector<json> wrong{json::object(),
                                {{"action", 7}},
                                {{"action", "accept"}},
                                {{"action", "accept"}, {"content", 7}},
                                {{"action", "accept"}, {"content", {{"confirmed", "yes"}}}}};
  for (const auto& answer : wrong) {
    const auto question = running.client.next_message();
    ASSERT_EQ(question["method"], "elicitation/create") << question;
    EXPECT_EQ(ask(session.post({{"jsonrpc", "2.0"}, {"id", question["id"]}, {"result", answer}})).status, 202);
  }
  const auto question = running.client.next_message();
  const json right_answer = {{"action", "accept"}, {"content", {{"confirmed", true}}}};
  EXPECT_EQ(ask(session.post({{"jsonrpc", "2.0"}, {"id", question["id"]}, {"result", right_answer}})).status, 202);
  EXPECT_EQ(running.client.next_message()["result"]["content"][0]["text"], "yes");
}

TEST_F(wrong_types, of_input_responses_make_the_question_be_asked_again) {
  const json capabilities = {{"elicitation", json::object()}};
  for (const auto& value : values()) {
    auto message = tool_call(1, "confirm", {{"question", "q"}});
    message["params"]["inputResponses"] = {{"confirm", value}};
    const auto answer = ask(modern(message, capabilities)).json();
    EXPECT_EQ(answer["result"]["resultType"], "input_required") << value;
  }
}

}  // namespace
}  // namespace hydrant::wire

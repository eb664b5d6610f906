// POSTs that are HTTP and no proper MCP: media types, JSON, envelopes, sessions and revisions that do not exist.

#include "tests/wire/wire_fixture.hpp"

#include <set>

namespace hydrant::wire {
namespace {

class bad_messages : public wire_test {
 protected:
  void SetUp() override { start(); }

  /// The same whoever sends it: nobody, a session, a client of 2026-07-28.
  void expect_everywhere(const std::string& body, int status, int code) const {
    const auto session = open_session();
    expect_error(ask(post_raw(body)), status, code);
    auto in_session = post_raw(body);
    expect_error(ask(in_session.with("Mcp-Session-Id", session.id)), status, code);
    auto with_version = post_raw(body);
    expect_error(ask(with_version.with("MCP-Protocol-Version", "2026-07-28").with("Mcp-Method", "ping")), status, code);
  }
};

TEST_F(bad_messages, refuses_malformed_json) {
  for (const auto* body :
       {"{", "{]", "nonsense", "{\"jsonrpc\":\"2.0\",}", "{'jsonrpc':1}", "[1,", "\"", "{} {}", "NaN", "// {}"})
    expect_everywhere(body, 400, -32700);
}

TEST_F(bad_messages, refuses_an_empty_body) {
  expect_everywhere("", 400, -32700);
  expect_everywhere(" \r\n\t", 400, -32700);
  auto without_length = post_raw("");
  without_length.sized = false;
  expect_error(ask(without_length), 400, -32700);
}

TEST_F(bad_messages, refuses_invalid_utf8) {
  for (const auto* bytes : {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"})
    expect_everywhere(R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(bytes) + R"("})", 400, -32700);
}

TEST_F(bad_messages, refuses_json_that_nests_too_deeply) {
  for (const auto depth : {65, 1000, 100'000}) {
    const auto levels = static_cast<std::size_t>(depth);
    expect_everywhere(std::string(levels, '[') + std::string(levels, ']'), 400, -32700);
    expect_everywhere(std::string(levels, '['), 400, -32700);
  }
  std::string objects;
  for (int i = 0; i < 5000; ++i)
    objects += "{\"a\":";
  expect_everywhere(objects, 400, -32700);
}

TEST_F(bad_messages, refuses_numbers_that_no_machine_integer_holds) {
  const std::string nines(400, '9');
  for (const auto& number :
       {std::string("18446744073709551616"), "-9223372036854775809" + std::string(), nines, "1e" + nines})
    expect_everywhere(R"({"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":)" + number + "}}", 400, -32700);
}

TEST_F(bad_messages, echoes_the_largest_integers_and_odd_strings_as_ids) {
  const auto session = open_session();
  const std::vector<json> ids{0,  -1,        INT64_MAX,  INT64_MIN,          UINT64_MAX,
                              "", "a\"b\\c", "\n\t\x01", "\u00e4\U0001f600", "1"};
  for (const auto& id : ids) {
    EXPECT_EQ(ask(session.post(call(id, "ping"))).json()["id"], id);
    EXPECT_EQ(ask(modern(tool_call(id, "echo", {{"message", "m"}}))).json()["id"], id);
  }
}

TEST_F(bad_messages, refuses_what_is_no_envelope) {
  for (const auto* body : {"1",
                           "null",
                           "true",
                           "\"text\"",
                           "{}",
                           R"({"jsonrpc":"2.0"})",
                           R"({"jsonrpc":"2.0","id":1})",
                           R"({"jsonrpc":"1.0","id":1,"method":"ping"})",
                           R"({"id":1,"method":"ping"})",
                           R"({"jsonrpc":2.0,"id":1,"method":"ping"})",
                           R"({"jsonrpc":"2.0","id":null,"method":"ping"})",
                           R"({"jsonrpc":"2.0","id":1.5,"method":"ping"})",
                           R"({"jsonrpc":"2.0","id":{},"method":"ping"})",
                           R"({"jsonrpc":"2.0","id":[1],"method":"ping"})",
                           R"({"jsonrpc":"2.0","id":true,"method":"ping"})",
                           R"({"jsonrpc":"2.0","id":1,"method":7})",
                           R"({"jsonrpc":"2.0","id":1,"method":null})",
                           R"({"jsonrpc":"2.0","id":1,"result":{},"error":{}})",
                           R"({"jsonrpc":"2.0","result":{}})",
                           R"({"jsonrpc":"2.0","id":1,"result":7})",
                           R"({"jsonrpc":"2.0","id":1,"error":"e"})"})
    expect_everywhere(body, 400, -32600);
}

TEST_F(bad_messages, refuses_params_that_are_no_object) {
  for (const auto* params : {"null", "7", "\"text\"", "[]", "true"})
    expect_everywhere(R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":)" + std::string(params) + "}", 400,
                      -32602);
}

TEST_F(bad_messages, names_the_id_of_a_request_it_refuses_where_it_can) {
  EXPECT_EQ(ask(post_raw(R"({"jsonrpc":"1.0","id":"x","method":"ping"})")).json()["id"], "x");
  EXPECT_FALSE(ask(post_raw("{")).json().contains("id")) << "the schema has no null id";
}

TEST_F(bad_messages, refuses_wrong_content_types) {
  for (const auto* type :
       {"text/plain", "application/jsonp", "application/json-rpc", "multipart/form-data; boundary=a", "json", ""})
    expect_error(ask(post(call(1, "initialize", initialize_params())).with("Content-Type", type)), 415, -32600);
  expect_error(ask(post(call(1, "initialize", initialize_params())).without("Content-Type")), 415, -32600);
}

TEST_F(bad_messages, takes_content_types_with_parameters_and_in_any_case) {
  for (const auto* type : {"application/json; charset=utf-8", "Application/JSON", "application/json;charset=UTF-8"})
    expect_result(ask(post(call(1, "initialize", initialize_params())).with("Content-Type", type)));
}

TEST_F(bad_messages, refuses_an_accept_that_lacks_one_of_the_two) {
  for (const auto* accept : {"application/json", "text/event-stream", "text/html",
                             "application/json, text/event-stream;q=0", "image/*, text/*", "", "*/*;q=0"})
    expect_error(ask(post(call(1, "initialize", initialize_params())).with("Accept", accept)), 406, -32600);
}

TEST_F(bad_messages, takes_every_accept_that_admits_both) {
  for (const auto* accept : {"*/*", "application/*, text/*", "text/event-stream, application/json;q=0.5",
                             "APPLICATION/JSON,TEXT/EVENT-STREAM"})
    expect_result(ask(post(call(1, "initialize", initialize_params())).with("Accept", accept)));
  expect_result(ask(post(call(1, "initialize", initialize_params())).without("Accept")));
}

TEST_F(bad_messages, refuses_requests_without_a_session) {
  expect_error(ask(post(call(1, "tools/list"))), 400, -32600);
  expect_error(ask(post(notification("notifications/initialized"))), 400, -32600);
  EXPECT_EQ(ask(get("/mcp").with("Accept", "text/event-stream")).status, 400);
  auto end = get("/mcp");
  end.method = "DELETE";
  EXPECT_EQ(ask(end).status, 400);
  EXPECT_EQ(ask(post(call(1, "ping"), "/messages")).status, 400);
}

TEST_F(bad_messages, answers_404_for_sessions_that_it_does_not_know) {
  for (const auto* id :
       {"nobody", "00000000-0000-4000-8000-000000000000", "a b", "\"", "\xc3\xa4", "../../etc/passwd"}) {
    const session unknown{id};
    expect_error(ask(unknown.post(call(1, "ping"))), 404, -32600);
    EXPECT_EQ(ask(unknown.get()).status, 404);
    EXPECT_EQ(ask(unknown.end()).status, 404);
    EXPECT_EQ(ask(get("/sse?sessionId=nobody")).status, 404);
    EXPECT_EQ(ask(post(call(1, "ping"), "/messages?sessionId=nobody")).status, 404);
  }
}

TEST_F(bad_messages, refuses_unknown_protocol_versions) {
  const auto session = open_session();
  for (const auto* version : {"2099-01-01", "2025-11-2", "latest", "1.0", "2025-11-25 "}) {
    if (std::string_view(version).ends_with(' ')) continue;
    expect_error(ask(session.post(call(1, "ping")).with("MCP-Protocol-Version", version)), 400, -32022);
    expect_error(ask(post(call(1, "initialize", initialize_params())).with("MCP-Protocol-Version", version)), 400,
                 -32022);
  }
}

TEST_F(bad_messages, takes_requests_of_a_session_without_the_version_header) {
  const auto session = open_session();
  expect_result(ask(session.post(call(1, "ping")).without("MCP-Protocol-Version")));
}

TEST_F(bad_messages, takes_batches_in_2025_03_26_only) {
  const json batch = json::array({call(1, "ping"), notification("notifications/roots/list_changed"), call(2, "ping")});
  for (const auto* revision : {"2025-06-18", "2025-11-25"}) {
    const auto session = open_session(revision);
    expect_error(ask(session.post(batch)), 400, -32600);
    expect_result(ask(session.post(call(1, "ping"))));
  }
  auto asked = modern_as_is(call(1, "ping"));
  asked.body = batch.dump();
  expect_error(ask(asked), 400, -32600);

  const auto session = open_session("2025-03-26");
  auto answer = open(session.post(batch));
  EXPECT_EQ(answer.head.status, 200);
  EXPECT_EQ(answer.client.next_message()["id"], 1);
  EXPECT_EQ(answer.client.next_message()["id"], 2);
  EXPECT_TRUE(answer.client.next_message().is_null());
  EXPECT_TRUE(answer.client.body_complete());
}

TEST_F(bad_messages, accepts_a_batch_that_wants_no_answer) {
  const auto session = open_session("2025-03-26");
  const json batch = json::array({notification("notifications/initialized"), notification("notifications/cancelled")});
  const auto answer = ask(session.post(batch));
  EXPECT_EQ(answer.status, 202);
  EXPECT_TRUE(answer.body.empty());
}

TEST_F(bad_messages, answers_each_wrong_request_of_a_batch_by_itself) {
  const auto session = open_session("2025-03-26");
  const json batch =
      json::array({call(1, "no/such"), tool_call(2, "echo"), tool_call(3, "nobody"), call(4, "initialize")});
  auto answer = open(session.post(batch));
  for (const auto& [id, code] : {std::pair(1, -32601), {2, -32602}, {3, -32602}, {4, -32600}}) {
    const auto message = answer.client.next_message();
    EXPECT_EQ(message["id"], id);
    EXPECT_EQ(message["error"]["code"], code);
  }
  EXPECT_TRUE(answer.client.next_message().is_null());
}

TEST_F(bad_messages, answers_each_call_of_a_batch_that_is_more_than_a_session_may_have) {
  const auto session = open_session("2025-03-26");
  json batch = json::array();
  for (int i = 0; i < 100; ++i)
    batch.push_back(tool_call(i, "countdown", {{"from", 1}, {"interval_ms", 100}}));
  auto answer = open(session.post(batch));
  std::set<int> answered;
  int failed = 0;
  for (auto message = answer.client.next_message(); !message.is_null(); message = answer.client.next_message()) {
    EXPECT_TRUE(answered.insert(message["id"].get<int>()).second) << message;
    failed += message.contains("error") ? 1 : 0;
  }
  EXPECT_EQ(answered.size(), 100U);
  EXPECT_EQ(failed, 100 - 64);
}

TEST_F(bad_messages, refuses_empty_and_oversized_batches_and_batches_with_something_else) {
  expect_everywhere("[]", 400, -32600);
  expect_everywhere("[1]", 400, -32600);
  expect_everywhere("[[]]", 400, -32600);
  json many = json::array();
  for (int i = 0; i < 101; ++i)
    many.push_back(call(i, "ping"));
  expect_everywhere(many.dump(), 400, -32600);
}

TEST_F(bad_messages, refuses_an_id_that_is_in_use) {
  const auto session = open_session();
  auto running = open(session.post(tool_call("same", "countdown", {{"from", 1}, {"interval_ms", 60'000}})));
  EXPECT_EQ(running.head.status, 200);
  for (const auto* tool : {"countdown", "echo"}) {
    const auto arguments = std::string(tool) == "echo" ? json{{"message", "m"}} : json{{"from", 1}};
    const auto answer = ask(session.post(tool_call("same", tool, arguments)));
    expect_error(answer, 409, -32600);
    EXPECT_EQ(answer.json()["id"], "same");
  }
  EXPECT_EQ(ask(session.post(notification("notifications/cancelled", {{"requestId", "same"}}))).status, 202);
  expect_result(ask(session.post(tool_call("same", "echo", {{"message", "free again"}}))));
}

TEST_F(bad_messages, tells_ids_of_different_types_apart) {
  const auto session = open_session();
  auto running = open(session.post(tool_call("1", "countdown", {{"from", 1}, {"interval_ms", 60'000}})));
  expect_result(ask(session.post(tool_call(1, "echo", {{"message", "the number"}}))));
}

TEST_F(bad_messages, answers_an_id_twice_in_a_batch_once_by_an_error) {
  const auto session = open_session("2025-03-26");
  const json slow = tool_call(1, "countdown", {{"from", 1}, {"interval_ms", 1}});
  auto answer = open(session.post(json::array({slow, slow})));
  std::multiset<bool> failed;
  for (auto message = answer.client.next_message(); !message.is_null(); message = answer.client.next_message()) {
    EXPECT_EQ(message["id"], 1);
    failed.insert(message.contains("error"));
  }
  EXPECT_EQ(failed, (std::multiset<bool>{false, true}));
}

TEST_F(bad_messages, ignores_responses_that_nobody_waits_for) {
  const auto session = open_session();
  EXPECT_EQ(ask(session.post({{"jsonrpc", "2.0"}, {"id", 99}, {"result", json::object()}})).status, 202);
  EXPECT_EQ(ask(session.post({{"jsonrpc", "2.0"}, {"id", "x"}, {"error", {{"code", 1}, {"message", 2}}}})).status, 202);
}

TEST_F(bad_messages, accepts_notifications_of_any_name) {
  const auto session = open_session();
  for (const auto* method : {"notifications/roots/list_changed", "notifications/progress", "no/such/thing", ""}) {
    const auto answer = ask(session.post(notification(method)));
    EXPECT_EQ(answer.status, 202);
    EXPECT_TRUE(answer.body.empty());
  }
}

TEST_F(bad_messages, answers_methods_that_a_session_does_not_have) {
  const auto session = open_session();
  for (const auto* method : {"no/such", "", "server/discover", "subscriptions/listen", "TOOLS/LIST", "tools/list "})
    expect_error(ask(session.post(call(1, method))), 200, -32601);
}

}  // namespace
}  // namespace hydrant::wire

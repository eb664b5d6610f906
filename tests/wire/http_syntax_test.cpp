// What is not HTTP, or is HTTP that can be read in two ways (RFC 9112): refused with 400 and a closed connection.

#include "tests/wire/wire_fixture.hpp"

namespace hydrant::wire {
namespace {

class http_syntax : public wire_test {
 protected:
  void SetUp() override { start(); }

  /// Refused, and nothing behind it is read as another request.
  void expect_refused(std::string_view bytes, int status = 400) const {
    auto client = connect();
    client.try_send(bytes);
    const auto answer = client.receive();
    EXPECT_EQ(answer.status, status) << bytes.substr(0, 200);
    EXPECT_EQ(answer.header("connection"), "close");
    EXPECT_TRUE(client.closed()) << "the connection goes on after " << bytes.substr(0, 200);
  }

  static std::string with_fields(const std::string& fields, const std::string& body = "{}") {
    return "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + fields + "\r\n" + body;
  }
};

TEST_F(http_syntax, refuses_what_is_no_request_line) {
  expect_refused("hello\r\n\r\n");
  expect_refused("GET\r\n\r\n");
  expect_refused("GET /health\r\n\r\n");
  expect_refused("GET  /health HTTP/1.1\r\n\r\n");
  expect_refused("GET /health HTTP/2.0\r\n\r\n");
  expect_refused("GET /health HTTP/1.1 \r\n\r\n");
  expect_refused("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
}

TEST_F(http_syntax, refuses_a_tls_client_hello) {
  using namespace std::string_view_literals;
  expect_refused("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x5a\x10\x9c\r\n\r\n"sv);
}

TEST_F(http_syntax, refuses_nul_bytes_and_other_controls_in_fields) {
  using namespace std::string_literals;
  expect_refused("GET /health HTTP/1.1\r\nHost: local\0host\r\n\r\n"s);
  expect_refused("GET /health HTTP/1.1\r\nHo\0st: localhost\r\n\r\n"s);
  expect_refused("GET /hea\0lth HTTP/1.1\r\nHost: localhost\r\n\r\n"s);
  expect_refused("GET /health HTTP/1.1\r\nX-A: \x01\r\n\r\n"s);
  expect_refused("GET /health HTTP/1.1\r\nX-A : b\r\n\r\n"s);
  expect_refused("GET /health HTTP/1.1\r\n: b\r\n\r\n"s);
  expect_refused("GET /health HTTP/1.1\r\nX-A: b\rX-C: d\r\n\r\n"s);
}

TEST_F(http_syntax, refuses_lines_that_end_without_carriage_return) {
  expect_refused("GET /health HTTP/1.1\nHost: localhost\n\n\r\n\r\n");
}

TEST_F(http_syntax, refuses_two_content_lengths) {
  expect_refused(with_fields("Content-Length: 2\r\nContent-Length: 3\r\n"));
  expect_refused(with_fields("Content-Length: 2\r\nContent-Length: 2\r\n"));
  expect_refused(with_fields("Content-Length: 2, 3\r\n"));
}

TEST_F(http_syntax, refuses_a_content_length_that_is_no_number) {
  for (const auto* length : {"-1", "+2", "2 2", "0x2", "two", "", "18446744073709551616", "99999999999999999999999"})
    expect_refused(with_fields(std::string("Content-Length: ") + length + "\r\n"));
}

TEST_F(http_syntax, refuses_a_length_together_with_a_transfer_encoding) {
  expect_refused(with_fields("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n"));
  expect_refused(with_fields("Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", "2\r\n{}\r\n0\r\n\r\n"));
}

// A proxy in front may frame such a request in another way than we do (RFC 9112 section 6.3).
TEST_F(http_syntax, refuses_transfer_encodings_other_than_chunked) {
  for (const auto* coding : {"identity", "gzip", "gzip, chunked", "chunked, gzip", "xchunked", "chunked, chunked", ""})
    expect_refused(with_fields(std::string("Transfer-Encoding: ") + coding + "\r\n", "2\r\n{}\r\n0\r\n\r\n"));
  expect_refused(with_fields("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n"));
  expect_refused(with_fields("Transfer-Encoding: identity\r\nContent-Length: 2\r\n"));
}

TEST_F(http_syntax, refuses_chunks_in_http_1_0) {
  expect_refused("POST /mcp HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
}

TEST_F(http_syntax, refuses_broken_chunks) {
  const std::string fields = "Transfer-Encoding: chunked\r\n";
  expect_refused(with_fields(fields, "zz\r\n{}\r\n0\r\n\r\n"));
  expect_refused(with_fields(fields, "-2\r\n{}\r\n0\r\n\r\n"));
  expect_refused(with_fields(fields, "1\r\n{}\r\n0\r\n\r\n"));
  expect_refused(with_fields(fields, "\r\n{}\r\n0\r\n\r\n"));
  expect_refused(with_fields(fields, "2 ;;\r\n{}\r\n0\r\n\r\n"));
}

TEST_F(http_syntax, refuses_single_fields_that_come_twice) {
  for (const auto* field :
       {"Host: localhost", "Mcp-Session-Id: a", "MCP-Protocol-Version: 2025-11-25", "Mcp-Method: ping", "Mcp-Name: a",
        "Origin: http://localhost", "Content-Type: application/json", "Last-Event-ID: a", "Authorization: Bearer a"}) {
    const std::string line = std::string(field) + "\r\n";
    expect_refused("POST /mcp HTTP/1.1\r\n" + line + line + "Content-Length: 2\r\n\r\n{}");
  }
}

TEST_F(http_syntax, takes_accept_spread_over_several_fields) {
  auto asked = post(call(1, "initialize", initialize_params()));
  asked.with("Accept", "application/json").adding("Accept", "text/event-stream");
  expect_result(ask(asked));
}

// A field behind the body has not been seen by whoever looked at the header (RFC 9110 section 6.5.1).
TEST_F(http_syntax, ignores_trailer_fields) {
  const auto session = open_session();
  auto asked = post(call(2, "ping"));
  asked.sized = false;
  const auto body = std::exchange(asked.body, {});
  auto bytes = asked.with("Transfer-Encoding", "chunked").text();
  for (const char byte : body)
    bytes.append("1\r\n").append(1, byte).append("\r\n");
  expect_error(ask_raw(bytes + "0\r\nMcp-Session-Id: " + session.id + "\r\n\r\n"), 400, -32600);
}

TEST_F(http_syntax, serves_http_1_0_and_closes) {
  auto client = connect();
  client.send("GET /health HTTP/1.0\r\n\r\n");
  const auto answer = client.receive();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.json()["status"], "healthy");
  EXPECT_TRUE(client.closed());
}

TEST_F(http_syntax, streams_to_http_1_0_without_chunks) {
  auto asked = modern(tool_call(1, "countdown", {{"from", 2}, {"interval_ms", 0}}));
  auto text = json::parse(asked.body);
  text["params"]["_meta"]["progressToken"] = 1;
  asked.body = text.dump();
  auto bytes = asked.text();
  bytes.replace(bytes.find("HTTP/1.1"), 8, "HTTP/1.0");
  auto client = connect();
  client.send(bytes);
  const auto head = client.receive_head();
  EXPECT_EQ(head.status, 200);
  EXPECT_FALSE(head.has("transfer-encoding"));
  EXPECT_EQ(head.header("connection"), "close");
  EXPECT_EQ(client.next_message()["params"]["progress"], 1);
  EXPECT_EQ(client.next_message()["params"]["progress"], 2);
  EXPECT_EQ(client.next_message()["id"], 1);
  EXPECT_TRUE(client.next_message().is_null());
  EXPECT_TRUE(client.closed());
}

TEST_F(http_syntax, answers_unknown_paths_with_404) {
  for (const auto* path :
       {"/", "/mcp/", "/MCP", "/mcp%00", "//mcp", "/.well-known/oauth-protected-resource", "*", "/m"})
    EXPECT_EQ(ask(get(path)).status, 404) << path;
}

TEST_F(http_syntax, looks_at_the_path_without_its_query) {
  EXPECT_EQ(ask(get("/health?a=b&c=%zz")).status, 200);
}

TEST_F(http_syntax, answers_wrong_methods_with_405_and_says_which_are_allowed) {
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"PUT", "/mcp"},      {"PATCH", "/mcp"},    {"TRACE", "/mcp"},    {"BREW", "/mcp"},
      {"POST", "/sse"},     {"PUT", "/sse"},      {"GET", "/messages"}, {"POST", "/health"},
      {"DELETE", "/ready"}, {"POST", "/metrics"}, {"CONNECT", "/mcp"}};
  for (const auto& [method, path] : wrong) {
    auto asked = get(path);
    asked.method = method;
    const auto answer = ask(asked);
    EXPECT_EQ(answer.status, 405) << method << path;
    EXPECT_NE(answer.header("allow").find("OPTIONS"), std::string::npos) << method << path;
    EXPECT_EQ(answer.header("allow").find(method + ","), std::string::npos) << method << path;
  }
  auto asked = get("/mcp");
  asked.method = "PUT";
  EXPECT_EQ(ask(asked).header("allow"), "OPTIONS, POST, GET, DELETE");
}

TEST_F(http_syntax, answers_head_without_a_body) {
  auto asked = get("/health");
  asked.method = "HEAD";
  auto client = connect();
  client.send(asked.text() + get("/ready").text());
  const auto head = client.receive(expected_body::none);
  EXPECT_EQ(head.status, 200);
  EXPECT_NE(head.header("content-length"), "0");
  EXPECT_EQ(client.receive().json(), json::parse(R"({"ready":true})")) << "what follows is the next answer";
}

// A stream has no head without its body, and a HEAD must not take a session's stream from its reader.
TEST_F(http_syntax, does_not_open_streams_for_head) {
  const auto session = open_session();
  auto asked = session.get();
  asked.method = "HEAD";
  EXPECT_EQ(ask(asked).status, 405);
  asked = get("/sse");
  asked.method = "HEAD";
  EXPECT_EQ(ask(asked).status, 405);
}

}  // namespace
}  // namespace hydrant::wire

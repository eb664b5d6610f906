// What a connection may cost: sizes, times, numbers.

#include "tests/wire/wire_fixture.hpp"

#include <chrono>

namespace hydrant::wire {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

class wire_limits : public wire_test {
 protected:
  static std::string chunked_head() {
    auto asked = post_raw("");
    asked.sized = false;
    return asked.with("Transfer-Encoding", "chunked").text();
  }

  /// Sends a byte now and then until the server closes; false if it never does.
  static bool dribble_until_closed(http_client& client, std::string_view byte) {
    const auto until = steady_clock::now() + seconds(10);
    while (steady_clock::now() < until)
      if (client.closed_within(std::chrono::milliseconds(50)) || !client.try_send(byte)) return true;
    return false;
  }
};

TEST_F(wire_limits, refuse_a_body_whose_length_is_over_the_limit) {
  start({{"limits.body-bytes-max", "1KiB"}});
  const auto answer = ask(post_raw(std::string(1025, ' ')));
  expect_error(answer, 413, -32600);
  EXPECT_EQ(answer.header("connection"), "close");
}

TEST_F(wire_limits, refuse_an_oversized_body_before_it_is_sent) {
  start({{"limits.body-bytes-max", "1KiB"}});
  auto asked = post_raw("");
  asked.sized = false;
  asked.with("Content-Length", "1000000000000").with("Expect", "100-continue");
  EXPECT_EQ(ask(asked).status, 413);
}

TEST_F(wire_limits, refuse_chunks_that_add_up_to_more_than_the_limit) {
  start({{"limits.body-bytes-max", "1KiB"}});
  const std::string chunk = "200\r\n" + std::string(512, ' ') + "\r\n";
  expect_error(ask_raw(chunked_head() + chunk + chunk + "1\r\n \r\n0\r\n\r\n"), 413, -32600);
  expect_error(ask_raw(chunked_head() + "ffffffffffffffff\r\n"), 413, -32600);
}

TEST_F(wire_limits, take_a_body_of_exactly_the_limit) {
  start({{"limits.body-bytes-max", "1KiB"}});
  auto body = call(1, "initialize", initialize_params()).dump();
  body.append(1024 - body.size(), ' ');
  expect_result(ask(post_raw(body)));
}

TEST_F(wire_limits, refuse_a_header_over_the_limit) {
  start({{"limits.header-bytes-max", "1KiB"}});
  const auto answer = ask(get("/health").with("X-Long", std::string(2000, 'a')));
  EXPECT_EQ(answer.status, 431);
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_EQ(ask(get("/health?" + std::string(2000, 'a'))).status, 431);
}

// Fields that arrive one by one count together.
TEST_F(wire_limits, refuse_a_header_that_exceeds_the_limit_field_by_field) {
  start({{"limits.header-bytes-max", "16KiB"}});
  auto client = connect();
  // Each piece is what the server reads at once: the rest of a line and the first letter of the next.
  std::string head = "GET /health HTTP/1.1\r\nHost: localhost\r\nX-Fill: ";
  head.append(4096 - head.size() - 3, 'a').append("\r\nA");
  client.send(head);
  const std::string line = "ccept: " + std::string(4096 - 10, 'a') + "\r\nA";
  for (int i = 0; i < 16; ++i)
    if (!client.try_send(line)) break;
  client.try_send(": b\r\n\r\n");
  EXPECT_EQ(client.receive().status, 431);
}

TEST_F(wire_limits, refuse_chunk_extensions_and_trailers_without_end) {
  start({{"limits.header-bytes-max", "16KiB"}});
  const std::string much(256 * 1024, 'a');
  for (const std::string chunk : {"1;", "0\r\nX-Trailer: "}) {
    auto client = connect();
    client.try_send(chunked_head() + chunk + much);
    const auto answer = client.receive();
    EXPECT_EQ(answer.status, 431) << chunk;
  }
}

TEST_F(wire_limits, refuse_trailers_over_the_limit_of_a_header) {
  start({{"limits.header-bytes-max", "1KiB"}});
  std::string trailers;
  for (int i = 0; i < 100; ++i)
    trailers += "X-Trailer: aaaaaaaaaaaaaaaa\r\n";
  EXPECT_EQ(ask_raw(chunked_head() + "2\r\n{}\r\n0\r\n" + trailers + "\r\n").status, 431);
}

TEST_F(wire_limits, close_a_connection_whose_header_only_dribbles) {
  start({{"limits.header-timeout", "1s"}, {"limits.idle-timeout", "1h"}});
  auto client = connect();
  client.send("GET /health HTTP/1.1\r\n");
  EXPECT_TRUE(dribble_until_closed(client, "X"));
}

// Each field that asks for a 100 must not buy more time.
TEST_F(wire_limits, close_a_connection_that_dribbles_expectations) {
  start({{"limits.header-timeout", "1s"}, {"limits.body-timeout", "1h"}, {"limits.header-bytes-max", "1MiB"}});
  auto client = connect();
  client.send("POST /mcp HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nX");
  EXPECT_TRUE(client.closed()) << "a 100 before the header has ended";
}

TEST_F(wire_limits, close_a_connection_whose_body_only_dribbles) {
  start({{"limits.body-timeout", "1s"}, {"limits.idle-timeout", "1h"}});
  auto asked = post_raw("");
  asked.sized = false;
  auto client = connect();
  client.send(asked.with("Content-Length", "4000000").text());
  EXPECT_TRUE(dribble_until_closed(client, " "));
}

TEST_F(wire_limits, close_a_connection_that_sends_nothing) {
  start({{"limits.idle-timeout", "1s"}, {"limits.header-timeout", "1h"}});
  auto silent = connect();
  auto used = connect();
  used.send(get("/health").text());
  EXPECT_EQ(used.receive().status, 200);
  EXPECT_TRUE(silent.closed());
  EXPECT_TRUE(used.closed());
}

TEST_F(wire_limits, close_a_connection_that_does_not_read_its_answer) {
  start({{"limits.write-timeout", "1s"}, {"limits.body-bytes-max", "64MiB"}});
  http_client client(port(), seconds(20), 4096);
  client.send(modern(tool_call(1, "echo", {{"message", std::string(30 * 1024 * 1024, 'a')}})).text());
  await_metric("hydrant_connections_open", 1);  // only the one that asks for the metrics
  EXPECT_EQ(client.receive().status, 200);
  EXPECT_FALSE(client.body_complete());
}

TEST_F(wire_limits, close_connections_above_their_number_and_count_them) {
  start({{"limits.connections-max", "2"}});
  auto first = connect();
  first.send(get("/health").text());
  EXPECT_EQ(first.receive().status, 200);
  auto second = connect();
  second.send(get("/health").text());
  EXPECT_EQ(second.receive().status, 200);
  auto third = connect();
  EXPECT_TRUE(third.closed());
  first.send(get("/metrics").text());
  EXPECT_NE(first.receive().body.find("hydrant_connections_refused_total 1\n"), std::string::npos);
}

TEST_F(wire_limits, let_a_connection_in_when_another_has_gone) {
  start({{"limits.connections-max", "1"}});
  {
    auto first = connect();
    first.send(get("/health").text());
    EXPECT_EQ(first.receive().status, 200);
  }
  const auto until = steady_clock::now() + seconds(20);
  int status = 0;
  while (status != 200 && steady_clock::now() < until) {
    auto next = connect();
    if (!next.try_send(get("/health").text()) || next.closed()) continue;
    status = next.receive().status;
  }
  EXPECT_EQ(status, 200);
}

// Whoever makes up session ids must not fill the memory with them.
TEST_F(wire_limits, keep_nothing_of_sessions_that_never_were) {
  start();
  auto client = connect();
  for (int i = 0; i < 200; ++i) {
    const session unknown{"made-up-" + std::to_string(i)};
    client.send(unknown.post(call(1, "ping")).text());
    EXPECT_EQ(client.receive().status, 404);
  }
  await_metric("hydrant_session_actors", 0);
}

}  // namespace
}  // namespace hydrant::wire

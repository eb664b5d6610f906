// The life of a connection: several requests on it, and clients that go away at any moment.

#include "tests/wire/wire_fixture.hpp"

#include <random>

namespace hydrant::wire {
namespace {

class wire_connection : public wire_test {
 protected:
  void SetUp() override { start(); }

  static request slow_call(const json& id) {
    return modern(tool_call(id, "countdown", {{"from", 1}, {"interval_ms", 60'000}}));
  }
};

TEST_F(wire_connection, serves_many_requests_in_a_row) {
  auto client = connect();
  for (int i = 0; i < 500; ++i) {
    client.send(modern(tool_call(i, "echo", {{"message", "again"}})).text());
    ASSERT_EQ(client.receive().json()["id"], i);
  }
  EXPECT_EQ(metric("hydrant_connections_open"), 2);
}

TEST_F(wire_connection, answers_pipelined_requests_in_their_order) {
  const auto session = open_session();
  std::string bytes;
  for (int i = 0; i < 50; ++i) {
    bytes += session.post(call(2 * i, "ping")).text();
    bytes += modern(tool_call(2 * i + 1, "echo", {{"message", "hello"}})).text();
  }
  auto client = connect();
  client.send(bytes);
  for (int i = 0; i < 100; ++i)
    ASSERT_EQ(client.receive().json()["id"], i);
}

TEST_F(wire_connection, answers_pipelined_streams_in_their_order) {
  auto stream = tool_call(1, "countdown", {{"from", 3}, {"interval_ms", 1}});
  stream["params"]["_meta"] = {{"progressToken", "p"}};
  auto client = connect();
  client.send(modern(stream).text() + get("/ready").text() + modern(stream).text() + get("/ready").text());
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(client.receive_head().header("content-type"), "text/event-stream");
    for (int step = 1; step <= 3; ++step)
      EXPECT_EQ(client.next_message()["params"]["progress"], step);
    EXPECT_EQ(client.next_message()["id"], 1);
    EXPECT_TRUE(client.next_message().is_null());
    EXPECT_EQ(client.receive().json()["ready"], true);
  }
}

TEST_F(wire_connection, takes_requests_byte_by_byte) {
  auto client = connect();
  const auto one = modern(tool_call(7, "echo", {{"message", "slowly"}})).text();
  for (const char byte : one)
    client.send({&byte, 1});
  EXPECT_EQ(client.receive().json()["result"]["content"][0]["text"], "slowly");
}

TEST_F(wire_connection, takes_chunks_of_any_size) {
  auto asked = modern(tool_call(7, "echo", {{"message", "in chunks"}}));
  const auto body = std::exchange(asked.body, {});
  asked.sized = false;
  auto bytes = asked.with("Transfer-Encoding", "chunked").text();
  for (const char byte : body)
    bytes.append("1;ext=\"a b\"\r\n").append(1, byte).append("\r\n");
  bytes += "0\r\n\r\n";
  auto client = connect();
  client.send(bytes + get("/ready").text());
  EXPECT_EQ(client.receive().json()["id"], 7);
  EXPECT_EQ(client.receive().status, 200);
}

TEST_F(wire_connection, tells_a_client_that_waits_for_it_to_go_on) {
  auto asked = modern(tool_call(7, "echo", {{"message", "hello"}}));
  const auto length = std::to_string(asked.body.size());
  const auto body = std::exchange(asked.body, {});
  asked.sized = false;
  auto client = connect();
  client.send(asked.with("Expect", "100-continue").with("Content-Length", length).text());
  EXPECT_EQ(client.receive().status, 100);
  client.send(body);
  EXPECT_EQ(client.receive().json()["id"], 7);
  client.send(get("/ready").text());
  EXPECT_EQ(client.receive().status, 200) << "no second 100";
}

TEST_F(wire_connection, needs_no_100_for_a_body_that_is_there) {
  auto client = connect();
  client.send(modern(tool_call(7, "echo", {{"message", "hello"}})).with("Expect", "100-continue").text());
  EXPECT_EQ(client.receive().json()["id"], 7);
}

TEST_F(wire_connection, closes_when_it_is_asked_to) {
  auto client = connect();
  client.send(get("/ready").with("Connection", "close").text());
  const auto answer = client.receive();
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_TRUE(client.closed());
}

TEST_F(wire_connection, survives_clients_that_go_away_at_any_byte_of_a_request) {
  const auto whole = modern(tool_call(1, "echo", {{"message", "hello"}})).text();
  for (std::size_t cut = 0; cut < whole.size(); cut += 7) {
    auto client = connect();
    client.send(std::string_view(whole).substr(0, cut));
    if (cut % 2 == 0) client.abort();
  }
  await_metric("hydrant_connections_open", 1);
}

// Whatever arrives, the server answers in HTTP or hangs up, and goes on.
TEST_F(wire_connection, survives_requests_with_random_damage) {
  const auto session = open_session();
  const std::vector<std::string> whole{
      modern(tool_call(1, "echo", {{"message", "hello"}})).text(),
      modern(call(1, "subscriptions/listen", {{"notifications", {{"toolsListChanged", true}}}})).text(),
      session.post(tool_call(1, "confirm", {{"question", "q"}})).text(),
      session.post(call(1, "resources/read", {{"uri", "demo://time/UTC"}})).text(), session.get("main_0-0").text()};
  std::minstd_rand random(20260728);
  const auto below = [&random](std::size_t limit) { return static_cast<std::size_t>(random()) % limit; };
  for (int i = 0; i < 1000; ++i) {
    auto bytes = whole[below(whole.size())];
    for (std::size_t damage = 1 + below(4); damage > 0; --damage) {
      const auto at = below(bytes.size());
      const auto kind = below(4);
      if (kind == 0) bytes[at] = static_cast<char>(random());
      if (kind == 1) bytes.insert(at, 1 + below(3), "\r\n\0{}[]\":,;="[below(13)]);
      if (kind == 2) bytes.erase(at, 1 + below(8));
      if (kind == 3) bytes.insert(at, bytes.substr(below(bytes.size()), below(40)));
      if (bytes.empty()) bytes = "x";
    }
    auto client = connect();
    client.try_send(bytes);
    client.finish_sending();
    try {
      client.receive();
    } catch (const std::runtime_error&) {
      continue;  // it hung up
    }
  }
  expect_result(ask(session.post(call(2, "ping"))));
  await_metric("hydrant_connections_open", 1);
}

TEST_F(wire_connection, survives_clients_that_do_not_wait_for_the_answer) {
  const auto session = open_session();
  for (int i = 0; i < 50; ++i) {
    auto one = connect();
    one.send(session.post(tool_call(i, "echo", {{"message", std::string(100'000, 'a')}})).text());
    one.abort();
    auto other = connect();
    other.send(modern(tool_call(i, "echo", {{"message", std::string(100'000, 'a')}})).text());
    other.abort();
  }
  await_metric("hydrant_connections_open", 1);
  expect_result(ask(session.post(call(100, "ping"))));
}

TEST_F(wire_connection, takes_a_client_that_closes_for_one_that_withdraws_its_call) {
  auto client = connect();
  client.send(slow_call(1).text());
  await_metric("hydrant_calls_running", 1);
  client.abort();
  await_metric("hydrant_calls_cancelled_total", 1);
  await_metric("hydrant_calls_running", 0);
}

// A half-closed connection cannot be told from a closed one before something is written to it.
TEST_F(wire_connection, takes_a_client_that_finished_sending_for_one_that_has_gone) {
  auto client = connect();
  client.send(slow_call(1).text());
  await_metric("hydrant_calls_running", 1);
  client.finish_sending();
  EXPECT_TRUE(client.closed());
  await_metric("hydrant_calls_cancelled_total", 1);
}

TEST_F(wire_connection, answers_at_once_also_a_client_that_finished_sending) {
  auto client = connect();
  client.send(modern(tool_call(1, "echo", {{"message", "hello"}})).text());
  client.finish_sending();
  EXPECT_EQ(client.receive().json()["id"], 1);
  EXPECT_TRUE(client.closed());
}

TEST_F(wire_connection, notices_a_client_that_goes_away_from_its_stream) {
  auto listening = open(modern(call(1, "subscriptions/listen", {{"notifications", {{"toolsListChanged", true}}}})));
  EXPECT_EQ(metric("hydrant_listeners_open"), 1);
  listening.client.abort();
  await_metric("hydrant_listeners_open", 0);
}

TEST_F(wire_connection, notices_a_client_that_goes_away_while_much_is_written_to_it) {
  http_client client(port(), std::chrono::seconds(20), 4096);
  client.send(modern(tool_call(1, "echo", {{"message", std::string(3'000'000, 'a')}})).text());
  client.receive_head();
  client.abort();
  await_metric("hydrant_connections_open", 1);
}

TEST_F(wire_connection, delivers_a_large_answer_to_a_slow_reader) {
  http_client client(port(), std::chrono::seconds(20), 4096);
  const std::string message(3'000'000, 'a');
  client.send(modern(tool_call(1, "echo", {{"message", message}})).text());
  EXPECT_EQ(client.receive().json()["result"]["content"][0]["text"].get_ref<const std::string&>().size(),
            message.size());
}

}  // namespace
}  // namespace hydrant::wire

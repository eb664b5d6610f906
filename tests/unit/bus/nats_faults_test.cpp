#include "tests/unit/bus/nats_fixture.hpp"

#include <thread>

namespace hydrant::bus {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

using nats_faults = nats_nodes;

TEST_F(nats_faults, messages_flow_again_and_a_gap_is_told_soon_after_a_killed_server_is_back) {
  const auto sender = started("sender", nats_tuning{});
  const auto receiver = started("receiver", nats_tuning{});
  server_->kill();
  ASSERT_TRUE(
      eventually([&] { return !sender->bus.state().connected && !receiver->bus.state().connected; }, seconds(1)));
  EXPECT_NE(receiver->bus.state().last_error, "");
  sender->bus.publish("node.a", "while it was down");
  server_->start();
  EXPECT_TRUE(eventually([&] { return sender->gaps > 0 && receiver->gaps > 0; }, seconds(5)));
  expect_flow(*sender, *receiver, "again");
  EXPECT_EQ(receiver->bus.state().reconnects, 1U);
  EXPECT_FALSE(receiver->seen.has("while it was down"));
}

TEST_F(nats_faults, a_server_that_is_killed_again_and_again_is_found_each_time) {
  const auto sender = started("sender");
  const auto receiver = started("receiver");
  for (int round = 0; round < 5; ++round) {
    const int gaps = receiver->gaps;
    server_->restart();
    ASSERT_TRUE(eventually([&] { return receiver->gaps > gaps && sender->bus.state().connected; })) << round;
    ASSERT_TRUE(eventually([&] { return receiver->bus.state().connected; }));
  }
  ASSERT_TRUE(eventually([&] { return sender->bus.state().reconnects == 5 && sender->bus.state().connected; }));
  expect_flow(*sender, *receiver, "again");
}

TEST_F(nats_faults, a_server_that_ends_in_good_order_is_waited_for) {
  const auto node = started();
  server_->stop();
  ASSERT_TRUE(eventually([&] { return !node->bus.state().connected; }));
  server_->start();
  EXPECT_TRUE(eventually([&] { return node->bus.state().connected && node->gaps > 0; }));
}

TEST_F(nats_faults, a_server_that_falls_silent_is_given_up_after_its_pings) {
  nats_tuning tuning = quick();
  tuning.connect_timeout = milliseconds(200);
  const auto node = started("node", tuning);
  server_->pause();
  const auto budget = tuning.ping_interval * (tuning.pings_unanswered_max + 1);
  EXPECT_TRUE(eventually([&] { return !node->bus.state().connected; }, budget + seconds(1)));
  server_->resume();
  EXPECT_TRUE(eventually([&] { return node->bus.state().connected && node->gaps > 0; }));
  expect_flow(*node, *node, "again");
}

TEST_F(nats_faults, publish_never_waits_for_a_server_that_takes_nothing) {
  nats_tuning tuning = quick();
  tuning.write_deadline = seconds(10);
  tuning.ping_interval = seconds(60);
  const auto node = started("node", tuning);
  server_->pause();
  const std::string large(100'000, 'x');
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 1000; ++i)
    node->bus.publish("node.a", large);
  EXPECT_LT(std::chrono::steady_clock::now() - began, seconds(5));
  EXPECT_GT(node->bus.state().dropped, 0U);
  server_->resume();
  EXPECT_TRUE(eventually([&] { return node->gaps > 0; }));
  // The server may have taken us for a slow client meanwhile.
  ASSERT_TRUE(eventually([&] {
    node->bus.publish("node.a", "again");
    return node->seen.has("again");
  }));
}

TEST_F(nats_faults, a_write_that_takes_too_long_ends_the_connection) {
  nats_tuning tuning = quick();
  tuning.write_deadline = milliseconds(100);
  tuning.ping_interval = seconds(60);
  tuning.connect_timeout = milliseconds(200);
  const auto node = started("node", tuning);
  server_->pause();
  const std::string large(100'000, 'x');
  ASSERT_TRUE(eventually([&] {
    node->bus.publish("node.b", large);
    return !node->bus.state().connected;
  }));
  EXPECT_NE(node->bus.state().last_error, "");
  server_->resume();
  EXPECT_TRUE(eventually([&] { return node->bus.state().connected && node->gaps > 0; }));
}

TEST_F(nats_faults, a_handler_that_falls_behind_is_told_of_a_gap) {
  nats_tuning tuning = quick();
  tuning.pending_messages_max = 10;
  const auto sender = started("sender");
  std::atomic<bool> release{false};
  std::atomic<int> gaps{0};
  std::atomic<int> handled{0};
  nats_bus slow(settings(), "slow", tuning);
  slow.subscribe("node.b", [&](const message_view&) {
    while (!release)
      std::this_thread::yield();
    ++handled;
  });
  slow.on_gap([&] { ++gaps; });
  ASSERT_TRUE(slow.start());
  for (int i = 0; i < 100; ++i)
    sender->bus.publish("node.b", "x");
  EXPECT_TRUE(eventually([&] { return gaps > 0; })) << "told while the handler still hangs";
  EXPECT_GE(slow.state().slow_consumers, 1U);
  const int gaps_before = gaps;
  release = true;
  EXPECT_TRUE(eventually([&] { return gaps > gaps_before; })) << "and again for what was dropped after that";
  EXPECT_LT(handled, 100);
  EXPECT_TRUE(slow.state().connected);
}

TEST_F(nats_faults, a_message_that_the_server_cannot_take_is_dropped_and_told) {
  start_server({.config = {"max_payload: 1000"}});
  const auto sender = started("sender");
  const auto receiver = started("receiver");
  sender->bus.publish("node.a", std::string(2000, 'x'));
  EXPECT_TRUE(eventually([&] { return sender->gaps > 0; }));
  EXPECT_TRUE(eventually([&] { return receiver->gaps > 0; })) << "the heartbeat tells receivers";
  EXPECT_TRUE(sender->bus.state().connected);
  EXPECT_EQ(sender->bus.state().dropped, 1U);
  expect_flow(*sender, *receiver, "small");
}

TEST_F(nats_faults, a_subscription_that_the_server_forbids_is_told) {
  start_server({.config = {"authorization { users: [ { user: u, password: p, "
                           "permissions: { subscribe: { deny: [\"node.a\"] } } } ] }"}});
  nats_bus bus(settings("u:p"), "a", quick());
  bus.subscribe("node.a", [](const message_view&) {});
  ASSERT_TRUE(bus.start());
  EXPECT_TRUE(eventually([&] { return bus.state().last_error.find("ermissions") != std::string::npos; }));
  EXPECT_TRUE(bus.state().connected);
}

TEST_F(nats_faults, stop_returns_while_no_server_answers) {
  server_->pause();
  nats_tuning tuning = quick();
  tuning.connect_timeout = milliseconds(100);
  nats_bus bus(settings(), "a", tuning);
  ASSERT_TRUE(bus.start());
  EXPECT_FALSE(bus.state().connected);
  bus.stop();
  server_->resume();
}

/// Takes connections, says one thing to each, and nothing more.
class silent_server {
 public:
  explicit silent_server(std::string greeting)
      : greeting_(std::move(greeting)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener_, 16) != 0 || ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      throw std::runtime_error("cannot listen");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { accept(); });
  }
  ~silent_server() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
    for (const int client : clients_)
      ::close(client);
  }
  silent_server(const silent_server&) = delete;
  silent_server& operator=(const silent_server&) = delete;
  std::uint16_t port() const { return port_; }
  int greeted() const { return greeted_; }

 private:
  void accept() {
    for (int client = 0; (client = ::accept(listener_, nullptr, nullptr)) >= 0;) {
      static_cast<void>(::send(client, greeting_.data(), greeting_.size(), MSG_NOSIGNAL));
      clients_.push_back(client);
      ++greeted_;
    }
  }

  const std::string greeting_;
  const int listener_;
  std::uint16_t port_ = 0;
  std::vector<int> clients_;
  std::atomic<int> greeted_{0};
  std::thread thread_;
};

// In both states cnats itself would wait for ever.
void expect_attempts_end(const std::string& greeting, nats_wire wire) {
  const silent_server server(greeting);
  nats_settings settings;
  settings.servers = {{"127.0.0.1", server.port()}};
  settings.wire = wire;
  nats_tuning tuning = quick();
  tuning.connect_timeout = milliseconds(50);
  nats_bus bus(settings, "a", tuning);
  ASSERT_TRUE(bus.start());
  EXPECT_FALSE(bus.state().connected);
  EXPECT_THAT(bus.state().last_error, HasSubstr("no answer in time"));
  EXPECT_TRUE(eventually([&] { return server.greeted() >= 3; })) << "it tries on";
  bus.stop();
}

TEST(silent_servers, a_tls_handshake_that_hangs_ends) {
  expect_attempts_end("INFO {\"tls_required\":true,\"max_payload\":1000000}\r\n", nats_wire::tls);
}

TEST(silent_servers, a_login_without_an_answer_ends) {
  expect_attempts_end("INFO {\"headers\":true,\"max_payload\":1000000}\r\n", nats_wire::plain);
}

TEST(silent_servers, a_connection_without_a_greeting_ends) {
  expect_attempts_end("", nats_wire::plain);
}

}  // namespace
}  // namespace hydrant::bus

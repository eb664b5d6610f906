#include "bus/nats_bus.hpp"

#include "tests/unit/bus/nats_fixture.hpp"

#include <future>

namespace hydrant::bus {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Two nodes on one real server.
class nats_harness final : public bus_harness {
 public:
  std::string missing() const override { return missing_server(); }
  bus& publisher() override { return *nodes().first; }
  bus& receiver() override { return *nodes().second; }
  void start() override {
    ASSERT_TRUE(receiver().start());
    ASSERT_TRUE(publisher().start());
    ASSERT_TRUE(connected());
  }
  void run_until(const std::function<bool()>& done) override { ASSERT_TRUE(eventually(done)); }
  void lose_messages() override {
    const auto before = nodes().first->state().reconnects + nodes().second->state().reconnects;
    server_->restart();
    ASSERT_TRUE(eventually([&] {
      return connected() && nodes().first->state().reconnects + nodes().second->state().reconnects == before + 2;
    }));
  }

 private:
  struct pair {
    std::unique_ptr<nats_bus> first;
    std::unique_ptr<nats_bus> second;
  };
  pair& nodes() {
    if (!server_) {
      server_ = std::make_unique<support::nats_server>();
      const auto settings = parse_nats_url(server_->url()).value();
      nodes_ = {std::make_unique<nats_bus>(settings, "publisher"), std::make_unique<nats_bus>(settings, "receiver")};
    }
    return nodes_;
  }
  bool connected() { return nodes().first->state().connected && nodes().second->state().connected; }

  std::unique_ptr<support::nats_server> server_;
  pair nodes_;
};

const bus_case over_nats{"nats", [] { return std::make_unique<nats_harness>(); }};

INSTANTIATE_TEST_SUITE_P(nats, bus_contract, testing::Values(over_nats), bus_case_name);
INSTANTIATE_TEST_SUITE_P(nats, lossy_bus_contract, testing::Values(over_nats), bus_case_name);

TEST_F(nats_test, starts_without_a_server_and_connects_once_there_is_one) {
  server_->kill();
  const auto bus = make_bus();
  recorder seen;
  gap_counter gaps;
  bus->subscribe("node.a", seen.handler());
  bus->on_gap(gaps.handler());
  ASSERT_TRUE(bus->start());
  EXPECT_FALSE(bus->state().connected);
  EXPECT_THAT(bus->state().last_error, HasSubstr("nothing answers there"));
  EXPECT_EQ(bus->state().server, "127.0.0.1:" + std::to_string(server_->port()));
  bus->publish("node.a", "lost");
  server_->start();
  ASSERT_TRUE(eventually([&] { return bus->state().connected && gaps.count() > 0; }));
  bus->publish("node.a", "1");
  EXPECT_TRUE(eventually([&] { return seen.has("1"); }));
  EXPECT_THAT(seen.payloads(), ElementsAre("1")) << "what was published without a connection does not come late";
  EXPECT_EQ(bus->state().dropped, 1U);
}

TEST_F(nats_test, tries_the_servers_in_turn) {
  nats_settings several = settings();
  several.servers = {{"127.0.0.1", 1}, {"127.0.0.1", 2}, several.servers[0]};
  nats_bus bus(several, "a", quick());
  ASSERT_TRUE(bus.start());
  EXPECT_TRUE(eventually([&] { return bus.state().connected; }));
  EXPECT_EQ(bus.state().server, "127.0.0.1:" + std::to_string(server_->port()));
}

TEST_F(nats_test, tells_what_went_through) {
  const auto bus = make_bus();
  recorder seen;
  bus->subscribe("node.a", seen.handler());
  ASSERT_TRUE(bus->start());
  bus->publish("node.a", "12345");
  bus->publish("not a subject", "x");
  ASSERT_TRUE(eventually([&] { return seen.has("12345"); }));
  // The receiver may be faster than the count of what was sent.
  ASSERT_TRUE(eventually([&] { return bus->state().bytes_out == 5; }));
  const nats_state state = bus->state();
  EXPECT_TRUE(state.connected);
  EXPECT_EQ(state.messages_in, 1U);
  EXPECT_EQ(state.bytes_in, 5U);
  EXPECT_EQ(state.messages_out, 1U);
  EXPECT_EQ(state.bytes_out, 5U);
  EXPECT_EQ(state.dropped, 1U);
  EXPECT_EQ(state.senders, 1U);
  EXPECT_EQ(state.reconnects + state.gaps + state.malformed + state.repeated + state.slow_consumers, 0U);
  EXPECT_EQ(state.last_error, "");
}

TEST_F(nats_test, delivers_what_is_queued_before_it_stops) {
  const auto receiver = make_bus("receiver");
  const auto sender = make_bus("sender");
  recorder seen;
  receiver->subscribe("node.a", seen.handler());
  ASSERT_TRUE(receiver->start());
  ASSERT_TRUE(sender->start());
  for (int i = 0; i < 1000; ++i)
    sender->publish("node.a", std::to_string(i));
  sender->stop();
  receiver->stop();
  EXPECT_EQ(seen.payloads().size(), 1000U);
}

TEST_F(nats_test, stop_waits_for_a_handler_that_is_running) {
  const auto bus = make_bus();
  std::promise<void> entered;
  std::promise<void> release;
  std::atomic<bool> left{false};
  bus->subscribe("node.a", [&](const message_view&) {
    entered.set_value();
    release.get_future().wait();
    left = true;
  });
  ASSERT_TRUE(bus->start());
  bus->publish("node.a", "1");
  entered.get_future().wait();
  auto stopped = std::async(std::launch::async, [&] {
    bus->stop();
    return left.load();
  });
  EXPECT_EQ(stopped.wait_for(std::chrono::milliseconds(100)), std::future_status::timeout);
  release.set_value();
  EXPECT_TRUE(stopped.get());
}

TEST_F(nats_test, threads_may_publish_while_it_stops) {
  const auto bus = make_bus();
  std::atomic<int> delivered{0};
  std::atomic<bool> stopped{false};
  std::atomic<int> late{0};
  bus->subscribe("node.a", [&](const message_view&) {
    ++delivered;
    if (stopped) ++late;
  });
  ASSERT_TRUE(bus->start());
  std::vector<std::thread> publishers;
  for (int thread = 0; thread < 3; ++thread) {
    publishers.emplace_back([&] {
      for (int i = 0; i < 2000; ++i)
        bus->publish("node.a", "1");
    });
  }
  ASSERT_TRUE(eventually([&] { return delivered > 0; }));
  bus->stop();
  stopped = true;
  for (auto& publisher : publishers)
    publisher.join();
  EXPECT_EQ(late, 0);
}

TEST_F(nats_test, does_not_start_again_once_it_was_stopped) {
  const auto bus = make_bus();
  ASSERT_TRUE(bus->start());
  EXPECT_TRUE(bus->start()) << "starting twice changes nothing";
  bus->stop();
  const auto again = bus->start();
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, base::error_kind::unavailable);
}

TEST_F(nats_test, refuses_subscriptions_after_start_and_malformed_ones) {
  const auto bus = make_bus();
  EXPECT_THROW(bus->subscribe("node.*", [](const message_view&) {}), std::logic_error);
  ASSERT_TRUE(bus->start());
  EXPECT_THROW(bus->subscribe("node.a", [](const message_view&) {}), std::logic_error);
  EXPECT_THROW(bus->on_gap([] {}), std::logic_error);
}

TEST_F(nats_test, a_handler_may_publish_and_may_throw) {
  const auto bus = make_bus();
  recorder seen;
  bus->subscribe("node.a", [&](const message_view& message) {
    bus->publish("node.b", message.payload);
    throw std::runtime_error("a defect");
  });
  bus->subscribe("node.b", seen.handler());
  ASSERT_TRUE(bus->start());
  bus->publish("node.a", "1");
  bus->publish("node.a", "2");
  EXPECT_TRUE(eventually([&] { return seen.payloads().size() == 2; }));
}

}  // namespace
}  // namespace hydrant::bus

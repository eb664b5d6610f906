#include "bus/local_bus.hpp"

#include "tests/unit/bus/bus_contract.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace hydrant::bus {
namespace {

class local_harness final : public bus_harness {
 public:
  bus& publisher() override { return bus_; }
  bus& receiver() override { return bus_; }
  void start() override { ASSERT_TRUE(bus_.start()); }
  void run_until(const std::function<bool()>& done) override {
    // Delivery happens inside `publish`: what is not there now never comes.
    ASSERT_TRUE(done());
  }

 private:
  local_bus bus_;
};

INSTANTIATE_TEST_SUITE_P(local, bus_contract,
                         testing::Values(bus_case{"local", [] { return std::make_unique<local_harness>(); }}),
                         bus_case_name);

TEST(local_bus, delivers_every_message_inside_publish) {
  local_bus bus;
  std::vector<std::string> seen;
  std::thread::id thread;
  bus.subscribe("node.a", [&](const message_view& message) {
    seen.emplace_back(message.payload);
    thread = std::this_thread::get_id();
  });
  ASSERT_TRUE(bus.start());
  bus.publish("node.a", "1");
  bus.publish("node.a", "2");
  EXPECT_EQ(seen, (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(thread, std::this_thread::get_id());
}

TEST(local_bus, drops_what_is_published_before_start) {
  local_bus bus;
  int seen = 0;
  bus.subscribe("node.a", [&](const message_view&) { ++seen; });
  bus.publish("node.a", "1");
  EXPECT_EQ(seen, 0);
  ASSERT_TRUE(bus.start());
  bus.publish("node.a", "2");
  EXPECT_EQ(seen, 1);
}

TEST(local_bus, refuses_a_subscription_after_start) {
  local_bus bus;
  ASSERT_TRUE(bus.start());
  EXPECT_THROW(bus.subscribe("node.a", [](const message_view&) {}), std::logic_error);
}

TEST(local_bus, does_not_start_again_once_it_was_stopped) {
  local_bus bus;
  int seen = 0;
  bus.subscribe("node.a", [&](const message_view&) { ++seen; });
  ASSERT_TRUE(bus.start());
  EXPECT_TRUE(bus.start()) << "starting twice changes nothing";
  bus.stop();
  const auto again = bus.start();
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, base::error_kind::unavailable);
  bus.publish("node.a", "1");
  EXPECT_EQ(seen, 0);
}

TEST(local_bus, a_handler_may_publish) {
  local_bus bus;
  std::vector<std::string> seen;
  bus.subscribe("node.a", [&](const message_view& message) { bus.publish("node.b", message.payload); });
  bus.subscribe("node.b", [&](const message_view& message) { seen.emplace_back(message.payload); });
  ASSERT_TRUE(bus.start());
  bus.publish("node.a", "1");
  EXPECT_EQ(seen, (std::vector<std::string>{"1"}));
}

TEST(local_bus, stop_waits_for_a_handler_that_is_running) {
  local_bus bus;
  std::atomic<bool> entered{false};
  std::atomic<bool> release{false};
  std::atomic<bool> left{false};
  std::atomic<bool> stopped{false};
  std::atomic<int> probes{0};
  bus.subscribe("node.a", [&](const message_view&) {
    entered = true;
    while (!release)
      std::this_thread::yield();
    left = true;
  });
  bus.subscribe("probe", [&](const message_view&) { ++probes; });
  ASSERT_TRUE(bus.start());

  std::thread publisher([&] { bus.publish("node.a", "1"); });
  while (!entered)
    std::this_thread::yield();
  bool left_before_stop_returned = false;
  std::thread stopper([&] {
    bus.stop();
    left_before_stop_returned = left;
    stopped = true;
  });
  // A probe that is no longer delivered shows that stop has begun.
  for (int before = -1; before != probes;) {
    before = probes;
    bus.publish("probe", "");
  }
  for (int i = 0; i < 1000; ++i)
    std::this_thread::yield();
  EXPECT_FALSE(stopped);
  release = true;
  publisher.join();
  stopper.join();
  EXPECT_TRUE(left_before_stop_returned);
}

TEST(local_bus, threads_may_publish_while_it_stops) {
  local_bus bus;
  std::atomic<bool> stopped{false};
  std::atomic<int> late{0};
  std::atomic<int> delivered{0};
  bus.subscribe("node.a", [&](const message_view&) {
    ++delivered;
    if (stopped) ++late;
  });
  ASSERT_TRUE(bus.start());
  std::vector<std::thread> publishers;
  for (int thread = 0; thread < 3; ++thread) {
    publishers.emplace_back([&] {
      for (int i = 0; i < 2000; ++i)
        bus.publish("node.a", "1");
    });
  }
  while (delivered == 0)
    std::this_thread::yield();
  bus.stop();
  stopped = true;
  for (auto& publisher : publishers)
    publisher.join();
  EXPECT_EQ(late, 0);
}

}  // namespace
}  // namespace hydrant::bus

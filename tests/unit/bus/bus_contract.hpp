#pragma once

// What every bus guarantees, as tests. An implementation instantiates the suite with a harness of its own:
//
//   INSTANTIATE_TEST_SUITE_P(local, bus_contract, testing::Values(bus_case{"local", make_local_harness}),
//   bus_case_name);

#include "bus/bus.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <ostream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace hydrant::bus {

/// Two ends of one bus, and what a test needs to drive them. The ends are the same object where there is one process.
class bus_harness {
 public:
  virtual ~bus_harness() = default;
  virtual bus& publisher() = 0;
  virtual bus& receiver() = 0;
  /// Starts both ends and returns when what is published is delivered.
  virtual void start() = 0;
  /// Lets the implementation work until `done` says so; fails the test if that takes longer than a bounded time.
  virtual void run_until(const std::function<bool()>& done) = 0;
  /// Makes the receiver lose messages in a way that it can notice, and heals it. For lossy_bus_contract only.
  virtual void lose_messages() {}
};

struct bus_case {
  std::string name;
  std::function<std::unique_ptr<bus_harness>()> make;
};

inline void PrintTo(const bus_case& tested, std::ostream* out) {
  *out << tested.name;
}

inline std::string bus_case_name(const testing::TestParamInfo<bus_case>& info) {
  return info.param.name;
}

/// Keeps what handlers are given; they may run on any thread.
class recorder {
 public:
  message_handler handler() {
    return [this](const message_view& message) {
      const std::scoped_lock lock(mutex_);
      payloads_.emplace_back(message.payload);
      subjects_.emplace_back(message.subject);
      traceparents_.emplace_back(message.traceparent);
    };
  }
  std::vector<std::string> payloads() const { return copy(payloads_); }
  std::vector<std::string> subjects() const { return copy(subjects_); }
  std::vector<std::string> traceparents() const { return copy(traceparents_); }
  bool has(const std::string& payload) const {
    const auto seen = payloads();
    return std::find(seen.begin(), seen.end(), payload) != seen.end();
  }

 private:
  std::vector<std::string> copy(const std::vector<std::string>& texts) const {
    const std::scoped_lock lock(mutex_);
    return texts;
  }

  mutable std::mutex mutex_;
  std::vector<std::string> payloads_;
  std::vector<std::string> subjects_;
  std::vector<std::string> traceparents_;
};

class bus_contract : public testing::TestWithParam<bus_case> {
 protected:
  /// Waits until everything that was published to `subject` before has arrived or was lost.
  void flush(const std::string& subject, const recorder& seen) {
    harness_->publisher().publish(subject, "the end");
    harness_->run_until([&] { return seen.has("the end"); });
  }

  std::unique_ptr<bus_harness> harness_ = GetParam().make();
};

TEST_P(bus_contract, a_message_reaches_a_subscription_as_it_was_published) {
  recorder seen;
  harness_->receiver().subscribe("node.a", seen.handler());
  harness_->start();
  const std::string payload("{\"a\":1}\0binary\xff", 15);
  harness_->publisher().publish("node.a", payload, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  flush("node.a", seen);
  EXPECT_EQ(seen.payloads(), (std::vector<std::string>{payload, "the end"}));
  EXPECT_EQ(seen.subjects(), (std::vector<std::string>{"node.a", "node.a"}));
  EXPECT_EQ(seen.traceparents(),
            (std::vector<std::string>{"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", ""}));
}

TEST_P(bus_contract, an_empty_payload_is_a_message) {
  recorder seen;
  harness_->receiver().subscribe("node.a", seen.handler());
  harness_->start();
  harness_->publisher().publish("node.a", "");
  flush("node.a", seen);
  EXPECT_EQ(seen.payloads(), (std::vector<std::string>{"", "the end"}));
}

TEST_P(bus_contract, each_subscription_of_a_subject_gets_a_message_once) {
  recorder first;
  recorder second;
  harness_->receiver().subscribe("node.a", first.handler());
  harness_->receiver().subscribe("node.a", second.handler());
  harness_->start();
  harness_->publisher().publish("node.a", "1");
  flush("node.a", first);
  flush("node.a", second);
  const auto ones = [](const recorder& seen) {
    const auto all = seen.payloads();
    return std::count(all.begin(), all.end(), "1");
  };
  EXPECT_EQ(ones(first), 1);
  EXPECT_EQ(ones(second), 1);
}

TEST_P(bus_contract, the_publishers_own_subscription_gets_its_messages_too) {
  recorder seen;
  harness_->publisher().subscribe("node.a", seen.handler());
  harness_->start();
  harness_->publisher().publish("node.a", "1");
  flush("node.a", seen);
  EXPECT_EQ(seen.payloads(), (std::vector<std::string>{"1", "the end"}));
}

TEST_P(bus_contract, a_message_reaches_no_other_subject) {
  recorder other;
  recorder longer;
  recorder shorter;
  recorder seen;
  harness_->receiver().subscribe("node.b", other.handler());
  harness_->receiver().subscribe("node.a.x", longer.handler());
  harness_->receiver().subscribe("node", shorter.handler());
  harness_->receiver().subscribe("node.a", seen.handler());
  harness_->start();
  harness_->publisher().publish("node.a", "1");
  flush("node.a", seen);
  flush("node.b", other);
  flush("node.a.x", longer);
  flush("node", shorter);
  const std::vector<std::string> nothing_else{"the end"};
  EXPECT_EQ(other.payloads(), nothing_else);
  EXPECT_EQ(longer.payloads(), nothing_else);
  EXPECT_EQ(shorter.payloads(), nothing_else);
}

TEST_P(bus_contract, a_message_without_a_subscription_is_dropped) {
  recorder seen;
  harness_->receiver().subscribe("node.a", seen.handler());
  harness_->start();
  harness_->publisher().publish("node.nobody", "1");
  flush("node.a", seen);
  EXPECT_EQ(seen.payloads(), (std::vector<std::string>{"the end"}));
}

TEST_P(bus_contract, messages_of_one_thread_to_one_subject_keep_their_order_and_come_at_most_once) {
  constexpr int threads_count = 3;
  constexpr int messages_count = 300;
  recorder seen;
  harness_->receiver().subscribe("node.a", seen.handler());
  harness_->start();
  std::vector<std::thread> threads;
  for (int thread = 0; thread < threads_count; ++thread) {
    threads.emplace_back([this, thread] {
      for (int i = 0; i < messages_count; ++i) {
        harness_->publisher().publish("node.a", std::to_string(thread) + ":" + std::to_string(i));
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  flush("node.a", seen);

  std::map<std::string, int> latest;
  for (const std::string& payload : seen.payloads()) {
    const auto colon = payload.find(':');
    if (colon == std::string::npos) continue;
    const int number = std::stoi(payload.substr(colon + 1));
    const auto [entry, first] = latest.try_emplace(payload.substr(0, colon), number);
    if (first) continue;
    EXPECT_GT(number, entry->second) << payload;
    entry->second = number;
  }
  EXPECT_EQ(latest.size(), std::size_t{threads_count});
}

TEST_P(bus_contract, no_handler_runs_after_stop) {
  recorder seen;
  harness_->receiver().subscribe("node.a", seen.handler());
  harness_->start();
  harness_->publisher().publish("node.a", "1");
  flush("node.a", seen);
  harness_->receiver().stop();
  const auto before = seen.payloads();
  harness_->publisher().publish("node.a", "2");
  EXPECT_EQ(seen.payloads(), before);
}

TEST_P(bus_contract, stop_can_be_repeated) {
  recorder seen;
  harness_->receiver().subscribe("node.a", seen.handler());
  harness_->start();
  harness_->receiver().stop();
  harness_->receiver().stop();
  harness_->publisher().publish("node.a", "1");
  EXPECT_TRUE(seen.payloads().empty());
}

TEST_P(bus_contract, messages_are_not_a_gap) {
  int gaps = 0;
  std::mutex mutex;
  recorder seen;
  harness_->receiver().subscribe("node.a", seen.handler());
  harness_->receiver().on_gap([&] {
    const std::scoped_lock lock(mutex);
    ++gaps;
  });
  harness_->start();
  int gaps_of_start = 0;  // a first connection may count as one
  {
    const std::scoped_lock lock(mutex);
    gaps_of_start = gaps;
  }
  for (int i = 0; i < 100; ++i)
    harness_->publisher().publish("node.a", std::to_string(i));
  flush("node.a", seen);
  const std::scoped_lock lock(mutex);
  EXPECT_EQ(gaps, gaps_of_start);
}

/// For a bus that can lose messages and notice it; instantiate it with a harness that has `lose_messages`.
class lossy_bus_contract : public bus_contract {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(lossy_bus_contract);

TEST_P(lossy_bus_contract, a_loss_is_reported_to_every_gap_handler_and_messages_flow_again) {
  std::atomic<int> first{0};
  std::atomic<int> second{0};
  recorder seen;
  harness_->receiver().subscribe("node.a", seen.handler());
  harness_->receiver().on_gap([&] { ++first; });
  harness_->receiver().on_gap([&] { ++second; });
  harness_->start();
  const int first_before = first;
  const int second_before = second;
  harness_->lose_messages();
  harness_->run_until([&] { return first > first_before && second > second_before; });
  flush("node.a", seen);
}

}  // namespace hydrant::bus

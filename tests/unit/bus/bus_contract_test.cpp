#include "tests/unit/bus/bus_contract.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace hydrant::bus {

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
  gap_counter gaps;
  recorder seen;
  harness_->receiver().subscribe("node.a", seen.handler());
  harness_->receiver().on_gap(gaps.handler());
  harness_->start();
  const int gaps_of_start = gaps.count();  // a first connection may count as one
  for (int i = 0; i < 100; ++i)
    harness_->publisher().publish("node.a", std::to_string(i));
  flush("node.a", seen);
  EXPECT_EQ(gaps.count(), gaps_of_start);
}

TEST_P(lossy_bus_contract, a_loss_is_reported_to_every_gap_handler_and_messages_flow_again) {
  gap_counter first;
  gap_counter second;
  recorder seen;
  harness_->receiver().subscribe("node.a", seen.handler());
  harness_->receiver().on_gap(first.handler());
  harness_->receiver().on_gap(second.handler());
  harness_->start();
  const int first_before = first.count();
  const int second_before = second.count();
  harness_->lose_messages();
  harness_->run_until([&] { return first.count() > first_before && second.count() > second_before; });
  flush("node.a", seen);
}

}  // namespace hydrant::bus

#pragma once

// What every bus guarantees, as tests, which stand in bus_contract_test.cpp. An implementation instantiates the suite
// with a harness of its own:
//
//   INSTANTIATE_TEST_SUITE_P(local, bus_contract, testing::Values(bus_case{"local", make_local_harness}),
//   bus_case_name);

#include "bus/bus.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace hydrant::bus {

/// Two ends of one bus, and what a test needs to drive them. The ends are the same object where there is one process.
class bus_harness {
 public:
  virtual ~bus_harness() = default;
  /// What this machine lacks for it; empty: nothing. Asked before anything else.
  virtual std::string missing() const { return {}; }
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

/// Keeps what handlers are given; they may run on any thread, and after the test has let go of this.
class recorder {
 public:
  message_handler handler() {
    return [kept = kept_](const message_view& message) {
      const std::scoped_lock lock(kept->mutex);
      kept->payloads.emplace_back(message.payload);
      kept->subjects.emplace_back(message.subject);
      kept->traceparents.emplace_back(message.traceparent);
    };
  }
  std::vector<std::string> payloads() const { return copy(kept_->payloads); }
  std::vector<std::string> subjects() const { return copy(kept_->subjects); }
  std::vector<std::string> traceparents() const { return copy(kept_->traceparents); }
  bool has(const std::string& payload) const {
    const auto seen = payloads();
    return std::find(seen.begin(), seen.end(), payload) != seen.end();
  }

 private:
  struct messages {
    std::mutex mutex;
    std::vector<std::string> payloads;
    std::vector<std::string> subjects;
    std::vector<std::string> traceparents;
  };

  std::vector<std::string> copy(const std::vector<std::string>& texts) const {
    const std::scoped_lock lock(kept_->mutex);
    return texts;
  }

  std::shared_ptr<messages> kept_ = std::make_shared<messages>();
};

/// Counts what a gap handler is told, likewise.
class gap_counter {
 public:
  gap_handler handler() {
    return [count = count_] { ++*count; };
  }
  int count() const { return *count_; }

 private:
  std::shared_ptr<std::atomic<int>> count_ = std::make_shared<std::atomic<int>>(0);
};

class bus_contract : public testing::TestWithParam<bus_case> {
 protected:
  /// A missing service is a visible skip on a laptop and a failure in CI.
  void SetUp() override {
    const std::string missing = harness_->missing();
    if (missing.empty()) return;
    if (std::getenv("CI") != nullptr) FAIL() << missing;
    GTEST_SKIP() << missing;
  }

  /// Waits until everything that was published to `subject` before has arrived or was lost.
  void flush(const std::string& subject, const recorder& seen) {
    harness_->publisher().publish(subject, "the end");
    harness_->run_until([&] { return seen.has("the end"); });
  }

  std::unique_ptr<bus_harness> harness_ = GetParam().make();
};

/// For a bus that can lose messages and notice it; instantiate it with a harness that has `lose_messages`.
class lossy_bus_contract : public bus_contract {};

}  // namespace hydrant::bus

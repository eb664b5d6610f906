#pragma once

// What the contract suites of the store need of an implementation, and calls that wait. To run them against one more
// implementation, write a harness and instantiate all suites:
//
//   INSTANTIATE_TEST_SUITE_P(memory, session_store_contract, testing::Values(memory_case()), store_case_name);
//   INSTANTIATE_TEST_SUITE_P(memory, event_log_contract, testing::Values(memory_case()), store_case_name);
//   ... event_log_rewind_contract, node_registry_contract, shared_values_contract
//
// The suites' tests are defined in one source only, memory_contract_test.cpp; others include the fixtures.

#include "store/event_log.hpp"
#include "store/node_registry.hpp"
#include "store/session_store.hpp"
#include "store/shared_values.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hydrant::store {

/// The bounds that the suites expect of what a harness makes.
struct contract_limits {
  std::size_t sessions_max = 8;
  std::size_t streams_per_session_max = 4;
  std::size_t calls_per_session_max = 3;
  std::size_t subscriptions_per_session_max = 3;
  std::size_t stream_events_max = 8;
  std::size_t stream_bytes_max = 4096;
  std::chrono::milliseconds finished_stream_grace = std::chrono::minutes(1);
};

/// An empty store. Node 0 and node 1 are two processes that share it; the same objects where there is one process.
class store_harness {
 public:
  virtual ~store_harness() = default;
  virtual session_store& sessions(int node) = 0;
  virtual event_log& events(int node) = 0;
  virtual node_registry& nodes(int node) = 0;
  virtual shared_values& values(int node) = 0;
  /// Lets time pass for the store, for expiry and grace.
  virtual void advance(std::chrono::milliseconds by) = 0;
  /// Lets the implementation work until `done` says so; throws if that takes longer than a bounded time.
  virtual void run_until(const std::function<bool()>& done) = 0;
  /// Makes the calls, each of which starts operations, as concurrently as this implementation allows: each on a thread,
  /// or one after the other without waiting. Returns when all are made; completions may run on any thread, also later.
  virtual void race(std::vector<std::function<void()>> calls) = 0;
  /// Sets one stream back to `kept`, as a store that lost its newest writes. For event_log_rewind_contract only.
  virtual void rewind(const stream_key&, position /*kept*/) {}
};

struct store_case {
  std::string name;
  /// Null if what it needs is not on this machine: a visible skip on a laptop, a failure in CI.
  std::function<std::unique_ptr<store_harness>(const contract_limits&)> make;
};

inline void PrintTo(const store_case& tested, std::ostream* out) {
  *out << tested.name;
}

inline std::string store_case_name(const testing::TestParamInfo<store_case>& info) {
  return info.param.name;
}

inline constexpr std::chrono::milliseconds session_ttl = std::chrono::minutes(30);
/// Short for a session, and longer than any test takes: the time of a real server goes on by itself.
inline constexpr std::chrono::milliseconds a_moment = std::chrono::seconds(10);

/// Kept until its operation completes, which may be after the test gave up. Thread-safe.
template <class T>
class completion_slot {
 public:
  void put(base::result<T> outcome) {
    const std::scoped_lock lock(mutex_);
    ++completions_;
    outcome_.emplace(std::move(outcome));
  }
  bool filled() {
    const std::scoped_lock lock(mutex_);
    return outcome_.has_value();
  }
  base::result<T> take() {
    const std::scoped_lock lock(mutex_);
    EXPECT_EQ(completions_, 1);
    return std::move(outcome_.value());
  }

 private:
  std::mutex mutex_;
  std::optional<base::result<T>> outcome_;
  int completions_ = 0;
};

class store_contract : public testing::TestWithParam<store_case> {
 protected:
  void SetUp() override {
    if (harness_) return;
    if (std::getenv("CI") != nullptr) FAIL() << "what this store needs is not installed";
    GTEST_SKIP() << "what this store needs is not installed (scripts/lib/packages.sh, group test)";
  }

  /// Starts an operation with a completion and waits for it.
  template <class T, class Start>
  base::result<T> await(Start&& start) {
    auto slot = std::make_shared<completion_slot<T>>();
    start(completion<T>([slot](base::result<T> outcome) { slot->put(std::move(outcome)); }));
    harness_->run_until([&] { return slot->filled(); });
    return slot->take();
  }

  /// Makes `calls` at once and waits until `completions` operations of them have completed.
  void race(std::vector<std::function<void()>> calls, const std::atomic<int>& completed, int completions) {
    harness_->race(std::move(calls));
    harness_->run_until([&] { return completed == completions; });
    EXPECT_EQ(completed, completions);
  }

  session_store& sessions(int node = 0) { return harness_->sessions(node); }
  event_log& events(int node = 0) { return harness_->events(node); }
  node_registry& nodes(int node = 0) { return harness_->nodes(node); }
  shared_values& values(int node = 0) { return harness_->values(node); }

  base::result<> create(session_record record, std::chrono::milliseconds ttl = session_ttl) {
    return await<void>([&](auto done) { sessions().create(std::move(record), ttl, done); });
  }
  /// Creates a session that the test depends on.
  void given_session(const std::string& id) {
    session_record record;
    record.id = id;
    if (const auto created = create(std::move(record)); !created) throw std::runtime_error(created.error().message);
  }
  base::result<session_record> load(std::string_view id) {
    return await<session_record>([&](auto done) { sessions(1).load(id, done); });
  }
  base::result<session_pulse> touch(std::string_view id) {
    return await<session_pulse>([&](auto done) { sessions().touch(id, done); });
  }
  base::result<bool> remove_session(std::string_view id) {
    return await<bool>([&](auto done) { sessions().remove(id, done); });
  }

  base::result<appended> append(const stream_key& stream, std::string payload, producer_ref producer = {}) {
    return await<appended>([&](auto done) { events().append(stream, producer, std::move(payload), done); });
  }
  base::result<attached> attach(const stream_key& stream, const node_ref& holder, int node = 0) {
    return await<attached>([&](auto done) { events(node).attach(stream, holder, done); });
  }
  base::result<> detach(const stream_key& stream, std::uint64_t epoch) {
    return await<void>([&](auto done) { events().detach(stream, epoch, done); });
  }
  base::result<replay> read(const stream_key& stream, position after = {}, read_limits limits = {}) {
    return await<replay>([&](auto done) { events(1).read(stream, after, limits, done); });
  }
  base::result<> end(const stream_key& stream) {
    return await<void>([&](auto done) { events().end(stream, done); });
  }
  base::result<> begin(pending_call call) {
    return await<void>([&](auto done) { events().begin(std::move(call), done); });
  }
  base::result<std::optional<appended>> finish(std::string_view session, std::string_view request_id,
                                               const node_ref& owner, std::string response,
                                               stream_end then = stream_end::keep_open) {
    return await<std::optional<appended>>(
        [&](auto done) { events(1).finish(session, request_id, owner, std::move(response), then, done); });
  }
  std::vector<pending_call> pending(std::string_view session) {
    return await<std::vector<pending_call>>([&](auto done) { events(1).pending(session, done); }).value();
  }

  const contract_limits limits_;
  std::unique_ptr<store_harness> harness_ = GetParam().make(limits_);
};

/// How operations that were started together came out. Thread-safe.
class tally {
 public:
  template <class T>
  completion<T> count() {
    return [this](base::result<T> outcome) {
      ++(outcome ? succeeded : failed);
      ++completed;
    };
  }
  std::atomic<int> succeeded{0};
  std::atomic<int> failed{0};
  std::atomic<int> completed{0};
};

template <class T>
base::error_kind kind_of(const base::result<T>& outcome) {
  if (outcome) throw std::runtime_error("succeeded, where a failure was expected");
  return outcome.error().kind;
}

inline std::vector<std::string> payloads(const replay& found) {
  std::vector<std::string> texts;
  for (const logged_event& event : found.events)
    texts.push_back(event.payload);
  return texts;
}

}  // namespace hydrant::store

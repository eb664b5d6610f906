#pragma once

#include "store/memory_state.hpp"
#include "store/memory_store.hpp"
#include "tests/unit/store/store_harness.hpp"

#include <algorithm>
#include <atomic>
#include <barrier>
#include <thread>

namespace hydrant::store {

/// A clock that threads may read while it is moved.
class shared_clock final : public base::clock {
 public:
  base::steady_time now() const override { return base::steady_time(std::chrono::hours(1) + passed()); }
  base::wall_time wall_now() const override { return base::wall_time(std::chrono::hours(24 * 365 * 50) + passed()); }
  void advance(std::chrono::milliseconds by) { passed_ms_ += by.count(); }

 private:
  std::chrono::milliseconds passed() const { return std::chrono::milliseconds(passed_ms_); }
  std::atomic<std::int64_t> passed_ms_{0};
};

/// Sets a stream back: its newest events are gone with what was known of their producers.
struct stream_log_probe {
  static void rewind(stream_log& stream, position kept) {
    const auto lost = [&](const auto& event) { return event.id > kept; };
    for (const auto& event : stream.log_)
      stream.bytes_ -= lost(event) ? event.payload.size() : 0;
    std::erase_if(stream.log_, lost);
    std::erase_if(stream.producers_, [&](const auto& mark) { return mark.written > kept; });
    stream.last_ = kept;
    ++stream.generation_;
  }
};

struct memory_store_probe {
  static void rewind(memory_store& store, const stream_key& key, position kept) {
    store.state_->in_shard(key.session, [&](memory_shard& shard, base::steady_time now) {
      stream_log_probe::rewind(*shard.find_stream(*shard.find(key.session), key.stream, now), kept);
    });
  }
};

inline memory_limits limits_of(const contract_limits& limits) {
  memory_limits own;
  own.sessions_max = limits.sessions_max;
  own.streams_per_session_max = limits.streams_per_session_max;
  own.calls_per_session_max = limits.calls_per_session_max;
  own.subscriptions_per_session_max = limits.subscriptions_per_session_max;
  own.stream_events_max = limits.stream_events_max;
  own.stream_bytes_max = limits.stream_bytes_max;
  own.finished_stream_grace = limits.finished_stream_grace;
  return own;
}

/// Whether the store's memory is given back as time passes, or only enforced at access.
enum class sweeping { at_once, never };

class memory_harness final : public store_harness {
 public:
  memory_harness(const contract_limits& limits, sweeping sweeps) : store_(clock_, limits_of(limits)), sweeps_(sweeps) {}

  session_store& sessions(int) override { return store_.sessions(); }
  event_log& events(int) override { return store_.events(); }
  node_registry& nodes(int) override { return store_.nodes(); }
  shared_values& values(int) override { return store_.values(); }
  void advance(std::chrono::milliseconds by) override {
    clock_.advance(by);
    if (sweeps_ == sweeping::at_once) store_.sweep(1000);
  }
  void run_until(const std::function<bool()>& done) override {
    if (!done()) throw std::runtime_error("a completion did not run inside its call");
  }
  void race(std::vector<std::function<void()>> calls) override {
    std::barrier start(static_cast<std::ptrdiff_t>(calls.size()));
    std::vector<std::thread> threads;
    for (auto& call : calls) {
      threads.emplace_back([&start, &call] {
        start.arrive_and_wait();
        call();
      });
    }
    for (auto& thread : threads)
      thread.join();
  }
  void rewind(const stream_key& stream, position kept) override { memory_store_probe::rewind(store_, stream, kept); }

 private:
  shared_clock clock_;
  memory_store store_;
  sweeping sweeps_;
};

inline store_case memory_case(std::string name, sweeping sweeps) {
  return {std::move(name), [sweeps](const contract_limits& limits) -> std::unique_ptr<store_harness> {
            return std::make_unique<memory_harness>(limits, sweeps);
          }};
}

}  // namespace hydrant::store

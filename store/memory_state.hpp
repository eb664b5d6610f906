#pragma once

// Inside of the memory store; the outside is memory_store.hpp.

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/memory_limits.hpp"
#include "store/memory_shard.hpp"

#include <array>
#include <atomic>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hydrant::store {

/// What the two contracts of the memory store share: the shards, and the number of sessions across them. Thread-safe;
/// one per memory_store.
class memory_state {
 public:
  memory_state(const base::clock& clock, memory_limits limits) : clock_(clock), limits_(limits) {}

  const memory_limits& limits() const { return limits_; }
  const base::clock& clock() const { return clock_; }

  /// Runs `step(shard, now)` under the lock of the shard of a session id and returns what it returns.
  template <class Step>
  auto in_shard(std::string_view id, Step&& step) {
    memory_shard& shard = shard_of(id);
    const std::scoped_lock lock(shard.mutex);
    return step(shard, clock_.now());
  }

  /// The same for a session that must be alive: `step(shard, session, now)`. Errors: session_not_found.
  template <class T, class Step>
  base::result<T> in_session(std::string_view id, Step&& step) {
    memory_shard& shard = shard_of(id);
    const std::scoped_lock lock(shard.mutex);
    const base::steady_time now = clock_.now();
    memory_session* session = shard.find_live(id, now);
    if (!session) return base::fail(base::error_kind::session_not_found, "Session not found");
    return step(shard, *session, now);
  }

  /// Runs `step(shard)` on each shard in turn, each under its own lock only.
  template <class Step>
  void in_each_shard(Step&& step) {
    for (memory_shard& shard : shards_) {
      const std::scoped_lock lock(shard.mutex);
      step(shard);
    }
  }

  /// Places among the sessions: taken before one is inserted, given back after one was taken out.
  bool reserve_session();
  void release_sessions(std::size_t number) { sessions_.fetch_sub(number, std::memory_order_relaxed); }
  std::size_t sessions() const { return sessions_.load(std::memory_order_relaxed); }

  /// Makes room for one session at the cap if an expired one is still there. Takes no lock on entry.
  void reclaim_one();

  /// See memory_store::sweep.
  std::vector<std::string> sweep(std::size_t visits_max);

  memory_statistics statistics() const;

 private:
  static constexpr std::size_t shards_log2 = 6;
  static constexpr std::size_t shards_max = std::size_t{1} << shards_log2;
  /// Sessions that `reclaim_one` took and no sweep has reported yet. Above it they go unreported.
  static constexpr std::size_t unreported_max = 65'536;

  // The high bits: the tables inside use the hash modulo their size.
  memory_shard& shard_of(std::string_view id) { return shards_[text_hash{}(id) >> (64 - shards_log2)]; }
  std::size_t sweep_shard(memory_shard& shard, std::size_t visits_max, std::vector<std::string>& ids);
  std::vector<std::string> take_unreported();

  // Constant after construction.
  const base::clock& clock_;
  const memory_limits limits_;

  // Each shard has its own lock.
  std::array<memory_shard, shards_max> shards_;

  std::atomic<std::size_t> sessions_{0};
  std::atomic<std::size_t> next_shard_{0};  // where the next sweep begins

  std::mutex unreported_mutex_;
  std::vector<std::string> unreported_;  // guarded by unreported_mutex_
};

}  // namespace hydrant::store

#include "store/memory_state.hpp"

#include <algorithm>

namespace hydrant::store {

bool memory_state::reserve_session() {
  std::size_t taken = sessions_.load(std::memory_order_relaxed);
  while (taken < limits_.sessions_max) {
    if (sessions_.compare_exchange_weak(taken, taken + 1, std::memory_order_relaxed)) return true;
  }
  return false;
}

void memory_state::reclaim_one() {
  std::vector<session_table::node_type> expired;
  for (memory_shard& shard : shards_) {
    const std::scoped_lock lock(shard.mutex);
    const base::steady_time now = clock_.now();
    // Visits without a find are paid by the touches that let a session stay behind in the queue.
    while (expired.empty() && shard.visit_due(now, expired)) {
    }
    if (!expired.empty()) break;
  }
  if (expired.empty()) return;
  release_sessions(expired.size());
  const std::scoped_lock lock(unreported_mutex_);
  if (unreported_.size() < unreported_max) unreported_.push_back(std::move(expired.front().key()));
}

std::vector<std::string> memory_state::sweep(std::size_t visits_max) {
  std::vector<std::string> ids = take_unreported();
  const std::size_t first = next_shard_.load(std::memory_order_relaxed);
  for (std::size_t step = 0; step < shards_max; ++step) {
    const std::size_t at = (first + step) % shards_max;
    visits_max -= sweep_shard(shards_[at], visits_max, ids);
    if (visits_max == 0) {
      next_shard_.store(at, std::memory_order_relaxed);
      break;
    }
  }
  return ids;
}

std::size_t memory_state::sweep_shard(memory_shard& shard, std::size_t visits_max, std::vector<std::string>& ids) {
  std::vector<session_table::node_type> expired;
  std::size_t visits = 0;
  {
    const std::scoped_lock lock(shard.mutex);
    const base::steady_time now = clock_.now();
    while (visits < visits_max && shard.visit_due(now, expired))
      ++visits;
  }
  release_sessions(expired.size());
  for (auto& session : expired)
    ids.push_back(std::move(session.key()));
  return visits;
}

std::vector<std::string> memory_state::take_unreported() {
  const std::scoped_lock lock(unreported_mutex_);
  return std::exchange(unreported_, {});
}

memory_statistics memory_state::statistics() const {
  memory_statistics sum;
  sum.sessions = sessions();
  for (const memory_shard& shard : shards_)
    shard.add_to(sum);
  return sum;
}

}  // namespace hydrant::store

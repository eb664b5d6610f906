#include "store/memory_nodes.hpp"

#include "store/memory_state.hpp"

#include <algorithm>

namespace hydrant::store {

void memory_nodes::beat(const node_ref& self, std::string about, std::chrono::milliseconds ttl, completion<> done) {
  const base::steady_time now = state_.clock().now();
  const auto step = [&]() -> base::result<> {
    const std::scoped_lock lock(mutex_);
    const auto found = known_.find(name_of(self));
    if (buried_.contains(name_of(self)) || (found != known_.end() && found->second.dead))
      return base::fail(base::error_kind::conflict, "This process was declared dead");
    if (heard_ == base::steady_time::min() || now - heard_ > ttl / 2) resumed_ = now;
    heard_ = now;
    known_[name_of(self)] = record{std::move(about), now, ttl, false};
    return {};
  };
  done(step());
}

void memory_nodes::leave(const node_ref& self, completion<> done) {
  const bool owns_calls = !calls_of(self, 1).empty();
  {
    const std::scoped_lock lock(mutex_);
    if (owns_calls) {
      known_[name_of(self)].dead = true;
    } else {
      known_.erase(name_of(self));
    }
  }
  done({});
}

void memory_nodes::list(completion<std::vector<known_node>> done) {
  exhume();
  const base::steady_time now = state_.clock().now();
  std::vector<known_node> nodes;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [process, its] : known_)
      nodes.push_back({{process.first, process.second}, its.about, !its.dead && now < its.beat_at + its.ttl});
  }
  done(std::move(nodes));
}

void memory_nodes::orphans(const node_ref& dead, std::size_t max, completion<std::vector<call_ref>> done) {
  bool is_dead = false;
  {
    const std::scoped_lock lock(mutex_);
    is_dead = declare_dead(dead, state_.clock().now());
  }
  if (!is_dead) return done(base::fail(base::error_kind::conflict, "The process is alive, or may be"));
  done(calls_of(dead, max));
}

void memory_nodes::bury(const node_ref& dead, completion<> done) {
  const auto forget = [&] {
    const std::scoped_lock lock(mutex_);
    const auto found = known_.find(name_of(dead));
    if (found == known_.end() || !found->second.dead) return;
    known_.erase(found);
    remember_dead(dead);
  };
  if (calls_of(dead, 1).empty()) forget();
  done({});
}

// A buried process may have been paused only, and have entered a call since.
void memory_nodes::exhume() {
  std::vector<node_ref> owners;
  const base::steady_time now = state_.clock().now();
  state_.in_each_shard([&](memory_shard& shard) { shard.add_owners(now, owners); });
  const std::scoped_lock lock(mutex_);
  for (const node_ref& owner : owners)
    if (buried_.contains(name_of(owner))) known_[name_of(owner)].dead = true;
}

bool memory_nodes::declare_dead(const node_ref& process, base::steady_time now) {
  const auto found = known_.find(name_of(process));
  if (found == known_.end()) {
    remember_dead(process);
    return true;
  }
  record& its = found->second;
  const bool silence = now - heard_ > its.ttl / 2;
  if (!its.dead && !silence && now >= std::max(its.beat_at, resumed_) + its.ttl) its.dead = true;
  return its.dead;
}

void memory_nodes::remember_dead(const node_ref& process) {
  if (!buried_.insert(name_of(process)).second) return;
  buried_order_.push_back(name_of(process));
  if (buried_order_.size() <= buried_max) return;
  buried_.erase(buried_order_.front());
  buried_order_.pop_front();
}

std::vector<call_ref> memory_nodes::calls_of(const node_ref& owner, std::size_t max) {
  std::vector<call_ref> calls;
  const base::steady_time now = state_.clock().now();
  state_.in_each_shard([&](memory_shard& shard) { shard.add_calls_of(owner, now, max, calls); });
  return calls;
}

}  // namespace hydrant::store

#pragma once

#include "store/node_registry.hpp"

#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace hydrant::store {

class memory_state;

/// The node_registry side of memory_store. It has one process, or several in tests. Thread-safe; lives as long as its
/// memory_store.
class memory_nodes final : public node_registry {
 public:
  explicit memory_nodes(memory_state& state) : state_(state) {}

  void beat(const node_ref& self, std::string about, std::chrono::milliseconds ttl, completion<> done) override;
  void leave(const node_ref& self, completion<> done) override;
  void list(completion<std::vector<known_node>> done) override;
  void orphans(const node_ref& dead, std::size_t max, completion<std::vector<call_ref>> done) override;
  void bury(const node_ref& dead, completion<> done) override;

 private:
  using name = std::pair<std::string, std::string>;
  static name name_of(const node_ref& process) { return {process.node, process.boot}; }

  struct record {
    std::string about = "{}";
    base::steady_time beat_at;
    std::chrono::milliseconds ttl{};
    bool dead = false;
  };

  /// Buried processes that are remembered as dead; one more pushes out the oldest.
  static constexpr std::size_t buried_max = 1024;

  void exhume();
  std::vector<call_ref> calls_of(const node_ref& owner, std::size_t max);
  // Under mutex_.
  bool declare_dead(const node_ref& process, base::steady_time now);
  void remember_dead(const node_ref& process);

  memory_state& state_;

  std::mutex mutex_;  // a leaf: nothing is called under it
  // Guarded by mutex_.
  std::map<name, record> known_;
  std::set<name> buried_;
  std::deque<name> buried_order_;
  base::steady_time heard_ = base::steady_time::min();    // the last beat of anybody
  base::steady_time resumed_ = base::steady_time::min();  // the first one after a silence
};

}  // namespace hydrant::store

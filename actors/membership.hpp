#pragma once

// Keeps this process alive in the eyes of the grid, notices who has died, and has the sessions take over the calls that
// the dead left behind.

#include "actors/session_service.hpp"
#include "store/node_registry.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace hydrant::actors {

/// How this process stands.
enum class standing {
  joining,  ///< the registry has not taken a beat of it yet, or takes none now
  member,
  expelled  ///< it was silent for so long that others took its calls: it must end, and start anew
};

/// Thread-safe; one per process. Its registry must give no completion any more when it is destroyed.
class membership {
 public:
  /// A process that is silent for that long counts as dead. Long enough for a pause of the store or a busy machine,
  /// short enough for a call of a dead node to be answered within six seconds.
  static constexpr std::chrono::milliseconds lifetime{3000};

  /// `version`: of this program, for the operator.
  membership(store::node_registry& nodes, session_service& sessions, store::node_ref self, std::string version)
      : nodes_(nodes), sessions_(sessions), self_(std::move(self)), version_(std::move(version)) {}

  /// Call it every second, or a little more often.
  void tick();
  standing now() const { return standing_.load(std::memory_order_relaxed); }
  /// Whether it has been a member at any time.
  bool ever_member() const { return joined_.load(std::memory_order_relaxed); }
  /// Says good-bye: what still runs here is left to the others. `done` is called once.
  void leave(std::function<void()> done);

 private:
  std::string about() const;
  void beaten(const base::result<>& outcome);
  void look_at(const std::vector<store::known_node>& nodes);
  void take_over_from(const store::node_ref& dead);

  static constexpr std::size_t calls_at_once = 256;

  store::node_registry& nodes_;
  session_service& sessions_;
  const store::node_ref self_;
  const std::string version_;
  std::atomic<standing> standing_{standing::joining};
  std::atomic<bool> joined_{false};
  std::atomic<bool> beating_{false};  // a beat is under way
  std::atomic<bool> left_{false};
};

}  // namespace hydrant::actors

#pragma once

// Keeps this process alive in the eyes of the grid, notices who has died, and has the sessions take over the calls that
// the dead left behind.

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

/// What membership needs of the sessions of this process, and tells them. Thread-safe.
class successor {
 public:
  virtual ~successor() = default;
  /// Whether messages of other nodes arrive, as far as is known.
  virtual bool reachable() const = 0;
  /// Asks the store about every stream that is open here.
  virtual void look_around() = 0;
  /// The processes that live now; from then on all others count as dead. If one of those that lived before is missing,
  /// looks around.
  virtual void know_alive(std::vector<store::node_ref> processes) = 0;
  /// Calls of a process that has died: this node goes on with them, unless another is faster.
  virtual void adopt(const store::node_ref& dead, const std::vector<store::call_ref>& calls) = 0;
};

/// Thread-safe; one per process. Its registry must give no completion any more when it is destroyed.
class membership {
 public:
  /// A process that is silent for that long counts as dead. Long enough for a pause of the store or a busy machine,
  /// short enough for a call of a dead node to be answered within six seconds.
  static constexpr std::chrono::milliseconds lifetime{3000};

  /// `version`: of this program, for the operator.
  membership(store::node_registry& nodes, successor& sessions, store::node_ref self, std::string version)
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
  successor& sessions_;
  const store::node_ref self_;
  const std::string version_;
  std::atomic<standing> standing_{standing::joining};
  std::atomic<bool> joined_{false};
  std::atomic<bool> beating_{false};  // a beat is under way
  std::atomic<bool> left_{false};
};

}  // namespace hydrant::actors

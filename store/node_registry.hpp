#pragma once

// Which processes of the grid live, and what the dead ones left behind. A process is its node name and this start of
// it (node_ref); a restarted node is another process.
//
// Guarantees every implementation gives, and tests/unit/store/node_registry_contract.hpp checks:
// - `list` tells of a process that it is alive until `ttl` after its last beat.
// - A process is dead for good once `orphans` was asked for its calls after that, or once it left: a beat that comes
// later
//   (the process was paused) is refused, and the process learns that its calls may have been taken from it.
// - Nobody is taken for dead because the store itself was away: after half a ttl without a beat of anybody, each
// process
//   has a whole ttl from the next beat on to come back, and before that beat `orphans` takes nobody for dead.
// - `orphans` names every call that event_log::begin entered, or event_log::revise moved to a process, and that was
//   neither finished nor abandoned; it may name some that were. Taking one over goes through event_log::revise, which
//   tells the truth. That holds too for what a process enters that was declared dead, or buried, and does not know it
//   yet: it is known again, as dead.
//
// What callers may not rely on: that `list` and `orphans` agree; `list` does not know of what the store waits for.
//
// For threads and completions see session_store.hpp.

#include "store/event_log.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace hydrant::store {

struct known_node {
  node_ref process;
  std::string about;  ///< JSON object text that the process gave with its last beat
  bool alive = false;
};

/// Names a call: a session, and the JSON text of its request id.
struct call_ref {
  std::string session;
  std::string request_id;
  bool operator==(const call_ref&) const = default;
};

/// Thread-safe; one per process.
class node_registry {
 public:
  virtual ~node_registry() = default;

  /// "I live": registers the process or renews it for `ttl`. All processes beat at least twice in that time. Errors:
  /// conflict (it was declared dead by others meanwhile).
  virtual void beat(const node_ref& self, std::string about, std::chrono::milliseconds ttl, completion<> done) = 0;
  /// The process ends in good order, and neither beats nor begins a call any more: it is dead from now on. What it
  /// still owns are orphans; if it owns nothing, no trace of it stays. Idempotent.
  virtual void leave(const node_ref& self, completion<> done) = 0;
  /// All known processes, the dead ones that still own calls included, in no order.
  virtual void list(completion<std::vector<known_node>> done) = 0;
  /// Up to `max` calls of a dead process, in no order. Marks it as dead for good. Errors: conflict (it is alive, or
  /// may be). A process that is not known is dead.
  virtual void orphans(const node_ref& dead, std::size_t max, completion<std::vector<call_ref>> done) = 0;
  /// Forgets a dead process once `orphans` named nothing any more. Idempotent; a process that is not dead for good, or
  /// with calls left, stays known.
  virtual void bury(const node_ref& dead, completion<> done) = 0;
};

}  // namespace hydrant::store

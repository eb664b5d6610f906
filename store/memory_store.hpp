#pragma once

#include "base/clock.hpp"
#include "store/event_log.hpp"
#include "store/memory_limits.hpp"
#include "store/node_registry.hpp"
#include "store/session_store.hpp"
#include "store/shared_values.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace hydrant::store {

class memory_state;

/// Sessions and their events in the memory of this process: the store of a server that runs alone. Nothing survives
/// the process.
///
/// Thread-safe; one per process. Calls of any thread are served at once: a completion runs on the caller's thread,
/// inside the call, after the lock was released, so it may call the store again. Removing or expiring a session drops
/// its streams and calls. Beyond the contracts:
/// - `subscribers` looks at one part of the sessions after the other, not at all of them at one instant;
/// - of one stream the last stream_log::producers_max producers are told apart from their own repetitions;
/// - `end` and `detach` of a stream that does not exist do nothing.
class memory_store {
 public:
  /// `clock` outlives the store.
  explicit memory_store(const base::clock& clock, memory_limits limits = {});
  ~memory_store();
  memory_store(const memory_store&) = delete;
  memory_store& operator=(const memory_store&) = delete;

  session_store& sessions();
  event_log& events();
  node_registry& nodes();
  shared_values& values();

  /// Gives back the memory of expired sessions and of streams past their grace: looks at no more than `visits_max`
  /// sessions that are due. Call on a timer, again at once while `visits_max` ids come back. Returns the ids of the
  /// sessions that expired since the last sweep, each once; such an id may be in use again. Expiry itself does not
  /// wait for a sweep.
  std::vector<std::string> sweep(std::size_t visits_max);

  memory_statistics statistics() const;

 private:
  friend struct memory_store_probe;  // tests/unit/store: reaches the streams to set them back

  std::unique_ptr<memory_state> state_;
  std::unique_ptr<session_store> sessions_;
  std::unique_ptr<event_log> events_;
  std::unique_ptr<node_registry> nodes_;
  std::unique_ptr<shared_values> values_;
};

}  // namespace hydrant::store

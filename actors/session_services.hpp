#pragma once

#include "actors/node_message.hpp"
#include "runtime/environment.hpp"
#include "store/event_log.hpp"
#include "store/session_store.hpp"

#include <atomic>
#include <string>

namespace hydrant::actors {

/// The other nodes. What is told them may get lost. Thread-safe.
class peers {
 public:
  virtual ~peers() = default;
  virtual void tell(const std::string& node, const node_message& what) = 0;
  virtual void tell_all(const node_message& what) = 0;
  /// Whether messages arrive at all, as far as is known.
  virtual bool reachable() const = 0;
  /// Whether this process is not known to have died.
  virtual bool alive(const store::node_ref& process) const = 0;
  /// The name of some other node that is alive; empty: none is known.
  virtual std::string another() const = 0;
};

/// Calls that a node may give away: at first those that wait for the client's answer, which costs nothing; then those
/// that are run again from the start, too.
enum class movable { waiting, repeatable };

/// What sessions share. One per process; every member outlives the sessions and is thread-safe.
struct session_services {
  const runtime::environment& env;
  store::session_store& sessions;
  store::event_log& log;
  peers& others;
  store::node_ref node;                ///< this process
  std::atomic<bool> draining = false;  ///< it goes away: who opens a stream is sent on as soon as nothing is owed
};

/// The stream that carries what belongs to no request: a GET stream, or all of HTTP+SSE.
inline constexpr const char* main_stream = "main";

}  // namespace hydrant::actors

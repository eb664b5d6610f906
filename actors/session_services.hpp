#pragma once

#include "runtime/environment.hpp"
#include "store/event_log.hpp"
#include "store/session_store.hpp"

#include <functional>
#include <string>

namespace hydrant::actors {

/// Carries an event that was appended here to the node that holds the client's stream. Thread-safe.
class push_router {
 public:
  virtual ~push_router() = default;
  virtual void push(const store::stream_key& stream, const store::appended& where, const std::string& payload) = 0;
};

/// What sessions share. One per process; every member outlives the sessions and is thread-safe.
struct session_services {
  const runtime::environment& env;
  store::session_store& sessions;
  store::event_log& log;
  push_router& router;
  store::node_ref node;  ///< this process
};

/// The stream that carries what belongs to no request: a GET stream, or all of HTTP+SSE.
inline constexpr const char* main_stream = "main";

}  // namespace hydrant::actors

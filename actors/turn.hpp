#pragma once

#include <functional>

namespace hydrant::actors {

class session;

/// Why a session's actor is woken; shown by the inspector and counted.
enum class turn_kind { request, stream, call, store, push, housekeeping };

/// One step of a session: run to its end in the session's actor, with no other step of that session beside it.
/// The session is given and not captured: a turn may have to be sent on to a new actor of the same session.
struct turn {
  turn_kind kind = turn_kind::request;
  std::function<void(session&)> run;
};

}  // namespace hydrant::actors

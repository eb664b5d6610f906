#pragma once

// Which sessions are live on this node, and their actors. CAF begins behind this header's implementation.

#include "actors/session_services.hpp"
#include "actors/turn.hpp"
#include "net/io_pool.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace hydrant::actors {

/// How actors are scheduled; the second is kept for comparison (bench/README.md).
enum class scheduling { io_threads, own_threads };

/// Thread-safe; one per process.
class session_directory {
 public:
  session_directory(net::io_pool& io, scheduling how);
  ~session_directory();

  /// Before anything else. `services` outlives the directory's actors.
  void start(session_services& services);

  /// Hands a turn to the session's actor; makes one if there is none on this node.
  void send(std::string_view session_id, turn next);
  /// The same, but only if the session is live here.
  void send_if_live(std::string_view session_id, turn next);
  /// Hands a turn to every live session.
  void send_all(const turn& next);
  /// To one of so many parts of them, always the same for a session.
  void send_part(std::size_t part, std::size_t parts, const turn& next);
  /// Lets those actors go that have been idle for `limits::passivate_after`. Called on a timer.
  void passivate_idle();
  std::size_t live() const;
  /// Ends all actors and drops every turn from then on. The io threads must still run. Idempotent.
  void stop();

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace hydrant::actors

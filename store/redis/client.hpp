#pragma once

// Commands to one Redis server from any thread. hiredis formats and parses, Asio carries.

#include "store/redis/reply.hpp"
#include "store/redis/script.hpp"
#include "store/session_store.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::store::redis {

/// Thread-safe; one per process. There is one connection for each io thread.
///
/// Commands of one lane go over one connection and take effect in the order in which they were given, whatever threads
/// gave them, scripts too, also when the server forgets its scripts meanwhile. Whoever needs an order between two
/// operations gives them the same lane: `lane_of(session id)`. For that order a lane waits for the answer to a script
/// before it sends what was given after it; unrelated work therefore belongs into other lanes.
///
/// A completion runs once, on the io thread of the lane's connection (not always the caller's), never inside the call,
/// those of one lane in order; it must not throw. Errors: unavailable (not connected, timed out, connection lost: the
/// command may or may not have taken effect, and is never sent again; too many commands wait: at once, ahead of those).
/// What fails does not keep what was given after it from taking effect. A script that sees to its order itself may
/// take effect after what was given after it, if the server has forgotten it. An error reply of the server (`-WRONGTYPE
/// ...`) is a reply, not an error; `-LOADING`, `-READONLY`, `-OOM` and their like are unavailable.
class client {
 public:
  virtual ~client() = default;
  /// `words`: the command and its arguments, binary-safe.
  virtual void command(std::size_t lane, std::vector<std::string> words, completion<reply> done) = 0;
  /// EVALSHA; a server that does not know the script is sent its source, and has then run it once, in the lane's order.
  /// `what` lives until `done` has run.
  virtual void run(std::size_t lane, const script& what, std::vector<std::string> keys,
                   std::vector<std::string> arguments, completion<reply> done) = 0;
  /// Rises when a connection is made again and leads to another start of the server, or to another server. Before a
  /// command is sent over such a connection, it has risen.
  virtual std::uint64_t restarts() const { return 0; }

  static std::size_t lane_of(std::string_view session_id) { return std::hash<std::string_view>{}(session_id); }
};

}  // namespace hydrant::store::redis

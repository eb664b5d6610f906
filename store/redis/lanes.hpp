#pragma once

#include "base/clock.hpp"
#include "store/redis/reply.hpp"
#include "store/redis/script.hpp"
#include "store/session_store.hpp"

#include <cstddef>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace hydrant::store::redis {

/// How a script is named to the server.
enum class script_form {
  digest,  ///< EVALSHA: short, but the server may have forgotten it (NOSCRIPT)
  source,  ///< EVAL: cannot be refused for that reason, and lets the server know the script from then on
};

/// A command on its way.
struct request {
  std::size_t lane = 0;
  std::vector<std::string> words;  ///< of a script: what follows its name, beginning with the number of keys
  const script* what = nullptr;    ///< null: a plain command
  completion<reply> done;
  base::steady_time given{};
  script_form form = script_form::digest;
  bool holds_lane = false;
};

/// Puts the requests of one connection into the order in which they may be written. One per connection, on its io
/// thread.
///
/// A script that is sent by its digest may be answered NOSCRIPT and has to be sent again; what of its lane was sent
/// behind it would take effect before it, also when another client brings the script back between the two. So it holds
/// its lane: later requests of the lane are kept back until it is answered. When several have gathered behind it, they
/// go out together, all scripts but the last by their source, so that a busy lane needs no round trip for each. Those
/// that see to their order themselves go by their digest: they are the many, and ten kilobytes long.
class lane_queue {
 public:
  void add(request given);
  bool empty() const { return ready_.empty(); }
  /// Takes the next one to be written. Only if not empty.
  request take();
  /// A request that holds its lane was answered for good: what was kept back may go.
  void release(std::size_t lane);
  /// The server did not know the script: sends it again, first of all, by its source. Its lane stays held.
  void send_again(request refused);
  /// Takes everything out, that of each lane in the order in which it was given.
  std::vector<request> take_all();

 private:
  std::deque<request> ready_;
  std::unordered_map<std::size_t, std::vector<request>> held_;  ///< by lane: what waits for the one that holds it
};

}  // namespace hydrant::store::redis

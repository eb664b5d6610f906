#pragma once

// How one stream's events reach the socket: pushed as they come while the reader keeps up, pulled from the log when it
// does not or when an event was missed. A pure machine: it decides, the session acts.

#include "store/event_log.hpp"

#include <cstddef>
#include <deque>

namespace hydrant::actors {

class stream_state {
 public:
  enum class step {
    write,  ///< hand this event to the socket now
    skip,   ///< the client has it, or will get it from the log
    pull,   ///< read the log above position()
    nothing
  };

  /// Begins to feed a socket at `from`. pull: the log, whose newest event is `last`, holds more than that.
  step attach(std::uint64_t epoch, store::position from, store::position last);
  void detach();
  bool attached() const { return attached_; }
  std::uint64_t epoch() const { return epoch_; }
  /// The newest event handed to the socket.
  store::position position() const { return at_; }

  /// An event was appended. write: call `written_out` with it next.
  step offer(store::position previous, store::position id);
  /// Events may have been missed: pull, unless a read is under way or due anyway.
  step missed();
  /// The event was handed to the socket.
  void handed(store::position id, std::size_t bytes);
  /// `count` events have left for the client; the newest of them is `confirmed`.
  step sent(std::size_t count);
  store::position confirmed() const { return confirmed_; }
  /// Nothing is between us and the socket.
  bool idle() const { return in_flight_.empty(); }
  /// Whether a read of the log is under way.
  bool reading() const { return reading_; }
  /// Whether everything that was appended has been handed over.
  bool caught_up() const { return !behind_ && !reading_; }

  /// A read of the log is under way; between this and `pulled` nothing is written otherwise.
  void pulling();
  /// The read is done and its events were handed over.
  step pulled(bool more);

 private:
  bool room() const { return in_flight_.size() < in_flight_max && in_flight_bytes_ < in_flight_bytes_max; }
  step pull_if_room();

  // What may be between us and the socket; one event may go beyond it.
  static constexpr std::size_t in_flight_max = 128;
  static constexpr std::size_t in_flight_bytes_max = 512 * 1024;

  struct handed_event {
    store::position id;
    std::size_t bytes = 0;
  };

  bool attached_ = false;
  std::uint64_t epoch_ = 0;
  store::position at_;
  store::position newest_;  // of all that were offered
  store::position confirmed_;
  std::deque<handed_event> in_flight_;
  std::size_t in_flight_bytes_ = 0;
  bool behind_ = false;  // the log holds something that was not written as it came
  bool reading_ = false;
};

}  // namespace hydrant::actors

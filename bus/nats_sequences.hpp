#pragma once

// How losses on NATS are noticed: a sender numbers its messages on each subject and repeats its last number once a
// second; a receiver that misses one knows. Both sides are pure: no threads, no clock, no cnats.

#include "bus/nats_envelope.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hydrant::bus {

struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

template <class Value>
using text_map = std::unordered_map<std::string, Value, text_hash, std::equal_to<>>;

/// The sender's side: one run of numbers for each subject that was published to lately. Not thread-safe.
class sent_sequences {
 public:
  static constexpr std::size_t subjects_max = 1024;
  /// That many heartbeats follow the last message on a subject; then its run ends, and a later message begins another.
  static constexpr int heartbeats_after_last = 10;

  struct place {
    std::uint64_t run = 0;  ///< names the run among those of this object
    std::uint64_t number = 0;
  };
  struct heartbeat {
    std::string subject;
    place last;
  };

  /// Numbers the next message on a subject, also one that will be dropped: receivers see that it is missing. With
  /// `subjects_max` runs open, the one that was silent longest ends early, and losses at its end go unnoticed.
  place next(std::string_view subject);

  /// The heartbeats to send now. Call it once a second, and only while connected: a run must not end unheard.
  std::vector<heartbeat> due();

 private:
  struct run_state {
    place last;
    int heartbeats = 0;  // since the last message
  };

  void end_quietest();

  text_map<run_state> runs_;
  std::uint64_t runs_begun_ = 0;
};

/// The receiver's side, for one subject. Not thread-safe.
class received_sequences {
 public:
  static constexpr std::size_t senders_max = 4096;
  /// A sender is forgotten after that many seconds without a message or heartbeat.
  static constexpr int silent_seconds = 30;

  enum class arrival {
    next,       ///< in order
    after_gap,  ///< deliver it, but something before it was lost
    again,      ///< was delivered before: drop it
  };

  /// A message or heartbeat that came in. A sender that is heard first with a number above 1 lost something, or sent it
  /// before this receiver was there: both need the log. With `senders_max` known, further ones go untracked until
  /// others fall silent: what they send is delivered, what they lose is not noticed.
  arrival note(const nats_envelope& envelope);

  /// Call it once a second.
  void second_passed();

  std::size_t senders() const { return senders_.size(); }

 private:
  struct sender_state {
    std::uint64_t last = 0;
    int silent = 0;  // seconds
  };

  arrival note_newcomer(const nats_envelope& envelope);

  text_map<sender_state> senders_;
};

}  // namespace hydrant::bus

#pragma once

// What was published and not yet handed to cnats. cnats may block a publisher for its whole write deadline, so only one
// thread of our own talks to it.

#include "bus/nats_sequences.hpp"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::bus {

struct outgoing {
  std::string subject;
  std::string payload;
  std::string traceparent;  ///< empty: none, or a malformed one
  sent_sequences::place place;
};

/// Thread-safe; one per bus. Publishers put, the bus' own thread takes.
class nats_outbox {
 public:
  nats_outbox(std::size_t messages_max, std::size_t bytes_max) : messages_max_(messages_max), bytes_max_(bytes_max) {}

  enum class outcome {
    queued,      ///< behind others
    first,       ///< the taker may be asleep
    overflowed,  ///< dropped; its number is missing, so receivers notice
  };
  outcome put(std::string_view subject, std::string_view payload, std::string_view traceparent);

  struct batch {
    std::vector<outgoing> messages;
    std::vector<sent_sequences::heartbeat> heartbeats;  ///< true once `messages` are sent
  };
  enum class with_heartbeats { no, yes };
  /// Everything that waits, in order. `reuse` lends its memory.
  batch take(with_heartbeats heartbeats, std::vector<outgoing> reuse);

  bool empty() const;

 private:
  const std::size_t messages_max_;
  const std::size_t bytes_max_;

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  sent_sequences sequences_;
  std::vector<outgoing> messages_;
  std::size_t bytes_ = 0;
};

}  // namespace hydrant::bus

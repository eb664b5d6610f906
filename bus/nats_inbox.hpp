#pragma once

#include "bus/bus.hpp"
#include "bus/nats_sequences.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::bus {

/// Who is subscribed to what, and what came in for them. Thread-safe once the subscriptions are made; one per bus.
class nats_inbox {
 public:
  /// While the process starts.
  void subscribe(std::string subject, message_handler handler);
  std::vector<std::string> subjects() const;

  enum class outcome { in_order, gap };
  /// Runs the handlers if the bytes are a message. One call at a time for each subject. Both texts may hold anything.
  outcome take(std::string_view subject, std::string_view bytes, std::string_view traceparent);

  /// Call it once a second: it forgets senders that fell silent.
  void second_passed();

  struct counts {
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    std::uint64_t repeated = 0;
    std::uint64_t malformed = 0;
    std::uint64_t senders = 0;
  };
  counts count() const;

 private:
  struct subscription {
    std::vector<message_handler> handlers;  // constant after start
    mutable std::mutex mutex;
    received_sequences sequences;  // guarded by mutex
  };

  void deliver(const subscription& to, const message_view& message);

  text_map<subscription> subscriptions_;  // constant after start

  std::atomic<std::uint64_t> messages_{0};
  std::atomic<std::uint64_t> bytes_{0};
  std::atomic<std::uint64_t> repeated_{0};
  std::atomic<std::uint64_t> malformed_{0};
};

}  // namespace hydrant::bus

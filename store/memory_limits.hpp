#pragma once

#include <chrono>
#include <cstddef>

namespace hydrant::store {

/// What one process keeps in memory at most, and what happens at each bound.
struct memory_limits {
  std::size_t sessions_max = 100'000;  ///< one more: `create` fails with overloaded
  /// At the cap the stream that ended first is forgotten before its time of grace is over, so that a client with many
  /// short requests is not locked out; if all are open, one more fails with overloaded, also for a call that would need
  /// one. The response of a call that has begun is never refused: it may go above the cap, by calls_per_session_max.
  std::size_t streams_per_session_max = 128;
  std::size_t calls_per_session_max = 128;          ///< one more: `begin` fails with overloaded
  std::size_t subscriptions_per_session_max = 256;  ///< one more: `subscribe` fails with overloaded
  std::size_t stream_events_max = 1024;             ///< one more: the oldest event is dropped
  std::size_t stream_bytes_max = 4 * 1024 * 1024;   ///< of payload; above it the oldest events but one are dropped
  std::chrono::milliseconds finished_stream_grace = std::chrono::minutes(5);  ///< how long an ended stream can be read
};

/// What there is now. Each number is exact while nobody writes.
struct memory_statistics {
  std::size_t sessions = 0;  ///< expired ones count until they are swept
  std::size_t streams = 0;   ///< ended ones count until they are forgotten
  std::size_t events = 0;
  std::size_t bytes = 0;  ///< payload of the events
  std::size_t calls = 0;  ///< pending
};

}  // namespace hydrant::store

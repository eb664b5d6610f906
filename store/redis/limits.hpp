#pragma once

#include <chrono>
#include <cstddef>

namespace hydrant::store::redis {

/// What the grid keeps in Redis at most: the same on every node, since each goes by its own. What happens at each
/// bound, memory_limits.hpp tells.
struct redis_limits {
  std::size_t sessions_max = 1'000'000;
  std::size_t streams_per_session_max = 128;
  std::size_t calls_per_session_max = 128;
  std::size_t subscriptions_per_session_max = 256;
  std::size_t stream_events_max = 1024;
  std::size_t stream_bytes_max = 4 * 1024 * 1024;
  std::size_t producers_per_stream_max = 64;  ///< at least so many are told from their repetitions; up to a half more
  std::chrono::milliseconds finished_stream_grace = std::chrono::minutes(5);
};

}  // namespace hydrant::store::redis

#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <mutex>
#include <optional>
#include <string>

namespace hydrant::providers::opensearch {

/// Spares a cluster that does not answer, and those who would wait for it: after `failures_max` failures in a row all
/// requests are refused for a while, then one may try; each failed try doubles the while, up to `pause_max`.
/// One per cluster, thread-safe.
class circuit_breaker {
 public:
  static constexpr int failures_max = 5;
  static constexpr std::chrono::milliseconds pause_first{1000};
  static constexpr std::chrono::milliseconds pause_max{15'000};

  explicit circuit_breaker(const base::clock& time) : time_(time) {}

  struct refusal {
    std::chrono::milliseconds next_try;  ///< how long there will be no other
    std::string why;                     ///< of the last failure that counted
  };
  /// None: the request may go, and its end is to be told.
  std::optional<refusal> refused();
  /// The cluster answered.
  void succeeded();
  void failed(std::string why);
  /// The request ended without telling anything about the cluster, e.g. because its caller went away.
  void undecided();
  bool is_open() const;

 private:
  const base::clock& time_;
  mutable std::mutex mutex_;
  int failures_ = 0;                    // in a row, while closed
  std::chrono::milliseconds pause_{0};  // 0: closed
  base::steady_time next_try_{};        // while open
  bool trying_ = false;                 // while open: one has been let through
  std::string why_;                     // while failures are counted, or it is open
};

}  // namespace hydrant::providers::opensearch

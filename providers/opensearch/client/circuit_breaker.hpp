#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <mutex>
#include <optional>

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

  /// None: the request may go, and its end is to be told. Else how long there will be no other try.
  std::optional<std::chrono::milliseconds> refused_for();
  /// The cluster answered.
  void succeeded();
  void failed();
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
};

}  // namespace hydrant::providers::opensearch

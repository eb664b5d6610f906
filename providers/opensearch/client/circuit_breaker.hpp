#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <variant>

namespace hydrant::providers::opensearch {

/// Spares a cluster that does not answer, and those who would wait for it: after `failures_max` failures in a row all
/// requests are refused for a while, then one may try; each failed try doubles the while, up to `pause_max`.
/// One per cluster, thread-safe.
class circuit_breaker {
 public:
  static constexpr int failures_max = 5;
  static constexpr std::chrono::milliseconds pause_first{1000};
  static constexpr std::chrono::milliseconds pause_max{15'000};

  /// What a request was let through in: its failure says nothing about a later period.
  struct pass {
    std::uint64_t period = 0;
    bool is_trial = false;
  };
  struct refusal {
    std::chrono::milliseconds next_try;  ///< how long there will be no other
    std::string why;                     ///< of the last failure that counted
  };

  explicit circuit_breaker(const base::clock& time) : time_(time) {}

  /// With a pass the request may go, and its end is to be told.
  std::variant<pass, refusal> admit();
  /// For a request that goes whatever has been found, and is not the one that may try.
  pass observe() const;

  /// The cluster answered, no matter when it was asked.
  void succeeded();
  void failed(pass with, std::string why);
  /// The request ended without telling anything about the cluster, e.g. because its caller went away.
  void undecided(pass with);
  bool is_open() const;

 private:
  bool open() const { return pause_.count() > 0; }

  const base::clock& time_;
  mutable std::mutex mutex_;
  std::uint64_t period_ = 0;            // grows when it opens and closes, and with each trial
  int failures_ = 0;                    // in a row, while closed
  std::chrono::milliseconds pause_{0};  // 0: closed
  base::steady_time next_try_{};        // while open
  std::string why_;                     // while open
};

}  // namespace hydrant::providers::opensearch

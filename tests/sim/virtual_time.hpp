#pragma once

// Time and chance of a simulated world, put in the place of the system's for the thread that the world runs on. The
// program defines the few functions by which everything else learns of them: the two std::chrono clocks, timerfd (how
// Asio's timers wait), and the generators behind base::random_token and std::random_device. So the code under test is
// the code that ships, its timers and coroutines included, and none of it knows. Threads without a world, and the test
// runner, see the real ones.

#include "base/clock.hpp"

#include <chrono>
#include <cstdint>
#include <map>

namespace hydrant::sim {

using base::steady_time;
using namespace std::chrono_literals;
using duration = std::chrono::microseconds;

/// SplitMix64: small, fast, and the same everywhere, which the standard distributions are not.
class chance {
 public:
  explicit chance(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next();
  /// In [0, bound); bound is not 0.
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  /// In [low, high].
  std::int64_t between(std::int64_t low, std::int64_t high);
  duration between(duration low, duration high) { return duration(between(low.count(), high.count())); }
  bool happens(double probability);

 private:
  std::uint64_t state_;
};

/// Takes the place of the system's time and generators on the thread that makes it, until it is destroyed there.
class virtual_time {
 public:
  explicit virtual_time(std::uint64_t seed);
  ~virtual_time();
  virtual_time(const virtual_time&) = delete;
  virtual_time& operator=(const virtual_time&) = delete;

  steady_time now() const { return now_; }
  duration since_start() const { return std::chrono::duration_cast<duration>(now_ - start_); }
  /// When an Asio timer of this thread is due next; never before that, at times though none is. max(): none.
  steady_time next_timer() const;
  /// Also lets io_contexts know of what has become due, for their next poll.
  void advance_to(steady_time when);

  // For the functions that are replaced.
  static virtual_time* here();
  void arm(int timer, duration after);
  chance& randomness() { return randomness_; }

 private:
  const steady_time start_{std::chrono::hours(1)};
  steady_time now_ = start_;
  std::map<int, steady_time> timers_;  // by file descriptor
  chance randomness_;
};

}  // namespace hydrant::sim

#pragma once

#include <chrono>

namespace hydrant::base {

using steady_time = std::chrono::steady_clock::time_point;
using wall_time = std::chrono::system_clock::time_point;

/// The time, as a dependency: tests put a clock of their own in its place and never sleep.
/// Thread-safe; one per process.
class clock {
 public:
  virtual ~clock() = default;
  virtual steady_time now() const { return std::chrono::steady_clock::now(); }
  virtual wall_time wall_now() const { return std::chrono::system_clock::now(); }
};

/// A clock that stands still until it is told to move. For tests; not thread-safe.
class manual_clock final : public clock {
 public:
  steady_time now() const override { return steady_; }
  wall_time wall_now() const override { return wall_; }
  void advance(std::chrono::milliseconds by) {
    steady_ += by;
    wall_ += by;
  }

 private:
  steady_time steady_{std::chrono::hours(1)};
  wall_time wall_{std::chrono::hours(24 * 365 * 50)};
};

}  // namespace hydrant::base

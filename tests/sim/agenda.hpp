#pragma once

#include "tests/sim/virtual_time.hpp"

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace hydrant::sim {

/// What is to happen when. Things of the same time happen in the order in which they were entered.
class agenda {
 public:
  using action = std::function<void()>;

  void enter(steady_time when, action what);
  steady_time next() const { return waiting_.empty() ? steady_time::max() : waiting_.front().when; }
  /// Takes out what comes next. Only if there is something.
  action take();
  void clear() { waiting_.clear(); }

 private:
  struct entry {
    steady_time when;
    std::uint64_t number;
    action what;
  };
  static bool later(const entry& left, const entry& right);

  std::vector<entry> waiting_;  // a heap
  std::uint64_t entered_ = 0;
};

}  // namespace hydrant::sim

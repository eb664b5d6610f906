#pragma once

#include "tests/sim/virtual_time.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <string>
#include <string_view>

namespace hydrant::sim {

/// What happened in a world, one line each: the last lines, and a hash of all of them.
class trace {
 public:
  explicit trace(const virtual_time& time) : time_(time) {}

  void line(std::initializer_list<std::string_view> words);
  /// Keeps every line instead of the last ones.
  void keep_all() { kept_max_ = ~std::size_t{0}; }
  std::uint64_t hash() const { return hash_; }
  std::uint64_t lines() const { return lines_; }
  std::string text() const;

 private:
  const virtual_time& time_;
  std::size_t kept_max_ = 120;
  std::deque<std::string> kept_;
  std::uint64_t hash_ = 0;
  std::uint64_t lines_ = 0;
};

}  // namespace hydrant::sim

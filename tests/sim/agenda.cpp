#include "tests/sim/agenda.hpp"

#include <algorithm>
#include <tuple>

namespace hydrant::sim {

bool agenda::later(const entry& left, const entry& right) {
  return std::tie(left.when, left.number) > std::tie(right.when, right.number);
}

void agenda::enter(steady_time when, action what) {
  waiting_.push_back({when, entered_++, std::move(what)});
  std::push_heap(waiting_.begin(), waiting_.end(), later);
}

agenda::action agenda::take() {
  std::pop_heap(waiting_.begin(), waiting_.end(), later);
  auto what = std::move(waiting_.back().what);
  waiting_.pop_back();
  return what;
}

}  // namespace hydrant::sim

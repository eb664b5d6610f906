#include "providers/opensearch/client/circuit_breaker.hpp"

#include <algorithm>
#include <utility>

namespace hydrant::providers::opensearch {

using std::chrono::milliseconds;

std::variant<circuit_breaker::pass, circuit_breaker::refusal> circuit_breaker::admit() {
  const std::lock_guard lock(mutex_);
  if (!open()) return pass{period_, false};
  const auto now = time_.now();
  if (now < next_try_) return refusal{std::chrono::ceil<milliseconds>(next_try_ - now), why_};
  // If this one never tells how it went, another may try after the same while.
  next_try_ = now + pause_;
  return pass{++period_, true};
}

circuit_breaker::pass circuit_breaker::observe() const {
  const std::lock_guard lock(mutex_);
  return {period_, false};
}

void circuit_breaker::succeeded() {
  const std::lock_guard lock(mutex_);
  if (open()) ++period_;
  failures_ = 0;
  pause_ = {};
}

void circuit_breaker::failed(pass with, std::string why) {
  const std::lock_guard lock(mutex_);
  if (with.period != period_ || (open() && !with.is_trial)) return;
  if (!open() && ++failures_ < failures_max) return;
  pause_ = open() ? std::min(2 * pause_, pause_max) : pause_first;
  next_try_ = time_.now() + pause_;
  why_ = std::move(why);
  ++period_;
}

void circuit_breaker::undecided(pass with) {
  const std::lock_guard lock(mutex_);
  if (with.is_trial && with.period == period_) next_try_ = time_.now();
}

bool circuit_breaker::is_open() const {
  const std::lock_guard lock(mutex_);
  return open();
}

}  // namespace hydrant::providers::opensearch

#include "providers/opensearch/client/circuit_breaker.hpp"

#include <algorithm>
#include <utility>

namespace hydrant::providers::opensearch {

using std::chrono::milliseconds;

std::optional<circuit_breaker::refusal> circuit_breaker::refused() {
  const std::lock_guard lock(mutex_);
  if (pause_.count() == 0) return std::nullopt;
  const auto now = time_.now();
  if (now < next_try_) return refusal{std::chrono::ceil<milliseconds>(next_try_ - now), why_};
  trying_ = true;
  // If this one never tells how it went, another may try after the same while.
  next_try_ = now + pause_;
  return std::nullopt;
}

void circuit_breaker::succeeded() {
  const std::lock_guard lock(mutex_);
  failures_ = 0;
  pause_ = {};
  trying_ = false;
}

void circuit_breaker::failed(std::string why) {
  const std::lock_guard lock(mutex_);
  const bool open = pause_.count() > 0;
  // What was under way when it opened fails too, and tells nothing new.
  if (open && !std::exchange(trying_, false)) return;
  why_ = std::move(why);
  if (!open && ++failures_ < failures_max) return;
  pause_ = open ? std::min(2 * pause_, pause_max) : pause_first;
  next_try_ = time_.now() + pause_;
}

void circuit_breaker::undecided() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(trying_, false)) next_try_ = time_.now();
}

bool circuit_breaker::is_open() const {
  const std::lock_guard lock(mutex_);
  return pause_.count() > 0;
}

}  // namespace hydrant::providers::opensearch

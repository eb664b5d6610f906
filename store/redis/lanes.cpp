#include "store/redis/lanes.hpp"

#include <utility>

namespace hydrant::store::redis {

void lane_queue::add(request given) {
  if (const auto held = held_.find(given.lane); held != held_.end()) {
    held->second.push_back(std::move(given));
    return;
  }
  if (given.what != nullptr) {
    held_.try_emplace(given.lane);
    given.holds_lane = true;
  }
  ready_.push_back(std::move(given));
}

request lane_queue::take() {
  request next = std::move(ready_.front());
  ready_.pop_front();
  return next;
}

void lane_queue::release(std::size_t lane) {
  const auto held = held_.find(lane);
  std::vector<request> waiting = std::exchange(held->second, {});
  if (waiting.empty() || waiting.back().what == nullptr) {
    held_.erase(held);
  } else {
    waiting.back().holds_lane = true;
  }
  for (request& next : waiting) {
    const bool needs_lane = next.what != nullptr && next.what->order() == script_order::lane;
    if (!next.holds_lane && needs_lane) next.form = script_form::source;
    ready_.push_back(std::move(next));
  }
}

void lane_queue::send_again(request refused) {
  refused.form = script_form::source;
  ready_.push_front(std::move(refused));
}

std::vector<request> lane_queue::take_all() {
  std::vector<request> all;
  for (request& one : std::exchange(ready_, {}))
    all.push_back(std::move(one));
  for (auto& [lane, waiting] : std::exchange(held_, {}))
    for (request& one : waiting)
      all.push_back(std::move(one));
  return all;
}

}  // namespace hydrant::store::redis

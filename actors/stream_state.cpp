#include "actors/stream_state.hpp"

#include <algorithm>

namespace hydrant::actors {

stream_state::step stream_state::attach(std::uint64_t epoch, store::position from, store::position last) {
  attached_ = true;
  epoch_ = epoch;
  at_ = from;
  confirmed_ = from;
  newest_ = last;
  in_flight_.clear();
  in_flight_bytes_ = 0;
  behind_ = from != last;  // a cursor above the log, too, is settled by reading
  reading_ = false;
  return behind_ ? step::pull : step::nothing;
}

void stream_state::detach() {
  attached_ = false;
  in_flight_.clear();
  in_flight_bytes_ = 0;
  reading_ = false;
}

stream_state::step stream_state::offer(store::position previous, store::position id) {
  newest_ = std::max(newest_, id);
  if (!attached_ || id <= at_ || reading_) return step::skip;
  if (behind_ || previous != at_ || !room()) {
    behind_ = true;
    return pull_if_room();
  }
  return step::write;
}

stream_state::step stream_state::missed() {
  if (!attached_ || reading_ || behind_) return step::skip;
  behind_ = true;
  return pull_if_room();
}

void stream_state::handed(store::position id, std::size_t bytes) {
  at_ = id;
  newest_ = std::max(newest_, id);
  in_flight_.push_back({id, bytes});
  in_flight_bytes_ += bytes;
}

stream_state::step stream_state::sent(std::size_t count) {
  for (; count > 0 && !in_flight_.empty(); --count) {
    confirmed_ = in_flight_.front().id;
    in_flight_bytes_ -= in_flight_.front().bytes;
    in_flight_.pop_front();
  }
  return behind_ && !reading_ ? pull_if_room() : step::nothing;
}

void stream_state::pulling() {
  reading_ = true;
}

stream_state::step stream_state::pulled(bool more) {
  reading_ = false;
  behind_ = more || at_ < newest_;
  return behind_ ? pull_if_room() : step::nothing;
}

// Half the window: a read for each single place that gets free would cost more than it brings.
stream_state::step stream_state::pull_if_room() {
  return attached_ && in_flight_.size() <= in_flight_max / 2 && in_flight_bytes_ <= in_flight_bytes_max / 2
             ? step::pull
             : step::skip;
}

}  // namespace hydrant::actors

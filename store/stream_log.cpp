#include "store/stream_log.hpp"

#include "store/continuity.hpp"

#include <algorithm>
#include <utility>

namespace hydrant::store {

base::result<appended> stream_log::append(const producer_ref& producer, std::string payload,
                                          const stream_bounds& bounds) {
  const producer_mark* mark = find_producer(producer.id);
  if (mark && producer.sequence <= mark->sequence) {
    appended repeated = receipt(mark->written, mark->previous);
    repeated.duplicate = true;
    return repeated;
  }
  if (ended()) return base::fail(base::error_kind::stream_gone, "The stream has ended");
  if (mark && producer.sequence > mark->sequence + 1)
    return base::fail(base::error_kind::conflict, "The producer's previous event has not arrived");
  const position previous = last_;
  const position id = push(std::move(payload));
  remember(producer, id, previous);
  trim(bounds);
  return receipt(id, previous);
}

attached stream_log::attach(const node_ref& holder, std::uint64_t epoch) {
  attached before{epoch, std::move(holder_), epoch_, last_};
  holder_ = holder;
  epoch_ = epoch;
  return before;
}

void stream_log::detach(std::uint64_t epoch) {
  if (epoch == epoch_) holder_ = {};
}

replay stream_log::read(position after, const read_limits& limits) const {
  const auto above = first_above(after);
  replay found;
  found.follows = follows(after, above);
  found.ended = ended();
  std::size_t bytes = 0;
  auto at = above;
  for (; at != log_.end() && found.events.size() < limits.events_max; ++at) {
    bytes += at->payload.size();
    // One event is handed out whatever its size, or a reader would never get past it.
    if (bytes > limits.bytes_max && !found.events.empty()) break;
    found.events.push_back(*at);
  }
  found.more = at != log_.end();
  return found;
}

void stream_log::end(base::steady_time forget_at) {
  if (!ended()) forget_at_ = forget_at;
}

stream_log::event_iterator stream_log::first_above(position after) const {
  return std::upper_bound(oldest(), log_.end(), after,
                          [](position wanted, const logged_event& event) { return wanted < event.id; });
}

continuity stream_log::follows(position after, event_iterator above) const {
  const position seen = above == oldest() ? dropped_ : std::prev(above)->id;
  return store::follows(after, dropped_, seen, above == log_.end() ? events_above::none : events_above::some);
}

stream_log::producer_mark* stream_log::find_producer(const std::string& id) {
  if (id.empty()) return nullptr;
  const auto found =
      std::find_if(producers_.begin(), producers_.end(), [&](const auto& mark) { return mark.id == id; });
  return found == producers_.end() ? nullptr : &*found;
}

void stream_log::remember(const producer_ref& producer, position written, position previous) {
  if (producer.id.empty()) return;
  producer_mark* mark = find_producer(producer.id);
  if (!mark && producers_.size() < producers_max) mark = &producers_.emplace_back();
  if (!mark) {
    mark = &*std::min_element(producers_.begin(), producers_.end(),
                              [](const auto& left, const auto& right) { return left.written < right.written; });
  }
  *mark = producer_mark{producer.id, producer.sequence, written, previous};
}

position stream_log::push(std::string payload) {
  const std::uint64_t sequence = last_.generation == generation_ ? last_.sequence + 1 : 1;
  last_ = position{generation_, sequence};
  bytes_ += payload.size();
  log_.push_back(logged_event{last_, std::move(payload)});
  return last_;
}

void stream_log::trim(const stream_bounds& bounds) {
  while (events() > 1 && (events() > bounds.events_max || bytes_ > bounds.bytes_max)) {
    logged_event& victim = log_[first_++];
    bytes_ -= victim.payload.size();
    dropped_ = victim.id;
    victim.payload = std::string();
  }
  // Moving the rest down once half is dropped costs each event one move on average.
  if (first_ * 2 > log_.size()) {
    log_.erase(log_.begin(), log_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

appended stream_log::receipt(position id, position previous) const {
  return appended{id, previous, holder_, epoch_};
}

}  // namespace hydrant::store

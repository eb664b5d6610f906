#include "bus/nats_outbox.hpp"

#include <utility>

namespace hydrant::bus {

nats_outbox::outcome nats_outbox::put(std::string_view subject, std::string_view payload,
                                      std::string_view traceparent) {
  if (!is_traceparent(traceparent)) traceparent = {};
  outgoing message{std::string(subject), std::string(payload), std::string(traceparent), {}};
  const std::size_t size = subject.size() + payload.size() + traceparent.size() + sizeof(outgoing);

  const std::scoped_lock lock(mutex_);
  message.place = sequences_.next(subject);
  if (messages_.size() == messages_max_ || size > bytes_max_ - bytes_) return outcome::overflowed;
  bytes_ += size;
  messages_.push_back(std::move(message));
  return messages_.size() == 1 ? outcome::first : outcome::queued;
}

nats_outbox::batch nats_outbox::take(with_heartbeats heartbeats, std::vector<outgoing> reuse) {
  reuse.clear();
  const std::scoped_lock lock(mutex_);
  batch taken{std::move(reuse), {}};
  messages_.swap(taken.messages);
  bytes_ = 0;
  if (heartbeats == with_heartbeats::yes) taken.heartbeats = sequences_.due();
  return taken;
}

bool nats_outbox::empty() const {
  const std::scoped_lock lock(mutex_);
  return messages_.empty();
}

}  // namespace hydrant::bus

#include "bus/nats_inbox.hpp"

#include "base/log.hpp"

#include <exception>
#include <utility>

namespace hydrant::bus {

void nats_inbox::subscribe(std::string subject, message_handler handler) {
  subscriptions_[std::move(subject)].handlers.push_back(std::move(handler));
}

std::vector<std::string> nats_inbox::subjects() const {
  std::vector<std::string> all;
  for (const auto& [subject, subscribed] : subscriptions_)
    all.push_back(subject);
  return all;
}

nats_inbox::outcome nats_inbox::take(std::string_view subject, std::string_view bytes, std::string_view traceparent) {
  const auto found = subscriptions_.find(subject);
  const auto envelope = decode(bytes);
  if (found == subscriptions_.end() || !envelope) {
    malformed_.fetch_add(1, std::memory_order_relaxed);
    return outcome::in_order;
  }
  auto arrival = received_sequences::arrival::next;
  {
    const std::scoped_lock lock(found->second.mutex);
    arrival = found->second.sequences.note(*envelope);
  }
  if (arrival == received_sequences::arrival::again) {
    repeated_.fetch_add(1, std::memory_order_relaxed);
    return outcome::in_order;
  }
  if (envelope->kind == nats_kind::message)
    deliver(found->second, {found->first, envelope->payload, is_traceparent(traceparent) ? traceparent : ""});
  return arrival == received_sequences::arrival::after_gap ? outcome::gap : outcome::in_order;
}

void nats_inbox::deliver(const subscription& to, const message_view& message) {
  messages_.fetch_add(1, std::memory_order_relaxed);
  bytes_.fetch_add(message.payload.size(), std::memory_order_relaxed);
  for (const message_handler& handler : to.handlers) {
    // The caller is a thread of cnats, and C has no way to pass an exception on.
    try {
      handler(message);
    } catch (const std::exception& failure) {
      base::log(base::log_level::error, "a bus handler threw", {{"why", failure.what()}});
    }
  }
}

void nats_inbox::second_passed() {
  for (auto& [subject, subscribed] : subscriptions_) {
    const std::scoped_lock lock(subscribed.mutex);
    subscribed.sequences.second_passed();
  }
}

nats_inbox::counts nats_inbox::count() const {
  counts now{.messages = messages_, .bytes = bytes_, .repeated = repeated_, .malformed = malformed_, .senders = 0};
  for (const auto& [subject, subscribed] : subscriptions_) {
    const std::scoped_lock lock(subscribed.mutex);
    now.senders += subscribed.sequences.senders();
  }
  return now;
}

}  // namespace hydrant::bus

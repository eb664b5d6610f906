#include "bus/local_bus.hpp"

#include <stdexcept>
#include <thread>
#include <utility>

namespace hydrant::bus {

/// Counts itself as a delivery in progress. Sequential consistency on both sides: either the delivery sees that the bus
/// has stopped, or `stop` sees the delivery and waits for it.
class local_bus::delivery {
 public:
  explicit delivery(std::atomic<std::size_t>& count) : count_(count) { ++count_; }
  ~delivery() { --count_; }
  delivery(const delivery&) = delete;
  delivery& operator=(const delivery&) = delete;

 private:
  std::atomic<std::size_t>& count_;
};

void local_bus::subscribe(std::string subject, message_handler handler) {
  if (phase_ != phase::preparing) throw std::logic_error("subscribe after start: " + subject);
  handlers_[std::move(subject)].push_back(std::move(handler));
}

void local_bus::on_gap(gap_handler) {}

base::result<> local_bus::start() {
  phase expected = phase::preparing;
  phase_.compare_exchange_strong(expected, phase::delivering);
  if (expected == phase::stopped) return base::fail(base::error_kind::unavailable, "The bus was stopped");
  return {};
}

void local_bus::stop() {
  phase_ = phase::stopped;
  // Handlers copy and post, so the wait is short, and nothing need be woken on the way of a message.
  while (deliveries_ != 0)
    std::this_thread::yield();
}

void local_bus::publish(std::string_view subject, std::string_view payload, std::string_view traceparent) {
  const delivery in_progress(deliveries_);
  if (phase_ != phase::delivering) return;
  const auto subscribed = handlers_.find(subject);
  if (subscribed == handlers_.end()) return;
  const message_view message{subject, payload, traceparent};
  for (const message_handler& handler : subscribed->second)
    handler(message);
}

}  // namespace hydrant::bus

#include "bus/nats_bus.hpp"

#include "base/ids.hpp"
#include "base/log.hpp"
#include "bus/nats_core.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

// Here: what callers and cnats' threads do. What the keeper does: nats_core.cpp.

namespace hydrant::bus {

nats_bus::nats_bus(nats_settings settings, std::string node_id, nats_tuning tuning)
    : core_(std::make_shared<core>(std::move(settings), std::move(node_id), tuning)) {}

nats_bus::~nats_bus() {
  core_->stop();
}

void nats_bus::subscribe(std::string subject, message_handler handler) {
  core_->subscribe(std::move(subject), std::move(handler));
}

void nats_bus::on_gap(gap_handler handler) {
  core_->on_gap(std::move(handler));
}

base::result<> nats_bus::start() {
  return core_->start(core_);
}

void nats_bus::stop() {
  core_->stop();
}

void nats_bus::publish(std::string_view subject, std::string_view payload, std::string_view traceparent) {
  core_->publish(subject, payload, traceparent);
}

nats_state nats_bus::state() const {
  return core_->state();
}

nats_bus::core::core(nats_settings settings, std::string node_id, nats_tuning tuning)
    : tuning_(tuning),
      boot_(base::new_boot_id()),
      outbox_(tuning.outbox_messages_max, tuning.outbox_bytes_max),
      random_(std::random_device{}()) {
  target_.settings = std::move(settings);
  target_.client_name = std::move(node_id);
  std::shuffle(target_.settings.servers.begin(), target_.settings.servers.end(), random_);
}

void nats_bus::core::require_preparing(const char* what) const {
  if (phase_ != phase::preparing) throw std::logic_error(std::string(what) + " after start");
}

void nats_bus::core::subscribe(std::string subject, message_handler handler) {
  require_preparing("subscribe");
  if (!is_subject(subject)) throw std::logic_error("not a subject: " + subject);
  inbox_.subscribe(std::move(subject), std::move(handler));
}

void nats_bus::core::on_gap(gap_handler handler) {
  require_preparing("on_gap");
  gap_handlers_.push_back(std::move(handler));
}

base::result<> nats_bus::core::start(const std::shared_ptr<core>& self) {
  const std::scoped_lock starting(stop_mutex_);
  if (phase_ == phase::running) return {};
  if (phase_ != phase::preparing) return base::fail(base::error_kind::unavailable, "The bus was stopped");
  if (auto checked = check_nats_settings(target_.settings); !checked) return checked;
  target_.subjects = inbox_.subjects();
  phase_ = phase::running;
  keeper_ = std::thread([self] { self->run(); });
  // Twice: to connect, and to make sure of the subscriptions. Looking a name up may take longer.
  const auto patience = 2 * tuning_.connect_timeout + std::chrono::seconds(1);
  std::unique_lock lock(mutex_);
  moved_.wait_for(lock, patience, [&] { return tried_; });
  return {};
}

void nats_bus::core::stop() {
  const std::scoped_lock stopping(stop_mutex_);
  if (keeper_.joinable()) {
    phase_ = phase::stopping;
    mark(&duties::stop);
    const auto patience = 2 * tuning_.connect_timeout + std::chrono::seconds(1);
    std::unique_lock lock(mutex_);
    // Only looking a name up can hold the keeper that long. It has no connection then, and is left behind.
    while (!moved_.wait_for(lock, patience, [&] { return finished_; }) && !connecting_) {
    }
    const bool finished = finished_;
    lock.unlock();
    if (finished)
      keeper_.join();
    else
      keeper_.detach();
  }
  phase_ = phase::stopped;
  handlers_.shut();
}

void nats_bus::core::mark(bool duties::*duty) {
  const std::scoped_lock lock(mutex_);
  duties_.*duty = true;
  wake_.notify_one();
}

void nats_bus::core::publish(std::string_view subject, std::string_view payload, std::string_view traceparent) {
  if (phase_ != phase::running || !is_subject(subject)) {
    dropped_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  switch (outbox_.put(subject, payload, traceparent)) {
    case nats_outbox::outcome::queued: break;
    case nats_outbox::outcome::first: mark(&duties::outgoing); break;
    case nats_outbox::outcome::overflowed:
      dropped_.fetch_add(1, std::memory_order_relaxed);
      mark(&duties::gap);
      break;
  }
}

nats_state nats_bus::core::state() const {
  const auto in = inbox_.count();
  nats_state now;
  now.reconnects = reconnects_;
  now.gaps = gaps_;
  now.slow_consumers = slow_consumers_;
  now.messages_in = in.messages;
  now.bytes_in = in.bytes;
  now.messages_out = messages_out_;
  now.bytes_out = bytes_out_;
  now.dropped = dropped_;
  now.repeated = in.repeated;
  now.malformed = in.malformed;
  now.senders = in.senders;
  const std::scoped_lock lock(mutex_);
  now.connected = connected_;
  now.server = server_;
  now.last_error = last_error_;
  return now;
}

void nats_bus::core::on_bytes(std::string_view subject, std::string_view bytes, std::string_view traceparent) {
  const gate::pass pass(handlers_);
  if (pass && inbox_.take(subject, bytes, traceparent) == nats_inbox::outcome::gap) mark(&duties::gap);
}

void nats_bus::core::on_slow() {
  slow_consumers_.fetch_add(1, std::memory_order_relaxed);
  mark(&duties::gap);
}

void nats_bus::core::on_complaint(std::string text) {
  base::log(base::log_level::error, "nats refuses", {{"why", text}});
  const std::scoped_lock lock(mutex_);
  last_error_ = std::move(text);
}

void nats_bus::core::on_lost(std::string why) {
  {
    const std::scoped_lock lock(mutex_);
    last_error_ = std::move(why);
  }
  mark(&duties::lost);
}

}  // namespace hydrant::bus

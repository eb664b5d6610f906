#include "bus/nats_core.hpp"

#include "base/log.hpp"

#include <algorithm>
#include <exception>
#include <utility>

// The keeper's part of the core.

namespace hydrant::bus {

void nats_bus::core::run() {
  const auto now = std::chrono::steady_clock::now();
  next_beat_ = now + tuning_.heartbeat_interval;
  next_gap_ = now;
  connect(attempt::first);
  for (bool stop = false; !stop;) {
    const duties due = wait();
    stop = due.stop;
    if (due.lost) drop_link();
    if (!link_ && !stop && std::chrono::steady_clock::now() >= next_attempt_) connect(attempt::later);
    gap_due_ = gap_due_ || due.gap;
    send(nats_outbox::with_heartbeats::no);
    beat_if_due();
    report_gap_if_due();
  }
  // The bus was given up while this thread hung in cnats: nothing is delivered any more.
  if (link_ && phase_ == phase::stopping) link_->settle(tuning_.drain_timeout);
  link_.reset();
  const std::scoped_lock lock(mutex_);
  connected_ = false;
  finished_ = true;
  moved_.notify_all();
}

nats_bus::core::duties nats_bus::core::wait() {
  std::unique_lock lock(mutex_);
  wake_.wait_until(lock, next_deadline(),
                   [&] { return duties_.outgoing || duties_.lost || duties_.gap || duties_.stop; });
  return std::exchange(duties_, duties{});
}

nats_bus::core::time nats_bus::core::next_deadline() const {
  time deadline = next_beat_;
  if (!link_) deadline = std::min(deadline, next_attempt_);
  if (gap_due_ && link_) deadline = std::min(deadline, next_gap_);
  return deadline;
}

void nats_bus::core::connect(attempt which) {
  target_.server = target_.settings.servers[next_server_++ % target_.settings.servers.size()];
  {
    const std::scoped_lock lock(mutex_);
    server_ = text_of(target_.server);
    connecting_ = true;
  }
  auto made = nats_link::connect(target_, tuning_, *this);
  // What was published without a connection is not sent late.
  const auto missed = outbox_.take(nats_outbox::with_heartbeats::no, std::move(spare_));
  dropped_.fetch_add(missed.messages.size(), std::memory_order_relaxed);
  if (made) {
    link_ = std::move(*made);
    note_connected(which);
  } else {
    note_failed(made.error());
  }
  const std::scoped_lock lock(mutex_);
  connecting_ = false;
  tried_ = true;
  moved_.notify_all();
}

void nats_bus::core::note_connected(attempt which) {
  base::log(base::log_level::info, "nats connected", {{"server", text_of(target_.server)}});
  reported_.clear();
  if (which == attempt::later) {
    reconnects_.fetch_add(1, std::memory_order_relaxed);
    gap_due_ = true;
  }
  const std::scoped_lock lock(mutex_);
  connected_ = true;
}

void nats_bus::core::note_failed(const base::error& why) {
  next_attempt_ = std::chrono::steady_clock::now() + reconnect_delay();
  if (reported_ != why.message) {
    base::log(base::log_level::warn, "nats cannot be reached; trying on",
              {{"server", text_of(target_.server)}, {"why", why.message}});
    reported_ = why.message;
  }
  const std::scoped_lock lock(mutex_);
  last_error_ = why.message;
  duties_.lost = false;  // was about this attempt
}

void nats_bus::core::drop_link() {
  if (!link_) return;
  {
    const std::scoped_lock lock(mutex_);
    connected_ = false;
    base::log(base::log_level::warn, "nats connection lost", {{"server", server_}, {"why", last_error_}});
  }
  link_.reset();
  next_attempt_ = std::chrono::steady_clock::now() + reconnect_delay();
}

std::chrono::milliseconds nats_bus::core::reconnect_delay() {
  // Nodes that lost the same server must not come back in step.
  std::uniform_int_distribution<std::int64_t> jitter(0, tuning_.reconnect_wait.count());
  return tuning_.reconnect_wait + std::chrono::milliseconds(jitter(random_));
}

void nats_bus::core::send(nats_outbox::with_heartbeats heartbeats) {
  auto batch = outbox_.take(heartbeats, std::move(spare_));
  for (const outgoing& message : batch.messages)
    send_message(message);
  for (const auto& beat : batch.heartbeats)
    send_heartbeat(beat);
  spare_ = std::move(batch.messages);
}

void nats_bus::core::send_message(const outgoing& message) {
  sender_.assign(boot_).append(1, '.').append(std::to_string(message.place.run));
  if (write(message.subject, {nats_kind::message, sender_, message.place.number, message.payload},
            message.traceparent)) {
    messages_out_.fetch_add(1, std::memory_order_relaxed);
    bytes_out_.fetch_add(message.payload.size(), std::memory_order_relaxed);
  } else {
    dropped_.fetch_add(1, std::memory_order_relaxed);
    gap_due_ = true;
  }
}

void nats_bus::core::send_heartbeat(const sent_sequences::heartbeat& beat) {
  sender_.assign(boot_).append(1, '.').append(std::to_string(beat.last.run));
  write(beat.subject, {nats_kind::heartbeat, sender_, beat.last.number, {}}, {});
}

bool nats_bus::core::write(const std::string& subject, const nats_envelope& envelope, const std::string& traceparent) {
  if (!link_) return false;
  encode(envelope, bytes_);
  const auto outcome = link_->publish(subject, bytes_, traceparent);
  if (outcome == nats_link::outcome::lost) {
    note_write_failed();
    drop_link();
  }
  return outcome == nats_link::outcome::written;
}

void nats_bus::core::note_write_failed() {
  const std::scoped_lock lock(mutex_);
  // Otherwise the reader has found out first, and knows better.
  if (!duties_.lost) last_error_ = "a write failed, or took longer than the write deadline";
}

void nats_bus::core::beat_if_due() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_beat_) return;
  next_beat_ = now + tuning_.heartbeat_interval;
  inbox_.second_passed();
  if (link_) send(nats_outbox::with_heartbeats::yes);
}

void nats_bus::core::report_gap_if_due() {
  const auto now = std::chrono::steady_clock::now();
  // Without a connection there is more to miss: it is told when it is back.
  if (!gap_due_ || !link_ || now < next_gap_) return;
  gap_due_ = false;
  next_gap_ = now + tuning_.gap_interval;
  const gate::pass pass(handlers_);
  if (!pass) return;
  gaps_.fetch_add(1, std::memory_order_relaxed);
  for (const gap_handler& handler : gap_handlers_) {
    try {
      handler();
    } catch (const std::exception& failure) {
      base::log(base::log_level::error, "a gap handler threw", {{"why", failure.what()}});
    }
  }
}

}  // namespace hydrant::bus

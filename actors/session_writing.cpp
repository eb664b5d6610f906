// How what a session sends gets into the log of a stream: in order and once, also while the store comes and goes.

#include "actors/session.hpp"
#include "actors/session_parts.hpp"
#include "base/ids.hpp"

namespace hydrant::actors {

namespace {

// Of a repetition the log tells where its producer's newest event stands, which may be a later one: whoever holds the
// stream must read. An event that claims to follow itself makes it do so (stream_state::offer).
store::appended to_be_read(store::appended repeated) {
  repeated.previous = repeated.id;
  return repeated;
}

}  // namespace

session::writer_ref session::writer_for(std::string stream, store::producer_ref last) const {
  return std::make_shared<writer>(std::move(stream), std::move(last));
}

session::writer_ref session::own_writer(const std::string& stream) {
  auto& own = streams_[stream].own;
  if (!own) own = writer_for(stream, {base::random_token(9), 0});
  return own;
}

void session::write(const writer_ref& by, std::string payload, std::shared_ptr<providers::flow_window> charged) {
  by->out.push(std::move(payload), std::move(charged));
  send_ready(by);
}

void session::send_ready(const writer_ref& from) {
  while (auto event = from->out.next())
    services_.log.append(
        key_of(from->stream), event->producer, std::move(event->payload),
        resume([this, from, sequence = event->producer.sequence](const base::result<store::appended>& where) {
          settle_append(from, sequence, where);
        }));
}

void session::settle_append(const writer_ref& from, std::uint64_t sequence,
                            const base::result<store::appended>& where) {
  auto settled = from->out.settle(sequence, where ? std::nullopt : std::optional(where.error().kind));
  if (settled.what == outbox::verdict::appended) {
    if (!where->duplicate) services_.env.measured.events_appended.Increment();
    if (settled.charged && !where->duplicate) owe(from->stream, where->id, std::exchange(settled.charged, nullptr));
    if (!where->duplicate)
      deliver(from->stream, *where, settled.payload);
    else if (settled.repeated)  // what an earlier run on another node has appended was delivered then
      deliver(from->stream, to_be_read(*where), {});
  }
  if (settled.charged) settled.charged->leave(1);
  if (from->out.stalled()) return repeat_later(from);
  send_ready(from);
  if (!from->out.empty()) return;
  for (const auto& then : std::exchange(from->after, {}))
    then();
}

void session::repeat_later(const writer_ref& from) {
  if (from->pause) return;
  from->pause = std::make_shared<boost::asio::steady_timer>(services_.env.io.here_or_next(), from->out.pause());
  // Weak: who gives a writer up gives up what it has not written.
  from->pause->async_wait([post = post_, weak = std::weak_ptr(from)](boost::system::error_code) {
    post({turn_kind::housekeeping, [weak](session& self) {
            const auto live = weak.lock();
            if (!live) return;
            live->pause.reset();
            live->out.go_on();
            self.send_ready(live);
          }});
  });
}

void session::when_written(const writer_ref& by, std::function<void()> then) {
  if (by->out.empty()) return then();
  by->after.push_back(std::move(then));
}

}  // namespace hydrant::actors

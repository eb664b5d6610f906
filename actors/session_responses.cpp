// The one response of a call: it goes into the log together with the end of the call's mark in the ledger, after all
// that the call has sent, and is repeated until the store says what became of it.

#include "actors/session.hpp"
#include "actors/session_parts.hpp"

#include <algorithm>

namespace hydrant::actors {

using base::error_kind;

namespace {

constexpr std::chrono::milliseconds first_pause{50};
constexpr std::chrono::milliseconds longest_pause{1000};

std::chrono::milliseconds pause_after(int tries) {
  return std::min(longest_pause, first_pause * (1 << std::min(tries, 5)));
}

}  // namespace

void session::finish_call(const call_ref& call, std::string response) {
  if (call->response) return;
  call->response = std::move(response);
  call->timer.reset();
  const bool last = count_response(call->stream);
  if (last) call->then = store::stream_end::end;
  // Who has not accepted the request does not know what else its stream waits for.
  if (call->adopted && call->stream != main_stream) call->then = store::stream_end::end_if_last;
  when_written(call->out, [this, weak = std::weak_ptr(call)] {
    if (const auto live = weak.lock()) send_response(live);
  });
}

void session::send_response(const call_ref& call) {
  if (!is_current(call)) return;
  services_.log.finish(id_, call->request_id, services_.node, *call->response, call->then,
                       resume([this, call](const base::result<std::optional<store::appended>>& finished) {
                         if (is_current(call)) response_sent(call, finished);
                       }));
}

void session::response_sent(const call_ref& call, const base::result<std::optional<store::appended>>& finished) {
  if (!finished && finished.error().kind == error_kind::unavailable) return send_response_later(call);
  if (finished && !*finished && may_be_forgotten(call))
    return settle_mark(call, [this, call](ledger has) {
      if (has == ledger::has_it) return send_response(call);
      has == ledger::unknown ? send_response_later(call) : response_is_void(call);
    });
  if (!finished) withdraw(call->request_id);  // its stream has ended: nobody waits for it
  if (!finished || !*finished) return response_is_void(call);
  forget_call(call);
  services_.env.measured.events_appended.Increment();
  deliver(call->stream, **finished, *call->response);
  drop_if_done(call->stream);
}

void session::send_response_later(const call_ref& call) {
  call->timer = std::make_shared<boost::asio::steady_timer>(services_.env.io.here_or_next(), pause_after(call->tries));
  ++call->tries;
  call->timer->async_wait([post = post_, weak = std::weak_ptr(call)](boost::system::error_code stopped) {
    if (stopped) return;
    post({turn_kind::housekeeping, [weak](session& self) {
            if (const auto live = weak.lock()) self.send_response(live);
          }});
  });
}

// Withdrawn, or taken over by another node, or an earlier try took effect and we were not told.
void session::response_is_void(const call_ref& call) {
  forget_call(call);
  if (call->tries == 0) services_.env.measured.stale_writes_refused.Increment();
  if (call->tries > 0) tell_holder_to_look(call->stream);
  if (call->then == store::stream_end::keep_open) return drop_if_done(call->stream);
  end_unless_written(call->stream);
}

void session::tell_holder_to_look(const std::string& stream) {
  const auto here = streams_.find(stream);
  if (here != streams_.end() && here->second.out) return look_for_more(stream, here->second);
  services_.log.holder(key_of(stream), resume([this](const base::result<store::held>& held) {
                         if (held && !held->holder.node.empty() && held->holder != services_.node)
                           services_.others.tell(held->holder.node, look_message{id_});
                       }));
}

void session::end_unless_written(const std::string& stream) {
  services_.log.pending(id_, resume([this, stream](const base::result<std::vector<store::pending_call>>& calls) {
                          if (!calls)
                            return later(longest_pause, [stream](session& self) { self.end_unless_written(stream); });
                          const bool written = std::ranges::any_of(
                              *calls, [&](const store::pending_call& call) { return call.stream == stream; });
                          if (!written) end_stream(stream);
                        }));
}

}  // namespace hydrant::actors

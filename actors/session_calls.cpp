// Calls of tools, resources and prompts within a session. What is answered at once is answered on the exchange; all
// else gets a stream with a log, so that it outlives the connection, and a mark in the ledger of pending calls, so that
// it outlives this node.

#include "actors/session.hpp"
#include "actors/session_parts.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "protocol/errors.hpp"
#include "protocol/sse.hpp"

#include <algorithm>

namespace hydrant::actors {

using base::error_kind;
using protocol::json;

namespace {

constexpr std::chrono::milliseconds withdrawal_pause{500};

base::error in_use(const std::string& id) {
  return base::fail(error_kind::conflict,
                    "a request with the id " + id + " is still being worked on; ids are used once");
}

}  // namespace

/// Takes a handler's notifications into the session's turns. Thread-safe.
class session::call_events final : public providers::call_sink {
 public:
  call_events(poster post, std::string request_id, std::weak_ptr<call_state> call)
      : post_(std::move(post)), request_id_(std::move(request_id)), call_(std::move(call)) {}

  void notify(std::string notification) override {
    post_({turn_kind::call, [call = call_, text = std::move(notification)](session& self) {
             if (const auto live = call.lock()) self.emit(live, text);
           }});
  }
  void release_stream() override {
    post_({turn_kind::call, [id = request_id_](session& self) { self.release_call_stream(id); }});
  }

 private:
  poster post_;
  std::string request_id_;
  std::weak_ptr<call_state> call_;
};

namespace {

/// Holds what an immediate handler sends until its result is known.
class held_events final : public providers::call_sink {
 public:
  void notify(std::string notification) override { held.push_back(std::move(notification)); }
  void release_stream() override {}  // the result comes at once anyway
  std::vector<std::string> held;
};

}  // namespace

void session::start_call(protocol::method m, const protocol::message& message, const reply_path& reply) {
  if (calls_.contains(message.id)) return answer_error(reply, message.id, in_use(message.id));
  if (withdrawn_.contains(message.id))
    return answer_error(reply, message.id,
                        base::fail(error_kind::unavailable, "the store still has to forget an earlier use of that id"));
  auto prepared = runtime::prepare(m, message, services_.env.catalog, caller_now());
  if (!prepared) return answer_error(reply, message.id, prepared.error());
  if (prepared->early_result) return answer_result(reply, message.id, *prepared->early_result);
  if (!prepared->immediate() && services_.env.at_call_limit())
    return answer_error(reply, message.id,
                        base::fail(error_kind::overloaded, "this node runs as many calls as it may; try again later"));

  const auto call = new_call(message, std::move(*prepared));
  if (!call->prepared.immediate()) return open_call(call, reply, [this, call] { run_call(call); });

  const auto events = std::make_shared<held_events>();
  auto end = runtime::run_now(call->prepared, events);
  if (events->held.empty()) {
    if (const auto* value = std::get_if<runtime::run_value>(&end))
      return answer_result(reply, message.id, value->result);
    if (const auto* failure = std::get_if<base::error>(&end)) return answer_error(reply, message.id, *failure);
  }
  open_call(call, reply, [this, call, events, end = std::move(end)] {
    for (auto& text : events->held)
      emit(call, std::move(text));
    conclude(call, end);
  });
}

session::call_ref session::new_call(const protocol::message& message, runtime::prepared_call prepared) {
  const auto call = std::make_shared<call_state>();
  call->request_id = message.id;
  call->prepared = std::move(prepared);
  call->record = call_record::of(message);
  return call;
}

// A call gets its mark first and its stream second: once the client has seen a stream, somebody will answer there, also
// if this node dies. A mark whose client has seen nothing yet is answered into a log that nobody reads.
void session::open_call(const call_ref& call, const reply_path& reply, std::function<void()> then) {
  if (calls_.size() >= services_.env.bounds.calls_per_session_max)
    return answer_error(reply, call->request_id,
                        base::fail(error_kind::overloaded, "this session has as many calls under way as it may"));
  calls_.emplace(call->request_id, call);
  call->own_stream = reply.stream.empty();
  call->stream = call->own_stream ? new_stream_name() : reply.stream;
  if (!reply.stream.empty()) return enter_call(call, reply, std::move(then));
  enter_call(call, reply,
             [this, call, http = reply.http, then = std::move(then)] { open_call_stream(call, http, then); });
}

void session::enter_call(const call_ref& call, const reply_path& reply, std::function<void()> then) {
  call->record.producer = {base::random_token(9), 0};
  call->out = writer_for(call->stream, call->record.producer);
  call->store_life = services_.log.restarts();
  services_.log.begin(mark_of(call, services_.env.bounds.call_timeout),
                      resume([this, call, reply, then = std::move(then)](const base::result<>& begun) {
                        call->entered = begun.has_value();
                        if (begun && !is_current(call) && !reply.http) return;  // cancelled meanwhile
                        if (begun) return then();
                        forget_call(call);
                        // It may have taken effect all the same.
                        if (begun.error().kind == error_kind::unavailable) withdraw(call->request_id);
                        answer_error(reply, call->request_id, begun.error());
                      }));
}

/// What the ledger of calls is to know of one that runs here.
store::pending_call session::mark_of(const call_ref& call, std::chrono::milliseconds lasts) const {
  return {id_,
          call->request_id,
          call->stream,
          services_.node,
          services_.env.time.wall_now() + lasts,
          to_text(call->record),
          call->version};
}

void session::open_call_stream(const call_ref& call, const std::shared_ptr<runtime::exchange>& http,
                               const std::function<void()>& then) {
  attach(call->stream, [this, call, http, then](const base::result<store::attached>& attached) {
    if (!attached) {
      forget_call(call);
      withdraw(call->request_id);
      return refuse(http, attached.error());
    }
    streams_[call->stream].awaited = 1;
    begin_stream(call->stream, *attached, {}, {}, http);
    if (!is_current(call)) return end_stream(call->stream);  // cancelled meanwhile
    then();
  });
}

// Until the store has heard it: a mark that stays behind would bring the call back.
void session::withdraw(const std::string& request_id) {
  withdrawn_.insert(request_id);
  services_.log.abandon(id_, request_id,
                        resume([this, request_id](const base::result<std::optional<store::pending_call>>& gone) {
                          if (gone || gone.error().kind != error_kind::unavailable)
                            return void(withdrawn_.erase(request_id));
                          later(withdrawal_pause, [request_id](session& self) {
                            if (self.withdrawn_.contains(request_id)) self.withdraw(request_id);
                          });
                        }));
}

void session::run_call(const call_ref& call) {
  auto& env = services_.env;
  call->asking = false;
  auto sink = std::make_shared<call_events>(post_, call->request_id, call);
  call->run = std::make_shared<runtime::run>(call->prepared, std::move(sink), env.io.here_or_next(), env.workers);
  env.measured.calls_running.Increment();
  call->run->start(env.bounds.call_timeout, [post = post_, weak = std::weak_ptr(call)](runtime::run_end end) {
    post({turn_kind::call, [weak, end = std::move(end)](session& self) {
            const auto live = weak.lock();
            if (!live || !live->run) return;
            live->run.reset();
            self.services_.env.measured.calls_running.Decrement();
            self.conclude(live, end);
          }});
  });
}

void session::stop_run(const call_ref& call) {
  if (!call->run) return;
  std::exchange(call->run, nullptr)->cancel();
  services_.env.measured.calls_running.Decrement();
}

void session::emit(const call_ref& call, std::string message) {
  if (!is_current(call) || call->response) return;  // what comes after the response has no place
  write(call->out, std::move(message), call->run ? call->run->window_handle() : nullptr);
}

void session::conclude(const call_ref& call, const runtime::run_end& end) {
  if (const auto* value = std::get_if<runtime::run_value>(&end))
    return finish_call(call, protocol::result_response(call->request_id, value->result));
  if (const auto* failure = std::get_if<base::error>(&end))
    return finish_call(call, protocol::error_response(call->request_id, *failure, revision_));
  ask(call, std::get<runtime::run_questions>(end));
}

void session::fail_call(const call_ref& call, error_kind kind, const std::string& why) {
  finish_call(call, protocol::error_response(call->request_id, base::fail(kind, why), revision_));
}

void session::cancel_call(const protocol::message& notification) {
  const auto named = notification.params.find("requestId");
  if (named == notification.params.end() || (!named->is_string() && !named->is_number_integer())) return;
  const auto request_id = protocol::to_text(*named);
  const auto local = calls_.find(request_id);
  if (local != calls_.end() && local->second->response) return;  // too late (basic/utilities/cancellation)
  const auto call = local == calls_.end() ? nullptr : local->second;
  if (call) forget_cancelled(call);
  services_.log.abandon(
      id_, request_id,
      resume([this, call, request_id, notification](const base::result<std::optional<store::pending_call>>& abandoned) {
        const bool away = !abandoned && abandoned.error().kind == error_kind::unavailable;
        if (call && away) withdraw(request_id);
        if (call) return after_cancellation(call->stream);
        if (away) return cancel_later(request_id, notification);
        if (!abandoned || !*abandoned) return;
        const auto& entry = **abandoned;
        if (entry.owner != services_.node && services_.others.alive(entry.owner))
          return services_.others.tell(entry.owner.node, cancel_message{{id_, entry.request_id}});
        if (entry.stream != main_stream) end_unless_written(entry.stream);
      }));
}

void session::cancel_later(const std::string& request_id, const protocol::message& notification) {
  withdrawn_.insert(request_id);
  later(withdrawal_pause, [request_id, notification](session& self) {
    if (self.withdrawn_.erase(request_id) > 0) self.cancel_call(notification);
  });
}

void session::cancelled_elsewhere(const std::string& request_id) {
  const auto local = calls_.find(request_id);
  // A response that is on its way will be void, and end the stream.
  if (local == calls_.end() || local->second->response) return;
  const auto call = local->second;
  forget_cancelled(call);
  after_cancellation(call->stream);
}

void session::forget_cancelled(const call_ref& call) {
  stop_run(call);
  services_.env.measured.calls_cancelled.Increment();
  forget_call(call);
}

void session::after_cancellation(const std::string& stream) {
  if (count_response(stream)) return end_stream(stream);
  drop_if_done(stream);
}

void session::call_moved(const std::string& request_id) {
  const auto local = calls_.find(request_id);
  if (local == calls_.end()) return;
  const auto call = local->second;
  stop_run(call);
  forget_call(call);
  leave_end_to_ledger(call->stream);
  drop_if_done(call->stream);
}

// A response comes from elsewhere, so only the ledger knows which one is the stream's last.
void session::leave_end_to_ledger(const std::string& stream) {
  if (const auto state = streams_.find(stream); state != streams_.end()) state->second.awaited = 0;
  for (const auto& [id, call] : calls_)
    if (call->stream == stream) call->adopted = true;
}

bool session::is_current(const call_ref& call) const {
  const auto found = calls_.find(call->request_id);
  return found != calls_.end() && found->second == call;
}

bool session::is_written_to(const std::string& stream) const {
  return std::ranges::any_of(calls_, [&](const auto& entry) { return entry.second->stream == stream; });
}

void session::forget_call(const call_ref& call) {
  call->timer.reset();
  calls_.erase(call->request_id);
}

void session::release_call_stream(const std::string& request_id) {
  const auto call = calls_.find(request_id);
  if (call == calls_.end()) return;
  const auto stream = streams_.find(call->second->stream);
  if (stream == streams_.end() || !stream->second.out || call->second->stream == main_stream) return;
  // Without a priming event the client may have no cursor to come back with.
  if (!protocol::has_priming_event(revision_)) return;
  std::string hint;
  protocol::append_retry(hint, services_.env.bounds.retry);
  stream->second.out->write(std::move(hint));
  stream->second.out->close();
}

}  // namespace hydrant::actors

// Calls of tools, resources and prompts within a session. What is answered at once is answered on the exchange; all
// else gets a stream with a log, so that it outlives the connection, and a mark in the ledger of pending calls, so that
// it outlives this node.

#include "actors/session.hpp"
#include "actors/session_parts.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "protocol/errors.hpp"
#include "protocol/sse.hpp"

namespace hydrant::actors {

using base::error_kind;
using protocol::json;

namespace {

constexpr int rounds_max = 16;  // of questions in one call: a handler that asks for ever is a defect

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
  auto prepared = runtime::prepare(m, message, services_.env.catalog, caller_now());
  if (!prepared) return answer_error(reply, message.id, prepared.error());
  if (prepared->early_result) return answer_result(reply, message.id, *prepared->early_result);

  const auto call = std::make_shared<call_state>();
  call->request_id = message.id;
  call->prepared = std::move(*prepared);
  call->producer = {base::random_token(9), 0};
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

// A call gets its stream first and its mark second: a mark without a stream would have nowhere to be answered.
void session::open_call(const call_ref& call, const reply_path& reply, std::function<void()> then) {
  if (calls_.size() >= services_.env.bounds.calls_per_session_max)
    return answer_error(reply, call->request_id,
                        base::fail(error_kind::overloaded, "this session has as many calls under way as it may"));
  calls_.emplace(call->request_id, call);
  if (!reply.stream.empty()) {
    call->stream = reply.stream;
    return enter_call(call, std::move(then));
  }
  open_response_stream(reply.http, 1, [this, call, then = std::move(then)](base::result<std::string> stream) {
    if (!stream) return forget_call(call);
    call->stream = *stream;
    if (!is_current(call)) return end_stream(*stream);  // cancelled meanwhile
    enter_call(call, then);
  });
}

void session::enter_call(const call_ref& call, std::function<void()> then) {
  store::pending_call mark{id_,
                           call->request_id,
                           call->stream,
                           services_.node,
                           services_.env.time.wall_now() + services_.env.bounds.call_timeout,
                           {}};
  services_.log.begin(std::move(mark), resume([this, call, then = std::move(then)](const base::result<>& begun) {
                        if (begun && !is_current(call)) return;  // cancelled meanwhile
                        if (begun) return then();
                        forget_call(call);
                        answer_error({nullptr, call->stream}, call->request_id, begun.error());
                      }));
}

void session::run_call(const call_ref& call) {
  auto& env = services_.env;
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

void session::emit(const call_ref& call, std::string message) {
  if (!is_current(call)) return;  // what comes after the response has no place
  ++call->producer.sequence;
  append(call->stream, call->producer, std::move(message), call->run ? call->run->window_handle() : nullptr);
}

void session::conclude(const call_ref& call, const runtime::run_end& end) {
  if (const auto* value = std::get_if<runtime::run_value>(&end))
    return finish_call(call, protocol::result_response(call->request_id, value->result));
  if (const auto* failure = std::get_if<base::error>(&end))
    return finish_call(call, protocol::error_response(call->request_id, *failure, revision_));
  ask(call, std::get<runtime::run_questions>(end));
}

void session::finish_call(const call_ref& call, std::string response) {
  forget_call(call);
  const bool last = count_response(call->stream);
  services_.log.finish(
      id_, call->request_id, services_.node, response, last ? store::stream_end::end : store::stream_end::keep_open,
      resume([this, call, last, response](const base::result<std::optional<store::appended>>& finished) {
        if (!finished || !*finished) {
          services_.env.measured.stale_writes_refused.Increment();
          return last ? end_stream(call->stream) : void();
        }
        services_.env.measured.events_appended.Increment();
        if (const auto stream = streams_.find(call->stream); last && stream != streams_.end())
          stream->second.ended = true;
        deliver(call->stream, **finished, response);
        drop_if_done(call->stream);
      }));
}

// Each question is a server request of its own on the call's stream; the handler runs again when all are answered.
void session::ask(const call_ref& call, const runtime::run_questions& open) {
  if (++call->rounds > rounds_max)
    return finish_call(
        call, protocol::error_response(
                  call->request_id, base::fail(error_kind::internal, "the handler asked too many times"), revision_));
  call->prepared.setup.memory = open.memory;
  for (const auto& [key, question] : open.questions) {
    const auto id = protocol::json_string("ask-" + base::random_token(9));
    questions_.emplace(id, open_question{call->request_id, key});
    ++call->questions_open;
    emit(call, protocol::server_request(id, question.method(), protocol::to_text(question.params)));
  }
  services_.env.measured.questions_asked.Increment(static_cast<double>(open.questions.size()));
  arm_ask_timer(call);
}

void session::arm_ask_timer(const call_ref& call) {
  call->ask_timer =
      std::make_shared<boost::asio::steady_timer>(services_.env.io.here_or_next(), services_.env.bounds.ask_timeout);
  call->ask_timer->async_wait(
      [post = post_, weak = std::weak_ptr(call), round = call->rounds](boost::system::error_code stopped) {
        if (stopped) return;
        post({turn_kind::housekeeping, [weak, round](session& self) {
                const auto live = weak.lock();
                if (!live || live->rounds != round || live->questions_open == 0) return;
                self.finish_call(
                    live, protocol::error_response(live->request_id,
                                                   base::fail(error_kind::timeout, "the client did not answer in time"),
                                                   self.revision_));
              }});
      });
}

void session::handle_answer(const protocol::message& response) {
  const auto found = questions_.find(response.id);
  if (found == questions_.end()) return;  // late, or not ours: responses are never answered
  const auto [request_id, key] = found->second;
  questions_.erase(found);
  const auto entry = calls_.find(request_id);
  if (entry == calls_.end()) return;
  const auto call = entry->second;
  if (response.error.is_object()) {
    const auto why = response.error.value("message", json());
    return finish_call(
        call, protocol::error_response(request_id,
                                       base::fail(error_kind::invalid_request,
                                                  "the client refused to answer: " +
                                                      (why.is_string() ? why.get<std::string>() : "no reason given")),
                                       revision_));
  }
  call->prepared.setup.answers.insert_or_assign(key, response.result);
  if (--call->questions_open > 0) return;
  call->ask_timer.reset();
  run_call(call);
}

void session::cancel_call(const protocol::message& notification) {
  const auto id = notification.params.find("requestId");
  if (id == notification.params.end() || (!id->is_string() && !id->is_number_integer())) return;
  const auto found = calls_.find(protocol::to_text(*id));
  if (found == calls_.end()) return;  // finished already, or never here (basic/utilities/cancellation)
  const auto call = found->second;
  if (call->run) {
    call->run->cancel();
    call->run.reset();
    services_.env.measured.calls_running.Decrement();
  }
  services_.env.measured.calls_cancelled.Increment();
  forget_call(call);
  services_.log.abandon(id_, call->request_id, resume([this, call](const base::result<bool>&) {
                          if (count_response(call->stream)) end_stream(call->stream);
                        }));
}

bool session::is_current(const call_ref& call) const {
  const auto found = calls_.find(call->request_id);
  return found != calls_.end() && found->second == call;
}

void session::forget_call(const call_ref& call) {
  call->ask_timer.reset();
  std::erase_if(questions_, [&](const auto& entry) { return entry.second.request_id == call->request_id; });
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

#include "runtime/stateless_call.hpp"

#include "protocol/errors.hpp"
#include "protocol/sse.hpp"
#include "runtime/multi_round.hpp"
#include "runtime/plain_methods.hpp"
#include "runtime/run.hpp"
#include "runtime/subscription_hub.hpp"

#include <boost/asio/dispatch.hpp>

#include <deque>

namespace hydrant::runtime {
namespace {

namespace asio = boost::asio;

/// Collects what an immediate handler sends before its result.
class collecting_sink final : public providers::call_sink {
 public:
  void notify(std::string notification) override { collected.push_back(std::move(notification)); }
  void release_stream() override {}  // there is nothing to come back to without a session
  std::vector<std::string> collected;
};

std::string as_events(const std::vector<std::string>& messages) {
  std::string out;
  for (const auto& message : messages)
    protocol::append_event(out, {}, "message", message);
  return out;
}

/// What is sent at the end of a call: a response text and the status it has as a plain answer.
struct final_response {
  int status = 200;
  std::string text;
};

class response_writer {
 public:
  response_writer(const environment& env, const protocol::message& request, const caller& who)
      : env_(env), request_id_(request.id), who_(who), binding_{who.principal, request.method, request.params} {}

  /// Takes the answers of earlier rounds into `setup`, and says what is unique to their state. A failure: the state or
  /// the answers cannot be accepted.
  base::result<std::string> restore(providers::call_setup& setup) const {
    return restore_round(*env_.keys.current(), env_.time.wall_now(), binding_, setup);
  }

  final_response write(const run_end& end, const answer_map& answers) const {
    if (const auto* value = std::get_if<run_value>(&end))
      return {200, protocol::result_response(request_id_, value->result)};
    if (const auto* failure = std::get_if<base::error>(&end)) return write(*failure);
    const auto& questions = std::get<run_questions>(end);
    if (!protocol::has_result_type(who_.revision))
      return write(
          base::fail(base::error_kind::missing_capability, "this needs to ask the client, which takes a session"));
    env_.measured.questions_asked.Increment(static_cast<double>(questions.questions.size()));
    auto result = input_required(*env_.keys.current(), env_.time.wall_now() + env_.bounds.request_state_ttl, binding_,
                                 questions, answers);
    if (!result) return write(result.error());
    return {200, protocol::result_response(request_id_, *result)};
  }

  final_response write(const base::error& failure) const {
    return {protocol::answer_status(failure.kind, who_.revision),
            protocol::error_response(request_id_, failure, who_.revision)};
  }

 private:
  const environment& env_;
  std::string request_id_;
  caller who_;
  round_binding binding_;
};

/// A call whose handler takes time. On the exchange's io thread, but for `notify`, which may come from a worker.
/// Held by its run and, while it is open, by its stream.
class timed_call final : public providers::call_sink,
                         public stream_watcher,
                         public std::enable_shared_from_this<timed_call> {
 public:
  timed_call(const environment& env, response_writer writer, std::shared_ptr<exchange> http)
      : env_(env), here_(env.io.here_or_next()), writer_(std::move(writer)), http_(std::move(http)), patience_(here_) {}

  void start(prepared_call prepared) {
    env_.measured.calls_running.Increment();
    answers_ = prepared.setup.answers;
    run_ = std::make_shared<run>(std::move(prepared), shared_from_this(), here_, env_.workers);
    http_->on_disconnect([weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->cancel();
    });
    if (!run_) return;  // the client was gone before
    open_stream_when_slow();
    run_->start(env_.bounds.call_timeout, [self = shared_from_this()](run_end end) { self->finish(end); });
  }

  void notify(std::string notification) override {
    asio::dispatch(here_, [self = shared_from_this(), text = std::move(notification)] { self->send(text); });
  }
  void release_stream() override {}

  void on_written(std::size_t writes) override {
    std::size_t events = 0;
    for (; writes > 0 && !events_per_write_.empty(); --writes, events_per_write_.pop_front())
      events += events_per_write_.front();
    if (events > 0 && run_) run_->window().leave(events);
  }
  void on_closed() override { cancel(); }

 private:
  // Some proxies hold back a response's head until its first byte; so what takes long becomes a stream soon.
  static constexpr std::chrono::milliseconds patience{1000};

  void open_stream_when_slow() {
    patience_.expires_after(patience);
    patience_.async_wait([weak = weak_from_this()](boost::system::error_code stopped) {
      const auto self = weak.lock();
      if (!stopped && self && self->run_) self->ensure_stream();
    });
  }

  void ensure_stream() {
    if (stream_ || !http_) return;
    patience_.cancel();
    std::string first;
    protocol::append_comment(first, "");
    stream_ = std::exchange(http_, nullptr)->open_stream({std::move(first), {}}, shared_from_this());
  }

  void send(const std::string& message) {
    if (!run_) return;
    ensure_stream();
    std::string event;
    protocol::append_event(event, {}, "message", message);
    events_per_write_.push_back(1);
    stream_->write(std::move(event));
  }

  void finish(const run_end& end) {
    if (!std::exchange(run_, nullptr)) return;
    env_.measured.calls_running.Decrement();
    patience_.cancel();
    auto response = writer_.write(end, answers_);
    if (!stream_)
      return std::exchange(http_, nullptr)->answer({response.status, std::move(response.text), "application/json", {}});
    std::string event;
    protocol::append_event(event, {}, "message", response.text);
    stream_->write(std::move(event));
    stream_->close();
  }

  // Closing the response stream is the cancellation (2026-07-28 basic/patterns/cancellation).
  void cancel() {
    const auto run = std::exchange(run_, nullptr);
    if (!run) return;
    env_.measured.calls_running.Decrement();
    env_.measured.calls_cancelled.Increment();
    patience_.cancel();
    run->cancel();
  }

  const environment& env_;
  asio::io_context& here_;
  response_writer writer_;
  std::shared_ptr<exchange> http_;        // until answered or streaming
  std::shared_ptr<event_stream> stream_;  // once streaming
  std::shared_ptr<run> run_;              // until finished or cancelled
  answer_map answers_;
  std::deque<std::size_t> events_per_write_;
  asio::steady_timer patience_;
};

void answer_now(const response_writer& writer, const prepared_call& prepared, exchange& http) {
  const auto sink = std::make_shared<collecting_sink>();
  auto response = writer.write(run_now(prepared, sink), prepared.setup.answers);
  if (sink->collected.empty()) return http.answer({response.status, std::move(response.text), "application/json", {}});
  sink->collected.push_back(std::move(response.text));
  http.open_stream({as_events(sink->collected), {}}, nullptr)->close();
}

void refuse(const response_writer& writer, const base::error& failure, exchange& http) {
  auto response = writer.write(failure);
  runtime::http_answer answer{response.status, std::move(response.text), "application/json", {}};
  if (answer.status == 503) answer.headers.emplace_back("Retry-After", "1");
  http.answer(std::move(answer));
}

void run_call(const environment& env, response_writer writer, prepared_call prepared, std::shared_ptr<exchange> http) {
  if (prepared.immediate()) return answer_now(writer, prepared, *http);
  std::make_shared<timed_call>(env, std::move(writer), std::move(http))->start(std::move(prepared));
}

/// Goes on if nobody has used this state before, on the thread on which the request was read.
void run_call_once(const environment& env, const std::string& state, response_writer writer, prepared_call prepared,
                   std::shared_ptr<exchange> http) {
  auto& here = env.io.here_or_next();
  const auto go_on = [&env, writer = std::move(writer), prepared = std::move(prepared),
                      http = std::move(http)](const base::result<token_use>& use) {
    if (!use) return refuse(writer, use.error(), *http);
    if (*use == token_use::first) return run_call(env, writer, prepared, http);
    refuse(writer,
           base::fail(base::error_kind::invalid_params,
                      "this requestState was used already; send the request again without it"),
           *http);
  };
  // Longer than the state is valid, since clocks of nodes differ.
  env.claim_once(state, 2 * env.bounds.request_state_ttl, [&here, go_on](const base::result<token_use>& use) {
    asio::dispatch(here, [go_on, use] { go_on(use); });
  });
}

void answer_call(const environment& env, protocol::method m, const protocol::message& request, const caller& who,
                 std::shared_ptr<exchange> http) {
  response_writer writer(env, request, who);
  auto prepared = prepare(m, request, env.catalog, who);
  if (!prepared) return refuse(writer, prepared.error(), *http);
  if (prepared->early_result)
    return http->answer({200, protocol::result_response(request.id, *prepared->early_result), "application/json", {}});
  const auto state = writer.restore(prepared->setup);
  if (!state) return refuse(writer, state.error(), *http);
  if (!prepared->immediate() && env.at_call_limit())
    return refuse(writer,
                  base::fail(base::error_kind::overloaded, "this node runs as many calls as it may; try again later"),
                  *http);
  if (!prepared->counts_answers_once()) return run_call(env, std::move(writer), std::move(*prepared), std::move(http));
  if (!state->empty()) return run_call_once(env, *state, std::move(writer), std::move(*prepared), std::move(http));
  prepared->setup.answers.clear();  // to no question of ours
  run_call(env, std::move(writer), std::move(*prepared), std::move(http));
}

// Without sessions the handshake is a courtesy: the client learns what there is, and nothing is kept.
void answer_initialize(const environment& env, const protocol::message& request, exchange& http) {
  const auto wanted = request.params.value("protocolVersion", protocol::json());
  const auto agreed = protocol::negotiate(wanted.is_string() ? wanted.get<std::string>() : "");
  http.answer(
      {200, protocol::result_response(request.id, initialize_result(env.self, agreed)), "application/json", {}});
}

}  // namespace

void answer_stateless(const environment& env, subscription_hub& hub, const protocol::message& request,
                      const caller& who, std::shared_ptr<exchange> http) {
  const auto refuse = [&](const base::error& failure) {
    http->answer({protocol::answer_status(failure.kind, who.revision),
                  protocol::error_response(request.id, failure, who.revision),
                  "application/json",
                  {}});
  };
  const auto m = protocol::find_method(request.method, who.revision);
  if (!m) return refuse(base::fail(base::error_kind::method_not_found, "no method is called " + request.method));
  if (*m == protocol::method::listen) return hub.listen(request, std::move(http));
  if (auto plain = answer_plainly(*m, request, env.catalog, env.self, who.revision)) {
    if (!*plain) return refuse(plain->error());
    return http->answer({200, protocol::result_response(request.id, **plain), "application/json", {}});
  }
  switch (*m) {
    case protocol::method::initialize: return answer_initialize(env, request, *http);
    case protocol::method::tools_call:
    case protocol::method::resources_read:
    case protocol::method::prompts_get: return answer_call(env, *m, request, who, std::move(http));
    case protocol::method::set_level:
    case protocol::method::resources_subscribe:
    case protocol::method::resources_unsubscribe:
      return refuse(base::fail(base::error_kind::method_not_found,
                               request.method + " takes a session, and this server runs without"));
    default: return refuse(base::fail(base::error_kind::method_not_found, "no method is called " + request.method));
  }
}

}  // namespace hydrant::runtime

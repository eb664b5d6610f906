#include "actors/session.hpp"

#include "actors/handshake.hpp"
#include "actors/session_parts.hpp"
#include "base/log.hpp"
#include "protocol/errors.hpp"
#include "runtime/plain_methods.hpp"

namespace hydrant::actors {

using base::error_kind;
using protocol::json;
using protocol::message_kind;
using protocol::method;

namespace {

constexpr std::size_t uri_bytes_max = 2048;              // of a subscription, which is kept
constexpr std::chrono::milliseconds acquaintance{1500};  // nodes tell of themselves every second (membership.hpp)

}  // namespace

namespace {

struct turn_maker {
  turn operator()(const push_message& push) const {
    return {turn_kind::push, [push](session& self) { self.pushed(push); }};
  }
  turn operator()(const ask_message& ask) const {
    return {turn_kind::push, [ask](session& self) { self.taken_wanted(ask.stream.stream, ask.from); }};
  }
  turn operator()(const taken_message& taken) const {
    return {turn_kind::push, [taken](session& self) { self.taken(taken.stream.stream, taken.newest); }};
  }
  turn operator()(const look_message&) const {
    return {turn_kind::push, [](session& self) { self.look_around(); }};
  }
  turn operator()(const lost_message& lost) const {
    return {turn_kind::push, [lost](session& self) { self.stream_lost(lost.stream.stream, lost.epoch); }};
  }
  turn operator()(const cancel_message& cancel) const {
    return {turn_kind::push, [cancel](session& self) { self.cancelled_elsewhere(cancel.call.request_id); }};
  }
  turn operator()(const moved_message& moved) const {
    return {turn_kind::push, [moved](session& self) { self.call_moved(moved.call.request_id); }};
  }
  turn operator()(const offer_message& offer) const {
    return {turn_kind::push, [offer](session& self) { self.adopt_call(offer.call.request_id, offer.owner); }};
  }
  turn operator()(const ended_message&) const {
    return {turn_kind::push, [](session& self) { self.expired(); }};
  }
};

}  // namespace

turn as_turn(const node_message& what) {
  return std::visit(turn_maker{}, what);
}

session::session(session_services& services, std::string id, poster post)
    : services_(services), id_(std::move(id)), post_(std::move(post)), drained_(services.draining) {}

session::~session() = default;

void session::take_turn(const turn& next) {
  const auto* outer = std::exchange(detail::current, this);
  try {
    next.run(*this);
  } catch (const std::exception& thrown) {
    // The session must not end by one request's defect; that request is answered by its exchange being let go.
    base::log(base::log_level::error, "a turn of a session threw", {{"what", thrown.what()}});
  }
  detail::current = outer;
}

bool session::idle() const {
  return calls_.empty() && streams_.empty() && withdrawn_.empty() && waiting_ == 0;
}

// Each request asks the store once whether the session lives, which also prolongs it, and whether our copy is current.
void session::with_record(std::shared_ptr<runtime::exchange> http, std::function<void()> then) {
  services_.sessions.touch(id_, resume([this, http, then](base::result<store::session_pulse> pulse) {
                             if (!pulse) {
                               if (pulse.error().kind == error_kind::session_not_found) expired();
                               return refuse(http, pulse.error());
                             }
                             if (loaded_ && record_.version == pulse->version) return then();
                             services_.sessions.load(
                                 id_, resume([this, http, then](base::result<store::session_record> record) {
                                   if (!record) return refuse(http, record.error());
                                   adopt(std::move(*record));
                                   then();
                                 }));
                           }));
}

void session::adopt(store::session_record record) {
  if (!loaded_) services_.env.measured.rehydrations.Increment();
  loaded_ = true;
  record_ = std::move(record);
  revision_ = protocol::negotiate(record_.protocol_version);
  capabilities_ =
      protocol::client_capabilities::from(json::parse(record_.client_capabilities, nullptr, false), revision_);
}

void session::refuse(const std::shared_ptr<runtime::exchange>& http, const base::error& failure) const {
  if (!http) return;
  runtime::http_answer answer{protocol::http_status(failure.kind),
                              protocol::error_response("null", failure, revision_),
                              "application/json",
                              {}};
  if (answer.status == 503) answer.headers.emplace_back("Retry-After", "1");
  http->answer(std::move(answer));
}

void session::post(std::shared_ptr<session_post> request) {
  with_record(request->http, [this, request] { process(request); });
}

void session::process(const std::shared_ptr<session_post>& request) {
  services_.env.measured.session_requests.Increment();
  if (request->batch.is_array && !protocol::allows_batch(revision_))
    return refuse(request->http, base::fail(error_kind::invalid_request,
                                            "this revision of MCP has no batches; send one message per POST"));
  if (record_.transport == store::session_transport::http_sse) return process_legacy(request, false);
  if (request->batch.is_array) return process_batch(request);
  process_single(request->batch.messages.front(), request->http);
}

void session::process_single(const protocol::message& message, const std::shared_ptr<runtime::exchange>& http) {
  const auto accepted = [http] { http->answer({202, {}, {}, {}}); };
  switch (message.kind) {
    case message_kind::request: return handle_request(message, {http, {}});
    case message_kind::notification: return handle_notification(message, accepted);
    case message_kind::response:
      return handle_answer(message, [this, http, accepted](bool kept) {
        if (kept) return accepted();
        refuse(http, base::fail(error_kind::unavailable, "the session store is away; send the answer again"));
      });
  }
}

// All responses of a batch go into one stream, which ends with the last of them.
void session::process_batch(const std::shared_ptr<session_post>& request) {
  std::size_t requests = 0;
  for (const auto& message : request->batch.messages)
    requests += message.kind == message_kind::request ? 1 : 0;
  const auto handle_all = [this, request](const reply_path& reply) {
    for (const auto& message : request->batch.messages) {
      if (message.kind == message_kind::request) handle_request(message, reply);
      if (message.kind == message_kind::notification) handle_notification(message, [] {});
      if (message.kind == message_kind::response) handle_answer(message, [](bool) {});
    }
  };
  if (requests == 0) {
    handle_all({});
    return request->http->answer({202, {}, {}, {}});
  }
  open_response_stream(request->http, requests, [handle_all](base::result<std::string> stream) {
    if (stream) handle_all({nullptr, *stream});
  });
}

// HTTP+SSE: the POST is merely accepted, every response goes into the session's one stream, wherever that is open.
void session::process_legacy(const std::shared_ptr<session_post>& request, bool waited) {
  const auto reader = streams_.find(main_stream);
  if (reader != streams_.end() && reader->second.out) return accept_legacy(request);
  services_.log.holder(
      key_of(main_stream), resume([=, this](const base::result<store::held>& held) {
        if (!held && held.error().kind == error_kind::unavailable) return refuse(request->http, held.error());
        const bool read_elsewhere = held && !held->holder.node.empty() && held->holder != services_.node;
        if (read_elsewhere && services_.others.alive(held->holder)) return accept_legacy(request);
        if (read_elsewhere && !waited) return process_legacy_later(request);
        refuse(request->http, base::fail(error_kind::stream_gone,
                                         "the SSE stream of this session is closed, so the answer could not reach "
                                         "you; reconnect with GET /sse?sessionId=<this session> and send the request "
                                         "again"));
      }));
}

// A node that has just started is in nobody's list of the living yet; a dead one will not be after this either.
void session::process_legacy_later(const std::shared_ptr<session_post>& request) {
  const auto timer = std::make_shared<boost::asio::steady_timer>(services_.env.io.here_or_next(), acquaintance);
  timer->async_wait([post = post_, timer, request](boost::system::error_code) {
    post({turn_kind::request, [request](session& self) { self.process_legacy(request, true); }});
  });
}

void session::accept_legacy(const std::shared_ptr<session_post>& request) {
  request->http->answer({202, "Accepted", "text/plain", {}});
  for (const auto& message : request->batch.messages) {
    if (message.kind == message_kind::request) handle_request(message, {nullptr, main_stream});
    if (message.kind == message_kind::notification) handle_notification(message, [] {});
    if (message.kind == message_kind::response) handle_answer(message, [](bool) {});
  }
}

void session::handle_request(const protocol::message& message, const reply_path& reply) {
  const auto m = protocol::find_method(message.method, revision_);
  if (!m)
    return answer_error(reply, message.id,
                        base::fail(error_kind::method_not_found, "no method is called " + message.method));
  if (auto plain = runtime::answer_plainly(*m, message, services_.env.catalog, services_.env.self, revision_)) {
    if (!*plain) return answer_error(reply, message.id, plain->error());
    return answer_result(reply, message.id, **plain);
  }
  switch (*m) {
    case method::initialize: return complete_legacy_session(message, reply);
    case method::set_level: return set_log_level(message, reply);
    case method::resources_subscribe:
    case method::resources_unsubscribe: return change_subscription(*m, message, reply);
    default: return start_call(*m, message, reply);
  }
}

// HTTP+SSE opens its session with the stream; only then comes `initialize`, once.
void session::complete_legacy_session(const protocol::message& message, const reply_path& reply) {
  if (record_.transport != store::session_transport::http_sse || record_.client_info != no_client_info)
    return answer_error(reply, message.id,
                        base::fail(error_kind::invalid_request, "this session is initialized already"));
  auto agreed = read_handshake(message.params);
  if (!agreed) return answer_error(reply, message.id, agreed.error());
  update_record([agreed = *agreed](store::session_record& record) { agreed.enter(record); },
                [this, id = message.id, reply](const base::result<>& updated) {
                  if (!updated) return answer_error(reply, id, updated.error());
                  answer_result(reply, id, runtime::initialize_result(services_.env.self, revision_));
                });
}

void session::handle_notification(const protocol::message& message, std::function<void()> then) {
  if (message.method == "notifications/cancelled") cancel_call(message);
  if (message.method != "notifications/initialized" || record_.initialized) return then();
  update_record([](store::session_record& record) { record.initialized = true; },
                [then](const base::result<>&) { then(); });
}

void session::set_log_level(const protocol::message& message, const reply_path& reply) {
  const auto level = message.params.value("level", json());
  if (!level.is_string() || !protocol::parse_logging_level(level.get<std::string>()))
    return answer_error(
        reply, message.id,
        base::fail(error_kind::invalid_params,
                   "level must be one of debug, info, notice, warning, error, critical, alert, emergency"));
  update_record([level = level.get<std::string>()](store::session_record& record) { record.log_level = level; },
                [this, id = message.id, reply](const base::result<>& updated) {
                  if (!updated) return answer_error(reply, id, updated.error());
                  answer_result(reply, id, "{}");
                });
}

void session::change_subscription(method m, const protocol::message& message, const reply_path& reply) {
  const auto uri = message.params.value("uri", json());
  if (!uri.is_string())
    return answer_error(reply, message.id, base::fail(error_kind::invalid_params, "uri must be a string"));
  auto done = resume([this, id = message.id, reply](const base::result<>& changed) {
    if (!changed) return answer_error(reply, id, changed.error());
    answer_result(reply, id, "{}");
  });
  const auto text = uri.get<std::string>();
  if (text.size() > uri_bytes_max)
    return answer_error(reply, message.id, base::fail(error_kind::invalid_params, "uri is too long"));
  if (m == method::resources_unsubscribe) return services_.sessions.unsubscribe(id_, text, std::move(done));
  services_.sessions.subscribe(id_, text, std::move(done));
}

// Compare-and-set: whoever loses reads what the winner wrote and applies its own change to that.
void session::update_record(std::function<void(store::session_record&)> change,
                            std::function<void(base::result<>)> done, int tries) {
  auto wanted = record_;
  change(wanted);
  services_.sessions.update(wanted, resume([this, wanted, change, done, tries](base::result<std::uint64_t> version) {
                              if (version) {
                                auto updated = wanted;
                                updated.version = *version;
                                adopt(std::move(updated));
                                return done({});
                              }
                              if (version.error().kind != error_kind::conflict || tries <= 1)
                                return done(version.error());
                              services_.sessions.load(
                                  id_, resume([this, change, done, tries](base::result<store::session_record> record) {
                                    if (!record) return done(record.error());
                                    adopt(std::move(*record));
                                    update_record(change, done, tries - 1);
                                  }));
                            }));
}

void session::answer(const reply_path& reply, std::string text) {
  if (reply.stream.empty()) return reply.http->answer({200, std::move(text), "application/json", {}});
  const auto by = own_writer(reply.stream);
  write(by, std::move(text), nullptr);
  if (count_response(reply.stream)) when_written(by, [this, stream = reply.stream] { end_stream(stream); });
}

void session::answer_result(const reply_path& reply, const std::string& id, std::string_view result) {
  answer(reply, protocol::result_response(id, result));
}

void session::answer_error(const reply_path& reply, const std::string& id, const base::error& failure) {
  auto text = protocol::error_response(id, failure, revision_);
  const bool refused = failure.kind == error_kind::conflict || failure.kind == error_kind::overloaded ||
                       failure.kind == error_kind::unavailable;
  if (!refused || !reply.stream.empty()) return answer(reply, std::move(text));
  runtime::http_answer answer{protocol::http_status(failure.kind), std::move(text), "application/json", {}};
  if (answer.status == 503) answer.headers.emplace_back("Retry-After", "1");
  reply.http->answer(std::move(answer));
}

runtime::caller session::caller_now() const {
  const auto level = protocol::parse_logging_level(record_.log_level);
  return {revision_, capabilities_, record_.principal, level.value_or(protocol::logging_level::info)};
}

void session::end(std::shared_ptr<runtime::exchange> http) {
  services_.sessions.remove(id_, resume([this, http](base::result<bool> existed) {
                              if (!existed) return refuse(http, existed.error());
                              if (!*existed)
                                return refuse(http, base::fail(error_kind::session_not_found, "no such session"));
                              services_.log.remove(id_, [](const base::result<>&) {});
                              services_.others.tell_all(ended_message{id_});
                              services_.env.measured.sessions_ended.Increment();
                              expired();
                              http->answer({204, {}, {}, {}});
                            }));
}

}  // namespace hydrant::actors

#include "actors/session_service.hpp"

#include "actors/handshake.hpp"
#include "actors/session.hpp"
#include "base/ids.hpp"
#include "protocol/errors.hpp"
#include "protocol/sse.hpp"
#include "runtime/plain_methods.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace hydrant::actors {
namespace {

void refuse(runtime::exchange& http, const std::string& id, const base::error& failure, int status) {
  runtime::http_answer answer{
      status, protocol::error_response(id, failure, protocol::revision::r2025_11_25), "application/json", {}};
  if (status == 503) answer.headers.emplace_back("Retry-After", "5");
  http.answer(std::move(answer));
}

constexpr std::size_t parts = 30;  // so each is looked after twice a minute

std::string endpoint_event(const std::string& messages_path, const std::string& session_id) {
  std::string out;
  protocol::append_event(out, {}, "endpoint", messages_path + "?sessionId=" + session_id);
  return out;
}

}  // namespace

session_service::session_service(const runtime::environment& env, store::session_store& sessions, store::event_log& log,
                                 bus::bus& messages, runtime::subscription_hub& hub, store::node_ref node,
                                 scheduling how)
    : services_{env, sessions, log, *this, std::move(node)}, bus_(messages), hub_(hub), directory_(env.io, how) {
  directory_.start(services_);
}

void session_service::create(store::session_record record, std::function<void(base::result<>)> done) {
  record.created_at = services_.env.time.wall_now();
  services_.sessions.create(std::move(record), services_.env.bounds.session_ttl,
                            [this, done = std::move(done)](const base::result<>& created) {
                              if (created) services_.env.measured.sessions_created.Increment();
                              done(created);
                            });
}

void session_service::initialize(const protocol::message& request, std::shared_ptr<runtime::exchange> http) {
  const auto client = read_handshake(request.params);
  if (!client) return refuse(*http, request.id, client.error(), 200);
  store::session_record record;
  record.id = base::new_session_id();
  client->enter(record);
  create(record,
         [this, http, id = request.id, session = record.id, agreed = client->agreed](const base::result<>& created) {
           if (!created) return refuse(*http, id, created.error(), protocol::http_status(created.error().kind));
           http->answer({200,
                         protocol::result_response(id, runtime::initialize_result(services_.env.self, agreed)),
                         "application/json",
                         {{"Mcp-Session-Id", session}}});
         });
}

void session_service::post(const std::string& session_id, protocol::message_batch batch,
                           std::shared_ptr<runtime::exchange> http) {
  auto request = std::make_shared<session_post>(session_post{std::move(batch), std::move(http)});
  directory_.send(session_id, {turn_kind::request, [request](session& self) { self.post(request); }});
}

void session_service::open_stream(const std::string& session_id, std::string last_event_id,
                                  std::shared_ptr<runtime::exchange> http) {
  directory_.send(session_id, {turn_kind::request, [cursor = std::move(last_event_id), http](session& self) {
                                 self.open_stream(cursor, http);
                               }});
}

void session_service::end(const std::string& session_id, std::shared_ptr<runtime::exchange> http) {
  directory_.send(session_id, {turn_kind::request, [http](session& self) { self.end(http); }});
}

void session_service::open_legacy(const std::string& session_id, std::string last_event_id, std::string messages_path,
                                  std::shared_ptr<runtime::exchange> http) {
  if (session_id.empty()) return open_new_legacy(messages_path, std::move(http));
  directory_.send(session_id, {turn_kind::request,
                               [cursor = std::move(last_event_id), head = endpoint_event(messages_path, session_id),
                                http](session& self) { self.open_legacy_stream(cursor, head, http); }});
}

// HTTP+SSE has its session before `initialize` comes, so the record is completed by that (session::handle_request).
void session_service::open_new_legacy(const std::string& messages_path, std::shared_ptr<runtime::exchange> http) {
  store::session_record record;
  record.id = base::new_session_id();
  record.transport = store::session_transport::http_sse;
  record.protocol_version = protocol::name_of(protocol::revision::r2024_11_05);
  record.client_info = record.client_capabilities = no_client_info;
  create(record, [this, id = record.id, messages_path, http](const base::result<>& created) {
    if (!created) return refuse(*http, "null", created.error(), protocol::http_status(created.error().kind));
    open_legacy(id, {}, messages_path, http);
  });
}

void session_service::deliver(const runtime::change& what) {
  boost::asio::post(services_.env.io.here_or_next(), [this, what] {
    hub_.deliver(what);
    if (what.kind != runtime::change_kind::resource)
      directory_.send_all({turn_kind::push, [what](session& self) { self.announce(what); }});
  });
}

void session_service::announce(const runtime::change& what) {
  bus_.publish(changes_subject, runtime::to_text(what));
  if (what.kind != runtime::change_kind::resource) return;
  boost::asio::post(services_.env.io.here_or_next(), [this, uri = what.uri] { tell_subscribers(uri); });
}

// The node on which a resource changed appends to the log of every subscriber; so it happens once.
void session_service::tell_subscribers(const std::string& uri) {
  services_.sessions.subscribers(uri, [this, uri](const base::result<std::vector<std::string>>& ids) {
    if (!ids) return;
    const auto text =
        protocol::notification(runtime::notification_method(runtime::change_kind::resource),
                               "{" + runtime::notification_members({runtime::change_kind::resource, uri}) + "}");
    for (const auto& id : *ids)
      append_for(id, text);
  });
}

void session_service::append_for(const std::string& session_id, const std::string& text) {
  const store::stream_key stream{session_id, main_stream};
  services_.log.append(stream, {}, text, [this, stream, text](const base::result<store::appended>& where) {
    if (!where) return;
    services_.env.measured.events_appended.Increment();
    const push_message event{stream, *where, true, text, {}};
    if (where->holder == services_.node) return receive(event);
    if (!where->holder.node.empty()) tell(where->holder.node, event);  // else it waits in the log
  });
}

// A dot would begin a new word of the subject. Two nodes that differ in a dot only hear each other's messages too,
// which the fences of streams and calls make harmless.
std::string session_service::subject_of(std::string node) {
  std::ranges::replace(node, '.', '-');
  return "hydrant.node." + node;
}

void session_service::tell(const std::string& node, const node_message& what) {
  bus_.publish(subject_of(node), to_text(what));
}

void session_service::tell_all(const node_message& what) {
  bus_.publish(all_nodes_subject, to_text(what));
}

// Whoever is gone may have appended something and died before it said so.
void session_service::know_alive(std::vector<store::node_ref> processes) {
  bool missing = false;
  {
    const std::lock_guard lock(alive_mutex_);
    for (const auto& before : alive_.value_or(std::vector<store::node_ref>{}))
      missing = missing || std::ranges::count(processes, before) == 0;
    alive_ = std::move(processes);
  }
  if (missing) look_around();
}

bool session_service::alive(const store::node_ref& process) const {
  const std::lock_guard lock(alive_mutex_);
  return !alive_ || std::ranges::count(*alive_, process) > 0;
}

std::string session_service::another() const {
  const std::lock_guard lock(alive_mutex_);
  std::vector<std::string> others;
  for (const auto& process : alive_.value_or(std::vector<store::node_ref>{}))
    if (process.node != services_.node.node) others.push_back(process.node);
  return others.empty() ? std::string() : others[next_other_++ % others.size()];
}

void session_service::receive(const node_message& what) {
  // What is offered is no hint to who knows the session: any node may take it. Not one that goes away itself.
  if (std::holds_alternative<offer_message>(what)) {
    if (!services_.draining) directory_.send(session_of(what), as_turn(what));
    return;
  }
  directory_.send_if_live(session_of(what), as_turn(what));
}

void session_service::look_around() {
  directory_.send_all({turn_kind::push, [](session& self) { self.look_around(); }});
}

void session_service::catch_up() {
  look_around();
  hub_.catch_up();
  for (const auto kind : {runtime::change_kind::tools, runtime::change_kind::prompts, runtime::change_kind::resources})
    directory_.send_all({turn_kind::push, [kind](session& self) { self.announce({kind, {}}); }});
}

void session_service::adopt(const store::node_ref& dead, const std::vector<store::call_ref>& calls) {
  if (services_.draining && !another().empty()) return;  // it would have to hand them over again
  for (const auto& call : calls)
    directory_.send(call.session, {turn_kind::housekeeping, [request = call.request_id, dead](session& self) {
                                     self.adopt_call(request, dead);
                                   }});
}

void session_service::expired(const std::vector<std::string>& session_ids) {
  for (const auto& id : session_ids) {
    services_.env.measured.sessions_ended.Increment();
    directory_.send_if_live(id, {turn_kind::housekeeping, [](session& self) { self.expired(); }});
  }
}

void session_service::tick() {
  directory_.passivate_idle();
  // A part of them each second, so that the store is not asked about all at once.
  directory_.send_part(ticks_++ % parts, parts, {turn_kind::housekeeping, [](session& self) { self.keep_alive(); }});
}

void session_service::cancel_calls() {
  directory_.send_all({turn_kind::housekeeping, [](session& self) { self.cancel_calls(); }});
}

void session_service::store_restarted() {
  directory_.send_all({turn_kind::housekeeping, [](session& self) { self.store_restarted(); }});
}

void session_service::hand_over_calls(movable which) {
  if (another().empty()) return;
  directory_.send_all({turn_kind::housekeeping, [which](session& self) { self.hand_over_calls(which); }});
}

void session_service::drain() {
  services_.draining = true;
  directory_.send_all({turn_kind::housekeeping, [](session& self) { self.close_streams(farewell::drained); }});
}

}  // namespace hydrant::actors

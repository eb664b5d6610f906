#pragma once

// A session without an actor: its turns wait in a queue that the test empties by hand.

#include "actors/handshake.hpp"
#include "actors/session.hpp"
#include "store/memory_store.hpp"
#include "tests/support/recorded_exchange.hpp"
#include "tests/unit/actors/meddled_events.hpp"
#include "tests/unit/runtime/calls.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace hydrant::actors {

using protocol::json;
using protocol::revision;
using support::recorded_exchange;
using support::recorded_stream;
using exchange_ref = std::shared_ptr<recorded_exchange>;
using stream_ref = std::shared_ptr<recorded_stream>;

/// A store through which another node may come first, or which does not answer.
class meddled_sessions final : public store::session_store {
 public:
  explicit meddled_sessions(store::session_store& real) : real_(real) {}

  std::function<void()> before_update;
  bool away = false;
  int updates = 0;
  int touches = 0;

  void create(store::session_record record, std::chrono::milliseconds ttl, store::completion<> done) override {
    real_.create(std::move(record), ttl, std::move(done));
  }
  void load(std::string_view id, store::completion<store::session_record> done) override {
    real_.load(id, std::move(done));
  }
  void touch(std::string_view id, store::completion<store::session_pulse> done) override {
    ++touches;
    if (away) return done(base::fail(base::error_kind::unavailable, "the store is away"));
    real_.touch(id, std::move(done));
  }
  void update(store::session_record record, store::completion<std::uint64_t> done) override {
    ++updates;
    if (before_update) before_update();
    real_.update(std::move(record), std::move(done));
  }
  void remove(std::string_view id, store::completion<bool> done) override { real_.remove(id, std::move(done)); }
  void subscribe(std::string_view id, std::string_view uri, store::completion<> done) override {
    real_.subscribe(id, uri, std::move(done));
  }
  void unsubscribe(std::string_view id, std::string_view uri, store::completion<> done) override {
    real_.unsubscribe(id, uri, std::move(done));
  }
  void subscribers(std::string_view uri, store::completion<std::vector<std::string>> done) override {
    real_.subscribers(uri, std::move(done));
  }
  void count(store::completion<std::size_t> done) override { real_.count(std::move(done)); }

 private:
  store::session_store& real_;
};

/// Turns of one session, put by any thread, taken by the test.
class turn_queue {
 public:
  void put(turn next) {
    const std::lock_guard lock(mutex_);
    turns_.push_back(std::move(next));
  }
  std::optional<turn> take() {
    const std::lock_guard lock(mutex_);
    if (turns_.empty()) return std::nullopt;
    auto next = std::move(turns_.front());
    turns_.pop_front();
    return next;
  }

 private:
  std::mutex mutex_;
  std::deque<turn> turns_;
};

/// Hands messages to the session on the node that they are for, as the session service does.
class recorded_peers final : public peers {
 public:
  void tell(const std::string& node, const node_message& what) override {
    ++told;
    const auto to = queues.find(node);
    if (to == queues.end() || losing) return;
    to->second->put(as_turn(what));
  }
  void tell_all(const node_message& what) override {
    for (const auto& [node, queue] : queues)
      tell(node, what);
  }
  bool reachable() const override { return true; }
  bool alive(const store::node_ref& process) const override { return dead.count(process.node) == 0; }
  std::string another() const override { return offered_to; }

  std::map<std::string, std::shared_ptr<turn_queue>> queues;  // by node
  std::set<std::string> dead;
  std::string offered_to;
  bool losing = false;
  int told = 0;
};

inline constexpr const char* session_id = "session-1";

class session_test : public testing::Test {
 protected:
  explicit session_test(store::memory_limits limits = {}) : store_(e_.time, limits) {
    demo_.contribute(e_.catalog, changes_);
    runtime::add_talking_tools(e_.catalog, seen_);
    runtime::add_failing_tools(e_.catalog);
    e_.catalog.add(runtime::tool("log").immediate([](runtime::call& c) -> runtime::outcome<runtime::tool_result> {
      c.log(protocol::logging_level::info, "said");
      return protocol::text_result("logged");
    }));
    others_.queues[node_.node] = queue_;
    given_session(revision::r2025_11_25);
  }

  /// Puts a session into the store, as `initialize` does.
  void given_session(revision r, json capabilities = {{"elicitation", json::object()}, {"sampling", json::object()}},
                     store::session_transport transport = store::session_transport::streamable_http) {
    store_.sessions().remove(session_id, [](const base::result<bool>&) {});
    store::session_record record;
    record.id = session_id;
    record.transport = transport;
    record.protocol_version = protocol::name_of(r);
    record.client_info = transport == store::session_transport::http_sse ? no_client_info : R"({"name":"c"})";
    record.client_capabilities = capabilities.dump();
    store_.sessions().create(record, e_.bounds.session_ttl, [](const base::result<>& made) { ASSERT_TRUE(made); });
  }

  // What reaches the session.
  void take(std::function<void(session&)> step, turn_kind kind = turn_kind::request) {
    queue_->put({kind, std::move(step)});
    pump();
  }
  /// Takes every turn that is ready, and what they lead to; never waits.
  void pump() {
    for (;;) {
      const auto ran = e_.io.at(0).poll();
      auto next = queue_->take();
      if (!next && ran == 0) return;
      for (; next; next = queue_->take())
        self_.take_turn(*next);
    }
  }
  /// The same, also for what workers bring; false: it did not come in time.
  bool pump_until(const std::function<bool()>& done) {
    return e_.run_until([&] {
      pump();
      return done();
    });
  }
  exchange_ref post_text(std::string body) {
    auto batch = protocol::read_messages(body);
    auto http = std::make_shared<recorded_exchange>();
    auto request = std::make_shared<session_post>(session_post{std::move(batch.value()), http});
    take([request](session& self) { self.post(request); });
    return http;
  }
  exchange_ref post(const json& message) { return post_text(message.dump()); }
  exchange_ref get(std::string last_event_id = {}) {
    auto http = std::make_shared<recorded_exchange>();
    take([http, last_event_id](session& self) { self.open_stream(last_event_id, http); });
    return http;
  }
  exchange_ref end_session() {
    auto http = std::make_shared<recorded_exchange>();
    take([http](session& self) { self.end(http); });
    return http;
  }
  /// The client went away, or has everything; the session hears of it.
  void finish(const stream_ref& stream) {
    stream->finish();
    pump();
  }
  /// The client reads everything until nothing more comes.
  void read_to_the_end(const stream_ref& stream) {
    do {
      stream->read_all();
      pump();
    } while (stream->unread() > 0);
  }

  // What clients send.
  static json request(json id, const std::string& method, json params = json::object()) {
    return {{"jsonrpc", "2.0"}, {"id", std::move(id)}, {"method", method}, {"params", std::move(params)}};
  }
  static json tool_call(json id, const std::string& tool, json arguments = json::object()) {
    return request(std::move(id), "tools/call",
                   {{"name", tool}, {"arguments", std::move(arguments)}, {"_meta", {{"progressToken", "t"}}}});
  }
  static json notification(const std::string& method, json params = json::object()) {
    return {{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}};
  }
  static json cancelled(const json& id) { return notification("notifications/cancelled", {{"requestId", id}}); }
  static json answer_to(const json& question, json result) {
    return {{"jsonrpc", "2.0"}, {"id", question["id"]}, {"result", std::move(result)}};
  }
  static json countdown(json id, int from) {
    return tool_call(std::move(id), "countdown", {{"from", from}, {"interval_ms", 0}});
  }

  // What the store says.
  store::session_record record() {
    store::session_record out;
    store_.sessions().load(session_id, [&](base::result<store::session_record> got) { out = std::move(got.value()); });
    return out;
  }
  std::vector<store::pending_call> pending() {
    std::vector<store::pending_call> out;
    store_.events().pending(session_id,
                            [&](base::result<std::vector<store::pending_call>> got) { out = std::move(got.value()); });
    return out;
  }
  std::vector<std::string> subscribers(const std::string& uri) {
    std::vector<std::string> out;
    store_.sessions().subscribers(uri,
                                  [&](base::result<std::vector<std::string>> got) { out = std::move(got.value()); });
    return out;
  }
  /// Another writer changes the record.
  void change_behind_its_back(const std::function<void(store::session_record&)>& change) {
    auto changed = record();
    change(changed);
    store_.sessions().update(changed, [](const base::result<std::uint64_t>& done) { ASSERT_TRUE(done); });
  }
  /// Appends to a stream as a foreign producer does, and pushes to whoever holds it.
  void append(const std::string& stream, const std::string& message) {
    store_.events().append({session_id, stream}, {}, message, [&](const base::result<store::appended>& where) {
      if (!where.value().holder.node.empty())
        others_.tell(where.value().holder.node, push_message{{session_id, stream}, *where, true, message, {}});
    });
    pump();
  }
  double open_streams() { return e_.measured.streams_open.Value(); }
  double running() { return e_.measured.calls_running.Value(); }

  runtime::traces seen_;
  support::recorded_changes changes_;
  providers::demo_provider demo_;
  support::test_environment e_;
  store::memory_store store_;
  meddled_sessions sessions_{store_.sessions()};
  const store::node_ref node_{"node-a", "boot-1"};
  const std::shared_ptr<turn_queue> queue_ = std::make_shared<turn_queue>();
  recorded_peers others_;
  meddled_events events_{store_.events()};
  session_services services_{e_.env, sessions_, events_, others_, node_};
  session self_{services_, session_id, [queue = queue_](turn next) { queue->put(std::move(next)); }};
};

/// The text of a tool call's response.
inline std::string text_of(const json& response) {
  return response.at("result").at("content").at(0).at("text");
}

/// The ids of a stream's events, in order.
inline std::vector<std::string> ids(const recorded_stream& stream) {
  std::vector<std::string> out;
  for (const auto& event : stream.events())
    out.push_back(event.id);
  return out;
}

}  // namespace hydrant::actors

#pragma once

// One session on two nodes that share a store.

#include "tests/unit/actors/session_fixture.hpp"

namespace hydrant::actors {

class two_nodes : public session_test {
 protected:
  two_nodes() {
    others_.queues["node-b"] = queue_b_;
    e_.catalog.add(runtime::tool("ask_both").async([](runtime::call& c) -> runtime::tool_task {
      const auto* first = c.ask("first", protocol::list_roots());
      const auto* second = c.ask("second", protocol::list_roots());
      if (!first || !second) co_return c.wait<runtime::tool_result>();
      co_return protocol::text_result("both");
    }));
    e_.catalog.add(runtime::tool("ask_and_tell_credentials").async([](runtime::call& c) -> runtime::tool_task {
      if (!c.ask("first", protocol::list_roots())) co_return c.wait<runtime::tool_result>();
      co_return protocol::text_result(c.authorization());
    }));
    e_.catalog.add(runtime::tool("long_work").async([](runtime::call& c) -> runtime::tool_task {
      co_await c.sleep(std::chrono::hours(1));
      co_return protocol::text_result("done");
    }));
  }

  /// A call that takes an hour and may not run twice.
  stream_ref long_work() { return post(tool_call(1, "long_work"))->stream(); }

  void at_b(std::function<void(session&)> step) {
    queue_b_->put({turn_kind::request, std::move(step)});
    pump_both();
  }
  exchange_ref post_at_b(const json& message, const std::string& authorization = {}) {
    auto body = message.dump();
    auto http = std::make_shared<recorded_exchange>();
    auto request = std::make_shared<session_post>(session_post{std::move(protocol::read_messages(body).value()), http});
    for (auto& one : request->batch.messages)
      one.authorization = authorization;
    at_b([request](session& self) { self.post(request); });
    return http;
  }
  exchange_ref get_at_b(const std::string& last_event_id) {
    auto http = std::make_shared<recorded_exchange>();
    at_b([=](session& self) { self.open_stream(last_event_id, http); });
    return http;
  }
  /// What both nodes have to do, until there is nothing left.
  void pump_both() {
    for (bool busy = true; busy;) {
      pump();
      busy = false;
      for (auto next = queue_b_->take(); next; next = queue_b_->take()) {
        b_.take_turn(*next);
        busy = true;
      }
    }
  }
  /// Node a is gone: it takes no turn any more, and nobody hears of it.
  void kill_a() {
    others_.queues.erase("node-a");
    others_.dead.insert("node-a");
  }
  void adopt_at_b(const std::string& request_id) {
    at_b([=, this](session& self) { self.adopt_call(request_id, node_); });
  }
  /// The client reads all that comes at b until `done`.
  bool read_at_b(const stream_ref& stream, const std::function<bool()>& done) {
    return e_.run_until([&] {
      e_.poll();
      for (auto next = queue_b_->take(); next; next = queue_b_->take())
        b_.take_turn(*next);
      stream->read_all();
      return done();
    });
  }
  static std::vector<int> steps(const recorded_stream& stream) {
    std::vector<int> out;
    for (const auto& message : stream.messages())
      if (message.contains("method") && message["method"] == "notifications/progress")
        out.push_back(message["params"]["progress"].get<int>());
    return out;
  }
  static std::vector<int> counted_to(int last) {
    std::vector<int> out;
    for (int i = 1; i <= last; ++i)
      out.push_back(i);
    return out;
  }
  static json confirm(int id) { return tool_call(id, "confirm", {{"question", "Go?"}}); }
  static json no() { return {{"action", "decline"}}; }

  const std::shared_ptr<turn_queue> queue_b_ = std::make_shared<turn_queue>();
  meddled_events events_b_{store_.events()};
  session_services services_b_{e_.env, sessions_, events_b_, others_, {"node-b", "boot-1"}};
  session b_{services_b_, session_id, [queue = queue_b_](turn next) { queue->put(std::move(next)); }};
};

}  // namespace hydrant::actors

// One session on two nodes that share a store: whatever reaches either of them, the client sees one server.

#include "tests/unit/actors/session_fixture.hpp"

#include <gmock/gmock.h>

namespace hydrant::actors {
namespace {

using testing::HasSubstr;

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
  exchange_ref post_at_b(const json& message) {
    auto body = message.dump();
    auto http = std::make_shared<recorded_exchange>();
    auto request = std::make_shared<session_post>(session_post{std::move(protocol::read_messages(body).value()), http});
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

TEST_F(two_nodes, a_stream_that_is_read_elsewhere_gets_what_is_appended_here) {
  const auto at_a = post(confirm(1))->stream();
  const auto question = at_a->messages()[0];
  finish(at_a);
  const auto stream = get_at_b(at_a->last_event_id())->stream();
  post(answer_to(question, no()));
  pump_both();
  ASSERT_EQ(stream->messages().size(), 1U);
  EXPECT_EQ(text_of(stream->messages()[0]), "no answer: decline");
  stream->read_all();
  pump_both();
  EXPECT_TRUE(stream->closed()) << "it ends with the response, also where another node gave it";
}

TEST_F(two_nodes, an_answer_that_reaches_the_other_node_makes_the_call_go_on_there) {
  const auto stream = post(confirm(1))->stream();
  EXPECT_EQ(post_at_b(answer_to(stream->messages()[0], no()))->status(), 202);
  ASSERT_EQ(stream->messages().size(), 2U);
  EXPECT_EQ(text_of(stream->messages()[1]), "no answer: decline");
  EXPECT_TRUE(stream->closed());
  EXPECT_TRUE(pending().empty());
  EXPECT_EQ(e_.measured.stale_writes_refused.Value(), 0);
}

TEST_F(two_nodes, answers_of_one_round_may_reach_different_nodes) {
  given_session(revision::r2025_11_25, {{"roots", json::object()}});
  const auto stream = post(tool_call(1, "ask_both"))->stream();
  const auto questions = stream->messages();
  ASSERT_EQ(questions.size(), 2U);
  const json roots{{"roots", json::array()}};
  post(answer_to(questions[0], roots));
  post_at_b(answer_to(questions[1], roots));
  ASSERT_TRUE(e_.run_until([&] {
    pump_both();
    return stream->closed();
  }));
  EXPECT_EQ(text_of(stream->messages().back()), "both");
  EXPECT_EQ(stream->messages().size(), 3U);
}

TEST_F(two_nodes, a_cancellation_that_reaches_the_other_node_stops_the_call) {
  const auto stream = long_work();
  EXPECT_EQ(running(), 1);
  EXPECT_EQ(post_at_b(cancelled(1))->status(), 202);
  pump_both();
  EXPECT_EQ(running(), 0);
  EXPECT_TRUE(stream->closed());
  EXPECT_TRUE(pending().empty());
}

TEST_F(two_nodes, a_newer_reader_at_the_other_node_ends_the_older_one) {
  const auto at_a = get()->stream();
  const auto at_b = get_at_b({})->stream();
  pump_both();
  EXPECT_TRUE(at_a->closed());
  EXPECT_FALSE(at_b->closed());
}

TEST_F(two_nodes, deleting_a_session_at_the_other_node_ends_its_streams_here) {
  const auto at_a = get()->stream();
  auto http = std::make_shared<recorded_exchange>();
  at_b([http](session& self) { self.end(http); });
  pump_both();
  EXPECT_EQ(http->status(), 204);
  EXPECT_TRUE(at_a->closed());
}

TEST_F(two_nodes, a_push_that_got_lost_is_found_when_the_node_looks_around) {
  finish(get()->stream());
  const auto stream = get_at_b({})->stream();
  others_.losing = true;
  append(main_stream, R"({"jsonrpc":"2.0","method":"notifications/x"})");
  pump_both();
  EXPECT_TRUE(stream->messages().empty());
  at_b([](session& self) { self.look_around(); });
  EXPECT_EQ(stream->messages().size(), 1U);
}

TEST_F(two_nodes, a_takeover_that_got_lost_is_found_when_the_node_looks_around) {
  const auto at_a = get()->stream();
  others_.losing = true;
  get_at_b({});
  EXPECT_FALSE(at_a->closed());
  take([](session& self) { self.look_around(); });
  EXPECT_TRUE(at_a->closed());
}

TEST_F(two_nodes, an_event_that_comes_before_its_attachment_is_known_is_not_missed) {
  finish(get()->stream());
  events_b_.fault = log_fault::answers_late;
  auto http = std::make_shared<recorded_exchange>();
  at_b([http](session& self) { self.open_stream({}, http); });
  append(main_stream, R"({"jsonrpc":"2.0","method":"notifications/x"})");
  pump_both();
  events_b_.fault = log_fault::none;
  events_b_.release();
  pump_both();
  EXPECT_EQ(http->stream()->messages().size(), 1U);
}

TEST_F(two_nodes, a_repeatable_call_of_a_dead_node_goes_on_without_a_step_lost_or_doubled) {
  const auto at_a = post(countdown(1, 600))->stream();
  at_a->read(20);
  pump();
  const auto seen = steps(*at_a);
  ASSERT_LT(seen.size(), 600U) << "its client has not read enough for it to end";
  kill_a();
  const auto stream = get_at_b(at_a->last_event_id())->stream();
  adopt_at_b("1");
  ASSERT_TRUE(read_at_b(stream, [&] { return stream->closed(); }));
  auto all = seen;
  const auto rest = steps(*stream);
  all.insert(all.end(), rest.begin(), rest.end());
  EXPECT_EQ(all, counted_to(600));
  EXPECT_EQ(text_of(stream->messages().back()), "liftoff");
  EXPECT_TRUE(pending().empty());
}

TEST_F(two_nodes, a_call_waits_for_the_client_that_reads_at_the_other_node) {
  const auto at_a = post(countdown(1, 5000))->stream();
  finish(at_a);
  const auto stream = get_at_b(at_a->last_event_id())->stream();
  const auto logged = [&] {
    std::size_t events = 0;
    store_.events().read({session_id, pending().at(0).stream}, {}, {10'000, 10'000'000},
                         [&](const base::result<store::replay>& read) { events = read->events.size(); });
    return events;
  };
  pump_both();
  EXPECT_LE(logged(), 300U) << "its client has read nothing yet";
  ASSERT_TRUE(e_.run_until([&] {
    pump_both();
    stream->read_all();
    return stream->closed();
  }));
  auto all = steps(*at_a);
  const auto rest = steps(*stream);
  all.insert(all.end(), rest.begin(), rest.end());
  EXPECT_EQ(all, counted_to(5000));
}

TEST_F(two_nodes, a_call_of_a_dead_node_that_may_not_run_twice_is_answered_with_an_error) {
  const auto at_a = long_work();
  kill_a();
  const auto stream = get_at_b(at_a->last_event_id())->stream();
  adopt_at_b("1");
  ASSERT_EQ(stream->messages().size(), 1U);
  EXPECT_THAT(stream->messages()[0]["error"]["message"].get<std::string>(), HasSubstr("died"));
  EXPECT_TRUE(pending().empty());
  stream->read_all();
  pump_both();
  EXPECT_TRUE(stream->closed());
}

TEST_F(two_nodes, a_question_of_a_dead_node_stays_open_and_is_not_put_twice) {
  const auto at_a = post(confirm(1))->stream();
  const auto question = at_a->messages()[0];
  kill_a();
  const auto stream = get_at_b(at_a->last_event_id())->stream();
  adopt_at_b("1");
  EXPECT_TRUE(stream->messages().empty()) << "the client has it already";
  post_at_b(answer_to(question, no()));
  ASSERT_EQ(stream->messages().size(), 1U);
  EXPECT_EQ(text_of(stream->messages()[0]), "no answer: decline");
}

TEST_F(two_nodes, what_a_dead_node_appended_and_did_not_push_keeps_its_place) {
  const auto at_a = post(tool_call(1, "countdown", {{"from", 3}, {"interval_ms", 30}}))->stream();
  kill_a();
  const auto call = pending().at(0);
  const auto append_quietly = [&](int step) {
    const auto text =
        notification("notifications/progress", {{"progressToken", "t"}, {"progress", step}, {"total", 3}});
    const store::producer_ref by{parse_call_record(call.record)->producer.id, static_cast<std::uint64_t>(step)};
    store_.events().append({session_id, call.stream}, by, text.dump(), [](const auto& where) { ASSERT_TRUE(where); });
  };
  append_quietly(1);
  const auto stream = get_at_b(at_a->last_event_id())->stream();
  append_quietly(2);
  adopt_at_b("1");
  // The first step of the second run is repeated, and the log tells where the second step stands.
  events_b_.fault = log_fault::answers_lost;
  ASSERT_TRUE(read_at_b(stream, [&, begun = events_b_.operations] { return events_b_.operations > begun; }));
  events_b_.fault = log_fault::none;
  ASSERT_TRUE(read_at_b(stream, [&] { return stream->closed(); }));
  EXPECT_EQ(steps(*stream), counted_to(3));
}

TEST_F(two_nodes, a_takeover_whose_receipt_got_lost_is_gone_on_with) {
  const auto at_a = long_work();
  kill_a();
  const auto stream = get_at_b(at_a->last_event_id())->stream();
  auto entry = pending().at(0);
  entry.owner = services_b_.node;
  store_.events().revise(entry, [](const base::result<std::uint64_t>& taken) { ASSERT_TRUE(taken); });
  at_b([](session& self) { self.keep_alive(); });
  ASSERT_EQ(stream->messages().size(), 1U);
  EXPECT_TRUE(pending().empty());
}

TEST_F(two_nodes, a_call_that_moved_leaves_nothing_behind) {
  const auto at_a = post(confirm(1))->stream();
  const auto question = at_a->messages()[0];
  finish(at_a);
  get_at_b(at_a->last_event_id());
  post_at_b(answer_to(question, no()));
  EXPECT_TRUE(self_.idle());
}

TEST_F(two_nodes, a_stream_is_not_over_because_the_store_is_away) {
  const auto at_a = post(confirm(1))->stream();
  finish(at_a);
  events_b_.fault = log_fault::away;
  const auto http = std::make_shared<recorded_exchange>();
  at_b([http, id = at_a->last_event_id()](session& self) { self.open_stream(id, http); });
  EXPECT_EQ(http->status(), 503);
}

TEST_F(two_nodes, a_node_that_was_taken_for_dead_answers_nothing) {
  e_.bounds.ask_timeout = std::chrono::milliseconds(50);
  const auto at_a = post(confirm(1))->stream();
  others_.dead.insert("node-a");
  others_.losing = true;  // and hears of nothing
  e_.bounds.ask_timeout = std::chrono::hours(1);
  adopt_at_b("1");
  ASSERT_TRUE(pump_until([&] { return e_.measured.stale_writes_refused.Value() == 1; }));
  EXPECT_EQ(at_a->messages().size(), 1U);
  EXPECT_EQ(pending().size(), 1U);
}

// A node that goes away does not wait for what another can finish.
class leaving_node : public two_nodes {
 protected:
  void leave_a(movable which = movable::repeatable) {
    others_.offered_to = "node-b";
    services_.draining = true;
    take([](session& self) { self.close_streams(farewell::drained); });
    take([=](session& self) { self.hand_over_calls(which); });
    pump_both();
  }
};

TEST_F(leaving_node, a_repeatable_call_goes_on_elsewhere_without_a_step_lost_or_doubled) {
  const auto at_a = post(countdown(1, 600))->stream();
  at_a->read(20);
  pump();
  ASSERT_LT(steps(*at_a).size(), 600U);
  leave_a();
  EXPECT_TRUE(at_a->closed());
  EXPECT_EQ(e_.measured.calls_handed_over.Value(), 1);
  const auto stream = get_at_b(at_a->last_event_id())->stream();
  ASSERT_TRUE(read_at_b(stream, [&] { return stream->closed(); }));
  auto all = steps(*at_a);
  const auto rest = steps(*stream);
  all.insert(all.end(), rest.begin(), rest.end());
  EXPECT_EQ(all, counted_to(600));
  EXPECT_EQ(text_of(stream->messages().back()), "liftoff");
  EXPECT_TRUE(pending().empty());
}

TEST_F(leaving_node, a_call_that_waits_for_the_client_waits_elsewhere) {
  const auto at_a = post(confirm(1))->stream();
  const auto question = at_a->messages()[0];
  finish(at_a);
  leave_a(movable::waiting);
  ASSERT_EQ(pending().size(), 1U);
  EXPECT_EQ(pending()[0].owner.node, "node-b");
  const auto stream = get_at_b(at_a->last_event_id())->stream();
  post_at_b(answer_to(question, no()));
  ASSERT_EQ(stream->messages().size(), 1U);
  EXPECT_EQ(text_of(stream->messages()[0]), "no answer: decline");
}

TEST_F(leaving_node, a_call_that_would_run_from_the_start_again_is_given_time) {
  const auto at_a = post(tool_call(1, "countdown", {{"from", 2}, {"interval_ms", 60'000}}))->stream();
  leave_a(movable::waiting);
  EXPECT_EQ(running(), 1);
  EXPECT_FALSE(at_a->closed());
}

TEST_F(leaving_node, a_response_that_is_on_its_way_is_waited_for) {
  given_session(revision::r2025_06_18);
  const auto at_a = post(tool_call(1, "send", {{"wait_ms", 30}}))->stream();
  events_.fault = log_fault::away;
  ASSERT_TRUE(pump_until([&, begun = events_.operations] { return events_.operations > begun; }));
  leave_a();
  EXPECT_FALSE(at_a->closed());
  events_.fault = log_fault::none;
  ASSERT_TRUE(pump_until([&] {
    at_a->read_all();
    return at_a->closed();
  }));
  EXPECT_EQ(text_of(at_a->messages().back()), "sent 0");
}

TEST_F(leaving_node, a_call_that_may_not_run_twice_stays) {
  const auto at_a = long_work();
  leave_a();
  EXPECT_FALSE(at_a->closed());
  EXPECT_EQ(running(), 1);
  EXPECT_EQ(pending().at(0).owner.node, "node-a");
}

TEST_F(leaving_node, a_call_whose_client_has_no_event_id_stays) {
  given_session(revision::r2025_06_18);
  const auto at_a = post(tool_call(1, "countdown", {{"from", 2}, {"interval_ms", 60'000}}))->stream();
  EXPECT_EQ(running(), 1);
  leave_a();
  EXPECT_FALSE(at_a->closed());
  EXPECT_EQ(running(), 1);
}

TEST_F(leaving_node, who_comes_nevertheless_gets_what_is_there_and_is_sent_on) {
  finish(get()->stream());
  append(main_stream, R"({"jsonrpc":"2.0","method":"notifications/x"})");
  services_.draining = true;
  session late(services_, session_id, [queue = queue_](turn next) { queue->put(std::move(next)); });
  const auto http = std::make_shared<recorded_exchange>();
  late.take_turn({turn_kind::request, [http](session& self) { self.open_stream("main_0-0", http); }});
  ASSERT_TRUE(http->stream());
  EXPECT_EQ(http->stream()->messages().size(), 1U);
  EXPECT_TRUE(http->stream()->closed());
}

// A store that comes back without the newest of what it had.
class forgetful_store : public two_nodes {
 protected:
  void forget_call(const std::string& request_id) {
    store_.events().abandon(session_id, request_id, [](const base::result<std::optional<store::pending_call>>&) {});
    ++events_.life;
  }
};

TEST_F(forgetful_store, a_call_is_answered_although_its_mark_is_lost) {
  const auto stream = post(tool_call(1, "send", {{"reports", 1}, {"wait_ms", 30}}))->stream();
  forget_call("1");
  ASSERT_TRUE(pump_until([&] {
    stream->read_all();
    return stream->closed();
  }));
  EXPECT_EQ(text_of(stream->messages().back()), "sent 1");
  EXPECT_EQ(e_.measured.calls_entered_again.Value(), 1);
  EXPECT_TRUE(pending().empty());
}

TEST_F(forgetful_store, a_question_can_be_answered_although_it_is_lost) {
  const auto stream = post(confirm(1))->stream();
  const auto question = stream->messages()[0];
  forget_call("1");
  take([](session& self) { self.store_restarted(); });
  EXPECT_EQ(pending().size(), 1U);
  post_at_b(answer_to(question, no()));
  ASSERT_EQ(stream->messages().size(), 2U);
  EXPECT_EQ(text_of(stream->messages()[1]), "no answer: decline");
}

TEST_F(forgetful_store, an_older_version_of_a_mark_is_replaced) {
  const auto stream = post(confirm(1))->stream();
  const auto question = stream->messages()[0];
  auto mark = pending().at(0);
  forget_call("1");
  mark.record = R"({"method":"tools/call"})";
  mark.version = 1;
  store_.events().begin(mark, [](const base::result<>& begun) { ASSERT_TRUE(begun); });
  take([](session& self) { self.store_restarted(); });
  post(answer_to(question, no()));
  ASSERT_EQ(stream->messages().size(), 2U);
  EXPECT_EQ(text_of(stream->messages()[1]), "no answer: decline");
}

TEST_F(forgetful_store, an_answer_that_another_node_took_is_kept) {
  given_session(revision::r2025_11_25, {{"roots", json::object()}});
  const auto stream = post(tool_call(1, "ask_both"))->stream();
  const auto questions = stream->messages();
  const json roots{{"roots", json::array()}};
  post_at_b(answer_to(questions[0], roots));
  ++events_.life;
  take([](session& self) { self.store_restarted(); });
  post(answer_to(questions[1], roots));
  ASSERT_TRUE(e_.run_until([&] {
    pump_both();
    return stream->closed();
  }));
  EXPECT_EQ(text_of(stream->messages().back()), "both");
}

TEST_F(forgetful_store, a_stream_that_goes_on_gets_no_second_response) {
  given_session(revision::r2024_11_05, {{"elicitation", json::object()}}, store::session_transport::http_sse);
  const auto http = std::make_shared<recorded_exchange>();
  take([http](session& self) { self.open_legacy_stream({}, "event: endpoint\ndata: /m\n\n", http); });
  post(confirm(1));
  const auto question = http->stream()->messages().at(0);
  others_.losing = true;  // node a does not hear that b goes on
  post_at_b(answer_to(question, no()));
  ASSERT_TRUE(pending().empty());
  ++events_.life;
  take([](session& self) { self.store_restarted(); });
  EXPECT_TRUE(pending().empty());
}

TEST_F(forgetful_store, an_audit_does_not_bring_back_what_was_withdrawn) {
  const auto stream = post(confirm(1))->stream();
  events_.fault = log_fault::away;
  post(cancelled(1));
  events_.fault = log_fault::none;
  take([](session& self) { self.keep_alive(); });
  EXPECT_EQ(e_.measured.calls_adopted.Value(), 0);
  EXPECT_EQ(post(confirm(1))->status(), 503) << "its first use is not forgotten yet";
  ASSERT_TRUE(pump_until([&] { return pending().empty(); }));
  EXPECT_EQ(post(confirm(2))->stream()->messages().size(), 1U);
}

TEST_F(forgetful_store, a_response_that_took_effect_is_not_given_again) {
  const auto stream = post(tool_call(1, "send", {{"reports", 1}, {"wait_ms", 30}}))->stream();
  stream->read_all();
  events_.fault = log_fault::answers_lost;
  ASSERT_TRUE(pump_until([&] { return pending().empty(); }));
  ++events_.life;
  events_.fault = log_fault::none;
  ASSERT_TRUE(pump_until([&] {
    stream->read_all();
    return stream->closed();
  }));
  EXPECT_EQ(stream->messages().size(), 2U);
  EXPECT_TRUE(pending().empty());
}

TEST_F(forgetful_store, a_call_that_another_node_has_is_left_to_it) {
  const auto at_a = post(confirm(1))->stream();
  adopt_at_b("1");
  ++events_.life;
  take([](session& self) { self.store_restarted(); });
  EXPECT_EQ(pending().at(0).owner.node, "node-b");
}

TEST_F(forgetful_store, a_stream_of_whose_reader_it_lost_all_knowledge_is_attached_anew) {
  const auto stream = get()->stream();
  store_.events().remove(session_id, [](const base::result<>&) {});
  take([](session& self) { self.store_restarted(); });
  EXPECT_TRUE(stream->closed());
}

// What the store does not take is kept and repeated.
class away_store : public session_test {
 protected:
  static std::vector<int> steps(const recorded_stream& stream) {
    std::vector<int> out;
    for (const auto& message : stream.messages())
      if (message.contains("method")) out.push_back(message["params"]["progress"].get<int>());
    return out;
  }
  stream_ref call_through(log_fault fault) {
    const auto stream = post(tool_call(1, "send", {{"reports", 5}, {"wait_ms", 30}}))->stream();
    events_.fault = fault;
    EXPECT_TRUE(pump_until([&, begun = events_.operations] { return events_.operations >= begun + 3; }));
    events_.fault = log_fault::none;
    EXPECT_TRUE(pump_until([&] {
      stream->read_all();
      return stream->closed();
    }));
    return stream;
  }
};

TEST_F(away_store, keeps_no_response_from_its_client_for_ever) {
  const auto stream = call_through(log_fault::away);
  EXPECT_EQ(steps(*stream), (std::vector<int>{1, 2, 3, 4, 5}));
  EXPECT_EQ(text_of(stream->messages().back()), "sent 5");
  EXPECT_EQ(stream->messages().size(), 6U);
  EXPECT_TRUE(pending().empty());
}

TEST_F(away_store, doubles_no_response_whose_receipt_got_lost) {
  const auto stream = call_through(log_fault::answers_lost);
  EXPECT_EQ(steps(*stream), (std::vector<int>{1, 2, 3, 4, 5}));
  EXPECT_EQ(text_of(stream->messages().back()), "sent 5");
  EXPECT_EQ(stream->messages().size(), 6U);
  EXPECT_TRUE(pending().empty());
}

}  // namespace
}  // namespace hydrant::actors

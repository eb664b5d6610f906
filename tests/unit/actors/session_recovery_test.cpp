// Calls and streams of a node that goes away, and of a store that has forgotten them.

#include "tests/unit/actors/two_nodes_fixture.hpp"

#include <gmock/gmock.h>

namespace hydrant::actors {
namespace {

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

}  // namespace
}  // namespace hydrant::actors

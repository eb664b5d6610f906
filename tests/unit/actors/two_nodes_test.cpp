// One session on two nodes that share a store: whatever reaches either of them, the client sees one server.

#include "tests/unit/actors/two_nodes_fixture.hpp"

#include <gmock/gmock.h>

namespace hydrant::actors {
namespace {

using testing::HasSubstr;

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

TEST_F(two_nodes, a_call_that_an_answer_brings_here_has_the_credentials_of_the_answer) {
  given_session(revision::r2025_11_25, {{"roots", json::object()}});
  const auto stream = post(tool_call(1, "ask_and_tell_credentials"))->stream();
  post_at_b(answer_to(stream->messages().at(0), {{"roots", json::array()}}), "Bearer of-the-answer");
  ASSERT_EQ(stream->messages().size(), 2U);
  EXPECT_EQ(text_of(stream->messages()[1]), "Bearer of-the-answer");
}

TEST_F(two_nodes, a_call_that_was_taken_over_has_the_credentials_of_the_answer) {
  given_session(revision::r2025_11_25, {{"roots", json::object()}});
  const auto at_a = post(tool_call(1, "ask_and_tell_credentials"))->stream();
  const auto question = at_a->messages().at(0);
  kill_a();
  const auto stream = get_at_b(at_a->last_event_id())->stream();
  adopt_at_b("1");
  post_at_b(answer_to(question, {{"roots", json::array()}}), "Bearer of-the-answer");
  ASSERT_EQ(stream->messages().size(), 1U);
  EXPECT_EQ(text_of(stream->messages()[0]), "Bearer of-the-answer");
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

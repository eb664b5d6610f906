// Calls within a session: streams of their own, questions, cancellation, failure.

#include "tests/unit/actors/session_fixture.hpp"

#include <gmock/gmock.h>

namespace hydrant::actors {
namespace {

using testing::HasSubstr;

constexpr int an_hour_ms = 3'600'000;

class session_calls : public session_test {
 protected:
  /// A call whose handler goes on until it is cancelled.
  stream_ref endless(const json& id) {
    return post(tool_call(id, "send", {{"reports", 1}, {"wait_ms", an_hour_ms}}))->stream();
  }
  bool handler_is_gone() {
    return pump_until([this] { return seen_.ended == 1; });
  }
  static json confirm(const json& id) { return tool_call(id, "confirm", {{"question", "Go?"}}); }
  static json yes() { return {{"action", "accept"}, {"content", {{"confirmed", true}}}}; }
};

TEST_F(session_calls, what_is_known_at_once_is_answered_as_json) {
  const auto http = post(tool_call("x", "echo", {{"message", "hi"}}));
  EXPECT_EQ(http->status(), 200);
  EXPECT_EQ(http->body()["id"], "x");
  EXPECT_EQ(text_of(http->body()), "hi");
  EXPECT_EQ(store_.statistics().streams, 0U);
}

TEST_F(session_calls, an_immediate_handler_that_reports_gets_a_stream) {
  const auto stream = post(tool_call(1, "send_now", {{"reports", 3}}))->stream();
  EXPECT_EQ(stream->messages().size(), 4U);
  EXPECT_TRUE(stream->closed());
  EXPECT_TRUE(pending().empty());
}

TEST_F(session_calls, what_takes_time_gets_a_stream_that_closes_after_the_response) {
  const auto stream = post(countdown(7, 3))->stream();
  const auto messages = stream->messages();
  ASSERT_EQ(messages.size(), 4U);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(messages[static_cast<std::size_t>(i)]["params"]["progress"], i + 1);
  EXPECT_EQ(messages[3]["id"], 7);
  EXPECT_EQ(text_of(messages[3]), "liftoff");
  EXPECT_TRUE(stream->closed());
  EXPECT_TRUE(pending().empty());
  EXPECT_EQ(running(), 0);
  finish(stream);
  EXPECT_TRUE(self_.idle());
}

TEST_F(session_calls, a_stream_begins_with_a_cursor_and_its_ids_rise) {
  const auto stream = post(countdown(7, 3))->stream();
  const auto events = stream->events();
  ASSERT_EQ(events.size(), 5U);
  EXPECT_EQ(events[0].data, "");
  EXPECT_TRUE(events[0].retry);
  for (std::size_t i = 1; i < events.size(); ++i) {
    const auto before = protocol::parse_event_id(events[i - 1].id);
    const auto here = protocol::parse_event_id(events[i].id);
    ASSERT_TRUE(before && here);
    EXPECT_EQ(before->stream, here->stream);
    EXPECT_TRUE(*before < *here);
  }
}

// An event with empty data breaks clients of earlier revisions.
TEST_F(session_calls, earlier_revisions_get_no_event_without_data) {
  for (const auto r : {revision::r2025_03_26, revision::r2025_06_18}) {
    given_session(r);
    change_behind_its_back([](store::session_record&) {});
    const auto stream = post(countdown(7, 1))->stream();
    for (const auto& event : stream->events())
      EXPECT_NE(event.data, "") << protocol::name_of(r);
    EXPECT_EQ(stream->messages().size(), 2U);
  }
}

TEST_F(session_calls, a_call_is_marked_in_the_store_while_it_runs) {
  endless("c");
  ASSERT_EQ(pending().size(), 1U);
  EXPECT_EQ(pending()[0].request_id, R"("c")");
  EXPECT_EQ(pending()[0].owner, node_);
  post(cancelled("c"));
  EXPECT_TRUE(pending().empty());
}

TEST_F(session_calls, bad_arguments_are_a_result_at_once) {
  EXPECT_EQ(post(tool_call(1, "echo", {{"message", 5}}))->body()["result"]["isError"], true);
}

TEST_F(session_calls, what_cannot_be_prepared_is_an_error) {
  EXPECT_EQ(post(tool_call(1, "none"))->body()["error"]["code"], -32602);
  EXPECT_EQ(post(request(1, "resources/read", {{"uri", "none://"}}))->body()["error"]["code"], -32002);
}

TEST_F(session_calls, a_cancelled_call_ends_without_a_response) {
  const auto stream = endless(1);
  EXPECT_EQ(post(cancelled(1))->status(), 202);
  EXPECT_TRUE(handler_is_gone());
  EXPECT_EQ(stream->messages().size(), 1U);
  EXPECT_TRUE(stream->closed());
  EXPECT_EQ(running(), 0);
  EXPECT_EQ(e_.measured.calls_cancelled.Value(), 1);
}

TEST_F(session_calls, a_cancelled_blocking_call_is_told) {
  const auto http = post(tool_call(1, "work"));
  ASSERT_TRUE(pump_until([this] { return seen_.runs == 1; }));
  post(cancelled(1));
  EXPECT_TRUE(handler_is_gone());
  EXPECT_TRUE(http->stream()->closed());
  EXPECT_TRUE(http->stream()->messages().empty());
}

TEST_F(session_calls, cancelling_what_does_not_run_changes_nothing) {
  const auto stream = endless(1);
  for (const auto& id : {json(2), json("1"), json(), json(1.5), json::array()})
    EXPECT_EQ(post(cancelled(id))->status(), 202) << id;
  EXPECT_EQ(post(notification("notifications/cancelled"))->status(), 202);
  EXPECT_EQ(running(), 1);
  EXPECT_FALSE(stream->closed());
}

TEST_F(session_calls, an_id_that_is_in_use_is_refused) {
  const auto stream = endless(1);
  const auto http = post(tool_call(1, "send"));
  EXPECT_EQ(http->status(), 409);
  EXPECT_EQ(http->body()["id"], 1);
  EXPECT_EQ(http->body()["error"]["code"], -32600);
  EXPECT_FALSE(stream->closed());
  EXPECT_EQ(text_of(post(tool_call("1", "send"))->stream()->messages().back()), "sent 0");  // a text is another id
}

TEST_F(session_calls, an_id_is_free_once_its_call_is_over) {
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(post(countdown(1, 1))->stream()->messages().size(), 2U);
}

TEST_F(session_calls, an_id_that_is_in_use_on_another_node_is_refused) {
  store_.events().begin({session_id, "1", "elsewhere", {"node-b", "boot"}, e_.time.wall_now(), {}},
                        [](const base::result<>& begun) { ASSERT_TRUE(begun); });
  const auto http = post(tool_call(1, "send"));
  EXPECT_EQ(http->status(), 409);
  EXPECT_EQ(http->body()["error"]["code"], -32600);
  EXPECT_EQ(seen_.runs, 0);
  EXPECT_EQ(pending().size(), 1U);
}

TEST_F(session_calls, one_call_more_than_allowed_is_refused) {
  e_.bounds.calls_per_session_max = 2;
  endless(1);
  endless(2);
  const auto http = post(tool_call(3, "send"));
  EXPECT_EQ(http->status(), 503);
  EXPECT_EQ(http->body()["id"], 3);
  post(cancelled(1));
  EXPECT_TRUE(post(tool_call(3, "send"))->streaming());
}

TEST_F(session_calls, one_call_more_than_the_node_may_run_is_refused) {
  e_.bounds.calls_max = 1;
  endless(1);
  EXPECT_EQ(post(tool_call(2, "send"))->status(), 503);
  post(cancelled(1));
  EXPECT_TRUE(post(tool_call(2, "send"))->streaming());
}

TEST_F(session_calls, a_handler_that_throws_is_an_internal_error) {
  EXPECT_EQ(post(tool_call(1, "throw_now"))->body()["error"]["code"], -32603);
  for (const char* tool : {"throw_async", "throw_blocking"}) {
    const auto stream = post(tool_call(1, tool))->stream();
    ASSERT_TRUE(pump_until([&] { return stream->closed(); })) << tool;
    EXPECT_EQ(stream->messages().back()["error"]["code"], -32603) << tool;
    EXPECT_EQ(stream->bytes().find("secret"), std::string::npos) << tool;
  }
}

TEST_F(session_calls, a_call_that_takes_too_long_is_answered_with_a_timeout) {
  e_.bounds.call_timeout = std::chrono::milliseconds(0);
  const auto stream = endless(1);
  ASSERT_TRUE(pump_until([&] { return stream->closed(); }));
  EXPECT_THAT(stream->messages().back()["error"]["message"].get<std::string>(), HasSubstr("too long"));
  EXPECT_TRUE(handler_is_gone());
}

TEST_F(session_calls, reports_of_a_blocking_handler_come_in_order_before_its_response) {
  const auto stream = post(tool_call(1, "send_blocking", {{"reports", 50}}))->stream();
  ASSERT_TRUE(pump_until([&] { return stream->closed(); }));
  const auto messages = stream->messages();
  ASSERT_EQ(messages.size(), 51U);
  for (int i = 0; i < 50; ++i)
    EXPECT_EQ(messages[static_cast<std::size_t>(i)]["params"]["progress"], i + 1);
  EXPECT_EQ(text_of(messages[50]), "sent");
}

TEST_F(session_calls, a_handler_is_no_faster_than_its_client) {
  const auto stream = post(tool_call(1, "send", {{"reports", 2000}}))->stream();
  EXPECT_LE(stream->writes(), 128U);
  EXPECT_LE(store_.statistics().events, 256U);
  read_to_the_end(stream);
  EXPECT_TRUE(stream->closed());
  const auto messages = stream->messages();
  ASSERT_EQ(messages.size(), 2001U);
  for (int i = 0; i < 2000; ++i)
    ASSERT_EQ(messages[static_cast<std::size_t>(i)]["params"]["progress"], i + 1);
}

TEST_F(session_calls, a_blocking_handler_is_no_faster_than_its_client) {
  const auto stream = post(tool_call(1, "send_blocking", {{"reports", 1000}}))->stream();
  ASSERT_TRUE(pump_until([&] {
    stream->read_all();
    return stream->closed();
  }));
  EXPECT_EQ(stream->messages().size(), 1001U);
}

TEST_F(session_calls, a_question_goes_to_the_client_and_its_answer_comes_by_post) {
  const auto stream = post(confirm(1))->stream();
  ASSERT_EQ(stream->messages().size(), 1U);
  const auto question = stream->messages()[0];
  EXPECT_EQ(question["method"], "elicitation/create");
  EXPECT_EQ(question["params"]["message"], "Go?");
  EXPECT_FALSE(stream->closed());

  EXPECT_EQ(post(answer_to(question, yes()))->status(), 202);
  ASSERT_EQ(stream->messages().size(), 2U);
  EXPECT_EQ(text_of(stream->messages()[1]), "yes");
  EXPECT_TRUE(stream->closed());
  EXPECT_EQ(e_.measured.questions_asked.Value(), 1);
}

TEST_F(session_calls, a_declined_question_is_an_answer_too) {
  const auto stream = post(confirm(1))->stream();
  post(answer_to(stream->messages()[0], {{"action", "decline"}}));
  EXPECT_EQ(text_of(stream->messages().at(1)), "no answer: decline");
}

TEST_F(session_calls, an_error_for_an_answer_ends_the_call) {
  const auto stream = post(confirm(1))->stream();
  post({{"jsonrpc", "2.0"},
        {"id", stream->messages()[0]["id"]},
        {"error", {{"code", -1}, {"message", "the user is away"}}}});
  EXPECT_THAT(stream->messages().at(1)["error"]["message"].get<std::string>(), HasSubstr("the user is away"));
  EXPECT_TRUE(stream->closed());
  EXPECT_TRUE(pending().empty());
}

TEST_F(session_calls, an_answer_of_a_wrong_shape_is_asked_for_again) {
  const auto stream = post(confirm(1))->stream();
  post(answer_to(stream->messages()[0], {{"action", "accept"}, {"content", {{"confirmed", "maybe"}}}}));
  ASSERT_EQ(stream->messages().size(), 2U);
  EXPECT_EQ(stream->messages()[1]["method"], "elicitation/create");
  EXPECT_NE(stream->messages()[1]["id"], stream->messages()[0]["id"]);
  post(answer_to(stream->messages()[1], yes()));
  EXPECT_EQ(text_of(stream->messages().at(2)), "yes");
}

TEST_F(session_calls, a_client_that_never_answers_right_is_not_asked_for_ever) {
  const auto stream = post(confirm(1))->stream();
  for (int i = 0; i < 100 && !stream->closed(); ++i) {
    post(answer_to(stream->messages().back(), json::object()));
    read_to_the_end(stream);
  }
  EXPECT_TRUE(stream->closed());
  EXPECT_EQ(stream->messages().back()["error"]["code"], -32603);
}

TEST_F(session_calls, an_answer_counts_once) {
  const auto stream = post(confirm(1))->stream();
  const auto question = stream->messages()[0];
  post(answer_to(question, yes()));
  EXPECT_EQ(post(answer_to(question, yes()))->status(), 202);
  EXPECT_EQ(stream->messages().size(), 2U);
}

TEST_F(session_calls, an_answer_to_a_question_that_nobody_asked_is_ignored) {
  const auto stream = post(confirm(1))->stream();
  EXPECT_EQ(post({{"jsonrpc", "2.0"}, {"id", "ask-forged"}, {"result", yes()}})->status(), 202);
  EXPECT_EQ(post({{"jsonrpc", "2.0"}, {"id", 1}, {"result", yes()}})->status(), 202);
  EXPECT_EQ(stream->messages().size(), 1U);
}

TEST_F(session_calls, questions_come_in_rounds_and_what_was_remembered_comes_back) {
  const auto stream = post(tool_call(1, "ask_twice"))->stream();
  const auto answer = [](const char* v) { return json({{"action", "accept"}, {"content", {{"v", v}}}}); };
  EXPECT_EQ(stream->messages().back()["params"]["message"], "First?");
  post(answer_to(stream->messages().back(), answer("a")));
  EXPECT_EQ(stream->messages().back()["params"]["message"], "Second?");
  post(answer_to(stream->messages().back(), answer("b")));
  EXPECT_EQ(text_of(stream->messages().back()), "a+b in 3");
  EXPECT_TRUE(stream->closed());
}

TEST_F(session_calls, a_client_that_cannot_be_asked_is_told_at_once) {
  given_session(revision::r2025_11_25, json::object());
  const auto http = post(confirm(1));
  EXPECT_EQ(http->status(), 200);
  EXPECT_EQ(http->body()["error"]["code"], -32600);
  EXPECT_THAT(http->body()["error"]["message"].get<std::string>(), HasSubstr("elicitation"));
}

TEST_F(session_calls, a_client_that_does_not_answer_in_time_gets_an_error) {
  e_.bounds.ask_timeout = std::chrono::milliseconds(0);
  const auto stream = post(confirm(1))->stream();
  ASSERT_TRUE(pump_until([&] { return stream->closed(); }));
  EXPECT_THAT(stream->messages().back()["error"]["message"].get<std::string>(), HasSubstr("in time"));
  EXPECT_EQ(post(answer_to(stream->messages()[0], yes()))->status(), 202);
  EXPECT_EQ(stream->messages().size(), 2U);
}

TEST_F(session_calls, a_call_that_waits_for_an_answer_can_be_cancelled) {
  const auto stream = post(confirm(1))->stream();
  post(cancelled(1));
  EXPECT_TRUE(stream->closed());
  post(answer_to(stream->messages()[0], yes()));
  EXPECT_EQ(stream->messages().size(), 1U);
  EXPECT_TRUE(pending().empty());
}

// Two nodes may race to answer one call; the ledger lets one of them.
TEST_F(session_calls, a_response_to_a_call_that_another_node_took_over_is_void) {
  e_.bounds.ask_timeout = std::chrono::milliseconds(30);
  const auto stream = post(confirm(1))->stream();
  auto moved = pending().at(0);
  moved.owner = {"node-b", "boot"};
  store_.events().revise(moved, [](const auto& version) { ASSERT_TRUE(version); });
  ASSERT_TRUE(pump_until([&] { return e_.measured.stale_writes_refused.Value() == 1; }));
  EXPECT_EQ(stream->messages().size(), 1U);
  EXPECT_FALSE(stream->closed()) << "the other node will answer";
  EXPECT_EQ(pending().size(), 1U);
}

TEST_F(session_calls, several_calls_run_side_by_side_on_streams_of_their_own) {
  const auto first = endless(1);
  const auto second = endless(2);
  const auto third = post(countdown(3, 2))->stream();
  EXPECT_TRUE(third->closed());
  EXPECT_EQ(third->messages().size(), 3U);
  EXPECT_EQ(running(), 2);
  post(cancelled(2));
  EXPECT_TRUE(second->closed());
  EXPECT_FALSE(first->closed());
}

TEST_F(session_calls, a_node_that_gives_up_cancels_what_runs) {
  endless(1);
  take([](session& self) { self.cancel_calls(); }, turn_kind::housekeeping);
  EXPECT_TRUE(handler_is_gone());
  EXPECT_EQ(running(), 0);
}

}  // namespace
}  // namespace hydrant::actors

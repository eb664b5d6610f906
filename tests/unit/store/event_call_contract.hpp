#pragma once

// The ledger of calls: begin, revise, finish, abandon, pending.

#include "tests/unit/store/event_log_fixture.hpp"

namespace hydrant::store {

inline std::vector<std::string> request_ids(const std::vector<pending_call>& calls) {
  std::vector<std::string> ids;
  for (const pending_call& call : calls)
    ids.push_back(call.request_id);
  return ids;
}

inline void expect_same(const pending_call& left, const pending_call& right) {
  EXPECT_EQ(left.session, right.session);
  EXPECT_EQ(left.request_id, right.request_id);
  EXPECT_EQ(left.stream, right.stream);
  EXPECT_EQ(left.owner, right.owner);
  EXPECT_EQ(left.deadline, right.deadline);
  EXPECT_EQ(left.record, right.record);
  EXPECT_EQ(left.version, right.version);
}

TEST_P(event_log_contract, a_call_is_pending_once_it_has_begun) {
  ASSERT_TRUE(begin(call_of("1", node_a)));
  const auto calls = pending("s1");
  ASSERT_EQ(calls.size(), 1u);
  expect_same(calls[0], call_of("1", node_a));
}

TEST_P(event_log_contract, calls_are_listed_in_the_order_in_which_they_began) {
  for (const char* id : {"30", "\"4\"", "1"})
    ASSERT_TRUE(begin(call_of(id, node_a)));
  EXPECT_THAT(request_ids(pending("s1")), ElementsAre("30", "\"4\"", "1"));
  ASSERT_TRUE(finish("s1", "\"4\"", node_a, "{}").value());
  ASSERT_TRUE(begin(call_of("2", node_a)));
  ASSERT_TRUE(move("30", node_b));
  EXPECT_THAT(request_ids(pending("s1")), ElementsAre("30", "1", "2"));
}

TEST_P(event_log_contract, an_id_that_is_pending_is_a_conflict) {
  ASSERT_TRUE(begin(call_of("1", node_a)));
  EXPECT_EQ(kind_of(begin(call_of("1", node_b))), error_kind::conflict);
  expect_same(pending("s1").at(0), call_of("1", node_a));
}

TEST_P(event_log_contract, ids_of_different_type_and_session_differ) {
  given_session("s2");
  ASSERT_TRUE(begin(call_of("1", node_a)));
  EXPECT_TRUE(begin(call_of("\"1\"", node_a)));
  pending_call other = call_of("1", node_a);
  other.session = "s2";
  EXPECT_TRUE(begin(other));
}

TEST_P(event_log_contract, pending_calls_of_a_session_are_capped) {
  for (std::size_t i = 0; i < limits_.calls_per_session_max; ++i)
    ASSERT_TRUE(begin(call_of(std::to_string(i), node_a)));
  EXPECT_EQ(kind_of(begin(call_of("more", node_a))), error_kind::overloaded);
  EXPECT_EQ(pending("s1").size(), limits_.calls_per_session_max);
  EXPECT_EQ(kind_of(begin(call_of("0", node_a))), error_kind::conflict) << "an id in use is told first";
  ASSERT_TRUE(abandon("0"));
  EXPECT_TRUE(begin(call_of("more", node_a)));
}

TEST_P(event_log_contract, an_id_can_be_used_again_after_its_call_was_answered) {
  ASSERT_TRUE(begin(call_of("1", node_a)));
  ASSERT_TRUE(finish("s1", "1", node_a, "{}").value());
  EXPECT_TRUE(begin(call_of("1", node_b)));
}

TEST_P(event_log_contract, finish_takes_the_mark_away_and_appends_the_response) {
  const auto progress = appended_to(stream_, "progress");
  const auto holder = attach(stream_, node_b).value();
  ASSERT_TRUE(begin(call_of("1", node_a)));
  const auto done = finish("s1", "1", node_a, "response").value();
  ASSERT_TRUE(done);
  EXPECT_EQ(done->previous, progress.id);
  EXPECT_EQ(done->holder, node_b);
  EXPECT_EQ(done->epoch, holder.epoch);
  EXPECT_FALSE(done->duplicate);
  EXPECT_THAT(pending("s1"), IsEmpty());
  const auto found = read_all(stream_);
  EXPECT_THAT(payloads(found), ElementsAre("progress", "response"));
  EXPECT_EQ(found.events.back().id, done->id);
  EXPECT_FALSE(found.ended);
}

TEST_P(event_log_contract, finish_ends_the_stream_if_asked_to) {
  ASSERT_TRUE(begin(call_of("1", node_a)));
  ASSERT_TRUE(finish("s1", "1", node_a, "response", stream_end::end).value());
  EXPECT_TRUE(read_all(stream_).ended);
  EXPECT_EQ(kind_of(append(stream_, "late")), error_kind::stream_gone);
  harness_->advance(limits_.finished_stream_grace);
  EXPECT_EQ(kind_of(read(stream_)), error_kind::stream_gone);
}

TEST_P(event_log_contract, a_second_finish_is_void) {
  ASSERT_TRUE(begin(call_of("1", node_a)));
  ASSERT_TRUE(finish("s1", "1", node_a, "first").value());
  EXPECT_FALSE(finish("s1", "1", node_a, "second").value());
  EXPECT_THAT(payloads(read_all(stream_)), ElementsAre("first"));
}

TEST_P(event_log_contract, only_the_owner_can_finish) {
  ASSERT_TRUE(begin(call_of("1", node_a)));
  EXPECT_FALSE(finish("s1", "1", node_b, "other node", stream_end::end).value());
  EXPECT_FALSE(finish("s1", "1", node_a_again, "other start", stream_end::end).value());
  EXPECT_EQ(pending("s1").size(), 1u);
  EXPECT_EQ(kind_of(read(stream_)), error_kind::stream_gone) << "no stream was made, none was ended";
  EXPECT_TRUE(finish("s1", "1", node_a, "owner").value());
}

TEST_P(event_log_contract, finish_of_what_is_not_pending_is_void) {
  EXPECT_FALSE(finish("s1", "1", node_a, "x").value());
  EXPECT_FALSE(finish("nobody", "1", node_a, "x").value());
  EXPECT_EQ(kind_of(read(stream_)), error_kind::stream_gone);
}

TEST_P(event_log_contract, finish_on_an_ended_stream_fails_as_a_whole) {
  ASSERT_TRUE(begin(call_of("1", node_a)));
  appended_to(stream_, "1");
  ASSERT_TRUE(end(stream_));
  EXPECT_EQ(kind_of(finish("s1", "1", node_a, "late")), error_kind::stream_gone);
  EXPECT_EQ(pending("s1").size(), 1u);
  EXPECT_THAT(payloads(read_all(stream_)), ElementsAre("1"));
}

TEST_P(event_log_contract, a_call_whose_stream_would_be_above_the_cap_does_not_begin) {
  for (std::size_t i = 0; i < limits_.streams_per_session_max; ++i) {
    ASSERT_TRUE(attach({"s1", "stream" + std::to_string(i)}, node_a));
  }
  EXPECT_EQ(kind_of(begin(call_of("1", node_a, "own"))), error_kind::overloaded);
  EXPECT_THAT(pending("s1"), IsEmpty());
  EXPECT_TRUE(begin(call_of("1", node_a, "stream0")));
}

TEST_P(event_log_contract, the_response_of_a_call_that_has_begun_is_not_refused_for_the_cap_of_streams) {
  ASSERT_TRUE(begin(call_of("1", node_a, "own")));
  for (std::size_t i = 0; i < limits_.streams_per_session_max; ++i) {
    ASSERT_TRUE(attach({"s1", "stream" + std::to_string(i)}, node_a));
  }
  EXPECT_TRUE(finish("s1", "1", node_a, "response").value());
  EXPECT_THAT(payloads(read_all({"s1", "own"})), ElementsAre("response"));
}

TEST_P(event_log_contract, abandon_takes_the_mark_away_without_a_response) {
  ASSERT_TRUE(begin(call_of("1", node_a)));
  ASSERT_TRUE(begin(call_of("2", node_a)));
  EXPECT_TRUE(abandon("1"));
  EXPECT_FALSE(abandon("1"));
  EXPECT_FALSE(finish("s1", "1", node_a, "late").value());
  EXPECT_THAT(request_ids(pending("s1")), ElementsAre("2"));
  EXPECT_EQ(kind_of(read(stream_)), error_kind::stream_gone);
}

TEST_P(event_log_contract, an_abandoned_call_is_handed_out) {
  ASSERT_TRUE(begin(call_of("1", node_b)));
  const auto call = abandoned("1");
  ASSERT_TRUE(call);
  expect_same(*call, call_of("1", node_b));
}

TEST_P(event_log_contract, a_stream_ends_with_the_last_call_that_writes_to_it) {
  ASSERT_TRUE(begin(call_of("1", node_a)));
  ASSERT_TRUE(begin(call_of("2", node_a)));
  ASSERT_TRUE(begin(call_of("3", node_a, "another")));
  EXPECT_FALSE(finish("s1", "1", node_a, "first", stream_end::end_if_last).value()->ends);
  EXPECT_FALSE(read_all(stream_).ended);
  EXPECT_TRUE(finish("s1", "2", node_a, "second", stream_end::end_if_last).value()->ends);
  EXPECT_TRUE(read_all(stream_).ended);
}

TEST_P(event_log_contract, a_response_tells_whether_its_stream_ended_with_it) {
  ASSERT_TRUE(begin(call_of("1", node_a)));
  ASSERT_TRUE(begin(call_of("2", node_a)));
  EXPECT_FALSE(finish("s1", "1", node_a, "{}", stream_end::keep_open).value()->ends);
  EXPECT_TRUE(finish("s1", "2", node_a, "{}", stream_end::end).value()->ends);
}

TEST_P(event_log_contract, a_revision_replaces_owner_deadline_and_record) {
  ASSERT_TRUE(begin(call_of("1", node_a)));
  pending_call wanted = call_of("1", node_b);
  wanted.deadline += std::chrono::seconds(5);
  wanted.record = "step 2";
  EXPECT_EQ(revise(wanted).value(), 2u);
  wanted.version = 2;
  expect_same(pending("s1").at(0), wanted);
  EXPECT_EQ(revise(wanted).value(), 3u);
}

TEST_P(event_log_contract, a_revision_of_what_has_changed_meanwhile_is_a_conflict) {
  ASSERT_TRUE(begin(call_of("1", node_a)));
  const pending_call seen = pending("s1").at(0);
  ASSERT_TRUE(move("1", node_b));
  EXPECT_EQ(kind_of(revise(seen)), error_kind::conflict);
  EXPECT_EQ(pending("s1").at(0).owner, node_b);
  EXPECT_EQ(kind_of(revise(call_of("2", node_a))), error_kind::conflict) << "not pending";
}

TEST_P(event_log_contract, a_call_that_moved_is_finished_by_its_new_owner_only) {
  ASSERT_TRUE(begin(call_of("1", node_a)));
  ASSERT_TRUE(move("1", node_b));
  EXPECT_FALSE(finish("s1", "1", node_a, "zombie").value());
  EXPECT_TRUE(finish("s1", "1", node_b, "response").value());
  EXPECT_THAT(payloads(read_all(stream_)), ElementsAre("response"));
}

TEST_P(event_log_contract, a_session_that_is_not_there_has_no_calls) {
  pending_call call = call_of("1", node_a);
  call.session = "nobody";
  EXPECT_EQ(kind_of(begin(call)), error_kind::session_not_found);
  EXPECT_THAT(pending("nobody"), IsEmpty());
}

TEST_P(event_log_contract, calls_end_with_their_session) {
  ASSERT_TRUE(begin(call_of("1", node_a)));
  ASSERT_TRUE(remove_session("s1").value());
  EXPECT_FALSE(finish("s1", "1", node_a, "late").value());
  EXPECT_FALSE(abandon("1"));
  EXPECT_EQ(kind_of(revise(call_of("1", node_b))), error_kind::conflict);
  given_session("s1");
  EXPECT_THAT(pending("s1"), IsEmpty());
}

TEST_P(event_log_contract, calls_expire_with_their_session) {
  ASSERT_TRUE(begin(call_of("1", node_a)));
  harness_->advance(session_ttl);
  EXPECT_THAT(pending("s1"), IsEmpty());
  EXPECT_FALSE(finish("s1", "1", node_a, "late").value());
  EXPECT_EQ(kind_of(begin(call_of("1", node_a))), error_kind::session_not_found);
}

TEST_P(event_log_contract, remove_forgets_the_calls) {
  ASSERT_TRUE(begin(call_of("1", node_a)));
  ASSERT_TRUE(forget("s1"));
  EXPECT_THAT(pending("s1"), IsEmpty());
  EXPECT_FALSE(finish("s1", "1", node_a, "late").value());
}

}  // namespace hydrant::store

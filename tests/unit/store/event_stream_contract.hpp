#pragma once

// Streams: append, attach, detach, read, end, remove.

#include "tests/unit/store/event_log_fixture.hpp"

namespace hydrant::store {

TEST_P(event_log_contract, positions_begin_at_one_and_rise_without_a_hole) {
  const auto results = append_many(stream_, 5);
  for (std::size_t i = 0; i < results.size(); ++i) {
    EXPECT_EQ(results[i].id.sequence, i + 1);
    EXPECT_EQ(results[i].id.generation, results[0].id.generation);
    EXPECT_FALSE(results[i].duplicate);
    EXPECT_EQ(results[i].previous, i == 0 ? position{} : results[i - 1].id);
  }
  EXPECT_GT(results[0].id, position{});
}

TEST_P(event_log_contract, streams_do_not_share_their_sequence) {
  appended_to(stream_, "1");
  appended_to(stream_, "2");
  const auto other = appended_to({"s1", "post1"}, "3");
  EXPECT_EQ(other.id.sequence, 1u);
  EXPECT_EQ(other.previous, position{});
}

TEST_P(event_log_contract, what_was_appended_is_read_back_in_order_and_unchanged) {
  const std::string odd("{\"text\":\"\xc3\xa9\\n\0x\"}", 17);
  appended_to(stream_, odd);
  appended_to(stream_, "");
  const auto last = appended_to(stream_, "3");
  const auto found = read_all(stream_);
  EXPECT_THAT(payloads(found), ElementsAre(odd, "", "3"));
  EXPECT_EQ(found.events.back().id, last.id);
  EXPECT_EQ(found.follows, continuity::complete);
  EXPECT_FALSE(found.more);
  EXPECT_FALSE(found.ended);
}

TEST_P(event_log_contract, read_gives_what_is_above_the_cursor_only) {
  const auto results = append_many(stream_, 4);
  EXPECT_THAT(payloads(read_all(stream_, results[1].id)), ElementsAre("2", "3"));
  const auto none = read_all(stream_, results[3].id);
  EXPECT_THAT(none.events, IsEmpty());
  EXPECT_EQ(none.follows, continuity::complete);
}

TEST_P(event_log_contract, read_stops_at_its_limits_and_says_so) {
  append_many(stream_, 5);
  const auto first = read(stream_, {}, read_limits{3, 1000}).value();
  EXPECT_THAT(payloads(first), ElementsAre("0", "1", "2"));
  EXPECT_TRUE(first.more);
  const auto rest = read(stream_, first.events.back().id, read_limits{3, 1000}).value();
  EXPECT_THAT(payloads(rest), ElementsAre("3", "4"));
  EXPECT_FALSE(rest.more);
  const auto exactly = read(stream_, {}, read_limits{5, 1000}).value();
  EXPECT_FALSE(exactly.more);
}

TEST_P(event_log_contract, read_stops_at_its_bytes_but_gives_at_least_one_event) {
  const std::string large(100, 'x');
  for (int i = 0; i < 3; ++i)
    appended_to(stream_, large);
  const auto two = read(stream_, {}, read_limits{10, 200}).value();
  EXPECT_EQ(two.events.size(), 2u);
  EXPECT_TRUE(two.more);
  const auto one = read(stream_, {}, read_limits{10, 1}).value();
  EXPECT_EQ(one.events.size(), 1u);
  EXPECT_TRUE(one.more);
}

TEST_P(event_log_contract, a_repeated_append_appends_nothing_and_tells_the_first_position) {
  const auto first = appended_to(stream_, "1", {"p", 7});
  appended_to(stream_, "other");
  attach(stream_, node_b);
  const auto again = appended_to(stream_, "1", {"p", 7});
  EXPECT_TRUE(again.duplicate);
  EXPECT_EQ(again.id, first.id);
  EXPECT_EQ(again.holder, node_b) << "who holds the stream now";
  EXPECT_THAT(payloads(read_all(stream_)), ElementsAre("1", "other"));
}

TEST_P(event_log_contract, an_older_sequence_of_a_producer_is_a_duplicate) {
  appended_to(stream_, "1", {"p", 3});
  appended_to(stream_, "2", {"p", 4});
  EXPECT_TRUE(appended_to(stream_, "1", {"p", 3}).duplicate);
  EXPECT_TRUE(appended_to(stream_, "never seen", {"p", 2}).duplicate);
  EXPECT_FALSE(appended_to(stream_, "3", {"p", 5}).duplicate);
  EXPECT_THAT(payloads(read_all(stream_)), ElementsAre("1", "2", "3"));
}

TEST_P(event_log_contract, a_producer_that_skips_a_number_is_refused_until_it_repeats_what_was_lost) {
  appended_to(stream_, "one", {"p", 1});
  EXPECT_EQ(kind_of(append(stream_, "three", {"p", 3})), error_kind::conflict);
  appended_to(stream_, "two", {"p", 2});
  EXPECT_FALSE(appended_to(stream_, "three", {"p", 3}).duplicate);
  EXPECT_THAT(payloads(read_all(stream_)), ElementsAre("one", "two", "three"));
}

TEST_P(event_log_contract, a_producer_that_is_not_known_begins_with_any_number) {
  EXPECT_FALSE(appended_to(stream_, "late", {"p", 7}).duplicate);
}

TEST_P(event_log_contract, the_holder_of_a_stream_is_known) {
  EXPECT_EQ(kind_of(holder(stream_)), error_kind::stream_gone);
  appended_to(stream_, "1");
  EXPECT_EQ(holder(stream_).value().holder, nobody);
  const auto first = attach(stream_, node_a).value();
  EXPECT_EQ(holder(stream_).value().holder, node_a);
  EXPECT_EQ(holder(stream_).value().epoch, first.epoch);
  const auto second = attach(stream_, node_b).value();
  EXPECT_EQ(holder(stream_).value().holder, node_b);
  ASSERT_TRUE(detach(stream_, second.epoch));
  EXPECT_EQ(holder(stream_).value().holder, nobody);
  EXPECT_EQ(holder(stream_).value().epoch, second.epoch);
  EXPECT_EQ(kind_of(holder({"nobody", "get"})), error_kind::session_not_found);
}

TEST_P(event_log_contract, producers_and_streams_are_told_apart) {
  EXPECT_FALSE(appended_to(stream_, "1", {"p", 1}).duplicate);
  EXPECT_FALSE(appended_to(stream_, "2", {"q", 1}).duplicate);
  EXPECT_FALSE(appended_to({"s1", "post1"}, "3", {"p", 1}).duplicate);
}

TEST_P(event_log_contract, an_append_without_a_producer_is_never_a_duplicate) {
  appended_to(stream_, "1", {"", 1});
  EXPECT_FALSE(appended_to(stream_, "1", {"", 1}).duplicate);
  EXPECT_THAT(payloads(read_all(stream_)), ElementsAre("1", "1"));
}

TEST_P(event_log_contract, attach_tells_whom_it_replaces_and_the_newest_event) {
  const auto first = attach(stream_, node_a).value();
  EXPECT_EQ(first.previous_holder, nobody);
  EXPECT_EQ(first.last, position{});
  const auto event = appended_to(stream_, "1");
  const auto second = attach(stream_, node_b, 1).value();
  EXPECT_EQ(second.previous_holder, node_a);
  EXPECT_EQ(second.previous_epoch, first.epoch);
  EXPECT_GT(second.epoch, first.epoch);
  EXPECT_EQ(second.last, event.id);
}

TEST_P(event_log_contract, attaching_again_raises_the_epoch_also_for_the_same_holder) {
  const auto first = attach(stream_, node_a).value();
  const auto second = attach(stream_, node_a).value();
  EXPECT_GT(second.epoch, first.epoch);
  EXPECT_EQ(second.previous_holder, node_a);
}

TEST_P(event_log_contract, append_tells_the_present_holder_and_its_epoch) {
  EXPECT_EQ(appended_to(stream_, "1").holder, nobody);
  const auto first = attach(stream_, node_a).value();
  const auto to_first = appended_to(stream_, "2");
  EXPECT_EQ(to_first.holder, node_a);
  EXPECT_EQ(to_first.epoch, first.epoch);
  const auto second = attach(stream_, node_a_again).value();
  const auto to_second = appended_to(stream_, "3");
  EXPECT_EQ(to_second.holder, node_a_again);
  EXPECT_EQ(to_second.epoch, second.epoch);
}

TEST_P(event_log_contract, detach_leaves_the_stream_without_a_holder) {
  const auto first = attach(stream_, node_a).value();
  ASSERT_TRUE(detach(stream_, first.epoch));
  ASSERT_TRUE(detach(stream_, first.epoch));
  EXPECT_EQ(appended_to(stream_, "1").holder, nobody);
  const auto second = attach(stream_, node_b).value();
  EXPECT_EQ(second.previous_holder, nobody);
  EXPECT_GT(second.epoch, first.epoch);
}

TEST_P(event_log_contract, a_stale_detach_changes_nothing) {
  const auto first = attach(stream_, node_a).value();
  const auto second = attach(stream_, node_b).value();
  ASSERT_TRUE(detach(stream_, first.epoch));
  const auto event = appended_to(stream_, "1");
  EXPECT_EQ(event.holder, node_b);
  EXPECT_EQ(event.epoch, second.epoch);
}

TEST_P(event_log_contract, detach_of_an_unknown_stream_does_nothing) {
  EXPECT_TRUE(detach({"s1", "unknown"}, 1));
  EXPECT_TRUE(detach({"nobody", "get"}, 1));
  EXPECT_EQ(kind_of(read({"s1", "unknown"})), error_kind::stream_gone);
}

TEST_P(event_log_contract, an_attached_stream_without_an_event_reads_as_empty) {
  attach(stream_, node_a);
  const auto found = read_all(stream_);
  EXPECT_THAT(found.events, IsEmpty());
  EXPECT_EQ(found.follows, continuity::complete);
}

TEST_P(event_log_contract, a_stream_keeps_a_bounded_number_of_events) {
  const auto results = append_many(stream_, limits_.stream_events_max + 3);
  const auto found = read_all(stream_);
  ASSERT_EQ(found.events.size(), limits_.stream_events_max);
  EXPECT_EQ(found.events.front().id, results[3].id);
  EXPECT_EQ(found.events.back().id, results.back().id);
}

TEST_P(event_log_contract, a_stream_keeps_a_bounded_number_of_bytes) {
  const std::string large(limits_.stream_bytes_max / 3, 'x');
  for (int i = 0; i < 6; ++i)
    appended_to(stream_, large + std::to_string(i));
  const auto found = read_all(stream_);
  std::size_t bytes = 0;
  for (const auto& event : found.events)
    bytes += event.payload.size();
  EXPECT_LE(bytes, limits_.stream_bytes_max);
  ASSERT_FALSE(found.events.empty());
  EXPECT_EQ(found.events.back().payload.back(), '5') << "the oldest are dropped first";
  EXPECT_EQ(found.follows, continuity::gap);
}

TEST_P(event_log_contract, a_cursor_below_a_dropped_event_reads_a_gap) {
  const auto results = append_many(stream_, limits_.stream_events_max + 3);
  EXPECT_EQ(read_all(stream_).follows, continuity::gap);
  EXPECT_EQ(read_all(stream_, results[0].id).follows, continuity::gap);
  EXPECT_EQ(read_all(stream_, results[1].id).follows, continuity::gap);
  // The event at the cursor may be dropped: it has been seen.
  const auto after_dropped = read_all(stream_, results[2].id);
  EXPECT_EQ(after_dropped.follows, continuity::complete);
  EXPECT_EQ(after_dropped.events.front().id, results[3].id);
  EXPECT_EQ(read_all(stream_, results[3].id).follows, continuity::complete);
  EXPECT_EQ(read_all(stream_, results.back().id).follows, continuity::complete);
}

TEST_P(event_log_contract, the_previous_position_is_told_also_when_that_event_was_dropped) {
  const std::string large(limits_.stream_bytes_max, 'x');
  const auto first = appended_to(stream_, large);
  const auto second = appended_to(stream_, large);
  EXPECT_EQ(second.previous, first.id);
  EXPECT_EQ(attach(stream_, node_a).value().last, second.id);
  EXPECT_EQ(read_all(stream_, first.id).follows, continuity::complete);
  EXPECT_EQ(read_all(stream_).follows, continuity::gap);
}

TEST_P(event_log_contract, a_cursor_above_everything_reads_as_rewound_and_goes_on) {
  const auto last = append_many(stream_, 2).back().id;
  const position ahead{last.generation, last.sequence + 5};
  const auto found = read_all(stream_, ahead);
  EXPECT_EQ(found.follows, continuity::rewound);
  EXPECT_THAT(found.events, IsEmpty());
  EXPECT_EQ(read_all(stream_, {last.generation + 1, 1}).follows, continuity::rewound);
}

TEST_P(event_log_contract, a_cursor_of_an_unknown_generation_is_not_called_complete) {
  const auto results = append_many(stream_, 2);
  const auto found = read_all(stream_, {results[0].id.generation - 1, 3});
  EXPECT_EQ(found.follows, continuity::gap);
  EXPECT_THAT(payloads(found), ElementsAre("0", "1"));
}

TEST_P(event_log_contract, a_cursor_of_another_session_reads_nothing_of_it) {
  given_session("s2");
  const auto secret = append_many(stream_, 3);
  EXPECT_EQ(kind_of(read({"s2", "get"}, secret[0].id)), error_kind::stream_gone);
  append_many({"s2", "get"}, 1);
  const auto found = read_all({"s2", "get"}, secret[0].id);
  EXPECT_LE(found.events.size(), 1u);
  for (const auto& event : found.events)
    EXPECT_EQ(event.payload, "0");
  EXPECT_EQ(read_all(stream_).events.size(), 3u);
}

TEST_P(event_log_contract, an_ended_stream_takes_no_event_but_can_be_read) {
  const auto event = appended_to(stream_, "1", {"p", 1});
  ASSERT_TRUE(end(stream_));
  ASSERT_TRUE(end(stream_));
  EXPECT_EQ(kind_of(append(stream_, "2", {"p", 2})), error_kind::stream_gone);
  EXPECT_EQ(kind_of(append(stream_, "2")), error_kind::stream_gone);
  const auto found = read_all(stream_);
  EXPECT_THAT(payloads(found), ElementsAre("1"));
  EXPECT_TRUE(found.ended);
  EXPECT_TRUE(read_all(stream_, event.id).ended);
}

TEST_P(event_log_contract, a_repeated_append_is_told_its_position_also_after_the_end) {
  const auto event = appended_to(stream_, "1", {"p", 1});
  ASSERT_TRUE(end(stream_));
  const auto again = append(stream_, "1", {"p", 1});
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->duplicate);
  EXPECT_EQ(again->id, event.id);
}

TEST_P(event_log_contract, an_ended_stream_can_be_attached) {
  const auto event = appended_to(stream_, "1");
  ASSERT_TRUE(end(stream_));
  EXPECT_EQ(attach(stream_, node_a).value().last, event.id);
  EXPECT_TRUE(read_all(stream_).ended);
}

TEST_P(event_log_contract, an_ended_stream_is_gone_after_its_grace) {
  appended_to(stream_, "1");
  ASSERT_TRUE(end(stream_));
  harness_->advance(limits_.finished_stream_grace - a_moment);
  EXPECT_TRUE(read(stream_));
  ASSERT_TRUE(end(stream_)) << "ending it again does not prolong its grace";
  harness_->advance(a_moment);
  EXPECT_EQ(kind_of(read(stream_)), error_kind::stream_gone);
  EXPECT_TRUE(load("s1")) << "the session goes on";
}

TEST_P(event_log_contract, end_of_an_unknown_stream_makes_none) {
  EXPECT_TRUE(end({"s1", "unknown"}));
  EXPECT_TRUE(end({"nobody", "get"}));
  EXPECT_EQ(kind_of(read({"s1", "unknown"})), error_kind::stream_gone);
}

TEST_P(event_log_contract, open_streams_of_a_session_are_capped) {
  given_session("s2");
  for (std::size_t i = 0; i < limits_.streams_per_session_max; ++i) {
    ASSERT_TRUE(attach({"s1", "stream" + std::to_string(i)}, node_a));
  }
  EXPECT_EQ(kind_of(attach({"s1", "more"}, node_a)), error_kind::overloaded);
  EXPECT_EQ(kind_of(append({"s1", "more"}, "1")), error_kind::overloaded);
  EXPECT_EQ(kind_of(read({"s1", "more"})), error_kind::stream_gone);
  EXPECT_TRUE(attach({"s1", "stream0"}, node_b)) << "a known stream is not one more";
  EXPECT_TRUE(append({"s1", "stream0"}, "1"));
  EXPECT_TRUE(attach({"s2", "more"}, node_a)) << "another session has its own cap";
  ASSERT_TRUE(end({"s1", "stream1"}));
  harness_->advance(limits_.finished_stream_grace);
  EXPECT_TRUE(attach({"s1", "more"}, node_a));
}

TEST_P(event_log_contract, a_session_that_is_not_there_has_no_streams) {
  EXPECT_EQ(kind_of(append({"nobody", "get"}, "1")), error_kind::session_not_found);
  EXPECT_EQ(kind_of(attach({"nobody", "get"}, node_a)), error_kind::session_not_found);
  EXPECT_EQ(kind_of(read({"nobody", "get"})), error_kind::stream_gone);
}

TEST_P(event_log_contract, streams_end_with_their_session) {
  appended_to(stream_, "1");
  ASSERT_TRUE(remove_session("s1").value());
  EXPECT_EQ(kind_of(append(stream_, "2")), error_kind::session_not_found);
  EXPECT_EQ(kind_of(attach(stream_, node_a)), error_kind::session_not_found);
  EXPECT_EQ(kind_of(read(stream_)), error_kind::stream_gone);
}

TEST_P(event_log_contract, streams_expire_with_their_session) {
  appended_to(stream_, "1");
  harness_->advance(session_ttl);
  EXPECT_EQ(kind_of(append(stream_, "2")), error_kind::session_not_found);
  EXPECT_EQ(kind_of(attach(stream_, node_a)), error_kind::session_not_found);
  EXPECT_EQ(kind_of(read(stream_)), error_kind::stream_gone);
}

TEST_P(event_log_contract, writing_a_stream_does_not_prolong_the_session) {
  harness_->advance(session_ttl - a_moment);
  appended_to(stream_, "1");
  attach(stream_, node_a);
  harness_->advance(a_moment);
  EXPECT_EQ(kind_of(load("s1")), error_kind::session_not_found);
}

TEST_P(event_log_contract, remove_forgets_the_streams_and_keeps_the_session) {
  append_many(stream_, 3);
  append_many({"s1", "post1"}, 3);
  ASSERT_TRUE(forget("s1"));
  ASSERT_TRUE(forget("s1"));
  ASSERT_TRUE(forget("nobody"));
  EXPECT_EQ(kind_of(read(stream_)), error_kind::stream_gone);
  EXPECT_EQ(kind_of(read({"s1", "post1"})), error_kind::stream_gone);
  EXPECT_TRUE(load("s1"));
}

TEST_P(event_log_contract, a_stream_that_is_begun_anew_reuses_no_position_and_no_epoch) {
  const auto epoch = attach(stream_, node_a).value().epoch;
  const auto before = append_many(stream_, 3);
  ASSERT_TRUE(forget("s1"));
  const auto again = attach(stream_, node_b).value();
  EXPECT_GT(again.epoch, epoch);
  EXPECT_EQ(again.last, position{});
  const auto event = appended_to(stream_, "new");
  EXPECT_GT(event.id, before.back().id);
  EXPECT_EQ(event.id.sequence, 1u);
  ASSERT_TRUE(detach(stream_, epoch));
  EXPECT_EQ(appended_to(stream_, "newer").holder, node_b) << "what was attached before is void";
  EXPECT_EQ(read_all(stream_, before[0].id).follows, continuity::gap) << "what followed the cursor is not known";
}

TEST_P(event_log_contract, a_session_that_is_created_anew_reuses_no_position) {
  const auto before = append_many(stream_, 3);
  ASSERT_TRUE(remove_session("s1").value());
  given_session("s1");
  EXPECT_EQ(kind_of(read(stream_)), error_kind::stream_gone);
  EXPECT_GT(appended_to(stream_, "new").id, before.back().id);
}

}  // namespace hydrant::store

#pragma once

// The guarantees of store/node_registry.hpp, as tests. See store_harness.hpp for how to instantiate them.

#include "tests/unit/store/node_registry_fixture.hpp"

namespace hydrant::store {

TEST_P(node_registry_contract, nobody_is_known_at_first) {
  EXPECT_THAT(list(), IsEmpty());
}

TEST_P(node_registry_contract, a_process_that_beats_is_alive_and_tells_about_itself) {
  ASSERT_TRUE(beat(node_a, R"({"url":"http://a"})"));
  ASSERT_TRUE(beat(node_b));
  EXPECT_EQ(list().size(), 2u);
  const auto node = known(node_a);
  ASSERT_TRUE(node);
  EXPECT_TRUE(node->alive);
  EXPECT_EQ(node->about, R"({"url":"http://a"})");
  ASSERT_TRUE(beat(node_a, R"({"draining":true})"));
  EXPECT_EQ(known(node_a)->about, R"({"draining":true})");
  EXPECT_EQ(list().size(), 2u);
}

TEST_P(node_registry_contract, a_restarted_node_is_another_process) {
  ASSERT_TRUE(beat(node_a));
  ASSERT_TRUE(beat(node_a_again));
  EXPECT_TRUE(alive(node_a));
  EXPECT_TRUE(alive(node_a_again));
}

TEST_P(node_registry_contract, a_process_is_alive_until_its_ttl_is_over) {
  ASSERT_TRUE(beat(node_a));
  harness_->advance(beat_ttl - a_moment);
  EXPECT_TRUE(alive(node_a));
  harness_->advance(a_moment);
  EXPECT_FALSE(alive(node_a));
  EXPECT_TRUE(known(node_a)) << "it may have left calls";
}

TEST_P(node_registry_contract, beats_prolong) {
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(beat(node_a));
    harness_->advance(beat_ttl / 2 - a_moment);
  }
  EXPECT_TRUE(alive(node_a));
}

TEST_P(node_registry_contract, a_late_beat_revives_a_process_that_nobody_declared_dead) {
  ASSERT_TRUE(beat(node_a));
  pass_with_witness(beat_ttl);
  EXPECT_FALSE(alive(node_a));
  EXPECT_TRUE(beat(node_a));
  EXPECT_TRUE(alive(node_a));
}

TEST_P(node_registry_contract, a_live_process_has_no_orphans) {
  ASSERT_TRUE(beat(node_a));
  EXPECT_EQ(kind_of(orphans(node_a)), error_kind::conflict);
  EXPECT_TRUE(beat(node_a)) << "asking has not hurt it";
  EXPECT_TRUE(alive(node_a));
}

TEST_P(node_registry_contract, a_process_that_was_declared_dead_cannot_beat_again) {
  given_dead(node_a);
  EXPECT_EQ(kind_of(beat(node_a)), error_kind::conflict);
  EXPECT_FALSE(alive(node_a));
  EXPECT_TRUE(beat(node_a_again)) << "its next start is another process";
}

TEST_P(node_registry_contract, a_buried_process_is_not_known_and_cannot_beat_again) {
  given_dead(node_a);
  ASSERT_TRUE(bury(node_a));
  ASSERT_TRUE(bury(node_a));
  EXPECT_FALSE(known(node_a));
  EXPECT_EQ(kind_of(beat(node_a)), error_kind::conflict);
  EXPECT_FALSE(known(node_a));
}

TEST_P(node_registry_contract, only_what_is_dead_for_good_is_buried) {
  ASSERT_TRUE(beat(node_a));
  ASSERT_TRUE(bury(node_a));
  EXPECT_TRUE(alive(node_a));
  pass_with_witness(beat_ttl);
  ASSERT_TRUE(bury(node_a));
  EXPECT_TRUE(known(node_a));
  ASSERT_TRUE(bury(node_b)) << "never known";
}

TEST_P(node_registry_contract, after_a_silence_of_all_everybody_has_time_to_come_back) {
  ASSERT_TRUE(beat(node_a));
  ASSERT_TRUE(beat(node_b));
  harness_->advance(10 * beat_ttl);  // the store was not reachable
  EXPECT_EQ(kind_of(orphans(node_a)), error_kind::conflict) << "nobody has been heard of since";
  ASSERT_TRUE(beat(node_b));
  EXPECT_EQ(kind_of(orphans(node_a)), error_kind::conflict) << "it may be about to come back";
  pass_with_witness(beat_ttl - a_moment);
  EXPECT_EQ(kind_of(orphans(node_a)), error_kind::conflict);
  pass_with_witness(a_moment);
  EXPECT_TRUE(orphans(node_a));
  EXPECT_EQ(kind_of(beat(node_a)), error_kind::conflict);
}

TEST_P(node_registry_contract, who_comes_back_after_a_silence_is_not_dead) {
  ASSERT_TRUE(beat(node_a));
  harness_->advance(10 * beat_ttl);
  ASSERT_TRUE(beat(witness));
  EXPECT_TRUE(beat(node_a));
  EXPECT_TRUE(alive(node_a));
}

TEST_P(node_registry_contract, a_dead_process_leaves_the_calls_that_it_began) {
  given_session("s2");
  ASSERT_TRUE(beat(node_a));
  ASSERT_TRUE(begin(call_of("1", node_a)));
  ASSERT_TRUE(begin(call_of("\"a b\"", node_a)));
  ASSERT_TRUE(begin(call_of("2", node_b)));
  pending_call other = call_of("1", node_a);
  other.session = "s2";
  ASSERT_TRUE(begin(other));
  pass_with_witness(beat_ttl);
  EXPECT_THAT(orphans(node_a).value(),
              UnorderedElementsAre(call_ref{"s1", "1"}, call_ref{"s1", "\"a b\""}, call_ref{"s2", "1"}));
  EXPECT_THAT(orphans(node_a).value().size(), 3u) << "until somebody takes them over";
}

TEST_P(node_registry_contract, orphans_are_given_in_bounded_numbers) {
  ASSERT_TRUE(begin(call_of("1", node_a)));
  ASSERT_TRUE(begin(call_of("2", node_a)));
  EXPECT_EQ(orphans(node_a, 1).value().size(), 1u);
  EXPECT_EQ(orphans(node_a, 2).value().size(), 2u);
}

TEST_P(node_registry_contract, calls_that_were_answered_or_abandoned_or_moved_are_no_orphans) {
  for (const char* id : {"1", "2", "3"})
    ASSERT_TRUE(begin(call_of(id, node_a)));
  ASSERT_TRUE(finish("s1", "1", node_a, "{}").value());
  ASSERT_TRUE(abandon("2"));
  ASSERT_TRUE(move("3", node_b));
  EXPECT_THAT(orphans(node_a).value(), IsEmpty());
  EXPECT_THAT(orphans(node_b).value(), UnorderedElementsAre(call_ref{"s1", "3"}));
}

TEST_P(node_registry_contract, a_call_that_was_revised_by_its_owner_is_an_orphan_once) {
  ASSERT_TRUE(begin(call_of("1", node_a)));
  ASSERT_TRUE(revise("1", [](pending_call& call) { call.record = "step 2"; }));
  EXPECT_THAT(orphans(node_a).value(), UnorderedElementsAre(call_ref{"s1", "1"}));
  ASSERT_TRUE(finish("s1", "1", node_a, "{}").value());
  EXPECT_THAT(orphans(node_a).value(), IsEmpty());
}

TEST_P(node_registry_contract, a_call_that_moves_back_is_an_orphan) {
  ASSERT_TRUE(begin(call_of("1", node_a)));
  ASSERT_TRUE(move("1", node_b));
  ASSERT_TRUE(move("1", node_a));
  EXPECT_THAT(orphans(node_a).value(), UnorderedElementsAre(call_ref{"s1", "1"}));
  EXPECT_THAT(orphans(node_b).value(), IsEmpty());
}

TEST_P(node_registry_contract, an_id_that_is_used_again_is_an_orphan_of_its_second_call) {
  ASSERT_TRUE(begin(call_of("1", node_a)));
  ASSERT_TRUE(finish("s1", "1", node_a, "{}").value());
  ASSERT_TRUE(begin(call_of("1", node_a)));
  EXPECT_THAT(orphans(node_a).value(), UnorderedElementsAre(call_ref{"s1", "1"}));
}

TEST_P(node_registry_contract, a_begin_or_revision_that_fails_leaves_no_orphan_of_its_own) {
  ASSERT_TRUE(begin(call_of("1", node_a)));
  EXPECT_EQ(kind_of(begin(call_of("1", node_b))), error_kind::conflict);
  pending_call stale = call_of("1", node_b);
  stale.version = 7;
  EXPECT_EQ(kind_of(revise(stale)), error_kind::conflict);
  EXPECT_THAT(orphans(node_b).value(), IsEmpty());
  EXPECT_THAT(orphans(node_a).value(), UnorderedElementsAre(call_ref{"s1", "1"}));
}

TEST_P(node_registry_contract, calls_of_a_session_that_is_gone_are_no_orphans) {
  given_session("s2");
  pending_call other = call_of("1", node_a);
  other.session = "s2";
  ASSERT_TRUE(begin(call_of("1", node_a)));
  ASSERT_TRUE(begin(other));
  ASSERT_TRUE(remove_session("s1").value());
  ASSERT_TRUE(forget("s2"));
  EXPECT_THAT(orphans(node_a).value(), IsEmpty());
}

TEST_P(node_registry_contract, calls_of_a_session_that_expired_are_no_orphans) {
  ASSERT_TRUE(begin(call_of("1", node_a)));
  harness_->advance(session_ttl);
  EXPECT_THAT(orphans(node_a).value(), IsEmpty());
}

TEST_P(node_registry_contract, a_dead_process_with_calls_left_stays_known) {
  ASSERT_TRUE(beat(node_a));
  ASSERT_TRUE(begin(call_of("1", node_a)));
  pass_with_witness(beat_ttl);
  ASSERT_TRUE(orphans(node_a));
  ASSERT_TRUE(bury(node_a));
  EXPECT_TRUE(known(node_a));
  ASSERT_TRUE(move("1", node_b));
  ASSERT_THAT(orphans(node_a).value(), IsEmpty());
  ASSERT_TRUE(bury(node_a));
  EXPECT_FALSE(known(node_a));
}

TEST_P(node_registry_contract, a_process_that_leaves_owning_nothing_leaves_no_trace) {
  ASSERT_TRUE(beat(node_a));
  ASSERT_TRUE(begin(call_of("1", node_a)));
  ASSERT_TRUE(finish("s1", "1", node_a, "{}").value());
  ASSERT_TRUE(leave(node_a));
  ASSERT_TRUE(leave(node_a));
  EXPECT_THAT(list(), IsEmpty());
}

TEST_P(node_registry_contract, what_a_process_owns_when_it_leaves_are_orphans_at_once) {
  ASSERT_TRUE(beat(node_a));
  ASSERT_TRUE(begin(call_of("1", node_a)));
  ASSERT_TRUE(leave(node_a));
  EXPECT_TRUE(known(node_a));
  EXPECT_FALSE(alive(node_a));
  EXPECT_THAT(orphans(node_a).value(), UnorderedElementsAre(call_ref{"s1", "1"}));
  EXPECT_EQ(kind_of(beat(node_a)), error_kind::conflict);
}

TEST_P(node_registry_contract, what_a_buried_process_begins_all_the_same_is_found) {
  given_dead(node_a);
  ASSERT_TRUE(bury(node_a));
  given_session("s2");
  pending_call late = call_of("1", node_a);  // it was paused, and knows of nothing
  late.session = "s2";
  ASSERT_TRUE(begin(late));
  ASSERT_TRUE(known(node_a));
  EXPECT_FALSE(alive(node_a));
  EXPECT_THAT(orphans(node_a).value(), UnorderedElementsAre(call_ref{"s2", "1"}));
}

}  // namespace hydrant::store

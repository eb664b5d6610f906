#pragma once

// A store that loses its newest writes, as Redis does when it restarts from an older file.

#include "tests/unit/store/event_log_fixture.hpp"

namespace hydrant::store {

TEST_P(event_log_rewind_contract, positions_are_not_reused_after_a_rewind) {
  const auto before = append_many(stream_, 5);
  harness_->rewind(stream_, before[2].id);
  const auto event = appended_to(stream_, "new");
  EXPECT_GT(event.id, before[4].id);
  EXPECT_GT(event.id.generation, before[4].id.generation);
  EXPECT_EQ(event.id.sequence, 1u);
  EXPECT_EQ(event.previous, before[2].id);
  EXPECT_EQ(appended_to(stream_, "newer").id.sequence, 2u);
}

TEST_P(event_log_rewind_contract, a_client_that_saw_lost_events_reads_rewound_and_goes_on) {
  const auto before = append_many(stream_, 5);
  harness_->rewind(stream_, before[2].id);
  EXPECT_EQ(read_all(stream_, before[4].id).follows, continuity::rewound);
  appended_to(stream_, "new");
  const auto found = read_all(stream_, before[4].id);
  EXPECT_EQ(found.follows, continuity::rewound);
  EXPECT_THAT(payloads(found), ElementsAre("new"));
  EXPECT_EQ(read_all(stream_, found.events[0].id).follows, continuity::complete);
}

TEST_P(event_log_rewind_contract, a_client_that_saw_no_lost_event_reads_on) {
  const auto before = append_many(stream_, 5);
  harness_->rewind(stream_, before[2].id);
  appended_to(stream_, "new");
  const auto found = read_all(stream_, before[1].id);
  EXPECT_EQ(found.follows, continuity::complete);
  EXPECT_THAT(payloads(found), ElementsAre("2", "new"));
}

TEST_P(event_log_rewind_contract, a_repeated_append_of_a_lost_event_is_appended) {
  const auto kept = appended_to(stream_, "kept", {"p", 1});
  appended_to(stream_, "lost", {"q", 1});
  harness_->rewind(stream_, kept.id);
  EXPECT_TRUE(appended_to(stream_, "kept", {"p", 1}).duplicate);
  EXPECT_FALSE(appended_to(stream_, "lost", {"q", 1}).duplicate);
  EXPECT_THAT(payloads(read_all(stream_)), ElementsAre("kept", "lost"));
}

}  // namespace hydrant::store

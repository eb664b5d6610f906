#pragma once

// The guarantees of store/session_store.hpp, as tests. See store_harness.hpp for how to instantiate them.

#include "tests/unit/store/session_store_fixture.hpp"

#include <gmock/gmock.h>

namespace hydrant::store {

inline session_record full_record(std::string id) {
  session_record record;
  record.id = std::move(id);
  record.protocol_version = "2025-11-25";
  record.transport = session_transport::http_sse;
  record.initialized = true;
  record.client_info = R"({"name":"caf\u00e9 \"x\"","version":"1"})";
  record.client_capabilities = R"({"roots":{"listChanged":true}})";
  record.log_level = "warning";
  record.principal = "alice@example.org";
  record.created_at = base::wall_time(std::chrono::milliseconds(1'760'000'000'123));
  return record;
}

inline void expect_same(const session_record& left, const session_record& right) {
  EXPECT_EQ(left.id, right.id);
  EXPECT_EQ(left.protocol_version, right.protocol_version);
  EXPECT_EQ(left.transport, right.transport);
  EXPECT_EQ(left.initialized, right.initialized);
  EXPECT_EQ(left.client_info, right.client_info);
  EXPECT_EQ(left.client_capabilities, right.client_capabilities);
  EXPECT_EQ(left.log_level, right.log_level);
  EXPECT_EQ(left.principal, right.principal);
  EXPECT_EQ(left.created_at, right.created_at);
  EXPECT_EQ(left.version, right.version);
}

using base::error_kind;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST_P(session_store_contract, a_created_session_can_be_loaded_whole_from_any_node) {
  ASSERT_TRUE(create(full_record("s1")));
  const auto loaded = load("s1");
  ASSERT_TRUE(loaded);
  expect_same(*loaded, full_record("s1"));
}

TEST_P(session_store_contract, an_id_in_use_is_a_conflict_and_changes_nothing) {
  ASSERT_TRUE(create(full_record("s1")));
  session_record other;
  other.id = "s1";
  EXPECT_EQ(kind_of(create(other)), error_kind::conflict);
  expect_same(load("s1").value(), full_record("s1"));
  EXPECT_EQ(count(), 1u);
}

TEST_P(session_store_contract, of_creators_of_one_id_one_succeeds) {
  tally outcomes;
  std::vector<std::function<void()>> calls;
  for (int i = 0; i < 4; ++i) {
    calls.push_back([&, i] {
      session_record record;
      record.id = "s1";
      sessions(i % 2).create(record, session_ttl, outcomes.count<void>());
    });
  }
  race(calls, outcomes.completed, 4);
  EXPECT_EQ(outcomes.succeeded, 1);
  EXPECT_EQ(count(), 1u);
}

TEST_P(session_store_contract, an_unknown_session_is_not_found) {
  session_record record;
  record.id = "nobody";
  EXPECT_EQ(kind_of(load("nobody")), error_kind::session_not_found);
  EXPECT_EQ(kind_of(touch("nobody")), error_kind::session_not_found);
  EXPECT_EQ(kind_of(update(record)), error_kind::session_not_found);
  EXPECT_EQ(kind_of(subscribe("nobody", "file:///a")), error_kind::session_not_found);
  EXPECT_EQ(kind_of(unsubscribe("nobody", "file:///a")), error_kind::session_not_found);
  EXPECT_FALSE(remove_session("nobody").value());
}

TEST_P(session_store_contract, a_session_lives_until_its_ttl_is_over) {
  given_session("s1");
  harness_->advance(session_ttl - a_moment);
  EXPECT_TRUE(load("s1"));
  harness_->advance(a_moment);
  EXPECT_EQ(kind_of(load("s1")), error_kind::session_not_found);
}

TEST_P(session_store_contract, each_session_has_its_own_ttl) {
  session_record record;
  record.id = "brief";
  ASSERT_TRUE(create(record, std::chrono::minutes(1)));
  given_session("s1");
  harness_->advance(std::chrono::minutes(1));
  EXPECT_EQ(kind_of(load("brief")), error_kind::session_not_found);
  EXPECT_TRUE(load("s1"));
}

TEST_P(session_store_contract, touch_prolongs_by_the_ttl_counted_from_now) {
  given_session("s1");
  for (int i = 0; i < 3; ++i) {
    harness_->advance(session_ttl - a_moment);
    ASSERT_TRUE(touch("s1")) << i;
  }
  harness_->advance(session_ttl + session_ttl / 8);
  EXPECT_EQ(kind_of(touch("s1")), error_kind::session_not_found);
}

TEST_P(session_store_contract, update_prolongs) {
  given_session("s1");
  harness_->advance(session_ttl - a_moment);
  ASSERT_TRUE(update(load("s1").value()));
  harness_->advance(session_ttl - a_moment);
  EXPECT_TRUE(load("s1"));
}

TEST_P(session_store_contract, load_and_subscribe_do_not_prolong) {
  given_session("s1");
  harness_->advance(session_ttl - a_moment);
  ASSERT_TRUE(load("s1"));
  ASSERT_TRUE(subscribe("s1", "file:///a"));
  harness_->advance(a_moment);
  EXPECT_EQ(kind_of(load("s1")), error_kind::session_not_found);
}

TEST_P(session_store_contract, an_expired_session_is_like_one_that_never_was) {
  given_session("s1");
  ASSERT_TRUE(subscribe("s1", "file:///a"));
  const session_record stale = load("s1").value();
  harness_->advance(session_ttl);
  EXPECT_EQ(kind_of(touch("s1")), error_kind::session_not_found);
  EXPECT_EQ(kind_of(update(stale)), error_kind::session_not_found);
  EXPECT_EQ(kind_of(subscribe("s1", "file:///b")), error_kind::session_not_found);
  EXPECT_THAT(subscribers("file:///a"), IsEmpty());
  EXPECT_FALSE(remove_session("s1").value());

  given_session("s1");
  EXPECT_EQ(load("s1").value().version, 1u);
  EXPECT_THAT(subscribers("file:///a"), IsEmpty());
}

TEST_P(session_store_contract, an_id_can_be_used_again_after_expiry) {
  ASSERT_TRUE(create(full_record("s1")));
  harness_->advance(session_ttl);
  given_session("s1");
  EXPECT_EQ(load("s1").value().client_info, "");
}

TEST_P(session_store_contract, update_replaces_the_record_and_raises_the_version) {
  given_session("s1");
  session_record next = full_record("s1");
  const auto version = update(next);
  ASSERT_TRUE(version);
  EXPECT_EQ(*version, 2u);
  next.version = 2;
  expect_same(load("s1").value(), next);
  EXPECT_EQ(touch("s1").value().version, 2u);
}

TEST_P(session_store_contract, a_stale_update_is_a_conflict_and_changes_nothing) {
  given_session("s1");
  const session_record seen = load("s1").value();
  session_record first = seen;
  first.log_level = "error";
  ASSERT_TRUE(update(first, 0));
  session_record second = seen;
  second.log_level = "debug";
  EXPECT_EQ(kind_of(update(second, 1)), error_kind::conflict);
  EXPECT_EQ(load("s1").value().log_level, "error");
  EXPECT_EQ(load("s1").value().version, 2u);

  second = load("s1").value();
  second.log_level = "debug";
  EXPECT_EQ(update(second, 1).value(), 3u);
}

TEST_P(session_store_contract, of_updates_from_one_version_one_succeeds) {
  given_session("s1");
  const session_record seen = load("s1").value();
  tally outcomes;
  std::vector<std::function<void()>> calls;
  for (int i = 0; i < 4; ++i) {
    calls.push_back([&, i] { sessions(i % 2).update(seen, outcomes.count<std::uint64_t>()); });
  }
  race(calls, outcomes.completed, 4);
  EXPECT_EQ(outcomes.succeeded, 1);
  EXPECT_EQ(load("s1").value().version, 2u);
}

TEST_P(session_store_contract, remove_ends_a_session_and_says_whether_it_existed) {
  given_session("s1");
  given_session("s2");
  ASSERT_TRUE(subscribe("s1", "file:///a"));
  EXPECT_TRUE(remove_session("s1").value());
  EXPECT_EQ(kind_of(load("s1")), error_kind::session_not_found);
  EXPECT_THAT(subscribers("file:///a"), IsEmpty());
  EXPECT_FALSE(remove_session("s1").value());
  EXPECT_TRUE(load("s2"));
}

TEST_P(session_store_contract, subscribers_are_the_live_sessions_that_subscribed_each_once) {
  for (const char* id : {"s1", "s2", "s3"})
    given_session(id);
  ASSERT_TRUE(subscribe("s1", "file:///a"));
  ASSERT_TRUE(subscribe("s1", "file:///a"));
  ASSERT_TRUE(subscribe("s1", "file:///b"));
  ASSERT_TRUE(subscribe("s2", "file:///a"));
  EXPECT_THAT(subscribers("file:///a"), UnorderedElementsAre("s1", "s2"));
  EXPECT_THAT(subscribers("file:///b"), UnorderedElementsAre("s1"));
  EXPECT_THAT(subscribers("file:///"), IsEmpty());
}

TEST_P(session_store_contract, unsubscribe_takes_one_subscription_away_and_can_be_repeated) {
  given_session("s1");
  given_session("s2");
  for (const char* id : {"s1", "s2"})
    ASSERT_TRUE(subscribe(id, "file:///a"));
  ASSERT_TRUE(subscribe("s1", "file:///b"));
  EXPECT_TRUE(unsubscribe("s1", "file:///a"));
  EXPECT_TRUE(unsubscribe("s1", "file:///a"));
  EXPECT_THAT(subscribers("file:///a"), UnorderedElementsAre("s2"));
  EXPECT_THAT(subscribers("file:///b"), UnorderedElementsAre("s1"));
}

TEST_P(session_store_contract, subscriptions_of_a_session_are_capped) {
  given_session("s1");
  given_session("s2");
  for (std::size_t i = 0; i < limits_.subscriptions_per_session_max; ++i) {
    ASSERT_TRUE(subscribe("s1", "file:///" + std::to_string(i)));
  }
  EXPECT_EQ(kind_of(subscribe("s1", "file:///more")), error_kind::overloaded);
  EXPECT_THAT(subscribers("file:///more"), IsEmpty());
  EXPECT_TRUE(subscribe("s1", "file:///0")) << "it is there already";
  EXPECT_TRUE(subscribe("s2", "file:///more")) << "another session has its own cap";
  ASSERT_TRUE(unsubscribe("s1", "file:///0"));
  EXPECT_TRUE(subscribe("s1", "file:///more"));
}

TEST_P(session_store_contract, live_sessions_are_capped) {
  for (std::size_t i = 0; i < limits_.sessions_max; ++i)
    given_session("s" + std::to_string(i));
  session_record more;
  more.id = "more";
  EXPECT_EQ(kind_of(create(more)), error_kind::overloaded);
  EXPECT_EQ(kind_of(load("more")), error_kind::session_not_found);
  more.id = "s0";
  EXPECT_EQ(kind_of(create(more)), error_kind::conflict) << "an id in use is told first";
  ASSERT_TRUE(remove_session("s0").value());
  EXPECT_TRUE(create(more));
}

TEST_P(session_store_contract, expired_sessions_do_not_count_against_the_cap) {
  for (std::size_t i = 0; i < limits_.sessions_max; ++i)
    given_session("s" + std::to_string(i));
  harness_->advance(session_ttl - a_moment);
  ASSERT_TRUE(touch("s0"));
  harness_->advance(a_moment);
  for (std::size_t i = 1; i < limits_.sessions_max; ++i) {
    session_record record;
    record.id = "new" + std::to_string(i);
    ASSERT_TRUE(create(record)) << i;
  }
  session_record more;
  more.id = "more";
  EXPECT_EQ(kind_of(create(more)), error_kind::overloaded);
  EXPECT_TRUE(load("s0"));
}

TEST_P(session_store_contract, count_follows_create_and_remove) {
  EXPECT_EQ(count(), 0u);
  given_session("s1");
  given_session("s2");
  EXPECT_EQ(count(), 2u);
  ASSERT_TRUE(remove_session("s1"));
  EXPECT_EQ(count(), 1u);
}

TEST_P(session_store_contract, a_completion_may_call_the_store) {
  given_session("s1");
  const auto version = await<std::uint64_t>([&](completion<std::uint64_t> done) {
    sessions().load("s1", [this, done](base::result<session_record> loaded) {
      sessions().update(std::move(loaded.value()), done);
    });
  });
  EXPECT_EQ(version.value(), 2u);
}

}  // namespace hydrant::store

#pragma once

// The guarantees of store/shared_values.hpp, as tests. See store_harness.hpp for how to instantiate them.

#include "tests/unit/store/shared_values_fixture.hpp"

#include <gmock/gmock.h>

namespace hydrant::store {

TEST_P(shared_values_contract, what_was_never_written_is_empty_at_version_zero) {
  EXPECT_EQ(read("keyring").text, "");
  EXPECT_EQ(read("keyring").version, 0u);
}

TEST_P(shared_values_contract, what_was_written_is_read_unchanged_from_any_node) {
  const std::string odd("{\"k\":\"\xc3\xa9\0\r\n\"}", 13);
  EXPECT_EQ(write("keyring", 0, odd).value(), 1u);
  EXPECT_EQ(read("keyring").text, odd);
  EXPECT_EQ(read("keyring").version, 1u);
  EXPECT_EQ(read("other").version, 0u);
}

TEST_P(shared_values_contract, a_write_raises_the_version_by_one) {
  ASSERT_TRUE(write("keyring", 0, "one"));
  EXPECT_EQ(write("keyring", 1, "two").value(), 2u);
  EXPECT_EQ(read("keyring").text, "two");
}

TEST_P(shared_values_contract, a_stale_write_is_a_conflict_and_changes_nothing) {
  ASSERT_TRUE(write("keyring", 0, "one"));
  EXPECT_EQ(kind_of(write("keyring", 0, "again the first")), base::error_kind::conflict);
  EXPECT_EQ(kind_of(write("keyring", 2, "too early")), base::error_kind::conflict);
  EXPECT_EQ(kind_of(write("new", 1, "never written")), base::error_kind::conflict);
  EXPECT_EQ(read("keyring").text, "one");
  EXPECT_EQ(read("keyring").version, 1u);
}

TEST_P(shared_values_contract, of_racing_writers_one_succeeds) {
  tally outcomes;
  std::vector<std::function<void()>> calls;
  for (int i = 0; i < 4; ++i)
    calls.push_back([&, i] { values(i % 2).write("keyring", 0, "x", outcomes.count<std::uint64_t>()); });
  race(calls, outcomes.completed, 4);
  EXPECT_EQ(outcomes.succeeded, 1);
  EXPECT_EQ(read("keyring").version, 1u);
}

TEST_P(shared_values_contract, a_token_is_claimed_once) {
  EXPECT_TRUE(claim("token"));
  EXPECT_FALSE(claim("token"));
  EXPECT_FALSE(claim("token", std::chrono::minutes(5), 1));
  EXPECT_TRUE(claim("another"));
}

TEST_P(shared_values_contract, of_racing_claimers_one_is_told_true) {
  std::atomic<int> won{0};
  std::atomic<int> completed{0};
  std::vector<std::function<void()>> calls;
  for (int i = 0; i < 4; ++i) {
    calls.push_back([&, i] {
      values(i % 2).claim("token", std::chrono::minutes(5), [&](base::result<bool> first) {
        if (first && *first) ++won;
        ++completed;
      });
    });
  }
  race(calls, completed, 4);
  EXPECT_EQ(won, 1);
}

TEST_P(shared_values_contract, a_claim_is_forgotten_after_its_ttl_and_not_prolonged_by_later_ones) {
  ASSERT_TRUE(claim("token", std::chrono::minutes(5)));
  harness_->advance(std::chrono::minutes(5) - a_moment);
  EXPECT_FALSE(claim("token", std::chrono::minutes(60)));
  harness_->advance(a_moment);
  EXPECT_TRUE(claim("token"));
}

TEST_P(shared_values_contract, a_number_is_what_all_nodes_have_added) {
  EXPECT_EQ(add("n", 0, "reader").value(), 0);
  EXPECT_EQ(add("n", 5, "a").value(), 5);
  EXPECT_EQ(add("n", -7, "b", 1).value(), -2);
  EXPECT_EQ(add("n", 0, "reader").value(), -2);
  EXPECT_EQ(add("another", 0, "reader").value(), 0);
}

TEST_P(shared_values_contract, a_token_adds_once) {
  EXPECT_EQ(add("n", 5, "a").value(), 5);
  EXPECT_EQ(add("n", 5, "a", 1).value(), 5);
  EXPECT_EQ(add("another", 5, "a").value(), 5) << "to each number";
  harness_->advance(shared_values::repeats_within);
  EXPECT_EQ(add("n", 5, "a").value(), 10);
}

TEST_P(shared_values_contract, adding_at_once_loses_nothing) {
  tally outcomes;
  std::vector<std::function<void()>> calls;
  for (int i = 0; i < 4; ++i)
    calls.push_back([&, i] { values(i % 2).add("n", 1, std::to_string(i), outcomes.count<std::int64_t>()); });
  race(calls, outcomes.completed, 4);
  EXPECT_EQ(add("n", 0, "reader").value(), 4);
}

TEST_P(shared_values_contract, values_do_not_expire) {
  ASSERT_TRUE(write("keyring", 0, "one"));
  harness_->advance(std::chrono::hours(24 * 365));
  EXPECT_EQ(read("keyring").text, "one");
}

}  // namespace hydrant::store

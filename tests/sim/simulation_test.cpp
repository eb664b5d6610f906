// Runs a thousand worlds, and some that are spoilt on purpose.
//
//   HYDRANT_SIM_SEEDS=100000   so many instead
//   HYDRANT_SIM_SEED=42        that one alone, with all of its trace

#include "base/log.hpp"
#include "tests/sim/world.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>

namespace hydrant::sim {
namespace {

constexpr int shards = 8;

std::optional<std::uint64_t> from_environment(const char* name) {
  const char* text = std::getenv(name);
  if (text == nullptr || *text == '\0') return std::nullopt;
  return std::stoull(text);
}

std::uint64_t seeds_of_a_shard() {
  return from_environment("HYDRANT_SIM_SEEDS").value_or(HYDRANT_SIM_SEEDS_DEFAULT) / shards;
}

std::string report(std::uint64_t seed, const outcome& of) {
  std::string out = "seed " + std::to_string(seed) + ":\n" + of.trace;
  for (const auto& one : of.violations)
    out += "  " + one + "\n";
  return out + "again: HYDRANT_SIM_SEED=" + std::to_string(seed) + " sim_tests --gtest_filter='*one_world'\n";
}

class worlds : public testing::TestWithParam<int> {};

TEST_P(worlds, keep_the_promises) {
  const auto count = seeds_of_a_shard();
  int failed = 0;
  for (std::uint64_t i = 0; i < count && failed < 3; ++i) {
    const auto seed = i * shards + static_cast<std::uint64_t>(GetParam()) + 1;
    const auto came = simulate(seed);
    if (came.violations.empty()) continue;
    ++failed;
    ADD_FAILURE() << report(seed, came);
  }
}

INSTANTIATE_TEST_SUITE_P(of_many_seeds, worlds, testing::Range(0, shards));

TEST(simulation, one_world) {
  const auto seed = from_environment("HYDRANT_SIM_SEED");
  const auto came = simulate(seed.value_or(1), spoil::nothing, trace_kept::all);
  if (seed) std::cout << report(*seed, came);
  EXPECT_TRUE(came.violations.empty());
}

TEST(simulation, of_the_same_seed_is_the_same) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto first = simulate(seed);
    EXPECT_EQ(first.hash, simulate(seed).hash) << seed;
    EXPECT_GT(first.lines, 100U);
  }
}

TEST(simulation, of_another_seed_is_another) {
  EXPECT_NE(simulate(1).hash, simulate(2).hash);
}

// The checker is checked.
class spoilt_worlds : public testing::TestWithParam<spoil> {};

TEST_P(spoilt_worlds, are_noticed) {
  constexpr std::uint64_t enough = 1000;
  std::uint64_t seed = 1;
  while (seed <= enough && simulate(seed, GetParam()).violations.empty())
    ++seed;
  EXPECT_LE(seed, enough);
}

INSTANTIATE_TEST_SUITE_P(by, spoilt_worlds,
                         testing::Values(spoil::append_forgotten, spoil::response_forgotten, spoil::response_doubled,
                                         spoil::fence_open, spoil::id_reused, spoil::read_skips, spoil::nobody_looks,
                                         spoil::nobody_adopts));

}  // namespace
}  // namespace hydrant::sim

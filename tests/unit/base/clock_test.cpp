#include "base/clock.hpp"

#include <gtest/gtest.h>

namespace hydrant::base {
namespace {

using namespace std::chrono_literals;

TEST(clock, reads_the_clocks_of_the_system) {
  const clock real;
  const auto before = std::chrono::steady_clock::now();
  const auto read = real.now();
  const auto after = std::chrono::steady_clock::now();
  EXPECT_LE(before, read);
  EXPECT_LE(read, after);
  const auto wall = real.wall_now() - std::chrono::system_clock::now();
  EXPECT_LT(wall, 1min);
  EXPECT_GT(wall, -1min);
}

TEST(manual_clock, stands_still_until_it_is_told_to_move) {
  const manual_clock still;
  EXPECT_EQ(still.now(), still.now());
  EXPECT_EQ(still.wall_now(), still.wall_now());
}

TEST(manual_clock, moves_both_times_by_the_same_span) {
  manual_clock time;
  const auto steady = time.now();
  const auto wall = time.wall_now();
  time.advance(1500ms);
  EXPECT_EQ(time.now() - steady, 1500ms);
  EXPECT_EQ(time.wall_now() - wall, 1500ms);
}

// Code under test subtracts spans from the present; that must not lead below the clock's zero.
TEST(manual_clock, leaves_room_for_times_in_the_past) {
  EXPECT_GE(manual_clock().now() - 1h, steady_time{});
}

TEST(manual_clock, takes_the_place_of_the_real_one) {
  manual_clock time;
  const clock& injected = time;
  const auto before = injected.now();
  time.advance(1s);
  EXPECT_EQ(injected.now() - before, 1s);
}

}  // namespace
}  // namespace hydrant::base

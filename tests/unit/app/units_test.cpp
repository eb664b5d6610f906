#include "base/units.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace hydrant::base {
namespace {

using std::chrono::milliseconds;

TEST(parse_duration, reads_every_unit) {
  EXPECT_EQ(parse_duration("500ms").value(), milliseconds(500));
  EXPECT_EQ(parse_duration("30s").value(), milliseconds(30'000));
  EXPECT_EQ(parse_duration("30m").value(), milliseconds(1'800'000));
  EXPECT_EQ(parse_duration("2h").value(), milliseconds(7'200'000));
  EXPECT_EQ(parse_duration("1d").value(), milliseconds(86'400'000));
}

TEST(parse_duration, takes_a_plain_number_for_seconds) {
  EXPECT_EQ(parse_duration("5").value(), milliseconds(5'000));
}

TEST(parse_duration, refuses_what_is_not_a_number_and_one_unit) {
  for (const auto* text : {"", "s", "-1s", "+1s", "1.5s", "1 s", " 1s", "1s ", "1m30s", "1w", "1ss", "0x10"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(parse_duration, refuses_what_would_overflow) {
  for (const auto* text : {"9223372036854775807d", "99999999999999999999s", "36501d"}) {
    const auto parsed = parse_duration(text);
    ASSERT_FALSE(parsed) << text;
  }
  EXPECT_TRUE(parse_duration("36500d"));
}

TEST(format_duration, picks_the_largest_unit_that_divides) {
  EXPECT_EQ(format_duration(milliseconds(0)), "0s");
  EXPECT_EQ(format_duration(milliseconds(1)), "1ms");
  EXPECT_EQ(format_duration(milliseconds(1'500)), "1500ms");
  EXPECT_EQ(format_duration(milliseconds(75'000)), "75s");
  EXPECT_EQ(format_duration(milliseconds(1'800'000)), "30m");
  EXPECT_EQ(format_duration(milliseconds(172'800'000)), "2d");
}

TEST(format_duration, is_read_back_as_the_same_duration) {
  for (const std::int64_t count : {0LL, 1LL, 999LL, 60'000LL, 61'000LL, 3'600'000LL, 86'400'001LL}) {
    EXPECT_EQ(parse_duration(format_duration(milliseconds(count))).value(), milliseconds(count));
  }
}

TEST(parse_bytes, tells_powers_of_1024_from_powers_of_1000) {
  EXPECT_EQ(parse_bytes("64KiB").value(), 65'536);
  EXPECT_EQ(parse_bytes("4MiB").value(), 4'194'304);
  EXPECT_EQ(parse_bytes("1GiB").value(), 1'073'741'824);
  EXPECT_EQ(parse_bytes("1KB").value(), 1'000);
  EXPECT_EQ(parse_bytes("1MB").value(), 1'000'000);
  EXPECT_EQ(parse_bytes("1GB").value(), 1'000'000'000);
  EXPECT_EQ(parse_bytes("7B").value(), 7);
  EXPECT_EQ(parse_bytes("7").value(), 7);
}

TEST(parse_bytes, does_not_mind_upper_and_lower_case) {
  EXPECT_EQ(parse_bytes("4mib").value(), 4'194'304);
}

TEST(parse_bytes, refuses_what_is_not_a_number_and_one_unit) {
  for (const auto* text : {"", "MiB", "-1", "1.5MiB", "4 MiB", "4M", "4MiBs", "9223372036854775807KiB"}) {
    EXPECT_FALSE(parse_bytes(text)) << text;
  }
}

TEST(format_bytes, is_read_back_as_the_same_count) {
  EXPECT_EQ(format_bytes(4'194'304), "4MiB");
  EXPECT_EQ(format_bytes(1'000), "1000B");
  for (const std::int64_t count : {std::int64_t{0}, std::int64_t{1}, std::int64_t{1'000'000}, std::int64_t{1} << 40,
                                   std::numeric_limits<std::int64_t>::max()}) {
    EXPECT_EQ(parse_bytes(format_bytes(count)).value(), count);
  }
}

TEST(parse_integer, takes_nothing_besides_the_number) {
  EXPECT_EQ(parse_integer("-7").value(), -7);
  for (const auto* text : {"", "-", "+7", "7 ", "7s", "9223372036854775808"})
    EXPECT_FALSE(parse_integer(text)) << text;
}

}  // namespace
}  // namespace hydrant::base

#include "providers/opensearch/tools/time_range.hpp"

#include <gmock/gmock.h>

namespace hydrant::providers::opensearch {
namespace {

using protocol::json;
using testing::HasSubstr;

constexpr epoch_ms two_pm = 1773324000000;  // 2026-03-12T14:00:00Z

constexpr range_arguments named{"from", "to"};

std::string refusal(const json& arguments) {
  const auto range = read_range(arguments, named);
  return range ? "none" : range.error().message;
}

TEST(time_range, times_are_read_in_the_ways_people_write_them) {
  for (const char* text : {"2026-03-12T14:00:00Z", "2026-03-12 14:00:00", "2026-03-12T14:00",
                           "2026-03-12T14:00:00.000Z", "2026-03-12T15:00:00+01:00", "2026-03-12T09:30:00-0430",
                           "2026-03-12T16:00+02", "1773324000000", "2026-03-12t14:00:00z"})
    EXPECT_EQ(parse_time(text), two_pm) << text;
  EXPECT_EQ(parse_time("2026-03-12"), two_pm - 14 * 3'600'000);
  EXPECT_EQ(parse_time("2026-03-12T24:00:00Z"), two_pm + 10 * 3'600'000);
  EXPECT_EQ(parse_time("2026-03-12T14:00:00.1239Z"), two_pm + 123);
  EXPECT_EQ(parse_time("2026-03-12T14:00:00,5"), two_pm + 500);
}

TEST(time_range, what_is_no_time_is_not_taken_for_one) {
  for (const char* text : {"", "now", "yesterday", "14:00", "2026-13-01", "2026-02-29", "2026-03-12T25:00:00",
                           "2026-03-12T24:00:01", "2026-03-12T14:60", "2026-03-12T14", "2026-03-12T14:00:00ZZ",
                           "2026-03-12T14:00:00 UTC", "2026-03-12T14:00:00+25:00", "2026-03-12T14:00:00.", "2026-3-12",
                           "2026-03-12T14:00:00+1", "17733240000000000000", "-1773324000000"})
    EXPECT_FALSE(parse_time(text)) << text;
}

TEST(time_range, seconds_since_1970_are_refused_since_they_would_mean_a_day_in_1970) {
  EXPECT_FALSE(parse_time("1773324000"));
}

TEST(time_range, times_are_written_as_they_are_read) {
  EXPECT_EQ(time_text(two_pm), "2026-03-12T14:00:00Z");
  EXPECT_EQ(time_text(two_pm + 7), "2026-03-12T14:00:00.007Z");
  EXPECT_EQ(time_text(-1), "1969-12-31T23:59:59.999Z");
}

TEST(time_range, a_range_has_its_start_before_its_end) {
  const auto range = read_range({{"from", "2026-03-12T14:00:00Z"}, {"to", two_pm + 1000}}, named);
  ASSERT_TRUE(range && *range);
  EXPECT_EQ((*range)->start, two_pm);
  EXPECT_EQ((*range)->end, two_pm + 1000);
  EXPECT_EQ(refusal({{"from", two_pm}, {"to", two_pm}}), "from must be before to");
}

TEST(time_range, a_range_is_there_as_a_whole_or_not_at_all) {
  EXPECT_FALSE(*read_range(json::object(), named));
  EXPECT_FALSE(*read_range({{"from", ""}, {"to", ""}}, named));
  EXPECT_THAT(refusal({{"from", two_pm}}), HasSubstr("to is missing"));
  EXPECT_THAT(refusal({{"to", two_pm}}), HasSubstr("from is missing"));
  EXPECT_THAT(refusal({{"from", "noon"}, {"to", two_pm}}), HasSubstr("from is no time"));
}

}  // namespace
}  // namespace hydrant::providers::opensearch

#include "protocol/event_id.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace hydrant::protocol {
namespace {

constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();

TEST(event_id, formats_and_parses_back) {
  for (const event_id& id : {event_id{"a", {0, 0}}, event_id{"Req.7~x", {1700000000000, 42}},
                             event_id{std::string(64, 'z'), {largest, largest}}}) {
    EXPECT_EQ(parse_event_id(to_string(id)), id) << to_string(id);
  }
  EXPECT_EQ(to_string(event_id{"main", {5, 17}}), "main_5-17");
}

TEST(event_id, position_alone_has_the_spelling_of_a_redis_entry) {
  EXPECT_EQ(to_string(log_position{1700000000000, 3}), "1700000000000-3");
  EXPECT_EQ(parse_log_position("1700000000000-3"), (log_position{1700000000000, 3}));
  EXPECT_EQ(parse_log_position("5"), std::nullopt);
}

TEST(event_id, refuses_a_second_spelling_of_a_number) {
  for (const char* text :
       {"s_01-2", "s_1-02", "s_+1-2", "s_1-+2", "s_ 1-2", "s_1-2 ", "s_1--2", "s_-1-2", "s_0x1-2", "s_1-2.0"})
    EXPECT_EQ(parse_event_id(text), std::nullopt) << text;
}

TEST(event_id, refuses_numbers_that_overflow) {
  EXPECT_TRUE(parse_event_id("s_18446744073709551615-18446744073709551615"));
  EXPECT_EQ(parse_event_id("s_18446744073709551616-0"), std::nullopt);
  EXPECT_EQ(parse_event_id("s_0-99999999999999999999"), std::nullopt);
}

TEST(event_id, refuses_missing_parts) {
  for (const char* text : {"", "_", "_1-2", "s", "s_", "s_1", "s_1-", "s_-2", "s1-2", "1-2", "s_1_2", "s__1-2"})
    EXPECT_EQ(parse_event_id(text), std::nullopt) << text;
}

TEST(event_id, stream_names_are_short_and_free_of_separators) {
  EXPECT_TRUE(valid_stream_name("AZaz09.~"));
  EXPECT_TRUE(valid_stream_name(std::string(64, 'a')));
  EXPECT_FALSE(valid_stream_name(std::string(65, 'a')));
  for (const char* name : {"", "a_b", "a-b", "a b", "a\n", "\xC3\xA4", "a/b", "a:b", "{a}"})
    EXPECT_FALSE(valid_stream_name(name)) << name;
  EXPECT_EQ(parse_event_id(std::string(65, 'a') + "_1-2"), std::nullopt);
  EXPECT_EQ(parse_event_id("a-b_1-2"), std::nullopt);
}

TEST(event_id, refuses_text_longer_than_any_id) {
  EXPECT_EQ(parse_event_id("s_1-" + std::string(1 << 20, '1')), std::nullopt);
}

TEST(event_id, a_later_generation_is_after_every_sequence_of_an_earlier_one) {
  EXPECT_LT((log_position{1, largest}), (log_position{2, 0}));
  EXPECT_LT((log_position{2, 9}), (log_position{2, 10}));
  EXPECT_EQ((log_position{2, 9}), (log_position{2, 9}));
}

TEST(event_id, ids_of_one_stream_are_ordered_and_of_two_streams_are_not) {
  const event_id first{"a", {1, 9}};
  const event_id second{"a", {1, 10}};
  const event_id elsewhere{"b", {1, 10}};
  EXPECT_TRUE(first < second);
  EXPECT_TRUE(second > first);
  EXPECT_FALSE(first < elsewhere);
  EXPECT_FALSE(first > elsewhere);
  EXPECT_TRUE((first <=> elsewhere) == std::partial_ordering::unordered);
  EXPECT_NE(second, elsewhere);
}

}  // namespace
}  // namespace hydrant::protocol

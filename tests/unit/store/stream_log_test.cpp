#include "store/stream_log.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hydrant::store {
namespace {

constexpr stream_bounds roomy{100, 100'000};

TEST(stream_log, remembers_a_bounded_number_of_producers_and_drops_the_one_that_was_silent_longest) {
  stream_log log(1);
  for (std::size_t i = 0; i < stream_log::producers_max; ++i) {
    ASSERT_TRUE(log.append({"p" + std::to_string(i), 1}, "x", roomy));
  }
  ASSERT_FALSE(log.append({"p0", 2}, "x", roomy)->duplicate);
  ASSERT_FALSE(log.append({"one more", 1}, "x", roomy)->duplicate);
  EXPECT_TRUE(log.append({"p0", 2}, "x", roomy)->duplicate) << "it wrote lately";
  EXPECT_TRUE(log.append({"p2", 1}, "x", roomy)->duplicate);
  EXPECT_FALSE(log.append({"p1", 1}, "x", roomy)->duplicate) << "it is forgotten";
}

TEST(stream_log, a_repetition_is_answered_after_its_event_was_dropped) {
  stream_log log(1);
  constexpr stream_bounds two{2, 1000};
  const position first = log.append({"p", 1}, "x", two)->id;
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(log.append({}, "y", two));
  const auto again = log.append({"p", 1}, "x", two);
  EXPECT_TRUE(again->duplicate);
  EXPECT_EQ(again->id, first);
  EXPECT_EQ(again->previous, position{});
}

TEST(stream_log, keeps_its_newest_event_whatever_the_bounds) {
  stream_log log(1);
  ASSERT_TRUE(log.append({}, "small", {10, 8}));
  const auto event = log.append({}, std::string(100, 'x'), {10, 8});
  EXPECT_EQ(log.events(), 1u);
  EXPECT_EQ(log.bytes(), 100u);
  EXPECT_EQ(log.read(event->previous, {}).events.at(0).id, event->id);
}

TEST(stream_log, counts_the_bytes_and_events_that_it_keeps) {
  stream_log log(1);
  constexpr stream_bounds three{3, 1000};
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(log.append({}, std::string(static_cast<std::size_t>(i), 'x'), three));
    std::size_t bytes = 0;
    const replay kept = log.read({}, {});
    for (const auto& event : kept.events)
      bytes += event.payload.size();
    EXPECT_EQ(log.events(), kept.events.size());
    EXPECT_EQ(log.bytes(), bytes);
  }
  EXPECT_EQ(log.events(), 3u);
}

TEST(stream_log, a_reader_that_asks_for_no_event_gets_none) {
  stream_log log(1);
  ASSERT_TRUE(log.append({}, "x", roomy));
  const replay found = log.read({}, {0, 1000});
  EXPECT_TRUE(found.events.empty());
  EXPECT_TRUE(found.more);
}

}  // namespace
}  // namespace hydrant::store

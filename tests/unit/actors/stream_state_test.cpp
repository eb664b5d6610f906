#include "actors/stream_state.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace hydrant::actors {
namespace {

using step = stream_state::step;
using store::position;

position at(std::uint64_t sequence) {
  return {1, sequence};
}

constexpr std::size_t in_flight_max = 128;
constexpr std::size_t small = 100;  // bytes

class fresh_stream : public testing::Test {
 protected:
  fresh_stream() { EXPECT_EQ(state_.attach(1, {}, {}), step::nothing); }

  step offer(std::uint64_t sequence) {
    return state_.offer(sequence == 1 ? position{} : at(sequence - 1), at(sequence));
  }
  /// Offers the next events and hands them over, as a reader that keeps up gets them.
  void write(std::uint64_t first, std::uint64_t last, std::size_t bytes = small) {
    for (auto i = first; i <= last; ++i) {
      ASSERT_EQ(offer(i), step::write) << i;
      state_.handed(at(i), bytes);
    }
  }
  void replay(std::uint64_t first, std::uint64_t last) {
    for (auto i = first; i <= last; ++i)
      state_.handed(at(i), small);
  }

  stream_state state_;
};

TEST_F(fresh_stream, writes_events_as_they_come) {
  write(1, 3);
  EXPECT_EQ(state_.position(), at(3));
  EXPECT_TRUE(state_.caught_up());
}

TEST_F(fresh_stream, skips_what_it_has_written) {
  write(1, 3);
  EXPECT_EQ(offer(2), step::skip);
  EXPECT_EQ(offer(3), step::skip);
  EXPECT_TRUE(state_.caught_up());
}

TEST_F(fresh_stream, reads_the_log_where_an_event_is_missing) {
  write(1, 2);
  EXPECT_EQ(offer(4), step::pull);
  EXPECT_FALSE(state_.caught_up());
  state_.pulling();
  EXPECT_EQ(state_.position(), at(2));
  replay(3, 4);
  EXPECT_EQ(state_.pulled(false), step::nothing);
  EXPECT_TRUE(state_.caught_up());
  EXPECT_EQ(offer(5), step::write);
}

TEST_F(fresh_stream, reads_again_for_what_came_while_it_was_reading) {
  write(1, 1);
  ASSERT_EQ(offer(3), step::pull);
  state_.pulling();
  EXPECT_EQ(offer(4), step::skip);
  EXPECT_EQ(offer(5), step::skip);
  replay(2, 3);
  EXPECT_EQ(state_.pulled(false), step::pull);
  state_.pulling();
  replay(4, 5);
  EXPECT_EQ(state_.pulled(false), step::nothing);
}

TEST_F(fresh_stream, reads_on_while_there_is_more) {
  ASSERT_EQ(offer(9), step::pull);
  state_.pulling();
  replay(1, 4);
  EXPECT_EQ(state_.pulled(true), step::pull);
}

TEST_F(fresh_stream, stops_writing_when_the_socket_is_full_and_reads_the_rest_once_it_is_half_empty) {
  write(1, in_flight_max);
  EXPECT_EQ(offer(129), step::skip);
  EXPECT_EQ(offer(130), step::skip);
  EXPECT_FALSE(state_.caught_up());
  EXPECT_EQ(state_.sent(63), step::skip);
  EXPECT_EQ(state_.sent(1), step::pull);
  EXPECT_EQ(state_.confirmed(), at(64));
}

TEST_F(fresh_stream, counts_bytes_too) {
  write(1, 2, 300 * 1024);
  EXPECT_EQ(offer(3), step::skip);
  EXPECT_EQ(state_.sent(1), step::skip);
  EXPECT_EQ(state_.sent(1), step::pull);
}

TEST_F(fresh_stream, one_event_may_be_larger_than_the_window) {
  write(1, 1, 100 * 1024 * 1024);
  EXPECT_EQ(offer(2), step::skip);
  EXPECT_EQ(state_.sent(1), step::pull);
}

TEST_F(fresh_stream, confirms_in_order_and_no_more_than_it_handed_over) {
  EXPECT_EQ(state_.confirmed(), position{});
  write(1, 3);
  state_.sent(2);
  EXPECT_EQ(state_.confirmed(), at(2));
  state_.sent(5);
  EXPECT_EQ(state_.confirmed(), at(3));
}

TEST_F(fresh_stream, does_nothing_while_nobody_reads) {
  write(1, 1);
  state_.detach();
  EXPECT_FALSE(state_.attached());
  EXPECT_EQ(offer(2), step::skip);
}

TEST_F(fresh_stream, a_new_reader_begins_at_its_own_place) {
  write(1, 5);
  EXPECT_EQ(state_.attach(2, at(2), at(5)), step::pull);
  EXPECT_EQ(state_.epoch(), 2U);
  EXPECT_EQ(state_.position(), at(2));
  EXPECT_EQ(state_.confirmed(), at(2));
  state_.pulling();
  replay(3, 5);
  EXPECT_EQ(state_.pulled(false), step::nothing);
  EXPECT_EQ(offer(6), step::write);
}

TEST_F(fresh_stream, a_new_reader_is_not_charged_for_the_old_one) {
  write(1, in_flight_max);
  EXPECT_EQ(state_.attach(2, at(128), at(128)), step::nothing);
  EXPECT_EQ(offer(129), step::write);
}

TEST(stream_state, a_reader_at_the_end_of_the_log_needs_no_read) {
  stream_state state;
  EXPECT_EQ(state.attach(1, at(7), at(7)), step::nothing);
  EXPECT_TRUE(state.caught_up());
}

// The store lost its newest events; what comes next belongs to a higher generation.
TEST(stream_state, a_reader_above_the_log_goes_on_in_the_next_generation) {
  stream_state state;
  ASSERT_EQ(state.attach(1, at(9), at(7)), step::pull);
  state.pulling();
  EXPECT_EQ(state.pulled(false), step::nothing);
  EXPECT_TRUE(state.caught_up());
  EXPECT_EQ(state.offer(at(7), {2, 1}), step::pull);
  state.pulling();
  state.handed({2, 1}, small);
  EXPECT_EQ(state.pulled(false), step::nothing);
  EXPECT_EQ(state.offer({2, 1}, {2, 2}), step::write);
}

TEST(stream_state, nothing_is_attached_at_first) {
  stream_state state;
  EXPECT_FALSE(state.attached());
  EXPECT_EQ(state.offer({}, at(1)), step::skip);
}

}  // namespace
}  // namespace hydrant::actors

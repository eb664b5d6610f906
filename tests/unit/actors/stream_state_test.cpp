#include "actors/stream_state.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <vector>

namespace hydrant::actors {
namespace {

using step = stream_state::step;
using store::position;

position at(std::uint64_t sequence) { return {1, sequence}; }

constexpr std::size_t in_flight_max = 128;
constexpr std::size_t small = 100;  // bytes

class fresh_stream : public testing::Test {
 protected:
  fresh_stream() { EXPECT_EQ(state_.attach(1, {}, {}), step::nothing); }

  step offer(std::uint64_t sequence) { return state_.offer(sequence == 1 ? position{} : at(sequence - 1), at(sequence)); }
  /// Offers the next events and hands them over, as a reader that keeps up gets them.
  void write(std::uint64_t first, std::uint64_t last, std::size_t bytes = small) {
    for (auto i = first; i <= last; ++i) {
      ASSERT_EQ(offer(i), step::write) << i;
      state_.handed(at(i), bytes);
    }
  }
  void replay(std::uint64_t first, std::uint64_t last) {
    for (auto i = first; i <= last; ++i) state_.handed(at(i), small);
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

/// A log, a client and the machine between them; chance decides what happens next. Offers come late, twice, in any
/// order or never; a read sees the log as it was at some moment; connections break and come back.
class simulation {
 public:
  explicit simulation(std::uint32_t seed) : random_(seed) {}

  void run(int steps) {
    reconnect();
    for (int i = 0; i < steps && !testing::Test::HasFailure(); ++i) act(chance(100));
    finish();
  }

 private:
  std::size_t chance(std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_); }

  void act(std::size_t what) {
    if (what < 35) append();
    else if (what < 70) deliver_an_offer();
    else if (what < 82) confirm(chance(60));
    else if (what < 94) look_or_answer();
    else if (what < 97) disconnect();
    else reconnect();
  }

  void append() {
    if (chance(50) == 0) ++generation_;
    const auto previous = log_.empty() ? position{} : log_.back();
    const position id{generation_, previous.generation == generation_ ? previous.sequence + 1 : 1};
    log_.push_back(id);
    if (chance(8) > 0) offers_.push_back({previous, id});
    if (chance(20) == 0) offers_.push_back({previous, id});
  }

  // Mostly in order, as a bus delivers.
  void deliver_an_offer() {
    if (offers_.empty()) return;
    const auto which = chance(6) == 0 ? chance(offers_.size()) : 0;
    const auto offer = offers_[which];
    offers_.erase(offers_.begin() + static_cast<std::ptrdiff_t>(which));
    offer_to_machine(offer.previous, offer.id);
  }

  void offer_to_machine(position previous, position id) {
    const auto what = machine_.offer(previous, id);
    if (what == step::write) hand(id);
    else follow(what);
  }

  void follow(step what) {
    ASSERT_NE(what, step::write);
    if (what != step::pull) return;
    ASSERT_FALSE(read_) << "two reads at once";
    ASSERT_TRUE(connected_);
    machine_.pulling();
    read_ = pending_read{machine_.position(), {}, false};
    if (chance(2) == 0) look();
  }

  void hand(position id) {
    ASSERT_TRUE(connected_);
    ASSERT_LT(handed_, log_.size());
    ASSERT_EQ(id, log_[handed_]) << "skipped or doubled";
    machine_.handed(id, chance(20) == 0 ? 60'000 : 100);
    ++handed_;
    ASSERT_LE(handed_ - confirmed_, in_flight_max);
  }

  // The read takes its events from the log.
  void look() {
    read_->looked = true;
    for (auto i = std::upper_bound(log_.begin(), log_.end(), read_->from); i != log_.end() && read_->events.size() < 64; ++i)
      read_->events.push_back(*i);
    read_->more = !read_->events.empty() ? read_->events.back() != log_.back() : false;
  }

  void look_or_answer() {
    if (!read_) return;
    if (!read_->looked) return look();
    const auto got = *read_;
    read_.reset();
    for (const auto id : got.events) hand(id);
    if (!testing::Test::HasFailure()) follow(machine_.pulled(got.more));
  }

  void confirm(std::size_t most) {
    const auto count = std::min(most, handed_ - confirmed_);
    if (!connected_ || count == 0) return;
    confirmed_ += count;
    follow(machine_.sent(count));
    ASSERT_EQ(machine_.confirmed(), log_[confirmed_ - 1]);
  }

  void disconnect() {
    connected_ = false;
    read_.reset();
    machine_.detach();
  }

  // The client knows what it has received, which is anything between what was confirmed and what was handed over.
  void reconnect() {
    const auto received = confirmed_ + chance(handed_ - confirmed_ + 1);
    confirmed_ = handed_ = received;
    read_.reset();
    connected_ = true;
    follow(machine_.attach(++epoch_, received == 0 ? position{} : log_[received - 1], log_.empty() ? position{} : log_.back()));
  }

  // All offers may have been lost but for one more event's.
  void finish() {
    if (!connected_) reconnect();
    const auto previous = log_.empty() ? position{} : log_.back();
    log_.push_back({generation_, previous.generation == generation_ ? previous.sequence + 1 : 1});
    offer_to_machine(previous, log_.back());
    for (std::size_t i = 0; i < log_.size() * 4 + 100 && !testing::Test::HasFailure(); ++i) {
      if (read_) look_or_answer();
      else confirm(in_flight_max);
    }
    EXPECT_EQ(handed_, log_.size());
    EXPECT_EQ(confirmed_, log_.size());
    EXPECT_TRUE(machine_.caught_up());
  }

  struct offered {
    position previous;
    position id;
  };
  struct pending_read {
    position from;
    std::vector<position> events;
    bool more = false;
    bool looked = false;
  };

  std::minstd_rand random_;
  stream_state machine_;
  std::vector<position> log_;
  std::vector<offered> offers_;
  std::optional<pending_read> read_;
  std::uint64_t generation_ = 1;
  std::uint64_t epoch_ = 0;
  std::size_t handed_ = 0;     // of the log, to this connection
  std::size_t confirmed_ = 0;
  bool connected_ = false;
};

TEST(stream_state_property, never_doubles_never_skips_and_ends_complete) {
  for (std::uint32_t seed = 1; seed <= 300 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    simulation(seed).run(2000);
  }
}

}  // namespace
}  // namespace hydrant::actors

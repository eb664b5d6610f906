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

constexpr std::size_t in_flight_max = 128;

/// A log, a client and the machine between them; chance decides what happens next. Offers come late, twice, in any
/// order or never; a read sees the log as it was at some moment; connections break and come back.
class simulation {
 public:
  explicit simulation(std::uint32_t seed) : random_(seed) {}

  void run(int steps) {
    reconnect();
    for (int i = 0; i < steps && !testing::Test::HasFailure(); ++i)
      act(chance(100));
    finish();
  }

 private:
  std::size_t chance(std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_); }

  void act(std::size_t what) {
    if (what < 35)
      append();
    else if (what < 70)
      deliver_an_offer();
    else if (what < 82)
      confirm(chance(60));
    else if (what < 94)
      look_or_answer();
    else if (what < 97)
      disconnect();
    else
      reconnect();
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
    if (what == step::write)
      hand(id);
    else
      follow(what);
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
    for (auto i = std::upper_bound(log_.begin(), log_.end(), read_->from); i != log_.end() && read_->events.size() < 64;
         ++i)
      read_->events.push_back(*i);
    read_->more = !read_->events.empty() ? read_->events.back() != log_.back() : false;
  }

  void look_or_answer() {
    if (!read_) return;
    if (!read_->looked) return look();
    const auto got = *read_;
    read_.reset();
    for (const auto id : got.events)
      hand(id);
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
    follow(machine_.attach(++epoch_, received == 0 ? position{} : log_[received - 1],
                           log_.empty() ? position{} : log_.back()));
  }

  // All offers may have been lost but for one more event's.
  void finish() {
    if (!connected_) reconnect();
    const auto previous = log_.empty() ? position{} : log_.back();
    log_.push_back({generation_, previous.generation == generation_ ? previous.sequence + 1 : 1});
    offer_to_machine(previous, log_.back());
    for (std::size_t i = 0; i < log_.size() * 4 + 100 && !testing::Test::HasFailure(); ++i) {
      if (read_)
        look_or_answer();
      else
        confirm(in_flight_max);
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
  std::size_t handed_ = 0;  // of the log, to this connection
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

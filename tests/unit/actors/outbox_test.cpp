#include "actors/outbox.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hydrant::actors {
namespace {

using base::error_kind;

class outbox_test : public testing::Test {
 protected:
  void push(int count) {
    for (int i = 0; i < count; ++i)
      out_.push(std::to_string(++pushed_), nullptr);
  }
  /// All that may be sent now.
  std::vector<std::uint64_t> send() {
    std::vector<std::uint64_t> sent;
    while (const auto next = out_.next())
      sent.push_back(next->producer.sequence);
    return sent;
  }
  outbox::verdict settle(std::uint64_t sequence, std::optional<error_kind> failure = {}) {
    return out_.settle(sequence, failure).what;
  }
  using sequences = std::vector<std::uint64_t>;

  outbox out_{{"p", 0}};
  int pushed_ = 0;
};

TEST_F(outbox_test, sends_one_event_first_and_all_once_the_log_knows_its_producer) {
  push(3);
  EXPECT_EQ(send(), sequences{1});
  EXPECT_EQ(settle(1), outbox::verdict::appended);
  EXPECT_EQ(send(), (sequences{2, 3}));
  settle(2);
  settle(3);
  EXPECT_TRUE(out_.empty());
}

TEST_F(outbox_test, counts_on_where_its_producer_stood) {
  outbox late({"p", 41});
  late.push("x", nullptr);
  EXPECT_EQ(late.next()->producer, (store::producer_ref{"p", 42}));
}

TEST_F(outbox_test, repeats_from_the_first_that_failed_once_all_are_back) {
  push(4);
  send();
  settle(1);
  EXPECT_EQ(send(), (sequences{2, 3, 4}));
  EXPECT_EQ(settle(2), outbox::verdict::appended);
  EXPECT_EQ(settle(3, error_kind::unavailable), outbox::verdict::again);
  EXPECT_FALSE(out_.stalled());
  EXPECT_EQ(send(), sequences{});
  EXPECT_EQ(settle(4, error_kind::conflict), outbox::verdict::again);
  ASSERT_TRUE(out_.stalled());
  out_.go_on();
  EXPECT_EQ(send(), sequences{3}) << "one, to see whether the log takes it";
  EXPECT_TRUE(out_.settle(3, {}).repeated);
  EXPECT_EQ(send(), sequences{4});
}

TEST_F(outbox_test, goes_on_under_a_new_name_if_the_log_has_lost_what_it_had_taken) {
  push(3);
  send();
  settle(1);
  send();
  settle(2, error_kind::conflict);
  settle(3, error_kind::conflict);
  out_.go_on();
  EXPECT_EQ(send(), sequences{2});
  EXPECT_EQ(out_.producer().id, "p") << "others may still be repeated";
  settle(2, error_kind::conflict);
  out_.go_on();
  const auto next = out_.next();
  ASSERT_TRUE(next);
  EXPECT_EQ(next->producer, (store::producer_ref{"p+", 2}));
}

TEST_F(outbox_test, drops_what_the_log_will_never_take) {
  push(2);
  send();
  EXPECT_EQ(settle(1, error_kind::stream_gone), outbox::verdict::dropped);
  EXPECT_FALSE(out_.stalled());
  EXPECT_EQ(send(), sequences{2});
  settle(2, error_kind::session_not_found);
  EXPECT_TRUE(out_.empty());
}

TEST_F(outbox_test, waits_longer_after_each_failure_up_to_a_second) {
  push(1);
  auto before = out_.pause();
  for (int i = 0; i < 10; ++i) {
    send();
    settle(1, error_kind::unavailable);
    out_.go_on();
    EXPECT_GE(out_.pause(), before);
    before = out_.pause();
  }
  EXPECT_EQ(before, std::chrono::seconds(1));
  send();
  settle(1);
  EXPECT_LT(out_.pause(), before);
}

TEST_F(outbox_test, hands_the_place_in_the_window_back_with_the_event) {
  const auto window = std::make_shared<providers::flow_window>(providers::when_full::refuse);
  out_.push("x", window);
  send();
  EXPECT_EQ(out_.settle(1, error_kind::unavailable).charged, nullptr);
  out_.go_on();
  send();
  EXPECT_EQ(out_.settle(1, {}).charged, window);
}

TEST_F(outbox_test, an_event_that_is_not_under_way_settles_nothing) {
  push(1);
  EXPECT_EQ(settle(1), outbox::verdict::dropped);
  EXPECT_EQ(settle(7), outbox::verdict::dropped);
  EXPECT_EQ(send(), sequences{1});
}

}  // namespace
}  // namespace hydrant::actors

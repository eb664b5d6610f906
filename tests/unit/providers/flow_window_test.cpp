#include "providers/flow_window.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace hydrant::providers {
namespace {

namespace asio = boost::asio;

// Gives another thread many chances to do what it must not do.
void let_others_run() {
  for (int i = 0; i < 1000; ++i)
    std::this_thread::yield();
}

// A coroutine that waits for room; `passed` is set once it has it.
class room_waiter {
 public:
  explicit room_waiter(flow_window& window) {
    asio::co_spawn(
        io_,
        [this, &window]() -> asio::awaitable<void> {
          co_await window.room();
          passed_ = true;
        },
        asio::detached);
    poll();
  }
  void poll() {
    io_.restart();
    io_.poll();
  }
  // Until the waiter has passed: its timer never fires by itself, so only the window ends this.
  void run() {
    io_.restart();
    io_.run();
  }
  bool passed() const { return passed_; }

 private:
  asio::io_context io_;
  bool passed_ = false;
};

TEST(flow_window, refuses_what_does_not_fit) {
  flow_window window(when_full::refuse, 2);
  EXPECT_TRUE(window.enter());
  EXPECT_TRUE(window.enter());
  EXPECT_FALSE(window.enter());
}

TEST(flow_window, takes_as_many_as_were_given_back) {
  flow_window window(when_full::refuse, 3);
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(window.enter());
  window.leave(2);
  EXPECT_TRUE(window.enter());
  EXPECT_TRUE(window.enter());
  EXPECT_FALSE(window.enter());
}

TEST(flow_window, does_not_grow_when_more_is_given_back_than_taken) {
  flow_window window(when_full::refuse, 1);
  ASSERT_TRUE(window.enter());
  window.leave(5);
  EXPECT_TRUE(window.enter());
  EXPECT_FALSE(window.enter());
}

TEST(flow_window, lets_everything_through_once_closed) {
  flow_window window(when_full::refuse, 1);
  ASSERT_TRUE(window.enter());
  window.close();
  EXPECT_TRUE(window.enter());
  EXPECT_TRUE(window.enter());
}

TEST(flow_window, a_blocked_thread_goes_on_when_a_place_is_given_back) {
  flow_window window(when_full::wait, 1);
  ASSERT_TRUE(window.enter());
  std::atomic<bool> entered{false};
  std::thread waiter([&] {
    EXPECT_TRUE(window.enter());
    entered = true;
  });
  let_others_run();
  EXPECT_FALSE(entered);
  window.leave(1);
  waiter.join();
  EXPECT_TRUE(entered);
}

TEST(flow_window, close_releases_every_blocked_thread) {
  flow_window window(when_full::wait, 1);
  ASSERT_TRUE(window.enter());
  std::atomic<int> entered{0};
  const auto wait = [&] {
    EXPECT_TRUE(window.enter());
    ++entered;
  };
  std::thread first(wait), second(wait);
  let_others_run();
  EXPECT_EQ(entered, 0);
  window.close();
  first.join();
  second.join();
  EXPECT_EQ(entered, 2);
}

TEST(flow_window, room_is_there_at_once_in_a_window_that_is_not_full) {
  flow_window window(when_full::refuse, 2);
  ASSERT_TRUE(window.enter());
  EXPECT_TRUE(room_waiter(window).passed());
}

TEST(flow_window, room_comes_with_a_place_that_is_given_back) {
  flow_window window(when_full::refuse, 1);
  ASSERT_TRUE(window.enter());
  room_waiter waiter(window);
  EXPECT_FALSE(waiter.passed());
  window.leave(1);
  waiter.poll();
  EXPECT_TRUE(waiter.passed());
}

TEST(flow_window, room_is_waited_for_again_if_the_place_is_gone_on_waking) {
  flow_window window(when_full::refuse, 1);
  ASSERT_TRUE(window.enter());
  room_waiter waiter(window);
  window.leave(1);
  ASSERT_TRUE(window.enter());
  waiter.poll();
  EXPECT_FALSE(waiter.passed());
  window.leave(1);
  waiter.poll();
  EXPECT_TRUE(waiter.passed());
}

TEST(flow_window, close_ends_the_wait_for_room) {
  flow_window window(when_full::refuse, 1);
  ASSERT_TRUE(window.enter());
  room_waiter waiter(window);
  EXPECT_FALSE(waiter.passed());
  window.close();
  waiter.poll();
  EXPECT_TRUE(waiter.passed());
}

TEST(flow_window, places_may_be_given_back_on_another_thread) {
  flow_window window(when_full::refuse, 1);
  ASSERT_TRUE(window.enter());
  room_waiter waiter(window);
  std::thread writer([&] { window.leave(1); });
  waiter.run();
  writer.join();
  EXPECT_TRUE(waiter.passed());
}

}  // namespace
}  // namespace hydrant::providers

#include "net/worker_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <future>
#include <latch>
#include <memory>
#include <thread>
#include <vector>

namespace hydrant::net {
namespace {

/// Keeps workers busy until it is told to let them go.
class gate {
 public:
  /// Work that says that it has begun, and waits.
  std::function<void()> work(std::latch& begun) {
    return [&begun, opened = opened_] {
      begun.count_down();
      opened.wait();
    };
  }
  void open() { open_.set_value(); }

 private:
  std::promise<void> open_;
  std::shared_future<void> opened_ = open_.get_future().share();
};

TEST(worker_pool, runs_what_is_submitted_on_another_thread) {
  worker_pool pool(1, 1);
  std::promise<std::thread::id> ran;
  ASSERT_TRUE(pool.submit([&] { ran.set_value(std::this_thread::get_id()); }));
  EXPECT_TRUE(ran.get_future().get() != std::this_thread::get_id());
}

TEST(worker_pool, runs_in_the_order_of_arrival) {
  worker_pool pool(1, 100);
  gate busy;
  std::latch begun(1);
  ASSERT_TRUE(pool.submit(busy.work(begun)));
  begun.wait();
  std::vector<int> order;
  std::latch done(1);
  for (int i = 0; i < 100; ++i)
    ASSERT_TRUE(pool.submit([&order, &done, i] {
      order.push_back(i);
      if (i == 99) done.count_down();
    }));
  busy.open();
  done.wait();
  ASSERT_EQ(order.size(), 100U);
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST(worker_pool, refuses_what_does_not_fit_and_takes_more_once_there_is_room) {
  worker_pool pool(2, 1);
  gate busy;
  std::latch begun(2);
  ASSERT_TRUE(pool.submit(busy.work(begun)));
  ASSERT_TRUE(pool.submit(busy.work(begun)));
  begun.wait();
  std::promise<void> queued_ran;
  EXPECT_TRUE(pool.submit([&] { queued_ran.set_value(); }));
  EXPECT_EQ(pool.waiting_or_running(), 3U);
  EXPECT_FALSE(pool.submit([] { FAIL() << "refused work ran"; }));
  EXPECT_EQ(pool.waiting_or_running(), 3U);

  busy.open();
  queued_ran.get_future().get();
  // The last one counts until it has returned.
  std::promise<void> ran;
  while (!pool.submit([&] { ran.set_value(); }))
    std::this_thread::yield();
  ran.get_future().get();
}

TEST(worker_pool, two_workers_run_side_by_side) {
  worker_pool pool(2, 0);
  std::latch both(2);
  std::latch done(2);
  for (int i = 0; i < 2; ++i)
    ASSERT_TRUE(pool.submit([&] {
      both.arrive_and_wait();  // would hang if they ran one after the other
      done.count_down();
    }));
  done.wait();
}

TEST(worker_pool, stop_waits_for_what_runs_and_drops_what_waits) {
  auto pool = std::make_unique<worker_pool>(1, 5);
  gate busy;
  std::latch begun(1);
  std::atomic<bool> finished{false};
  std::atomic<bool> queued_ran{false};
  ASSERT_TRUE(pool->submit([&, work = busy.work(begun)] {
    work();
    finished = true;
  }));
  begun.wait();
  const auto held = std::make_shared<int>(1);
  ASSERT_TRUE(pool->submit([&queued_ran, held] { queued_ran = true; }));
  auto stopped = std::async(std::launch::async, [&] { pool->stop(); });
  while (!pool->stopped())
    std::this_thread::yield();
  EXPECT_FALSE(finished);
  busy.open();
  stopped.get();
  EXPECT_TRUE(finished);
  EXPECT_FALSE(queued_ran);
  pool.reset();
  EXPECT_EQ(held.use_count(), 1);  // what was dropped holds nothing any more
}

TEST(worker_pool, may_be_stopped_twice) {
  worker_pool pool(1, 1);
  pool.stop();
  pool.stop();
}

}  // namespace
}  // namespace hydrant::net

#include "net/io_pool.hpp"

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <latch>
#include <memory>
#include <set>
#include <thread>
#include <vector>

namespace hydrant::net {
namespace {

/// Runs on the thread of a context and gives back what it returned.
template <class F>
auto on(asio::io_context& io, F work) {
  std::packaged_task<decltype(work())()> task(std::move(work));
  auto result = task.get_future();
  asio::post(io, std::move(task));
  return result.get();
}

TEST(io_pool, a_foreign_thread_has_no_context) {
  io_pool pool(2);
  EXPECT_EQ(io_pool::here(), nullptr);
}

TEST(io_pool, a_foreign_thread_gets_the_contexts_in_turn) {
  io_pool pool(3);
  std::set<asio::io_context*> seen;
  for (int i = 0; i < 3; ++i)
    seen.insert(&pool.here_or_next());
  EXPECT_EQ(seen.size(), 3U);
  EXPECT_EQ(pool.size(), 3U);
}

TEST(io_pool, each_context_has_a_thread_that_knows_it) {
  io_pool pool(3);
  pool.start();
  std::set<std::thread::id> threads;
  for (std::size_t i = 0; i < pool.size(); ++i) {
    EXPECT_EQ(on(pool.at(i), [] { return io_pool::here(); }), &pool.at(i));
    EXPECT_EQ(on(pool.at(i), [&] { return &pool.here_or_next(); }), &pool.at(i));
    threads.insert(on(pool.at(i), [] { return std::this_thread::get_id(); }));
  }
  EXPECT_EQ(threads.size(), 3U);
  EXPECT_EQ(io_pool::here(), nullptr);
}

TEST(io_pool, threads_wait_for_work_that_comes_late) {
  io_pool pool(1);
  pool.start();
  for (int round = 0; round < 3; ++round)
    EXPECT_EQ(on(pool.at(0), [&] { return round; }), round);
}

TEST(io_pool, one_context_runs_its_work_in_order) {
  io_pool pool(2);
  pool.start();
  std::vector<int> order;
  for (int i = 0; i < 1000; ++i)
    asio::post(pool.at(1), [&order, i] { order.push_back(i); });
  EXPECT_EQ(on(pool.at(1), [&] { return order.size(); }), 1000U);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(io_pool, stop_joins_what_runs_and_may_come_twice) {
  io_pool pool(2);
  pool.start();
  std::latch begun(1);
  std::promise<void> go_on;
  std::atomic<bool> finished{false};
  asio::post(pool.at(0), [&, wait = go_on.get_future().share()] {
    begun.count_down();
    wait.wait();
    finished = true;
  });
  begun.wait();
  auto stopped = std::async(std::launch::async, [&] { pool.stop(); });
  EXPECT_FALSE(finished);
  go_on.set_value();
  stopped.get();
  EXPECT_TRUE(finished);
  pool.stop();
}

TEST(io_pool, a_pool_that_was_never_started_can_go) {
  const auto held = std::make_shared<int>(1);
  {
    io_pool pool(2);
    asio::post(pool.at(0), [held] {});
  }
  EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace hydrant::net

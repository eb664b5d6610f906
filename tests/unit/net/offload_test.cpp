#include "net/offload.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <future>
#include <stdexcept>
#include <string>
#include <thread>

namespace hydrant::net {
namespace {

namespace asio = boost::asio;

/// Offloads work from a coroutine of this thread, and keeps how it ended.
template <class Work>
struct offloading {
  using value_type = std::invoke_result_t<Work&>;

  offloading(worker_pool& workers, Work work) {
    asio::co_spawn(
        io, offload(workers, std::move(work)),
        asio::bind_cancellation_slot(stop.slot(), [this](std::exception_ptr with, base::result<value_type> r) {
          thrown = with;
          if (!with) value.emplace(std::move(r));
          ended_on = std::this_thread::get_id();
        }));
  }
  /// Runs until it has ended, wherever the work is done meanwhile.
  void run() {
    auto guard = asio::make_work_guard(io);
    while (ended_on == std::thread::id())
      io.run_one();
  }

  asio::io_context io;
  asio::cancellation_signal stop;
  std::exception_ptr thrown;
  std::optional<base::result<value_type>> value;
  std::thread::id ended_on;
};

TEST(offload, computes_elsewhere_and_goes_on_here) {
  worker_pool workers(1, 1);
  offloading on(workers, [] { return std::this_thread::get_id(); });
  on.run();
  ASSERT_TRUE(on.value && *on.value);
  EXPECT_TRUE(**on.value != std::this_thread::get_id());
  EXPECT_TRUE(on.ended_on == std::this_thread::get_id());
}

TEST(offload, throws_here_what_the_work_throws) {
  worker_pool workers(1, 1);
  offloading on(workers, []() -> int { throw std::out_of_range("work"); });
  on.run();
  EXPECT_THROW(std::rethrow_exception(on.thrown), std::out_of_range);
}

TEST(offload, is_refused_where_too_much_waits) {
  worker_pool workers(1, 1);
  workers.stop();
  offloading on(workers, [] { return 1; });
  on.run();
  ASSERT_TRUE(on.value && !*on.value);
  EXPECT_EQ(on.value->error().kind, base::error_kind::overloaded);
}

TEST(offload, a_cancelled_coroutine_ends_at_once_and_the_value_is_dropped) {
  worker_pool workers(1, 1);
  std::promise<void> begun, go;
  auto gone = std::make_shared<std::string>("value");
  const std::weak_ptr<std::string> left = gone;
  offloading on(workers, [&begun, may_go = go.get_future().share(), gone = std::move(gone)]() mutable {
    begun.set_value();
    may_go.wait();
    return std::move(gone);
  });
  on.io.poll();
  begun.get_future().wait();
  on.stop.emit(asio::cancellation_type::terminal);
  on.io.restart();
  on.io.poll();
  ASSERT_TRUE(on.thrown);
  try {
    std::rethrow_exception(on.thrown);
  } catch (const boost::system::system_error& cut) {
    EXPECT_EQ(cut.code(), asio::error::operation_aborted);
  }
  go.set_value();
  workers.stop();
  on.io.restart();
  on.io.poll();
  EXPECT_TRUE(left.expired());
}

TEST(offload, work_that_is_dropped_at_the_end_leaves_the_coroutine_to_its_io_context) {
  worker_pool workers(1, 2);
  std::promise<void> go;
  std::promise<void> begun;
  ASSERT_TRUE(workers.submit([&] {
    begun.set_value();
    go.get_future().wait();
  }));
  begun.get_future().wait();
  {
    offloading on(workers, [] { return 1; });
    on.io.poll();
    EXPECT_FALSE(on.value);
    std::thread stopping([&] { workers.stop(); });
    while (!workers.stopped())
      std::this_thread::yield();
    go.set_value();
    stopping.join();
  }
}

}  // namespace
}  // namespace hydrant::net

#include "providers/flow_window.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace hydrant::providers {

namespace asio = boost::asio;

bool flow_window::enter() {
  std::unique_lock lock(mutex_);
  if (full() && policy_ == when_full::refuse) return false;
  changed_.wait(lock, [this] { return !full(); });
  ++taken_;
  return true;
}

void flow_window::leave(std::size_t places) {
  const std::lock_guard lock(mutex_);
  taken_ -= std::min(places, taken_);
  if (full()) return;
  changed_.notify_all();
  wake_async_waiter();
}

void flow_window::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
  wake_async_waiter();
}

// Under the mutex. The waiter's timer is used on its own thread only; what is posted there keeps it alive.
void flow_window::wake_async_waiter() {
  auto waiter = std::exchange(async_waiter_, {}).lock();
  if (!waiter) return;
  const auto executor = waiter->get_executor();
  asio::post(executor, [waiter = std::move(waiter)] { waiter->cancel(); });
}

asio::awaitable<void> flow_window::room() {
  auto timer =
      std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      if (!full()) co_return;
      async_waiter_ = timer;
    }
    // Woken by `leave` or `close`; if the call was cancelled instead, the next co_await throws.
    co_await timer->async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

}  // namespace hydrant::providers

#pragma once

#include "base/result.hpp"
#include "net/worker_pool.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace hydrant::net {

/// Computes on a worker while the coroutine waits, and goes on where it was. `work` must own what it uses: if the
/// coroutine is cancelled, which throws boost::system::system_error, it runs on and its value is dropped. What it
/// throws is thrown here. Errors: overloaded (too much waits for a worker).
template <class Work>
boost::asio::awaitable<base::result<std::invoke_result_t<Work&>>> offload(worker_pool& workers, Work work) {
  using value_type = std::invoke_result_t<Work&>;
  struct state {
    boost::asio::steady_timer* done =
        nullptr;  // like `finished`, used by the coroutine's thread only; null: it has gone
    bool finished = false;
    std::optional<value_type> value;
    std::exception_ptr thrown;
  };
  struct waiting {
    waiting(std::shared_ptr<state> of, const boost::asio::any_io_executor& here)
        : on(std::move(of)), timer(here, boost::asio::steady_timer::time_point::max()) {
      on->done = &timer;
    }
    ~waiting() { on->done = nullptr; }
    waiting(const waiting&) = delete;
    waiting& operator=(const waiting&) = delete;

    std::shared_ptr<state> on;
    boost::asio::steady_timer timer;  // never expires; ends with the coroutine, whoever else still has the state
  };
  const auto here = co_await boost::asio::this_coro::executor;
  const auto shared = std::make_shared<state>();
  waiting until(shared, here);
  const bool taken = workers.submit([shared = shared, here, work = std::move(work)]() mutable {
    try {
      shared->value.emplace(work());
    } catch (...) {
      shared->thrown = std::current_exception();
    }
    boost::asio::post(here, [shared = std::move(shared)] {
      shared->finished = true;
      if (shared->done != nullptr) shared->done->cancel();
    });
  });
  if (!taken)
    co_return base::result<value_type>(
        boost::system::in_place_error,
        base::fail(base::error_kind::overloaded, "too much is being computed; try again later"));
  boost::system::error_code woken;
  co_await until.timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
  if (!shared->finished) throw boost::system::system_error(boost::asio::error::operation_aborted);
  if (shared->thrown) std::rethrow_exception(shared->thrown);
  co_return base::result<value_type>(boost::system::in_place_value, std::move(*shared->value));
}

}  // namespace hydrant::net

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
    explicit state(const boost::asio::any_io_executor& here)
        : done(here, boost::asio::steady_timer::time_point::max()) {}
    boost::asio::steady_timer done;  // never expires; like `finished`, used by the coroutine's thread only
    bool finished = false;
    std::optional<value_type> value;
    std::exception_ptr thrown;
  };
  const auto here = co_await boost::asio::this_coro::executor;
  const auto shared = std::make_shared<state>(here);
  const bool taken = workers.submit([shared = shared, here, work = std::move(work)]() mutable {
    try {
      shared->value.emplace(work());
    } catch (...) {
      shared->thrown = std::current_exception();
    }
    // Handed over as a whole: the timer must not end on the worker.
    boost::asio::post(here, [shared = std::move(shared)] {
      shared->finished = true;
      shared->done.cancel();
    });
  });
  if (!taken)
    co_return base::result<value_type>(
        boost::system::in_place_error,
        base::fail(base::error_kind::overloaded, "too much is being computed; try again later"));
  boost::system::error_code woken;
  co_await shared->done.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
  if (!shared->finished) throw boost::system::system_error(boost::asio::error::operation_aborted);
  if (shared->thrown) std::rethrow_exception(shared->thrown);
  co_return base::result<value_type>(boost::system::in_place_value, std::move(*shared->value));
}

}  // namespace hydrant::net

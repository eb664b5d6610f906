#include "providers/demo/shared_number.hpp"

#include "base/ids.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <memory>
#include <utility>

namespace hydrant::providers {

namespace asio = boost::asio;
using number = base::result<std::int64_t>;

// No token comes twice here: nothing is ever asked again.
void local_number::add(std::int64_t by, const std::string&, completion done) {
  std::int64_t value = 0;
  {
    const std::lock_guard lock(mutex_);
    value = value_ += by;
  }
  done(value);
}

namespace demo {
namespace {

constexpr int tries_max = 50;
constexpr std::chrono::milliseconds pause{100};

asio::awaitable<number> add_once(shared_number& to, std::int64_t by, const std::string& token) {
  const auto begin = [&to, by, &token](auto handler) {
    // A std::function must be copyable, which a coroutine's handler is not.
    const auto waiting = std::make_shared<decltype(handler)>(std::move(handler));
    to.add(by, token, [waiting](number outcome) {
      asio::post(asio::get_associated_executor(*waiting),
                 [waiting, outcome = std::move(outcome)]() mutable { (*waiting)(std::move(outcome)); });
    });
  };
  return asio::async_initiate<const asio::use_awaitable_t<>, void(number)>(begin, asio::use_awaitable);
}

}  // namespace

asio::awaitable<number> add_patiently(shared_number& to, std::int64_t by) {
  const auto token = base::random_token(9);
  asio::steady_timer timer(co_await asio::this_coro::executor);
  for (int tries = 1;; ++tries) {
    number outcome = co_await add_once(to, by, token);
    if (outcome || outcome.error().kind != base::error_kind::unavailable || tries == tries_max) co_return outcome;
    timer.expires_after(pause);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

}  // namespace demo
}  // namespace hydrant::providers

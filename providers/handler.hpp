#pragma once

// The three ways to write a handler. Choose the first that fits.

#include "providers/call.hpp"

#include <functional>
#include <variant>

namespace hydrant::providers {

/// Runs on an io thread, at once: must return within microseconds and never block. The fastest way.
template <class T>
using immediate_handler = std::function<outcome<T>(call&)>;

/// A coroutine on an io thread: may wait for timers and sockets, must not block between its co_awaits.
template <class T>
using async_handler = std::function<boost::asio::awaitable<outcome<T>>(call&)>;

/// Runs on a worker thread: may block and compute. Should look at call::cancelled() now and then.
template <class T>
struct blocking_handler {
  std::function<outcome<T>(call&)> run;
};

template <class T>
using handler = std::variant<immediate_handler<T>, async_handler<T>, blocking_handler<T>>;

template <class T>
bool is_immediate(const handler<T>& h) {
  return std::holds_alternative<immediate_handler<T>>(h);
}

}  // namespace hydrant::providers

#pragma once

// One run of a handler, wherever it has to run: at once, as a coroutine on an io thread, or on a worker.

#include "net/io_pool.hpp"
#include "net/worker_pool.hpp"
#include "providers/flow_window.hpp"
#include "runtime/prepare.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace hydrant::runtime {

/// The handler came to an end; the result object's text in the caller's revision.
struct run_value {
  std::string result;
};
/// The handler waits for answers to these questions, and wants `memory` back in its next run.
struct run_questions {
  providers::call::question_map questions;
  protocol::json memory;
};
using run_end = std::variant<run_value, base::error, run_questions>;

/// Runs an immediate handler to its end. Never throws.
run_end run_now(const prepared_call& call, std::shared_ptr<providers::call_sink> sink);

/// A run that takes time. Lives in shared ownership of whoever waits for it and of the handler itself.
/// `start` and `cancel` from any thread; `done` is called once, on the io thread of `where`.
class run : public std::enable_shared_from_this<run> {
 public:
  run(prepared_call call, std::shared_ptr<providers::call_sink> sink, net::asio::io_context& where,
      net::worker_pool& workers);

  void start(std::chrono::milliseconds timeout, std::function<void(run_end)> done);
  /// Asks the handler to stop and forgets it: `done` is not called any more.
  void cancel();
  providers::flow_window& window() { return *window_; }
  std::shared_ptr<providers::flow_window> window_handle() const { return window_; }

 private:
  using result_writer = std::function<run_end()>;

  template <class T>
  void launch(const providers::handler<T>& handler);
  template <class T>
  void launch_async(const providers::async_handler<T>& handler);
  template <class T>
  void launch_blocking(const providers::blocking_handler<T>& handler);
  void finish(run_end end);
  void stop_handler();

  const prepared_call prepared_;
  net::asio::io_context& where_;
  net::worker_pool& workers_;
  std::shared_ptr<providers::flow_window> window_;
  std::shared_ptr<providers::call> call_;

  // Used on the io thread of `where_` only.
  net::asio::steady_timer deadline_;
  net::asio::cancellation_signal stop_;
  std::function<void(run_end)> done_;
};

}  // namespace hydrant::runtime

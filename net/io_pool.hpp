#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

namespace hydrant::net {

namespace asio = boost::asio;

/// The io threads: one io_context each, so that what is pinned to a thread needs no lock and no strand.
/// One per process; the members are thread-safe.
class io_pool {
 public:
  explicit io_pool(std::size_t threads);
  ~io_pool();
  io_pool(const io_pool&) = delete;
  io_pool& operator=(const io_pool&) = delete;

  std::size_t size() const { return contexts_.size(); }
  asio::io_context& at(std::size_t index) { return *contexts_[index]; }
  /// The calling thread's own context; on a foreign thread one of the pool's, in turn.
  asio::io_context& here_or_next();
  /// The calling thread's own context; null on a foreign thread.
  static asio::io_context* here();

  /// Starts the threads.
  void start();
  /// Lets each thread finish the handler that it runs, drops what waits, and joins them. Not from an io thread.
  void stop();

 private:
  std::vector<std::unique_ptr<asio::io_context>> contexts_;
  std::vector<asio::executor_work_guard<asio::io_context::executor_type>> guards_;
  std::vector<std::thread> threads_;
  std::atomic<std::size_t> next_{0};
};

}  // namespace hydrant::net

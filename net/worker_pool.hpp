#pragma once

#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <cstddef>
#include <functional>

namespace hydrant::net {

/// Threads for work that blocks or computes. The queue is bounded: what does not fit is refused, not delayed.
/// One per process, thread-safe.
class worker_pool {
 public:
  worker_pool(std::size_t threads, std::size_t queued_max);
  ~worker_pool();

  /// Runs `work` on a worker, in order of arrival; false: the queue is full, or the pool has stopped.
  bool submit(std::function<void()> work);
  /// Waits for what runs and drops what is queued. Idempotent.
  void stop();
  /// Whether nothing that waits will run any more.
  bool stopped() const { return stopped_.load(std::memory_order_acquire); }
  std::size_t waiting_or_running() const { return held_.load(std::memory_order_relaxed); }

 private:
  const std::size_t held_max_;
  std::atomic<std::size_t> held_{0};
  std::atomic<bool> stopped_{false};
  boost::asio::thread_pool threads_;
};

}  // namespace hydrant::net

#pragma once

// How many of a call's notifications may be under way to a client that reads slowly. The bound sits where events are
// made, not where they are stored: a tool that is faster than its client waits.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>

namespace hydrant::providers {

/// What `enter` does when the window is full.
enum class when_full { wait, refuse };

/// Thread-safe; one per call.
class flow_window {
 public:
  explicit flow_window(when_full policy, std::size_t size = 256) : policy_(policy), size_(size) {}

  /// Takes a place. With when_full::wait blocks until there is one or the window is closed (true then, too: the sink
  /// drops what comes after). False: refused.
  bool enter();
  /// Gives places back: notifications that were written to the client, or dropped.
  void leave(std::size_t places);
  /// Resumes when there is a place. One waiter at a time: the handler.
  boost::asio::awaitable<void> room();
  /// Lets every waiter go, for good: the call is over.
  void close();

 private:
  bool full() const { return taken_ >= size_ && !closed_; }
  void wake_async_waiter();

  const when_full policy_;
  const std::size_t size_;

  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::size_t taken_ = 0;
  bool closed_ = false;
  std::weak_ptr<boost::asio::steady_timer> async_waiter_;  // weak: a cancelled waiter is simply gone
};

}  // namespace hydrant::providers

#include "net/io_pool.hpp"

#include "base/log.hpp"

namespace hydrant::net {
namespace {

thread_local asio::io_context* this_threads_context = nullptr;

// A handler that throws has a defect, which must not take the whole node with it.
void run(asio::io_context& context) {
  for (;;) {
    try {
      context.run();
      return;
    } catch (const std::exception& thrown) {
      base::log(base::log_level::error, "a handler on an io thread threw", {{"what", thrown.what()}});
    }
  }
}

}  // namespace

io_pool::io_pool(std::size_t threads) {
  for (std::size_t i = 0; i < threads; ++i) {
    contexts_.push_back(std::make_unique<asio::io_context>(1));
    guards_.emplace_back(contexts_.back()->get_executor());
  }
}

io_pool::~io_pool() {
  stop();
}

asio::io_context& io_pool::here_or_next() {
  if (this_threads_context != nullptr) return *this_threads_context;
  return *contexts_[next_.fetch_add(1, std::memory_order_relaxed) % contexts_.size()];
}

asio::io_context* io_pool::here() {
  return this_threads_context;
}

void io_pool::start() {
  for (auto& context : contexts_)
    threads_.emplace_back([&context = *context] {
      this_threads_context = &context;
      run(context);
    });
}

void io_pool::stop() {
  for (auto& guard : guards_)
    guard.reset();
  for (auto& context : contexts_)
    context->stop();
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
  threads_.clear();
}

}  // namespace hydrant::net

#include "net/worker_pool.hpp"

#include <boost/asio/post.hpp>

namespace hydrant::net {

worker_pool::worker_pool(std::size_t threads, std::size_t queued_max)
    : held_max_(threads + queued_max), threads_(threads) {}

worker_pool::~worker_pool() {
  stop();
}

bool worker_pool::submit(std::function<void()> work) {
  if (stopped()) return false;
  if (held_.fetch_add(1, std::memory_order_relaxed) >= held_max_) {
    held_.fetch_sub(1, std::memory_order_relaxed);
    return false;
  }
  boost::asio::post(threads_, [this, work = std::move(work)] {
    work();
    held_.fetch_sub(1, std::memory_order_relaxed);
  });
  return true;
}

void worker_pool::stop() {
  threads_.stop();
  stopped_.store(true, std::memory_order_release);
  threads_.join();
}

}  // namespace hydrant::net

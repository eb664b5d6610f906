#include "store/redis/fan_out.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

namespace hydrant::store::redis {
namespace {

constexpr std::size_t at_once = 64;

struct fan {
  std::size_t count;
  std::function<void(std::size_t, std::function<void()>)> step;
  std::function<void()> done;
  std::atomic<std::size_t> next;
  std::atomic<std::size_t> left;
};

void start(const std::shared_ptr<fan>& of, std::size_t index) {
  of->step(index, [of] {
    if (of->left.fetch_sub(1, std::memory_order_acq_rel) == 1) return of->done();
    const std::size_t following = of->next.fetch_add(1, std::memory_order_relaxed);
    if (following < of->count) start(of, following);
  });
}

}  // namespace

void fan_out(std::size_t count, std::function<void(std::size_t, std::function<void()>)> step,
             std::function<void()> done) {
  if (count == 0) return done();
  const std::size_t first = std::min(count, at_once);
  const auto all = std::make_shared<fan>(count, std::move(step), std::move(done), first, count);
  for (std::size_t i = 0; i < first; ++i)
    start(all, i);
}

}  // namespace hydrant::store::redis

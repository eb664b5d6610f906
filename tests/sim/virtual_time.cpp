#include "tests/sim/virtual_time.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <random>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

namespace hydrant::sim {
namespace {

thread_local virtual_time* of_this_thread = nullptr;

int set_real_timer(int timer, int flags, const itimerspec* wanted, itimerspec* before) {
  return static_cast<int>(::syscall(SYS_timerfd_settime, timer, flags, wanted, before));
}

void make_due(int timer) {
  const itimerspec long_ago{{0, 0}, {0, 1}};
  set_real_timer(timer, TFD_TIMER_ABSTIME, &long_ago, nullptr);
}

std::chrono::nanoseconds real_time(clockid_t of) {
  timespec read{};
  ::clock_gettime(of, &read);
  return std::chrono::seconds(read.tv_sec) + std::chrono::nanoseconds(read.tv_nsec);
}

}  // namespace

std::uint64_t chance::next() {
  auto z = state_ += 0x9e3779b97f4a7c15U;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

std::int64_t chance::between(std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
}

bool chance::happens(double probability) {
  return static_cast<double>(next() >> 11) < probability * static_cast<double>(std::uint64_t{1} << 53);
}

virtual_time::virtual_time(std::uint64_t seed) : randomness_(seed) {
  of_this_thread = this;
}

virtual_time::~virtual_time() {
  of_this_thread = nullptr;
}

virtual_time* virtual_time::here() {
  return of_this_thread;
}

steady_time virtual_time::next_timer() const {
  auto first = steady_time::max();
  for (const auto& [timer, due] : timers_)
    first = std::min(first, due);
  return first;
}

void virtual_time::advance_to(steady_time when) {
  now_ = std::max(now_, when);
  for (auto it = timers_.begin(); it != timers_.end();) {
    if (it->second > now_) {
      ++it;
      continue;
    }
    make_due(it->first);
    it = timers_.erase(it);
  }
}

// A timer that its io_context has let go of meanwhile costs one step that finds nothing to do.
void virtual_time::arm(int timer, duration after) {
  if (after > duration::zero()) {
    timers_[timer] = now_ + after;
    return;
  }
  timers_.erase(timer);
  make_due(timer);
}

}  // namespace hydrant::sim

// From here on: what the whole program calls instead of the functions of the system's libraries.

namespace std::chrono {
inline namespace _V2 {

steady_clock::time_point steady_clock::now() noexcept {
  if (const auto* world = hydrant::sim::virtual_time::here()) return world->now();
  return time_point(hydrant::sim::real_time(CLOCK_MONOTONIC));
}

system_clock::time_point system_clock::now() noexcept {
  if (const auto* world = hydrant::sim::virtual_time::here())
    return time_point(hours(24 * 365 * 50) + duration_cast<duration>(world->now().time_since_epoch()));
  return time_point(duration_cast<duration>(hydrant::sim::real_time(CLOCK_REALTIME)));
}

}  // namespace _V2
}  // namespace std::chrono

std::random_device::result_type std::random_device::_M_getval() {
  if (auto* world = hydrant::sim::virtual_time::here()) return static_cast<result_type>(world->randomness().next());
  result_type value = 0;
  RAND_priv_bytes(reinterpret_cast<unsigned char*>(&value), sizeof(value));
  return value;
}

extern "C" int RAND_bytes(unsigned char* to, int size) {
  auto* world = hydrant::sim::virtual_time::here();
  if (world == nullptr) return RAND_priv_bytes(to, size);
  for (int i = 0; i < size; ++i)
    to[i] = static_cast<unsigned char>(world->randomness().next());
  return 1;
}

// Asio asks for a time from now, or for one in the past when something is due already.
extern "C" int timerfd_settime(int timer, int flags, const itimerspec* wanted, itimerspec* before) noexcept {
  auto* world = hydrant::sim::virtual_time::here();
  if (world == nullptr) return hydrant::sim::set_real_timer(timer, flags, wanted, before);
  const auto after =
      std::chrono::seconds(wanted->it_value.tv_sec) +
      std::chrono::duration_cast<hydrant::sim::duration>(std::chrono::nanoseconds(wanted->it_value.tv_nsec));
  world->arm(timer, (flags & TFD_TIMER_ABSTIME) != 0 ? hydrant::sim::duration::zero() : after);
  return 0;
}

#pragma once

#include "base/clock.hpp"
#include "net/io_pool.hpp"
#include "net/worker_pool.hpp"
#include "providers/catalog.hpp"
#include "runtime/key_holder.hpp"
#include "runtime/limits.hpp"
#include "runtime/metrics.hpp"

namespace hydrant::runtime {

/// What calls need of the process that they run in. One per process; every member outlives the calls and is
/// thread-safe or constant.
struct environment {
  const providers::catalog& catalog;
  const identity& self;
  const limits& bounds;
  const key_holder& keys;
  const base::clock& time;
  net::io_pool& io;
  net::worker_pool& workers;
  metrics& measured;

  /// Whether one more call that takes time would be too many.
  bool at_call_limit() const { return static_cast<std::size_t>(measured.calls_running.Value()) >= bounds.calls_max; }
};

}  // namespace hydrant::runtime

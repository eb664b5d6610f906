#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "net/io_pool.hpp"
#include "net/worker_pool.hpp"
#include "providers/catalog.hpp"
#include "runtime/key_holder.hpp"
#include "runtime/limits.hpp"
#include "runtime/metrics.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace hydrant::runtime {

/// Not a bool: a result<bool> that is copied from a const rvalue, or from a plain variable, turns into whether there is
/// one.
enum class token_use { first, repeated };

/// Of all who claim the same token within `ttl`, on whatever node, one is the first. Thread-safe; `done` may run within
/// the call, or later on any io thread. A failure: nobody knows, so it counts as used.
using token_claimer = std::function<void(const std::string& token, std::chrono::milliseconds ttl,
                                         std::function<void(base::result<token_use>)> done)>;

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
  const token_claimer& claim_once;

  /// Whether one more call that takes time would be too many.
  bool at_call_limit() const { return static_cast<std::size_t>(measured.calls_running.Value()) >= bounds.calls_max; }
};

}  // namespace hydrant::runtime

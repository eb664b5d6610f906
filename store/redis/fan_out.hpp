#pragma once

#include <cstddef>
#include <functional>

namespace hydrant::store::redis {

/// Starts `step(i, next)` for each i below `count`, a few at a time so that other requests get through between them,
/// and calls `done` once all have called their `next`. What steps write to places of their own, `done` may read. `next`
/// may be called on any thread.
void fan_out(std::size_t count, std::function<void(std::size_t, std::function<void()>)> step,
             std::function<void()> done);

}  // namespace hydrant::store::redis

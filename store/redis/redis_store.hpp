#pragma once

#include "store/event_log.hpp"
#include "store/node_registry.hpp"
#include "store/redis/client.hpp"
#include "store/redis/limits.hpp"
#include "store/session_store.hpp"
#include "store/shared_values.hpp"

#include <cstddef>
#include <memory>

namespace hydrant::store::redis {

struct store_parts;

/// The store that all nodes of a grid share: docs/redis-keys.md shows what is in it. Needs Redis 6.2 or later, and a
/// user who may run INFO (how a script notices that the server restarted) besides the commands on keys.
///
/// Thread-safe; one per process. Outlives the completions of its client: stop the client first. What has a session's id
/// takes effect in the order of the calls, but for appends after the server forgot its scripts (a producer's numbers
/// keep those apart); what two nodes do is ordered by the server. Beyond the contracts:
/// - expiry is the server's own, so nothing has to be swept for it; `tidy` gives back what indexes hold of it;
/// - times are kept to the millisecond;
/// - a stream or session that is removed is freed by the server in the background.
class redis_store {
 public:
  /// `via` outlives the store.
  redis_store(client& via, redis_limits limits = {});
  ~redis_store();
  redis_store(const redis_store&) = delete;
  redis_store& operator=(const redis_store&) = delete;

  session_store& sessions();
  event_log& events();
  node_registry& nodes();
  shared_values& values();

  /// Drops from the indexes what is not there any more: looks at up to `max` sessions and at the oldest calls of
  /// `self`. Completes with how many sessions it looked at. Call on a timer, about every minute on each node, again at
  /// once while it completes with `max`. Only `count`, and the memory of the indexes, depends on it.
  void tidy(const node_ref& self, std::size_t max, completion<std::size_t> done);

 private:
  std::unique_ptr<store_parts> parts_;
};

}  // namespace hydrant::store::redis

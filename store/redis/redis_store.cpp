#include "store/redis/redis_store.hpp"

#include "store/redis/events.hpp"
#include "store/redis/nodes.hpp"
#include "store/redis/sessions.hpp"
#include "store/redis/values.hpp"

#include <utility>

namespace hydrant::store::redis {
namespace {

// Entries without a call gather among the oldest.
constexpr std::size_t tidied_calls_max = 256;

}  // namespace

struct store_parts {
  store_parts(client& via, redis_limits its_limits) : limits(its_limits), calls(via) {}

  const redis_limits limits;
  const caller calls;
  const owned_calls owned{calls};
  redis_sessions sessions{calls, limits, owned};
  redis_events events{calls, limits, owned};
  redis_nodes nodes{calls, owned};
  redis_values values{calls};
};

redis_store::redis_store(client& via, redis_limits limits) : parts_(std::make_unique<store_parts>(via, limits)) {}

redis_store::~redis_store() = default;

session_store& redis_store::sessions() {
  return parts_->sessions;
}

event_log& redis_store::events() {
  return parts_->events;
}

node_registry& redis_store::nodes() {
  return parts_->nodes;
}

shared_values& redis_store::values() {
  return parts_->values;
}

void redis_store::tidy(const node_ref& self, std::size_t max, completion<std::size_t> done) {
  const auto then = [this, max, done = std::move(done)](const base::result<std::vector<call_ref>>& calls) {
    if (!calls) return done(calls.error());
    parts_->sessions.tidy(max, done);
  };
  parts_->owned.list(self, owned_calls::state::alive, tidied_calls_max, then);
}

}  // namespace hydrant::store::redis

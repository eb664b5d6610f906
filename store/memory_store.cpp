#include "store/memory_store.hpp"

#include "store/memory_events.hpp"
#include "store/memory_nodes.hpp"
#include "store/memory_sessions.hpp"
#include "store/memory_state.hpp"
#include "store/memory_values.hpp"

namespace hydrant::store {

memory_store::memory_store(const base::clock& clock, memory_limits limits)
    : state_(std::make_unique<memory_state>(clock, limits)),
      sessions_(std::make_unique<memory_sessions>(*state_)),
      events_(std::make_unique<memory_events>(*state_)),
      nodes_(std::make_unique<memory_nodes>(*state_)),
      values_(std::make_unique<memory_values>(clock)) {}

memory_store::~memory_store() = default;

session_store& memory_store::sessions() {
  return *sessions_;
}

event_log& memory_store::events() {
  return *events_;
}

node_registry& memory_store::nodes() {
  return *nodes_;
}

shared_values& memory_store::values() {
  return *values_;
}

std::vector<std::string> memory_store::sweep(std::size_t visits_max) {
  return state_->sweep(visits_max);
}

memory_statistics memory_store::statistics() const {
  return state_->statistics();
}

}  // namespace hydrant::store

#pragma once

// What the endpoints need of the rest of the process.

#include "actors/session_service.hpp"
#include "gateway/settings.hpp"
#include "runtime/environment.hpp"
#include "runtime/subscription_hub.hpp"

#include <atomic>
#include <functional>
#include <string>

namespace hydrant::gateway {

/// What /health and /ready tell.
struct node_status {
  std::string node_id;
  std::string version;
  std::size_t active_sessions = 0;
  std::chrono::seconds uptime{};
};

/// One per process; every member outlives the gateway and is thread-safe.
struct services {
  const settings& config;
  const runtime::environment& env;
  runtime::subscription_hub& hub;
  actors::session_service& sessions;
  std::function<node_status()> status;
  std::atomic<bool> draining{false};
};

}  // namespace hydrant::gateway

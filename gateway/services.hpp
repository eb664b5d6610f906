#pragma once

// What the endpoints need of the rest of the process.

#include "actors/session_service.hpp"
#include "gateway/settings.hpp"
#include "providers/catalog.hpp"
#include "runtime/environment.hpp"
#include "runtime/subscription_hub.hpp"

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::gateway {

/// Something that a node depends on.
struct dependency {
  std::string_view name;  ///< a literal
  std::string kind;
  bool up = true;
  std::string trouble;  ///< empty: nothing to tell
};

/// What /health and /ready tell.
struct node_status {
  std::string node_id;
  std::string version;
  std::size_t active_sessions = 0;
  std::chrono::seconds uptime{};
  bool joined = true;  ///< it has reached what it shares with other nodes, at least once
  std::vector<dependency> dependencies;
  std::vector<providers::provider_health> providers;  ///< of those that depend on something
};

/// One per process; every member outlives the gateway and is thread-safe.
struct services {
  const settings& config;
  const runtime::environment& env;
  runtime::subscription_hub& hub;
  actors::session_service& sessions;
  std::function<node_status()> status;
  std::atomic<bool> leaving{false};  ///< it was asked to stop, and says so, but still takes everything
};

}  // namespace hydrant::gateway

#pragma once

// Where sessions, events and messages between nodes go, as the settings say.

#include "app/config.hpp"
#include "base/clock.hpp"
#include "bus/bus.hpp"
#include "net/io_pool.hpp"
#include "runtime/metrics.hpp"
#include "store/event_log.hpp"
#include "store/node_registry.hpp"
#include "store/session_store.hpp"
#include "store/shared_values.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hydrant::app {

/// How one of them is, for /health, /ready and metrics.
struct backend_health {
  std::string kind;  ///< "memory", "redis", "local", "nats"
  bool up = true;
  std::string trouble;  ///< why it is not; empty: nothing to tell
};

/// The store. Thread-safe; one per process.
class store_backend {
 public:
  virtual ~store_backend() = default;
  virtual store::session_store& sessions() = 0;
  virtual store::event_log& events() = 0;
  /// Null: this process is alone.
  virtual store::node_registry* nodes() = 0;
  virtual store::shared_values& values() = 0;
  virtual base::result<> start() = 0;
  /// No completion runs once it has returned. The io threads still run. Idempotent.
  virtual void stop() = 0;
  /// Why this process must not go on with this store; empty: it may, as far as is known yet.
  virtual std::string refusal() const = 0;
  /// Every second. Gives up what has expired, and returns the sessions that did, where the store does not do it itself.
  virtual std::vector<std::string> tick() = 0;
  /// As of the last tick.
  virtual std::size_t session_count() const = 0;
  virtual backend_health health() const = 0;
  /// Commands that its server has not answered yet.
  virtual std::size_t waiting() const { return 0; }
};

/// What went through the bus so far.
struct bus_counts {
  std::uint64_t in = 0;
  std::uint64_t out = 0;
  std::uint64_t dropped = 0;
  std::uint64_t reconnects = 0;
};

/// The bus. Thread-safe; one per process.
class bus_backend {
 public:
  virtual ~bus_backend() = default;
  virtual bus::bus& messages() = 0;
  virtual backend_health health() const = 0;
  virtual bus_counts counts() const { return {}; }
};

/// Both throw std::runtime_error with what to say to the operator. `time`, `io` and `measured` outlive them.
std::unique_ptr<store_backend> make_store(const config& settings, store::node_ref self, const base::clock& time,
                                          net::io_pool& io, runtime::metrics& measured);
std::unique_ptr<bus_backend> make_bus(const config& settings);

}  // namespace hydrant::app

#include "app/backends.hpp"

#include "base/log.hpp"
#include "bus/local_bus.hpp"
#include "bus/nats_bus.hpp"
#include "store/memory_store.hpp"
#include "store/redis/durability.hpp"
#include "store/redis/pooled_client.hpp"
#include "store/redis/redis_store.hpp"

#include <atomic>
#include <stdexcept>

namespace hydrant::app {
namespace {

constexpr std::size_t sweep_visits_max = 5000;  // sessions a tick, so that a mass expiry stalls nobody
constexpr unsigned ticks_between_tidies = 60;
constexpr std::size_t tidy_visits_max = 1000;

/// The bounds of either store; they have the same names.
template <class Limits>
Limits limits_of(const config& from) {
  Limits out;
  out.sessions_max = from.session.sessions_max;
  out.streams_per_session_max = from.session.streams_max + from.session.pending_max;
  out.calls_per_session_max = from.session.pending_max;
  out.stream_events_max = from.stream.log_events_max;
  out.stream_bytes_max = from.stream.log_bytes_max;
  out.finished_stream_grace = from.stream.finished_grace;
  return out;
}

class memory_backend final : public store_backend {
 public:
  memory_backend(const config& settings, const base::clock& time)
      : store_(time, limits_of<store::memory_limits>(settings)) {}

  store::session_store& sessions() override { return store_.sessions(); }
  store::event_log& events() override { return store_.events(); }
  store::node_registry* nodes() override { return nullptr; }
  store::shared_values& values() override { return store_.values(); }
  base::result<> start() override { return {}; }
  void stop() override {}
  std::string refusal() const override { return {}; }
  std::vector<std::string> tick() override { return store_.sweep(sweep_visits_max); }
  std::size_t session_count() const override { return store_.statistics().sessions; }
  backend_health health() const override { return {"memory", true, {}}; }

 private:
  store::memory_store store_;
};

store::redis::settings redis_settings_of(const config& from) {
  auto out = store::redis::parse_url(from.redis_url);
  if (!out) throw std::runtime_error("redis-url: " + out.error().message);
  out->name = "hydrant-" + from.node_id;
  return *out;
}

class redis_observer final : public store::redis::client_observer {
 public:
  explicit redis_observer(runtime::metrics& measured) : measured_(measured) {}
  void on_latency(double seconds) override { measured_.store_latency.Observe(seconds); }
  void on_error() override { measured_.store_errors.Increment(); }
  void on_reconnect() override { measured_.store_reconnects.Increment(); }

 private:
  runtime::metrics& measured_;
};

class redis_backend final : public store_backend {
 public:
  redis_backend(const config& settings, store::node_ref self, net::io_pool& io, runtime::metrics& measured)
      : self_(std::move(self)),
        durability_(settings.durability),
        observer_(measured),
        client_(io, redis_settings_of(settings), &observer_),
        store_(client_, limits_of<store::redis::redis_limits>(settings)) {}
  ~redis_backend() override { client_.stop(); }

  store::session_store& sessions() override { return store_.sessions(); }
  store::event_log& events() override { return store_.events(); }
  store::node_registry* nodes() override { return &store_.nodes(); }
  store::shared_values& values() override { return store_.values(); }
  base::result<> start() override { return client_.start(); }
  void stop() override { client_.stop(); }

  std::vector<std::string> tick() override {
    store_.sessions().count([this](const base::result<std::size_t>& count) {
      if (count) sessions_ = *count;
    });
    if (++ticks_ % ticks_between_tidies == 0) tidy();
    if (!looked_at_durability_) look_at_durability();
    return {};
  }
  std::string refusal() const override {
    return refused_ ? "with durability strict, this Redis will not do; see the warnings above" : "";
  }
  std::size_t session_count() const override { return sessions_; }

  backend_health health() const override {
    const auto state = client_.state();
    const bool up = state.connected == state.connections;
    return {"redis", up, up ? "" : state.last_error};
  }
  std::size_t waiting() const override { return client_.state().waiting; }

 private:
  void tidy() {
    store_.tidy(self_, tidy_visits_max, [this](const base::result<std::size_t>& looked_at) {
      if (looked_at && *looked_at == tidy_visits_max) tidy();
    });
  }

  void look_at_durability() {
    store::redis::durability_report(client_, [this](const base::result<std::vector<std::string>>& risks) {
      if (!risks || looked_at_durability_.exchange(true)) return;
      for (const auto& risk : *risks)
        base::log(base::log_level::warn, "Redis may lose what was acknowledged", {{"why", risk}});
      refused_ = durability_ == durability_demand::strict && !risks->empty();
    });
  }

  const store::node_ref self_;
  const durability_demand durability_;
  std::atomic<bool> looked_at_durability_{false};
  std::atomic<bool> refused_{false};
  redis_observer observer_;
  store::redis::pooled_client client_;
  store::redis::redis_store store_;
  unsigned ticks_ = 0;  // on the node's timer
  std::atomic<std::size_t> sessions_{0};
};

class local_backend final : public bus_backend {
 public:
  bus::bus& messages() override { return bus_; }
  backend_health health() const override { return {"local", true, {}}; }

 private:
  bus::local_bus bus_;
};

bus::nats_settings nats_settings_of(const config& from) {
  auto out = bus::parse_nats_url(from.nats_url);
  if (!out) throw std::runtime_error("nats-url: " + out.error().message);
  return *out;
}

class nats_backend final : public bus_backend {
 public:
  explicit nats_backend(const config& settings) : bus_(nats_settings_of(settings), settings.node_id) {}

  bus::bus& messages() override { return bus_; }
  backend_health health() const override {
    const auto state = bus_.state();
    return {"nats", state.connected, state.connected ? "" : state.last_error};
  }
  bus_counts counts() const override {
    const auto state = bus_.state();
    return {state.messages_in, state.messages_out, state.dropped, state.reconnects};
  }

 private:
  bus::nats_bus bus_;
};

}  // namespace

std::unique_ptr<store_backend> make_store(const config& settings, store::node_ref self, const base::clock& time,
                                          net::io_pool& io, runtime::metrics& measured) {
  if (settings.store == store_kind::redis)
    return std::make_unique<redis_backend>(settings, std::move(self), io, measured);
  return std::make_unique<memory_backend>(settings, time);
}

std::unique_ptr<bus_backend> make_bus(const config& settings) {
  if (settings.bus == bus_kind::nats) return std::make_unique<nats_backend>(settings);
  return std::make_unique<local_backend>();
}

}  // namespace hydrant::app

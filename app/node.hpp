#pragma once

#include "actors/membership.hpp"
#include "actors/session_service.hpp"
#include "app/backends.hpp"
#include "app/config.hpp"
#include "app/server.hpp"
#include "app/shared_keys.hpp"
#include "app/upstream_meter.hpp"
#include "base/clock.hpp"
#include "gateway/server.hpp"
#include "net/http_client.hpp"
#include "net/io_pool.hpp"
#include "net/worker_pool.hpp"
#include "runtime/metrics.hpp"
#include "runtime/subscription_hub.hpp"

#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <string>

namespace hydrant::app {

/// All parts of a running node, in the order of their dependence: each may use those above it.
class node final : public providers::announcer {
 public:
  node(const config& settings, provider_list own);
  ~node() override;
  node(const node&) = delete;
  node& operator=(const node&) = delete;

  /// Errors: unavailable (cannot listen), invalid_params (settings that nobody could check before), with what to say to
  /// the operator. A store or a bus that is away is no error: the node serves what it can, and says so.
  base::result<> start();
  std::uint16_t port() const { return gateway_->port(); }
  /// Stops taking work, waits for what is under way until `drain_timeout`, then cuts. Blocks.
  void stop();
  /// `told` is called once, on an io thread, with the exit status, if this node must not go on.
  void on_end(std::function<void(int)> told) { ended_ = std::move(told); }

  void tools_changed() override;
  void prompts_changed() override;
  void resources_changed() override;
  void resource_updated(std::string uri) override;

 private:
  void announce(const runtime::change& what);
  void add_providers(provider_list own);
  std::unique_ptr<providers::provider> make_opensearch();
  base::result<> start_bus();
  void tick();
  void tick_once();
  void watch_backends();
  void count_bus();
  void probe_bus();
  void note_probe(std::string_view payload);
  std::string probe_subject() const { return sessions_->node_subject() + ".probe"; }
  void end_by_itself(int status);
  void stop_ticking();
  void leave_grid();
  bool quiet() const;
  gateway::node_status status() const;
  std::vector<providers::provider_health> provider_states() const;

  const config settings_;
  const base::clock time_;
  const base::steady_time started_at_;
  const std::string boot_;
  const runtime::identity identity_;
  const runtime::limits limits_;
  const gateway::settings gateway_settings_;
  runtime::key_holder keys_;
  runtime::metrics metrics_;

  net::io_pool io_;
  net::worker_pool workers_;
  net::http_client http_;
  upstream_meter upstream_meter_;
  std::unique_ptr<bus_backend> bus_;
  std::unique_ptr<store_backend> store_;

  provider_list providers_;
  providers::catalog catalog_;

  const runtime::token_claimer claim_once_;
  runtime::environment environment_;
  runtime::subscription_hub hub_;
  // `stop` ends them before the io threads, on which they live.
  std::unique_ptr<actors::session_service> sessions_;
  std::unique_ptr<actors::membership> membership_;  // null: this process is alone
  std::unique_ptr<shared_keys> shared_keys_;        // null: the keys are this process' own
  std::unique_ptr<gateway::services> services_;
  std::unique_ptr<gateway::server> gateway_;
  std::unique_ptr<boost::asio::steady_timer> timer_;
  std::atomic<bool> made_{false};
  bool stopped_ = false;
  bus_counts counted_;            // the timer's own: what metrics tell already
  std::uint64_t store_life_ = 0;  // the timer's own: event_log::restarts() at its last tick
  std::function<void(int)> ended_;
};

}  // namespace hydrant::app

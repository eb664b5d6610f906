#include "app/node.hpp"

#include "app/config_load.hpp"
#include "app/opensearch_wiring.hpp"
#include "app/version.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "providers/conformance/conformance_provider.hpp"
#include "providers/demo/demo_provider.hpp"
#include "providers/opensearch/opensearch_provider.hpp"

#include <algorithm>
#include <charconv>
#include <future>
#include <thread>

namespace hydrant::app {
namespace {

/// To other servers, for each io thread.
constexpr std::size_t upstream_connections_max = 256;
constexpr int exit_refused = 1;
constexpr int exit_expelled = 70;  // EX_SOFTWARE: whoever watches over this process starts it again

runtime::limits limits_of(const config& from) {
  runtime::limits out;
  out.call_timeout = from.call.timeout;
  out.ask_timeout = from.call.ask_timeout;
  out.request_state_ttl = from.call.request_state_ttl;
  out.session_ttl = from.session.ttl;
  out.passivate_after = from.session.passivate_after;
  out.retry = from.stream.retry;
  out.streams_max = from.stream.streams_max;
  out.calls_max = from.call.running_max;
  out.calls_per_session_max = from.session.pending_max;
  return out;
}

gateway::settings gateway_settings_of(const config& from) {
  const auto& at = from.listen;
  gateway::settings out;
  out.host = at.host;
  out.port = at.port;
  for (auto* path : {&out.sse_path, &out.messages_path, &out.health_path, &out.ready_path, &out.metrics_path})
    *path = at.path_prefix + *path;
  out.mcp_path = at.path_prefix + at.endpoint;
  if (!at.legacy_sse || at.stateless) out.sse_path = out.messages_path = "";
  out.passes_authorization = passes_authorization(from);
  out.mode = at.stateless ? gateway::session_mode::stateless : gateway::session_mode::sessions;
  out.allowed_origins = at.allowed_origins;
  out.allowed_hosts = at.allowed_hosts;
  out.body_bytes_max = from.limits.body_bytes_max;
  out.header_bytes_max = from.limits.header_bytes_max;
  out.json_depth_max = from.limits.json_depth_max;
  out.connections_max = from.limits.connections_max;
  out.header_timeout = from.limits.header_timeout;
  out.body_timeout = from.limits.body_timeout;
  out.idle_timeout = from.limits.idle_timeout;
  out.write_timeout = from.limits.write_timeout;
  out.keep_alive = from.stream.keep_alive;
  return out;
}

/// The demo's counter, which all nodes share if they share a store.
class stored_number final : public providers::shared_number {
 public:
  explicit stored_number(store::shared_values& values) : values_(values) {}
  void add(std::int64_t by, const std::string& token, completion done) override {
    values_.add("demo-counter", by, token, std::move(done));
  }

 private:
  store::shared_values& values_;
};

std::size_t io_threads(const config& from) {
  return from.threads.io > 0 ? from.threads.io : std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace

node::node(const config& settings, provider_list own)
    : settings_(settings),
      started_at_(time_.now()),
      boot_(base::new_boot_id()),
      identity_{settings.identity.name, settings.identity.title, version, settings.identity.instructions},
      limits_(limits_of(settings)),
      gateway_settings_(gateway_settings_of(settings)),
      keys_(protocol::keyring::random()),
      metrics_(version, settings.node_id, boot_),
      io_(io_threads(settings)),
      workers_(settings.threads.workers, settings.threads.worker_queue_max),
      http_(io_, upstream_connections_max),
      upstream_meter_(metrics_),
      bus_(make_bus(settings)),
      store_(make_store(settings, {settings.node_id, boot_}, time_, io_, metrics_)),
      claim_once_([this](const std::string& token, std::chrono::milliseconds ttl, auto done) {
        store_->values().claim(token, ttl, [done = std::move(done)](const base::result<bool>& first) {
          if (!first) return done(first.error());
          done(*first ? runtime::token_use::first : runtime::token_use::repeated);
        });
      }),
      environment_{catalog_, identity_, limits_, keys_, time_, io_, workers_, metrics_, claim_once_},
      hub_(environment_) {
  add_providers(std::move(own));
  io_.start();  // before the actors, which end on these threads
  const store::node_ref self{settings_.node_id, boot_};
  sessions_ = std::make_unique<actors::session_service>(environment_, store_->sessions(), store_->events(),
                                                        bus_->messages(), hub_, self, actors::scheduling::io_threads);
  if (store_->nodes()) {
    membership_ = std::make_unique<actors::membership>(*store_->nodes(), *sessions_, self, version);
    shared_keys_ = std::make_unique<shared_keys>(store_->values(), keys_, time_);
  }
  services_ = std::unique_ptr<gateway::services>(
      new gateway::services{gateway_settings_, environment_, hub_, *sessions_, [this] { return status(); }});
  gateway_ = std::make_unique<gateway::server>(io_, *services_);
  made_.store(true, std::memory_order_release);
}

node::~node() {
  stop();
}

// The fixtures first: the official suite calls the first tool without arguments.
void node::add_providers(provider_list own) {
  const auto wants = [this](const char* name) { return std::ranges::count(settings_.providers, name) > 0; };
  if (wants("conformance")) providers_.push_back(std::make_unique<providers::conformance_provider>());
  if (wants("demo"))
    providers_.push_back(std::make_unique<providers::demo_provider>(std::make_unique<stored_number>(store_->values())));
  if (wants("opensearch")) providers_.push_back(make_opensearch());
  for (auto& one : own)
    providers_.push_back(std::move(one));
  for (auto& one : providers_)
    one->contribute(catalog_, *this);
}

std::unique_ptr<providers::provider> node::make_opensearch() {
  const auto variables = this_process(version).variables;
  const auto wanted = opensearch_settings_of(settings_, variables);
  if (!wanted) throw std::invalid_argument(wanted.error().message);
  const auto send = [this](net::http_request request) { return http_.send(std::move(request)); };
  return std::make_unique<providers::opensearch_provider>(
      *wanted, providers::opensearch_provider::surroundings{io_, workers_, send, time_, upstream_meter_, variables});
}

base::result<> node::start() {
  if (auto started = store_->start(); !started) return started.error();
  if (auto started = start_bus(); !started) return started.error();
  timer_ = std::make_unique<boost::asio::steady_timer>(io_.at(0));
  for (auto& one : providers_)
    one->start();
  if (auto listening = gateway_->start(); !listening) return listening.error();
  boost::asio::post(io_.at(0), [this] {
    tick_once();
    tick();
  });
  return {};
}

base::result<> node::start_bus() {
  auto& messages = bus_->messages();
  messages.subscribe(actors::session_service::changes_subject, [this](const bus::message_view& message) {
    if (const auto what = runtime::parse_change(message.payload)) sessions_->deliver(*what);
  });
  const auto receive = [this](const bus::message_view& message) {
    if (const auto what = actors::parse_node_message(message.payload)) sessions_->receive(*what);
  };
  messages.subscribe(sessions_->node_subject(), receive);
  messages.subscribe(probe_subject(), [this](const bus::message_view& message) { note_probe(message.payload); });
  messages.subscribe(actors::session_service::all_nodes_subject, receive);
  messages.on_gap([this] {
    metrics_.bus_gaps.Increment();
    sessions_->catch_up();
  });
  return messages.start();
}

void node::tick() {
  timer_->expires_after(std::chrono::seconds(1));
  timer_->async_wait([this](boost::system::error_code stopped) {
    if (stopped || !timer_) return;
    tick_once();
    tick();
  });
}

void node::tick_once() {
  sessions_->expired(store_->tick());
  sessions_->tick();
  if (shared_keys_) shared_keys_->tick();
  if (membership_) membership_->tick();
  watch_backends();
}

void node::watch_backends() {
  const bool bus_up = bus_->health().up;
  metrics_.bus_up.Set(bus_up ? 1 : 0);
  sessions_->know_reachable(bus_up);
  metrics_.store_up.Set(store_->health().up ? 1 : 0);
  metrics_.store_waiting.Set(static_cast<double>(store_->waiting()));
  metrics_.workers_busy.Set(static_cast<double>(workers_.waiting_or_running()));
  if (store_->nodes()) {
    count_bus();
    probe_bus();
  }
  const auto life = store_->events().restarts();
  if (std::exchange(store_life_, life) != life) sessions_->store_restarted();
  // While no message of another node can come, events are looked for in the log.
  if (!bus_up) sessions_->look_around();
  if (membership_ && membership_->now() == actors::standing::expelled) return end_by_itself(exit_expelled);
  if (const auto why = store_->refusal(); !why.empty()) {
    base::log(base::log_level::error, "this node ends", {{"why", why}});
    end_by_itself(exit_refused);
  }
}

void node::count_bus() {
  const auto now = bus_->counts();
  metrics_.bus_messages_in.Increment(static_cast<double>(now.in - counted_.in));
  metrics_.bus_messages_out.Increment(static_cast<double>(now.out - counted_.out));
  metrics_.bus_dropped.Increment(static_cast<double>(now.dropped - counted_.dropped));
  metrics_.bus_reconnects.Increment(static_cast<double>(now.reconnects - counted_.reconnects));
  counted_ = now;
}

// To itself, through the bus: its boot id and when that was.
void node::probe_bus() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  bus_->messages().publish(probe_subject(), boot_ + ' ' + std::to_string(now));
}

void node::note_probe(std::string_view payload) {
  std::int64_t sent = 0;
  if (!payload.starts_with(boot_) || payload.size() < boot_.size() + 2) return;
  std::from_chars(payload.data() + boot_.size() + 1, payload.data() + payload.size(), sent);
  const auto took = std::chrono::steady_clock::now().time_since_epoch() - std::chrono::steady_clock::duration(sent);
  metrics_.bus_latency.Observe(std::chrono::duration<double>(took).count());
}

void node::end_by_itself(int status) {
  if (auto told = std::exchange(ended_, nullptr)) told(status);
}

// On the timer's own thread, and waited for: no tick may come after what it uses is gone.
void node::stop_ticking() {
  std::promise<void> stopped;
  boost::asio::post(io_.at(0), [this, &stopped] {
    timer_.reset();
    stopped.set_value();
  });
  stopped.get_future().wait();
}

bool node::quiet() const {
  return metrics_.calls_running.Value() == 0 && metrics_.streams_open.Value() == 0 &&
         metrics_.listeners_open.Value() == 0;
}

void node::stop() {
  if (std::exchange(stopped_, true)) return;
  services_->leaving = true;
  if (membership_) std::this_thread::sleep_for(settings_.drain_delay);
  gateway_->drain();
  hub_.close_all();
  sessions_->drain();
  const auto wait_until = [](auto done, base::steady_time limit) {
    while (!done() && std::chrono::steady_clock::now() < limit)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return done();
  };
  // Calls and streams first, while others are still let in; then what is being read or written at that moment.
  const auto limit = std::chrono::steady_clock::now() + settings_.drain_timeout;
  const auto quiet_now = [this] { return quiet(); };
  sessions_->hand_over_calls(actors::movable::waiting);
  // Most calls end in time, and nothing is gained by running those again elsewhere.
  if (!wait_until(quiet_now, limit - settings_.drain_timeout / 4))
    sessions_->hand_over_calls(actors::movable::repeatable);
  const bool ended = wait_until(quiet_now, limit);
  gateway_->stop_accepting();
  if (!wait_until([this] { return gateway_->busy() == 0; }, limit) || !ended)
    base::log(base::log_level::warn, "cutting what did not end in time",
              {{"calls", std::to_string(static_cast<int>(metrics_.calls_running.Value()))}});
  gateway_->cut();
  sessions_->cancel_calls();
  wait_until([this] { return gateway_->connections() == 0; },
             std::chrono::steady_clock::now() + std::chrono::seconds(1));
  stop_ticking();
  for (auto& one : providers_)
    one->stop();
  http_.stop();
  leave_grid();
  bus_->messages().stop();
  workers_.stop();
  sessions_->stop();
  store_->stop();
  io_.stop();
}

// What still runs is left to the other nodes. A store that does not answer finds out by itself.
void node::leave_grid() {
  if (!membership_) return;
  const auto left = std::make_shared<std::promise<void>>();
  membership_->leave([left] { left->set_value(); });
  left->get_future().wait_for(std::chrono::seconds(1));
}

gateway::node_status node::status() const {
  const auto store = store_->health();
  const auto bus = bus_->health();
  const bool joined = (!membership_ || membership_->ever_member()) && (!shared_keys_ || shared_keys_->ready());
  return {settings_.node_id,
          version,
          store_->session_count(),
          std::chrono::duration_cast<std::chrono::seconds>(time_.now() - started_at_),
          joined,
          {{"store", store.kind, store.up, store.trouble}, {"bus", bus.kind, bus.up, bus.trouble}},
          provider_states()};
}

std::vector<providers::provider_health> node::provider_states() const {
  std::vector<providers::provider_health> out;
  for (const auto& one : providers_)
    if (auto state = one->health()) out.push_back(std::move(*state));
  return out;
}

// Before the node is made there is nobody to tell.
void node::announce(const runtime::change& what) {
  if (made_.load(std::memory_order_acquire)) sessions_->announce(what);
}

void node::tools_changed() {
  announce({runtime::change_kind::tools, {}});
}
void node::prompts_changed() {
  announce({runtime::change_kind::prompts, {}});
}
void node::resources_changed() {
  announce({runtime::change_kind::resources, {}});
}
void node::resource_updated(std::string uri) {
  announce({runtime::change_kind::resource, std::move(uri)});
}

}  // namespace hydrant::app

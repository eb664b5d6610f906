#include "tests/sim/node.hpp"

#include "tests/sim/tools.hpp"

#include <algorithm>
#include <utility>

namespace hydrant::sim {
namespace {

// Nothing here blocks; the environment wants one all the same.
net::worker_pool& unused_workers() {
  static net::worker_pool workers(1, 1);
  return workers;
}

// Made once: it takes long, and no request state is sealed here.
const protocol::keyring& some_keys() {
  static const auto keys = protocol::keyring::random();
  return keys;
}

runtime::limits short_spans() {
  runtime::limits bounds;
  bounds.call_timeout = 60s;
  bounds.ask_timeout = 30s;
  bounds.passivate_after = 3s;
  bounds.look_around_every = 2s;
  return bounds;
}

}  // namespace

node::node(ground& at, network& messages, remains& lasting, std::shared_ptr<process> as)
    : at_(at),
      messages_(messages),
      lasting_(lasting),
      process_(std::move(as)),
      bounds_(short_spans()),
      keys_(some_keys()),
      measured_("0", process_->self.node, process_->self.boot),
      env_{tools(), identity_, bounds_, keys_, clock_, lasting_.io, unused_workers(), measured_, no_claims_},
      services_{env_, lasting_.sessions, lasting_.log, *this, process_->self},
      membership_(lasting_.nodes, *this, process_->self, "0") {
  process_->work = [this] { run_ready(); };
  process_->send = [this](const std::string& session, actors::turn next) { send(session, std::move(next)); };
  messages_.join({process_, [this](const std::string& text) { receive(text); }, [this] { look_around(); }});
}

// What has begun ends where it is: as after kill -9.
node::~node() {
  process_->die();
}

void node::send(const std::string& session, actors::turn next) {
  auto found = live_.find(session);
  if (found == live_.end()) found = live_.emplace(session, make_slot(session)).first;
  found->second->used_at = at_.time.now();
  found->second->turns.push_back(std::move(next));
}

node::slot_ref node::make_slot(const std::string& session) {
  auto made = std::make_shared<slot>();
  const auto post = [weak = std::weak_ptr(made)](actors::turn next) {
    if (const auto live = weak.lock()) live->turns.push_back(std::move(next));
  };
  made->core = std::make_unique<actors::session>(services_, session, post);
  return made;
}

std::size_t node::run_ready() {
  std::size_t handlers = 0;
  for (bool busy = true; busy;) {
    const auto ran = lasting_.io.at(0).poll();
    handlers += ran;
    busy = run_turns() || ran > 0;
  }
  return handlers;
}

// A copy: turns may bring sessions to life and let them go.
bool node::run_turns() {
  bool ran = false;
  const auto all = live_;
  for (const auto& [id, in] : all)
    for (; !in->turns.empty(); ran = true)
      run_turn(id, in);
  return ran;
}

void node::run_turn(const std::string& id, const slot_ref& in) {
  auto next = std::move(in->turns.front());
  in->turns.pop_front();
  if (!in->core) return send(id, std::move(next));
  in->core->take_turn(next);
  if (!in->core->over()) return;
  live_.erase(id);
  in->core.reset();
}

void node::tick() {
  passivate_idle();
  if (at_.spoilt != spoil::nobody_adopts) membership_.tick();
  reachable_ = messages_.reaches(process_->self.node);
  if (!reachable_ && at_.spoilt != spoil::nobody_looks) look_around();
}

void node::passivate_idle() {
  for (const auto& [id, in] : std::map(live_)) {
    if (at_.time.now() - in->used_at < bounds_.passivate_after || !in->core) continue;
    if (at_.spoilt != spoil::nobody_looks)
      in->core->take_turn({actors::turn_kind::housekeeping, [](actors::session& core) { core.keep_alive(); }});
    if (!in->core->idle() || !in->turns.empty()) continue;
    at_.lines.line({process_->name, "passivates", id});
    in->core.reset();
    live_.erase(id);
  }
}

void node::receive(const std::string& text) {
  const auto what = actors::parse_node_message(text);
  if (!what) return at_.violated("a message of a node cannot be read: " + text);
  const auto found = live_.find(actors::session_of(*what));
  if (found != live_.end()) found->second->turns.push_back(actors::as_turn(*what));
}

void node::append_update(const std::string& session, std::string text) {
  const store::stream_key stream{session, actors::main_stream};
  lasting_.log.append(stream, {}, text, [this, stream, text](const base::result<store::appended>& where) {
    if (!where || where->holder.node.empty()) return;
    const actors::push_message event{stream, *where, true, text, {}};
    if (where->holder == process_->self) return receive(actors::to_text(event));
    tell(where->holder.node, event);
  });
}

void node::tell(const std::string& to, const actors::node_message& what) {
  messages_.send(process_->self.node, to, actors::to_text(what));
}

void node::tell_all(const actors::node_message& what) {
  messages_.send_to_all(process_->self.node, actors::to_text(what));
}

bool node::alive(const store::node_ref& other) const {
  return !alive_ || std::ranges::count(*alive_, other) > 0;
}

void node::look_around() {
  for (const auto& [id, in] : live_)
    in->turns.push_back({actors::turn_kind::push, [](actors::session& self) { self.look_around(); }});
}

void node::know_alive(std::vector<store::node_ref> processes) {
  bool missing = false;
  for (const auto& before : alive_.value_or(std::vector<store::node_ref>{}))
    missing = missing || std::ranges::count(processes, before) == 0;
  alive_ = std::move(processes);
  if (missing) look_around();
}

void node::adopt(const store::node_ref& dead, const std::vector<store::call_ref>& calls) {
  for (const auto& call : calls)
    send(call.session, {actors::turn_kind::housekeeping,
                        [request = call.request_id, dead](actors::session& self) { self.adopt_call(request, dead); }});
}

std::vector<std::string> node::left_over() {
  std::vector<std::string> out;
  for (const auto& [id, in] : live_)
    out.push_back(process_->name + " still has " + id + (in->core && in->core->idle() ? " (idle)" : " (busy)"));
  if (measured_.calls_running.Value() != 0) out.push_back(process_->name + " still runs calls");
  if (measured_.streams_open.Value() != 0) out.push_back(process_->name + " still counts open streams");
  return out;
}

}  // namespace hydrant::sim

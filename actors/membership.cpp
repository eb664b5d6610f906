#include "actors/membership.hpp"

#include "base/log.hpp"
#include "protocol/json.hpp"

#include <algorithm>
#include <random>

namespace hydrant::actors {

namespace {

// A process whose bus is away cannot tell us anything: what it appends is found in the log.
bool is_mute(const store::known_node& node) {
  const auto about = protocol::json::parse(node.about, nullptr, false);
  return about.is_object() && about.value("bus", "") == "down";
}

}  // namespace

std::string membership::about() const {
  return protocol::to_text({{"version", version_}, {"bus", sessions_.reachable() ? "up" : "down"}});
}

void membership::tick() {
  if (left_.load(std::memory_order_relaxed) || now() == standing::expelled || beating_.exchange(true)) return;
  nodes_.beat(self_, about(), lifetime, [this](const base::result<>& outcome) { beaten(outcome); });
}

void membership::beaten(const base::result<>& outcome) {
  beating_ = false;
  if (left_.load(std::memory_order_relaxed)) return;
  if (!outcome && outcome.error().kind == base::error_kind::conflict) {
    standing_ = standing::expelled;
    return base::log(base::log_level::error, "this node was silent for too long and the others took over its calls",
                     {{"node", self_.node}, {"boot", self_.boot}});
  }
  standing_ = outcome ? standing::member : standing::joining;
  if (!outcome) return;
  joined_ = true;
  nodes_.list([this](const base::result<std::vector<store::known_node>>& nodes) {
    if (nodes) look_at(*nodes);
  });
}

void membership::look_at(const std::vector<store::known_node>& nodes) {
  std::vector<store::node_ref> living;
  std::vector<store::node_ref> dead;
  bool mute = false;
  for (const auto& node : nodes) {
    (node.alive ? living : dead).push_back(node.process);
    mute = mute || (node.alive && node.process != self_ && is_mute(node));
  }
  if (mute) sessions_.look_around();
  sessions_.know_alive(std::move(living));
  for (const auto& process : dead)
    take_over_from(process);
}

// All survivors do this at the same time; the ledger lets one of them have each call.
void membership::take_over_from(const store::node_ref& dead) {
  nodes_.orphans(dead, calls_at_once, [this, dead](base::result<std::vector<store::call_ref>> calls) {
    if (!calls || left_.load(std::memory_order_relaxed)) return;
    if (calls->empty()) return nodes_.bury(dead, [](const base::result<>&) {});
    thread_local std::minstd_rand random(std::random_device{}());
    std::shuffle(calls->begin(), calls->end(), random);  // so that they get in each other's way less
    sessions_.adopt(dead, *calls);
  });
}

void membership::leave(std::function<void()> done) {
  left_ = true;
  nodes_.leave(self_, [done = std::move(done)](const base::result<>&) { done(); });
}

}  // namespace hydrant::actors

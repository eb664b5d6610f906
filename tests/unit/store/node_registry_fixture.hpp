#pragma once

// The fixture of node_registry_contract.hpp: calls that wait, and time that passes.

#include "tests/unit/store/event_log_fixture.hpp"

namespace hydrant::store {

using testing::UnorderedElementsAre;

inline constexpr std::chrono::milliseconds beat_ttl = std::chrono::minutes(4);
/// Keeps the registry sure that the store was there all the time.
inline const node_ref witness{"witness", "boot-w"};

class node_registry_contract : public event_log_contract {
 protected:
  base::result<> beat(const node_ref& process, std::string about = "{}") {
    return await<void>([&](auto done) { nodes().beat(process, std::move(about), beat_ttl, done); });
  }
  base::result<> leave(const node_ref& process) {
    return await<void>([&](auto done) { nodes().leave(process, done); });
  }
  std::vector<known_node> list() {
    return await<std::vector<known_node>>([&](auto done) { nodes(1).list(done); }).value();
  }
  base::result<std::vector<call_ref>> orphans(const node_ref& process, std::size_t max = 100) {
    return await<std::vector<call_ref>>([&](auto done) { nodes(1).orphans(process, max, done); });
  }
  base::result<> bury(const node_ref& process) {
    return await<void>([&](auto done) { nodes(1).bury(process, done); });
  }

  /// Time passes for a process that does not beat, while another one does.
  void pass_with_witness(std::chrono::milliseconds time) {
    constexpr int steps = 4;
    for (int step = 0; step < steps; ++step) {
      ASSERT_TRUE(beat(witness));
      harness_->advance(time / steps);
    }
    ASSERT_TRUE(beat(witness));
  }
  std::optional<known_node> known(const node_ref& process) {
    for (known_node& node : list())
      if (node.process == process) return std::move(node);
    return std::nullopt;
  }
  bool alive(const node_ref& process) {
    const auto node = known(process);
    return node && node->alive;
  }
  /// A process that beat and then stopped, and has been declared dead.
  void given_dead(const node_ref& process) {
    ASSERT_TRUE(beat(process));
    pass_with_witness(beat_ttl);
    ASSERT_TRUE(orphans(process));
  }
};

}  // namespace hydrant::store

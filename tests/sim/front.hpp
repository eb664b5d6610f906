#pragma once

#include "tests/sim/ground.hpp"
#include "tests/sim/process.hpp"
#include "tests/sim/wire.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace hydrant::sim {

/// Sends each request of a client to some node that is there, as a balancer does, and knows all connections.
class front {
 public:
  explicit front(ground& at) : at_(at) { nobody_->die(); }

  /// Requests may go to this node from now on; it may have been told before.
  void add(const std::shared_ptr<process>& node) {
    if (std::ranges::count(nodes_, node) == 0) nodes_.push_back(node);
  }
  void remove(const std::shared_ptr<process>& node) {
    std::erase(nodes_, node);
    for (const auto& open : wires_)
      if (const auto live = open.lock(); live && live->server() == node) live->server_died();
    std::erase_if(wires_, [](const auto& one) { return one.expired(); });
  }
  /// Where no node is, the connection breaks like one to a node that has just died.
  std::shared_ptr<wire> connect(const std::string& name) {
    const auto& to = nodes_.empty() ? nobody_ : nodes_[at_.dice.below(nodes_.size())];
    auto made = std::make_shared<wire>(at_, to, name + "@" + to->name);
    wires_.push_back(made);
    return made;
  }

 private:
  ground& at_;
  const std::shared_ptr<process> nobody_ = std::make_shared<process>(store::node_ref{"nobody", "0"});
  std::vector<std::shared_ptr<process>> nodes_;
  std::vector<std::weak_ptr<wire>> wires_;
};

}  // namespace hydrant::sim

#pragma once

#include "tests/sim/ground.hpp"
#include "tests/sim/process.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace hydrant::sim {

/// Messages between nodes: they get lost, come twice, late, and out of order. A node may notice that one was lost.
class network {
 public:
  struct member {
    std::shared_ptr<process> is;
    std::function<void(const std::string&)> receive;
    std::function<void()> gap;
  };

  explicit network(ground& at) : at_(at) {}

  /// From now on messages to a node of that name reach this start of it.
  void join(member who) { members_[who.is->self.node] = std::move(who); }
  void send(const std::string& from, const std::string& to, const std::string& text);
  void send_to_all(const std::string& from, const std::string& text);
  bool reaches(const std::string& node) const;

 private:
  void bring(const std::string& to, const std::string& text);
  void lose(const std::string& to);
  void at_member(const std::string& to, const std::function<void(const member&)>& what);

  ground& at_;
  std::map<std::string, member> members_;  // by the node's name
};

}  // namespace hydrant::sim

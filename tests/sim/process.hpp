#pragma once

#include "actors/turn.hpp"
#include "store/event_log.hpp"
#include "tests/sim/agenda.hpp"

#include <deque>
#include <functional>
#include <string>
#include <utility>

namespace hydrant::sim {

/// One start of one node, as the rest of the world sees it: what comes for it waits while it is paused, and is lost
/// once it is dead. Outlives the node itself.
class process {
 public:
  explicit process(store::node_ref is) : self(std::move(is)), name(self.node + "/" + self.boot) {}

  const store::node_ref self;
  const std::string name;
  // Set by the node.
  std::function<void()> work;  ///< does all that there is to do now
  std::function<void(const std::string& session, actors::turn)> send;

  bool alive() const { return alive_; }
  bool runs() const { return alive_ && !paused_; }

  void take(agenda::action what) {
    if (!alive_) return;
    if (paused_) return waiting_.push_back(std::move(what));
    what();
    if (alive_) work();
  }
  void pause() { paused_ = true; }
  void go_on() {
    paused_ = false;
    while (runs() && !waiting_.empty()) {
      auto what = std::move(waiting_.front());
      waiting_.pop_front();
      what();
    }
    if (alive_) work();
  }
  void die() {
    alive_ = false;
    waiting_.clear();
  }

 private:
  bool alive_ = true;
  bool paused_ = false;
  std::deque<agenda::action> waiting_;
};

}  // namespace hydrant::sim

#pragma once

// A node of a simulated world: real sessions, real membership, with a queue of turns in front of each session where
// the server has an actor. Passivation follows the rules of actors/session_directory.cpp, and what membership asks for
// is done as in actors/session_service.cpp.

#include "actors/membership.hpp"
#include "actors/session.hpp"
#include "net/worker_pool.hpp"
#include "tests/sim/ground.hpp"
#include "tests/sim/network.hpp"
#include "tests/sim/process.hpp"
#include "tests/sim/store_link.hpp"

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hydrant::sim {

class node final : public actors::peers, public actors::successor {
 public:
  node(ground& at, network& messages, remains& lasting, std::shared_ptr<process> as);
  ~node() override;

  const std::shared_ptr<process>& as_process() const { return process_; }
  /// Hands a turn to a session, which comes to life here if need be.
  void send(const std::string& session, actors::turn next);
  /// An update of a resource that the session has subscribed to: one more event on its own stream.
  void append_update(const std::string& session, std::string text);
  /// Does what a node does every second.
  void tick();
  bool joined() const { return membership_.ever_member(); }
  bool expelled() const { return membership_.now() == actors::standing::expelled; }

  /// For the end: nothing runs and nothing is open.
  std::vector<std::string> left_over();
  /// Runs what is ready; how many handlers of timers and runs there were.
  std::size_t run_ready();

  // peers
  void tell(const std::string& to, const actors::node_message& what) override;
  void tell_all(const actors::node_message& what) override;
  bool reachable() const override { return reachable_; }
  bool alive(const store::node_ref& other) const override;
  std::string another() const override { return {}; }
  // successor
  void look_around() override;
  void know_alive(std::vector<store::node_ref> processes) override;
  void adopt(const store::node_ref& dead, const std::vector<store::call_ref>& calls) override;

 private:
  /// A session with its queue. `core` is null once it has been let go.
  struct slot {
    std::unique_ptr<actors::session> core;
    std::deque<actors::turn> turns;
    steady_time used_at;
  };
  using slot_ref = std::shared_ptr<slot>;

  slot_ref make_slot(const std::string& session);
  bool run_turns();
  void run_turn(const std::string& id, const slot_ref& in);
  void passivate_idle();
  void receive(const std::string& text);

  ground& at_;
  network& messages_;
  remains& lasting_;
  const std::shared_ptr<process> process_;

  runtime::identity identity_{.name = "hydrant", .title = {}, .version = "0", .instructions = {}};
  runtime::limits bounds_;
  runtime::key_holder keys_;
  base::clock clock_;
  runtime::metrics measured_;
  const runtime::token_claimer no_claims_;  // nobody here asks for it
  runtime::environment env_;

  actors::session_services services_;
  actors::membership membership_;

  bool reachable_ = true;
  std::optional<std::vector<store::node_ref>> alive_;
  std::map<std::string, slot_ref> live_;  // by session id
};

}  // namespace hydrant::sim

#pragma once

// A deterministic simulation of sessions and streams. One seed makes one world: two or three nodes with the real
// sessions and the real membership, one memory store that they share, and clients. Time is virtual; the ways between
// them lose, double, delay and reorder what they may; nodes are killed, paused and replaced. All that happens by chance
// comes from the seed, so a world happens the same way each time.
//
// First everything fails as it may (weather), then all is healed and time runs until the world is quiet. The auditor
// (audit.hpp) judges what the clients got against what is in the store.
//
//   virtual_time     the clock and the generators, in the place of the system's
//   ground           what all stand on: time, dice, agenda, trace, weather
//   node             sessions behind queues of turns          process   what the world sees of a node
//   store_link       a node's way to the store                network   messages between nodes
//   client, reader   who asks                                 wire      one HTTP request and its response
//   witness          who owns which call                      spoils    what the checker must notice
//
// Not in it: HTTP and the gateway, CAF, Redis and NATS. Those have tests of their own; tests/fault has them all.

#include "store/memory_store.hpp"
#include "tests/sim/client.hpp"
#include "tests/sim/front.hpp"
#include "tests/sim/node.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hydrant::sim {

/// What came of a world.
struct outcome {
  std::vector<std::string> violations;  ///< none: all is well
  std::uint64_t hash = 0;               ///< of the trace
  std::uint64_t lines = 0;
  std::string trace;  ///< its end, or all of it
};

enum class trace_kept { end, all };

/// Lives on a thread of its own: what the code under test keeps for its thread must not outlive a world.
class world {
 public:
  world(std::uint64_t seed, spoil spoilt, trace_kept kept);
  ~world();
  outcome run();

 private:
  struct place {
    std::string name;
    int boots = 0;
    std::unique_ptr<node> lives;  ///< null: it is down
  };

  // What happens.
  void set_weather();
  void plan_faults(duration span);
  void plan_fault(duration when);
  void boot(place& where);
  void kill(place& where, duration down);
  void pause(place& where, duration span);
  void tick(place& where, int boot);
  void update_something();
  void heal();

  // How it goes on.
  bool run_until(duration limit, const std::function<bool()>& done);
  void step();
  bool clients_done() const;
  bool ledger_empty();
  std::vector<std::string> left_over();
  void expect_quiet();
  void expect_no_timer();

  ground at_;
  store::memory_store store_;
  base::clock clock_;
  witness sees_{at_};
  id_meanings ids_{at_};
  network messages_{at_};
  front front_{at_};
  backends backends_{store_.sessions(), store_.events(), store_.nodes(), sees_};
  std::vector<std::unique_ptr<remains>> remains_;  // of all nodes that ever were
  std::vector<place> places_;
  std::vector<std::unique_ptr<client>> clients_;
  int updates_ = 0;
  bool ticking_ = true;
};

/// Makes a world on a thread of its own and lets it happen.
outcome simulate(std::uint64_t seed, spoil spoilt = spoil::nothing, trace_kept kept = trace_kept::end);

}  // namespace hydrant::sim

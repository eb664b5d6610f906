#pragma once

// What all parts of a simulated world stand on, and how bad its weather is.

#include "tests/sim/agenda.hpp"
#include "tests/sim/trace.hpp"
#include "tests/sim/virtual_time.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace hydrant::sim {

/// What is done to a world on purpose that the checker must notice.
enum class spoil {
  nothing,
  append_forgotten,    ///< the log acknowledges an event and does not keep it
  response_forgotten,  ///< a call is finished, its response is not kept
  response_doubled,    ///< a response is appended twice
  fence_open,          ///< whoever finishes a call is taken for its owner
  id_reused,           ///< a replay gives an event the id of another
  read_skips,          ///< a replay leaves an event out
  nobody_looks,        ///< no message between nodes arrives, and no node looks into the log instead
  nobody_adopts,       ///< calls of dead nodes stay where they are
};

/// The probabilities and spans of one world; `calm` when its faults are over.
struct weather {
  bool calm = false;
  bool instant_store = false;  ///< the store answers within the call
  duration store_delay_max = 2ms;
  double request_lost = 0;  ///< an operation has no effect, and its caller sees an error
  double answer_lost = 0;   ///< an operation has its effect, and its caller sees an error
  double message_lost = 0;
  double message_doubled = 0;
  double gap_noticed = 0.7;
  duration message_delay_max = 5ms;
  duration client_delay_max = 20ms;
  double connection_cut = 0;  ///< for each connection that a client opens
  steady_time store_away_until{};
  std::map<std::string, steady_time> store_unreachable_until;  ///< by node
  std::map<std::string, steady_time> bus_unreachable_until;    ///< by node
};

struct ground {
  explicit ground(std::uint64_t seed) : time(seed * 2 + 1), dice(seed * 2) {}

  virtual_time time;
  chance dice;
  trace lines{time};
  agenda plan;
  weather sky;
  spoil spoilt = spoil::nothing;
  std::vector<std::string> violations;

  void after(duration wait, agenda::action what) { plan.enter(time.now() + wait, std::move(what)); }
  bool unlucky(double probability) { return !sky.calm && dice.happens(probability); }
  void violated(const std::string& what) {
    lines.line({"VIOLATED", what});
    violations.push_back(what);
  }
};

}  // namespace hydrant::sim

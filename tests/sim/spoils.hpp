#pragma once

#include "store/event_log.hpp"
#include "tests/sim/ground.hpp"

#include <string>

namespace hydrant::sim {

/// The operations of a log that a spoilt world gets wrong, to see whether the checker notices; in any other world the
/// real ones.
class spoils {
 public:
  spoils(ground& at, store::event_log& real) : at_(at), real_(real) {}

  void append(const store::stream_key& stream, const store::producer_ref& producer, const std::string& payload,
              store::completion<store::appended> done);
  void read(const store::stream_key& stream, store::position after, store::read_limits limits,
            store::completion<store::replay> done);
  void finish(const std::string& session, const std::string& request, const store::node_ref& owner,
              const std::string& response, store::stream_end then,
              store::completion<std::optional<store::appended>> done);

 private:
  bool strikes(spoil what) { return at_.spoilt == what && at_.dice.happens(0.2); }
  store::appended pretended(const store::stream_key& stream);
  store::pending_call entry(const std::string& session, const std::string& request);

  ground& at_;
  store::event_log& real_;
};

}  // namespace hydrant::sim

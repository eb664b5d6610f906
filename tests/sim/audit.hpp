#pragma once

#include "store/event_log.hpp"
#include "tests/sim/client.hpp"
#include "tests/sim/ground.hpp"
#include "tests/sim/witness.hpp"

#include <map>
#include <string>
#include <vector>

namespace hydrant::sim {

/// Judges a client by the logs of its session, when all is quiet:
/// - each request that was accepted has one response, none has two, and it is the right one;
/// - what the client read of a stream is what its log holds, once, in order, without a hole;
/// - each response's stream has ended, and no call is left in the ledger;
/// - what may not be run twice was not.
class auditor {
 public:
  auditor(ground& at, store::event_log& log, witness& sees) : at_(at), log_(log), sees_(sees) {}

  void judge(const client& whose);

 private:
  using events = std::vector<store::logged_event>;

  void read_logs(const std::string& session);
  void judge_reading(const std::string& what, const reader& read, bool to_the_end);
  void judge_request(const client& whose, const asked& one);
  void judge_response(const std::string& name, const asked& one, const std::string& session);
  void judge_steps(const std::string& name, const asked& one);

  ground& at_;
  store::event_log& log_;
  witness& sees_;
  std::map<std::string, store::replay> logs_;  // of the session that is judged, by stream
  std::map<std::string, int> responses_;       // in them, by request id
};

}  // namespace hydrant::sim

#pragma once

#include "store/event_log.hpp"
#include "tests/sim/ground.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>

namespace hydrant::sim {

/// Stands beside the store and sees what it told its callers: who owns each call, and which streams there are. Notices
/// who answers a call that is not its own.
class witness {
 public:
  explicit witness(ground& at) : at_(at) {}

  void wrote(const store::stream_key& stream) { streams_[stream.session].insert(stream.stream); }
  void owned(const store::pending_call& call) {
    wrote({call.session, call.stream});
    owners_[{call.session, call.request_id}] = call.owner;
  }
  void finished(const std::string& session, const std::string& request, const store::node_ref& by) {
    const auto found = owners_.find({session, request});
    if (found == owners_.end())
      at_.violated("a call was answered that was not pending: " + session + " " + request);
    else if (found->second != by)
      at_.violated(by.node + "/" + by.boot + " answered a call of another: " + session + " " + request);
    if (found != owners_.end()) owners_.erase(found);
  }
  void abandoned(const std::string& session, const std::string& request) { owners_.erase({session, request}); }

  const std::set<std::string>& streams(const std::string& session) { return streams_[session]; }

 private:
  ground& at_;
  std::map<std::pair<std::string, std::string>, store::node_ref> owners_;
  std::map<std::string, std::set<std::string>> streams_;  // by session
};

}  // namespace hydrant::sim

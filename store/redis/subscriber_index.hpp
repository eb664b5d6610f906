#pragma once

#include "store/redis/caller.hpp"

#include <string>
#include <vector>

namespace hydrant::store::redis {

/// Who may be subscribed to a URI. Entries go in after the session's own set and are void after five lifetimes of the
/// session unless they are renewed; whoever takes one out looks at the session's own set again afterwards. So none is
/// ever missing for longer than that takes, and one too many is harmless. Thread-safe; part of redis_sessions.
class subscriber_index {
 public:
  explicit subscriber_index(const caller& calls) : calls_(calls) {}

  /// `ttl_ms`: the session's lifetime.
  void enter(const std::string& uri, const std::string& id, const std::string& ttl_ms, completion<> done) const;
  /// Takes an entry out and puts it in again if the session is subscribed after all.
  void clean(const std::string& uri, const std::string& id, completion<> done) const;
  /// The sessions that their own keys confirm. Cleans out the others.
  void list(const std::string& uri, completion<std::vector<std::string>> done) const;

 private:
  void confirm(const std::string& uri, std::vector<std::string> ids, completion<std::vector<std::string>> done) const;
  void ask_session(const std::string& uri, const std::string& id, completion<reply> done) const;

  const caller& calls_;
};

}  // namespace hydrant::store::redis

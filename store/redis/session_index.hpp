#pragma once

#include "store/redis/caller.hpp"
#include "store/redis/limits.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace hydrant::store::redis {

/// The index of all sessions: how many there are, by the time at which each is to be looked at. A touch does not move a
/// session in it, so whoever looks moves those that live on. Thread-safe; part of redis_sessions.
class session_index {
 public:
  session_index(const caller& calls, const redis_limits& limits) : calls_(calls), limits_(limits) {}

  /// Takes a place for a session that is about to be created. Errors: overloaded.
  void enter(const std::string& id, std::chrono::milliseconds ttl, completion<> done) const;
  void leave(const std::string& id, completion<> done) const;
  void count(completion<std::size_t> done) const;

  struct settled {
    std::size_t looked_at = 0;
    std::size_t dropped = 0;
  };
  /// Looks at up to `max` sessions that may have expired and drops those that have.
  void settle(std::size_t max, completion<settled> done) const;

 private:
  void try_enter(const std::string& id, std::chrono::milliseconds ttl, int tries_left, completion<> done) const;
  void make_room(const std::string& id, std::chrono::milliseconds ttl, int tries_left, completion<> done) const;

  const caller& calls_;
  const redis_limits& limits_;
};

}  // namespace hydrant::store::redis

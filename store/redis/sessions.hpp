#pragma once

#include "store/redis/owned_calls.hpp"
#include "store/redis/session_index.hpp"
#include "store/redis/subscriber_index.hpp"
#include "store/session_store.hpp"

namespace hydrant::store::redis {

/// The session_store side of redis_store. Thread-safe; lives as long as its redis_store.
class redis_sessions final : public session_store {
 public:
  redis_sessions(const caller& calls, const redis_limits& limits, const owned_calls& owned)
      : calls_(calls), limits_(limits), owned_(owned), index_(calls, limits), subscribers_(calls) {}

  void create(session_record record, std::chrono::milliseconds ttl, completion<> done) override;
  void load(std::string_view id, completion<session_record> done) override;
  void touch(std::string_view id, completion<session_pulse> done) override;
  void update(session_record record, completion<std::uint64_t> done) override;
  void remove(std::string_view id, completion<bool> done) override;
  void subscribe(std::string_view id, std::string_view uri, completion<> done) override;
  void unsubscribe(std::string_view id, std::string_view uri, completion<> done) override;
  void subscribers(std::string_view uri, completion<std::vector<std::string>> done) override;
  void count(completion<std::size_t> done) override;

  /// Looks at up to `max` sessions that may have expired; completes with how many it looked at.
  void tidy(std::size_t max, completion<std::size_t> done) const;

 private:
  void insert(const std::string& id, const session_record& record, std::chrono::milliseconds ttl,
              completion<> done) const;
  void refuse(const std::string& id, completion<> done) const;
  void renew_subscriptions(const std::string& id, const reply& renewed) const;
  void leave_indexes(const std::string& id, const reply& removed, std::function<void()> done) const;

  const caller& calls_;
  const redis_limits& limits_;
  const owned_calls& owned_;
  session_index index_;
  subscriber_index subscribers_;
};

}  // namespace hydrant::store::redis

#pragma once

#include "store/event_log.hpp"
#include "store/redis/caller.hpp"
#include "store/redis/limits.hpp"
#include "store/redis/owned_calls.hpp"

namespace hydrant::store::redis {

/// The event_log side of redis_store: streams in events.cpp, calls in calls.cpp. Thread-safe; lives as long as its
/// redis_store.
class redis_events final : public event_log {
 public:
  redis_events(const caller& calls, const redis_limits& limits, const owned_calls& owned)
      : calls_(calls), limits_(limits), owned_(owned) {}

  void append(const stream_key& stream, const producer_ref& producer, std::string payload,
              completion<appended> done) override;
  void attach(const stream_key& stream, const node_ref& holder, completion<attached> done) override;
  void detach(const stream_key& stream, std::uint64_t epoch, completion<> done) override;
  void holder(const stream_key& stream, completion<held> done) override;
  void read(const stream_key& stream, position after, read_limits limits, completion<replay> done) override;
  void end(const stream_key& stream, completion<> done) override;

  void begin(pending_call call, completion<> done) override;
  void revise(pending_call call, completion<std::uint64_t> done) override;
  void finish(std::string_view session, std::string_view request_id, const node_ref& owner, std::string response,
              stream_end then, completion<std::optional<appended>> done) override;
  void abandon(std::string_view session, std::string_view request_id,
               completion<std::optional<pending_call>> done) override;
  void pending(std::string_view session, completion<std::vector<pending_call>> done) override;

  void remove(std::string_view session, completion<> done) override;
  std::uint64_t restarts() const override { return calls_.restarts(); }

 private:
  void run(std::string_view session, const named_script& what, std::vector<std::string> arguments,
           completion<reply> done) const;

  const caller& calls_;
  const redis_limits& limits_;
  const owned_calls& owned_;
};

/// {id, previous id, holder's node, its boot, its epoch} of a reply from its second item on.
appended read_appended(const reply& from);
/// A script's word for a failure as an error.
base::error stream_error(const named_script& from, const std::string& status);

}  // namespace hydrant::store::redis

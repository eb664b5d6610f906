#pragma once

#include "store/event_log.hpp"

namespace hydrant::store {

class memory_state;
class memory_shard;
class stream_log;
struct memory_session;

/// The event_log side of memory_store: streams in memory_events.cpp, calls in memory_calls.cpp. Thread-safe; lives as
/// long as its memory_store.
class memory_events final : public event_log {
 public:
  explicit memory_events(memory_state& state) : state_(state) {}

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

 private:
  // Under the shard's lock.
  bool make_room(memory_shard& shard, memory_session& session) const;
  base::result<stream_log*> open_stream(memory_shard& shard, memory_session& session, std::string_view name,
                                        base::steady_time now);
  stream_log& open_for_response(memory_shard& shard, memory_session& session, std::string_view name,
                                base::steady_time now);
  base::result<appended> append_to(memory_shard& shard, stream_log& stream, const producer_ref& producer,
                                   std::string payload);
  void end_stream(memory_shard& shard, memory_session& session, stream_log& stream, base::steady_time now);

  memory_state& state_;
};

}  // namespace hydrant::store

// The ledger of calls, the other half of memory_events.

#include "store/memory_events.hpp"
#include "store/memory_state.hpp"

#include <algorithm>
#include <utility>

namespace hydrant::store {

namespace {

// nullptr: not pending, or there is no such session.
pending_call* find_call(memory_session* session, std::string_view request_id) {
  if (!session) return nullptr;
  const auto call = std::find_if(session->calls.begin(), session->calls.end(),
                                 [&](const pending_call& other) { return other.request_id == request_id; });
  return call == session->calls.end() ? nullptr : &*call;
}

pending_call* find_owned(memory_session* session, std::string_view request_id, const node_ref& owner) {
  pending_call* call = find_call(session, request_id);
  return call && call->owner == owner ? call : nullptr;
}

bool is_written_to(const memory_session& session, std::string_view stream) {
  return std::any_of(session.calls.begin(), session.calls.end(),
                     [&](const pending_call& call) { return call.stream == stream; });
}

}  // namespace

void memory_events::begin(pending_call call, completion<> done) {
  const std::string id = call.session;
  const auto step = [&](memory_shard& shard, memory_session& session, base::steady_time now) -> base::result<> {
    if (find_call(&session, call.request_id)) {
      return base::fail(base::error_kind::conflict, "The request id is in use");
    }
    if (session.calls.size() >= state_.limits().calls_per_session_max) {
      return base::fail(base::error_kind::overloaded, "The session has too many pending requests");
    }
    // Refused here rather than at its end, where the response would be lost.
    if (!shard.find_stream(session, call.stream, now) && !make_room(shard, session)) {
      return base::fail(base::error_kind::overloaded, "The session has too many open streams");
    }
    shard.begin(session, std::move(call));
    return {};
  };
  done(state_.in_session<void>(id, step));
}

void memory_events::revise(pending_call call, completion<std::uint64_t> done) {
  const std::string session = call.session;
  done(state_.in_shard(session, [&](memory_shard& shard, base::steady_time now) -> base::result<std::uint64_t> {
    pending_call* stored = find_call(shard.find_live(session, now), call.request_id);
    if (!stored || stored->version != call.version)
      return base::fail(base::error_kind::conflict, "The call is not pending any more, or was revised since");
    stored->owner = std::move(call.owner);
    stored->deadline = call.deadline;
    std::swap(stored->record, call.record);  // the old one is destroyed after the lock was released
    return ++stored->version;
  }));
}

void memory_events::finish(std::string_view session, std::string_view request_id, const node_ref& owner,
                           std::string response, stream_end then, completion<std::optional<appended>> done) {
  using outcome = base::result<std::optional<appended>>;
  done(state_.in_shard(session, [&](memory_shard& shard, base::steady_time now) -> outcome {
    memory_session* found = shard.find_live(session, now);
    const pending_call* call = find_owned(found, request_id, owner);
    if (!call) return std::optional<appended>{};
    stream_log& stream = open_for_response(shard, *found, call->stream, now);
    auto written = append_to(shard, stream, producer_ref{}, std::move(response));
    if (!written) return written.error();
    const std::string name = call->stream;
    shard.remove_call(*found, *call);
    written->ends = then == stream_end::end || (then == stream_end::end_if_last && !is_written_to(*found, name));
    if (written->ends) end_stream(shard, *found, stream, now);
    return std::optional<appended>(std::move(*written));
  }));
}

void memory_events::abandon(std::string_view session, std::string_view request_id,
                            completion<std::optional<pending_call>> done) {
  done(state_.in_shard(session, [&](memory_shard& shard, base::steady_time now) -> std::optional<pending_call> {
    memory_session* found = shard.find_live(session, now);
    const pending_call* call = find_call(found, request_id);
    if (!call) return std::nullopt;
    pending_call abandoned = *call;
    shard.remove_call(*found, *call);
    return abandoned;
  }));
}

void memory_events::pending(std::string_view session, completion<std::vector<pending_call>> done) {
  done(state_.in_shard(session, [&](memory_shard& shard, base::steady_time now) {
    const memory_session* found = shard.find_live(session, now);
    return found ? found->calls : std::vector<pending_call>{};
  }));
}

}  // namespace hydrant::store

#include "store/memory_events.hpp"

#include "store/memory_state.hpp"

#include <utility>

namespace hydrant::store {

namespace {

struct live_stream {
  memory_session* session = nullptr;
  stream_log* log = nullptr;  // nullptr: no such session or stream
};

live_stream find_live(memory_shard& shard, const stream_key& stream, base::steady_time now) {
  memory_session* session = shard.find_live(stream.session, now);
  return {session, session ? shard.find_stream(*session, stream.stream, now) : nullptr};
}

}  // namespace

void memory_events::append(const stream_key& stream, const producer_ref& producer, std::string payload,
                           completion<appended> done) {
  const auto step = [&](memory_shard& shard, memory_session& session, base::steady_time now) -> base::result<appended> {
    const auto log = open_stream(shard, session, stream.stream, now);
    if (!log) return log.error();
    return append_to(shard, **log, producer, std::move(payload));
  };
  done(state_.in_session<appended>(stream.session, step));
}

void memory_events::attach(const stream_key& stream, const node_ref& holder, completion<attached> done) {
  const auto step = [&](memory_shard& shard, memory_session& session, base::steady_time now) -> base::result<attached> {
    const auto log = open_stream(shard, session, stream.stream, now);
    if (!log) return log.error();
    return (*log)->attach(holder, shard.next_epoch());
  };
  done(state_.in_session<attached>(stream.session, step));
}

void memory_events::detach(const stream_key& stream, std::uint64_t epoch, completion<> done) {
  state_.in_shard(stream.session, [&](memory_shard& shard, base::steady_time now) {
    if (const auto open = find_live(shard, stream, now); open.log) open.log->detach(epoch);
  });
  done({});
}

void memory_events::holder(const stream_key& stream, completion<held> done) {
  const auto step = [&](memory_shard& shard, memory_session& session, base::steady_time now) -> base::result<held> {
    const stream_log* log = shard.find_stream(session, stream.stream, now);
    if (!log) return base::fail(base::error_kind::stream_gone, "No such stream");
    return log->holder();
  };
  done(state_.in_session<held>(stream.session, step));
}

void memory_events::read(const stream_key& stream, position after, read_limits limits, completion<replay> done) {
  done(state_.in_shard(stream.session, [&](memory_shard& shard, base::steady_time now) -> base::result<replay> {
    const auto open = find_live(shard, stream, now);
    if (!open.log) return base::fail(base::error_kind::stream_gone, "No such stream");
    return open.log->read(after, limits);
  }));
}

void memory_events::end(const stream_key& stream, completion<> done) {
  state_.in_shard(stream.session, [&](memory_shard& shard, base::steady_time now) {
    if (const auto open = find_live(shard, stream, now); open.log) end_stream(shard, *open.session, *open.log, now);
  });
  done({});
}

void memory_events::remove(std::string_view session, completion<> done) {
  session_contents removed;
  state_.in_shard(session, [&](memory_shard& shard, base::steady_time) {
    if (memory_session* found = shard.find(session)) removed = shard.take_contents(*found);
  });
  removed = {};
  done({});
}

bool memory_events::make_room(memory_shard& shard, memory_session& session) const {
  return session.streams.size() < state_.limits().streams_per_session_max || shard.forget_oldest_ended(session);
}

base::result<stream_log*> memory_events::open_stream(memory_shard& shard, memory_session& session,
                                                     std::string_view name, base::steady_time now) {
  if (stream_log* known = shard.find_stream(session, name, now)) return known;
  if (!make_room(shard, session)) {
    return base::fail(base::error_kind::overloaded, "The session has too many open streams");
  }
  return &shard.add_stream(session, name, state_.clock().wall_now());
}

stream_log& memory_events::open_for_response(memory_shard& shard, memory_session& session, std::string_view name,
                                             base::steady_time now) {
  const auto log = open_stream(shard, session, name, now);
  return log ? **log : shard.add_stream(session, name, state_.clock().wall_now());
}

base::result<appended> memory_events::append_to(memory_shard& shard, stream_log& stream, const producer_ref& producer,
                                                std::string payload) {
  const stream_bounds bounds{state_.limits().stream_events_max, state_.limits().stream_bytes_max};
  return shard.append(stream, producer, std::move(payload), bounds);
}

void memory_events::end_stream(memory_shard& shard, memory_session& session, stream_log& stream,
                               base::steady_time now) {
  shard.end(session, stream, now + state_.limits().finished_stream_grace);
}

}  // namespace hydrant::store

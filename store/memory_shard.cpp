#include "store/memory_shard.hpp"

#include <algorithm>
#include <utility>

namespace hydrant::store {

memory_session* memory_shard::find(std::string_view id) {
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? nullptr : &found->second;
}

memory_session* memory_shard::find_live(std::string_view id, base::steady_time now) {
  memory_session* session = find(id);
  return session && !session->expired(now) ? session : nullptr;
}

void memory_shard::insert(session_record record, std::chrono::milliseconds ttl, base::steady_time now) {
  auto& [id, session] = *sessions_.try_emplace(std::move(record.id)).first;
  session.id = &id;
  session.record = std::move(record);
  session.record.id = std::string();
  session.ttl = ttl;
  session.expires_at = now + ttl;
  session.visit = visits_.emplace(session.expires_at, &session);
}

session_table::node_type memory_shard::take(memory_session& session) {
  discount_contents(session);
  while (!session.subscriptions.empty())
    unsubscribe(session, *session.subscriptions.back());
  visits_.erase(session.visit);
  return sessions_.extract(sessions_.find(*session.id));
}

session_contents memory_shard::take_contents(memory_session& session) {
  discount_contents(session);
  return session_contents{std::exchange(session.streams, {}), std::exchange(session.calls, {})};
}

bool memory_shard::subscribe(memory_session& session, std::string_view uri) {
  auto entry = subscribers_.find(uri);
  if (entry == subscribers_.end()) entry = subscribers_.try_emplace(std::string(uri)).first;
  if (!entry->second.insert(&session).second) return false;
  session.subscriptions.push_back(&entry->first);
  return true;
}

void memory_shard::unsubscribe(memory_session& session, std::string_view uri) {
  const auto entry = subscribers_.find(uri);
  if (entry == subscribers_.end() || entry->second.erase(&session) == 0) return;
  std::erase(session.subscriptions, &entry->first);
  // Last, because `uri` may be a view of the key.
  if (entry->second.empty()) subscribers_.erase(entry);
}

bool memory_shard::subscribed(const memory_session& session, std::string_view uri) const {
  const auto entry = subscribers_.find(uri);
  return entry != subscribers_.end() && entry->second.contains(&session);
}

void memory_shard::add_subscribers(std::string_view uri, base::steady_time now, std::vector<std::string>& ids) const {
  const auto entry = subscribers_.find(uri);
  if (entry == subscribers_.end()) return;
  for (const memory_session* session : entry->second) {
    if (!session->expired(now)) ids.push_back(*session->id);
  }
}

stream_log* memory_shard::find_stream(memory_session& session, std::string_view name, base::steady_time now) {
  const auto found = session.streams.find(name);
  if (found == session.streams.end()) return nullptr;
  if (!found->second.over(now)) return &found->second;
  forget(session, found);
  return nullptr;
}

stream_log& memory_shard::add_stream(memory_session& session, std::string_view name, base::wall_time now) {
  const auto now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  // Above every earlier one of this shard, so that a stream which is begun anew never repeats a position, and above
  // those of an earlier process, which a client may still hold as a cursor.
  last_generation_ = std::max(static_cast<std::uint64_t>(now_ms), last_generation_ + 1);
  streams_.add(1);
  return session.streams.try_emplace(std::string(name), last_generation_).first->second;
}

bool memory_shard::forget_oldest_ended(memory_session& session) {
  const auto first = std::min_element(session.streams.begin(), session.streams.end(), [](const auto& a, const auto& b) {
    return a.second.forget_at() < b.second.forget_at();
  });
  if (first == session.streams.end() || !first->second.ended()) return false;
  forget(session, first);
  return true;
}

base::result<appended> memory_shard::append(stream_log& stream, const producer_ref& producer, std::string payload,
                                            const stream_bounds& bounds) {
  const std::size_t events_before = stream.events();
  const std::size_t bytes_before = stream.bytes();
  auto written = stream.append(producer, std::move(payload), bounds);
  events_.add(stream.events() - events_before);  // modulo 2^64: trimming may make it less
  bytes_.add(stream.bytes() - bytes_before);
  return written;
}

void memory_shard::end(memory_session& session, stream_log& stream, base::steady_time forget_at) {
  stream.end(forget_at);
  if (stream.forget_at() < session.visit->first) queue_visit(session, stream.forget_at());
}

void memory_shard::begin(memory_session& session, pending_call call) {
  session.calls.push_back(std::move(call));
  calls_.add(1);
}

void memory_shard::remove_call(memory_session& session, const pending_call& call) {
  session.calls.erase(session.calls.begin() + (&call - session.calls.data()));
  calls_.subtract(1);
}

void memory_shard::add_calls_of(const node_ref& owner, base::steady_time now, std::size_t max,
                                std::vector<call_ref>& calls) const {
  for (const auto& [id, session] : sessions_) {
    if (session.expired(now)) continue;
    for (const pending_call& call : session.calls) {
      if (calls.size() >= max) return;
      if (call.owner == owner) calls.push_back({id, call.request_id});
    }
  }
}

void memory_shard::add_owners(base::steady_time now, std::vector<node_ref>& owners) const {
  for (const auto& [id, session] : sessions_) {
    if (session.expired(now)) continue;
    for (const pending_call& call : session.calls)
      owners.push_back(call.owner);
  }
}

bool memory_shard::visit_due(base::steady_time now, std::vector<session_table::node_type>& expired) {
  if (visits_.empty() || visits_.begin()->first > now) return false;
  memory_session& session = *visits_.begin()->second;
  if (session.expired(now)) {
    expired.push_back(take(session));
  } else {
    queue_visit(session, forget_due_streams(session, now));
  }
  return true;
}

void memory_shard::add_to(memory_statistics& sum) const {
  sum.streams += streams_.value();
  sum.events += events_.value();
  sum.bytes += bytes_.value();
  sum.calls += calls_.value();
}

stream_table::iterator memory_shard::forget(memory_session& session, stream_table::iterator stream) {
  discount(stream->second);
  return session.streams.erase(stream);
}

void memory_shard::discount(const stream_log& stream) {
  events_.subtract(stream.events());
  bytes_.subtract(stream.bytes());
  streams_.subtract(1);
}

void memory_shard::discount_contents(const memory_session& session) {
  for (const auto& [name, stream] : session.streams)
    discount(stream);
  calls_.subtract(session.calls.size());
}

void memory_shard::queue_visit(memory_session& session, base::steady_time at) {
  auto node = visits_.extract(session.visit);
  node.key() = at;
  session.visit = visits_.insert(std::move(node));
}

base::steady_time memory_shard::forget_due_streams(memory_session& session, base::steady_time now) {
  base::steady_time next = session.expires_at;
  for (auto stream = session.streams.begin(); stream != session.streams.end();) {
    if (stream->second.over(now)) {
      stream = forget(session, stream);
    } else {
      next = std::min(next, stream->second.forget_at());
      ++stream;
    }
  }
  return next;
}

}  // namespace hydrant::store

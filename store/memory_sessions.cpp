#include "store/memory_sessions.hpp"

#include "store/memory_state.hpp"

#include <utility>

namespace hydrant::store {

void memory_sessions::create(session_record record, std::chrono::milliseconds ttl, completion<> done) {
  auto created = try_create(record, ttl);
  if (!created && created.error().kind == base::error_kind::overloaded) {
    state_.reclaim_one();
    created = try_create(record, ttl);
  }
  done(std::move(created));
}

base::result<> memory_sessions::try_create(session_record& record, std::chrono::milliseconds ttl) {
  session_table::node_type expired;  // destroyed after the lock was released
  return state_.in_shard(record.id, [&](memory_shard& shard, base::steady_time now) -> base::result<> {
    if (memory_session* earlier = shard.find(record.id)) {
      if (!earlier->expired(now)) return base::fail(base::error_kind::conflict, "The session id is in use");
      expired = shard.take(*earlier);
      state_.release_sessions(1);
    }
    if (!state_.reserve_session()) return base::fail(base::error_kind::overloaded, "Too many sessions");
    shard.insert(std::move(record), ttl, now);
    return {};
  });
}

void memory_sessions::load(std::string_view id, completion<session_record> done) {
  done(state_.in_session<session_record>(id, [](memory_shard&, memory_session& session, base::steady_time) {
    session_record record = session.record;
    record.id = *session.id;
    return record;
  }));
}

void memory_sessions::touch(std::string_view id, completion<session_pulse> done) {
  done(state_.in_session<session_pulse>(id, [](memory_shard&, memory_session& session, base::steady_time now) {
    session.expires_at = now + session.ttl;
    return session_pulse{session.record.version};
  }));
}

void memory_sessions::update(session_record record, completion<std::uint64_t> done) {
  const std::string id = std::exchange(record.id, {});
  const auto step = [&](memory_shard&, memory_session& session, base::steady_time now) -> base::result<std::uint64_t> {
    if (session.record.version != record.version) {
      return base::fail(base::error_kind::conflict, "The session was changed by another writer");
    }
    ++record.version;
    std::swap(session.record, record);  // the old one is destroyed after the lock was released
    session.expires_at = now + session.ttl;
    return session.record.version;
  };
  done(state_.in_session<std::uint64_t>(id, step));
}

void memory_sessions::remove(std::string_view id, completion<bool> done) {
  session_table::node_type removed;
  bool existed = false;
  state_.in_shard(id, [&](memory_shard& shard, base::steady_time now) {
    memory_session* session = shard.find(id);
    if (!session) return;
    existed = !session->expired(now);
    removed = shard.take(*session);
    state_.release_sessions(1);
  });
  removed = {};
  done(existed);
}

void memory_sessions::subscribe(std::string_view id, std::string_view uri, completion<> done) {
  const std::size_t cap = state_.limits().subscriptions_per_session_max;
  const auto step = [&](memory_shard& shard, memory_session& session, base::steady_time) -> base::result<> {
    if (shard.subscribed(session, uri)) return {};
    if (session.subscriptions.size() >= cap) {
      return base::fail(base::error_kind::overloaded, "The session has too many subscriptions");
    }
    shard.subscribe(session, uri);
    return {};
  };
  done(state_.in_session<void>(id, step));
}

void memory_sessions::unsubscribe(std::string_view id, std::string_view uri, completion<> done) {
  const auto step = [&](memory_shard& shard, memory_session& session, base::steady_time) -> base::result<> {
    shard.unsubscribe(session, uri);
    return {};
  };
  done(state_.in_session<void>(id, step));
}

void memory_sessions::subscribers(std::string_view uri, completion<std::vector<std::string>> done) {
  std::vector<std::string> ids;
  const base::steady_time now = state_.clock().now();
  state_.in_each_shard([&](memory_shard& shard) { shard.add_subscribers(uri, now, ids); });
  done(std::move(ids));
}

void memory_sessions::count(completion<std::size_t> done) {
  done(state_.sessions());
}

}  // namespace hydrant::store

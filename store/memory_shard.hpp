#pragma once

// Inside of the memory store; the outside is memory_store.hpp.

#include "store/memory_limits.hpp"
#include "store/node_registry.hpp"
#include "store/stream_log.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace hydrant::store {

struct memory_session;

struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

using stream_table = std::map<std::string, stream_log, std::less<>>;
using session_table = std::unordered_map<std::string, memory_session, text_hash, std::equal_to<>>;
/// By the time at which a session is to be looked at: never after something in it is due.
using visit_queue = std::multimap<base::steady_time, memory_session*>;
using subscriber_table =
    std::unordered_map<std::string, std::unordered_set<const memory_session*>, text_hash, std::equal_to<>>;

/// A session with everything that belongs to it. It is a value of a session_table, so its address is stable.
struct memory_session {
  const std::string* id = nullptr;  // the table's key; `record.id` is empty while the record is stored
  base::steady_time expires_at;
  std::chrono::milliseconds ttl{};
  visit_queue::iterator visit;
  session_record record;
  stream_table streams;
  std::vector<pending_call> calls;                // in the order in which they began
  std::vector<const std::string*> subscriptions;  // keys of the subscriber_table

  bool expired(base::steady_time now) const { return now >= expires_at; }
};

/// What `event_log::remove` takes away.
struct session_contents {
  stream_table streams;
  std::vector<pending_call> calls;
};

/// A number that is written under the shard's mutex and read by anybody.
class shard_gauge {
 public:
  void add(std::size_t by) { value_.store(value_.load(std::memory_order_relaxed) + by, std::memory_order_relaxed); }
  void subtract(std::size_t by) { add(std::size_t{0} - by); }
  std::size_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::size_t> value_{0};
};

/// One part of the memory store: the sessions whose ids fall into it. Every call is made with `mutex` held; it is a
/// leaf lock, nothing else is called or locked under it.
class alignas(64) memory_shard {
 public:
  std::mutex mutex;

  /// Any session, also an expired one that has not been swept; nullptr: none.
  memory_session* find(std::string_view id);
  memory_session* find_live(std::string_view id, base::steady_time now);
  void insert(session_record record, std::chrono::milliseconds ttl, base::steady_time now);
  /// Take out a session, or its streams and calls. The caller destroys them, after unlocking if it can: they may be
  /// big.
  session_table::node_type take(memory_session& session);
  session_contents take_contents(memory_session& session);

  /// False: it was there already.
  bool subscribe(memory_session& session, std::string_view uri);
  void unsubscribe(memory_session& session, std::string_view uri);
  bool subscribed(const memory_session& session, std::string_view uri) const;
  void add_subscribers(std::string_view uri, base::steady_time now, std::vector<std::string>& ids) const;

  /// A stream that can still be read; nullptr: none.
  stream_log* find_stream(memory_session& session, std::string_view name, base::steady_time now);
  stream_log& add_stream(memory_session& session, std::string_view name, base::wall_time now);
  /// Forgets the stream that ended first; false: all are open.
  bool forget_oldest_ended(memory_session& session);
  base::result<appended> append(stream_log& stream, const producer_ref& producer, std::string payload,
                                const stream_bounds& bounds);
  void end(memory_session& session, stream_log& stream, base::steady_time forget_at);
  /// Rises with every call, across all streams of the shard: an epoch is not given twice, even if a stream is
  /// forgotten and begun anew.
  std::uint64_t next_epoch() { return ++last_epoch_; }

  void begin(memory_session& session, pending_call call);
  void remove_call(memory_session& session, const pending_call& call);
  /// Adds the calls of live sessions that `owner` owns, until there are `max` in all.
  void add_calls_of(const node_ref& owner, base::steady_time now, std::size_t max, std::vector<call_ref>& calls) const;
  /// Adds the owners of all calls of live sessions, each call's anew.
  void add_owners(base::steady_time now, std::vector<node_ref>& owners) const;

  /// Looks at the session that is due first: forgets its streams whose grace is over, moves the session to `expired`
  /// if it has expired, and queues it again otherwise (a touch does not move it in the queue). False: none is due.
  bool visit_due(base::steady_time now, std::vector<session_table::node_type>& expired);

  /// Adds what this shard holds, except sessions. Needs no lock.
  void add_to(memory_statistics& sum) const;

 private:
  stream_table::iterator forget(memory_session& session, stream_table::iterator stream);
  void discount(const stream_log& stream);
  void discount_contents(const memory_session& session);
  void queue_visit(memory_session& session, base::steady_time at);
  base::steady_time forget_due_streams(memory_session& session, base::steady_time now);

  session_table sessions_;
  visit_queue visits_;
  subscriber_table subscribers_;
  std::uint64_t last_epoch_ = 0;
  std::uint64_t last_generation_ = 0;
  shard_gauge streams_;
  shard_gauge events_;
  shard_gauge bytes_;
  shard_gauge calls_;
};

}  // namespace hydrant::store

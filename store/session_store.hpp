#pragma once

// The session store: what the grid knows about a session. The store is the truth; an actor's copy is a cache.
//
// Guarantees every implementation gives, and tests/unit/store/session_store_contract.hpp checks:
// - Each operation is atomic and takes effect once, or fails as a whole. A failure of kind `unavailable` says nothing
//   about whether it took effect; every operation here is safe to repeat (an update that did take effect then loses
//   its own compare-and-set and is reported as `conflict`: load and look).
// - Reads see every write that completed before the read began, from any node.
// - A session expires `ttl` after its last `create`, `touch`, or `update`, or up to a sixteenth of that later. An
// expired session behaves in every way like
//   one that never was, also before its memory is given back.
// - Operations on different sessions are not ordered against each other.
//
// What callers may not rely on: the order of `subscribers`; that a count is exact while sessions come and go; that a
// completion runs before or after the call returns. Completions run on an io thread, not always the caller's (Redis),
// or on the thread that called, inside the call (memory). What is asked for one session takes effect in the order of
// the calls, whatever threads they are made on.

#include "base/clock.hpp"
#include "base/result.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::store {

template <class T = void>
using completion = std::function<void(base::result<T>)>;

enum class session_transport { streamable_http, http_sse };

/// One session. JSON members are texts, as the client sent them: most requests never look inside.
struct session_record {
  std::string id;
  std::string protocol_version;  ///< negotiated revision, e.g. "2025-11-25"
  session_transport transport = session_transport::streamable_http;
  bool initialized = false;         ///< notifications/initialized has arrived
  std::string client_info;          ///< JSON object text
  std::string client_capabilities;  ///< JSON object text
  std::string log_level;            ///< lowest level the client wants, in MCP's words; empty: none set
  std::string principal;            ///< who authenticated; empty: nobody
  base::wall_time created_at{};     ///< kept to the millisecond
  std::uint64_t version = 1;        ///< raised by one with every update; the compare-and-set guard
};

/// What `touch` tells: enough to notice that a cached record is stale.
struct session_pulse {
  std::uint64_t version = 0;
};

/// Thread-safe; one per process.
class session_store {
 public:
  virtual ~session_store() = default;

  /// Adds a session that lives for `ttl`. Errors: conflict (the id exists), overloaded (at the cap of live sessions).
  virtual void create(session_record record, std::chrono::milliseconds ttl, completion<> done) = 0;

  /// Reads a session without prolonging it. Errors: session_not_found.
  virtual void load(std::string_view id, completion<session_record> done) = 0;

  /// Prolongs a session's life by its ttl, counted from now. Errors: session_not_found.
  virtual void touch(std::string_view id, completion<session_pulse> done) = 0;

  /// Replaces a record whose stored version still is `record.version`; completes with the new version (one more).
  /// Prolongs. Errors: session_not_found, conflict (another writer was first: load, decide again).
  virtual void update(session_record record, completion<std::uint64_t> done) = 0;

  /// Ends a session: its record and subscriptions are gone. Idempotent; completes with whether it existed.
  virtual void remove(std::string_view id, completion<bool> done) = 0;

  /// Adds or takes away one resource subscription; idempotent, commutative. A session holds a bounded number.
  /// Errors: session_not_found, overloaded (the session is at its cap).
  virtual void subscribe(std::string_view id, std::string_view uri, completion<> done) = 0;
  virtual void unsubscribe(std::string_view id, std::string_view uri, completion<> done) = 0;

  /// The live sessions subscribed to `uri`, each once, in no order.
  virtual void subscribers(std::string_view uri, completion<std::vector<std::string>> done) = 0;

  /// How many sessions are alive; may lag behind by an expiry sweep.
  virtual void count(completion<std::size_t> done) = 0;
};

}  // namespace hydrant::store

#pragma once

// The event log: one ordered log per SSE stream of a session, and the ledger of the calls that write to them. Both are
// one contract because finishing a call removes its mark and appends its response in one atomic step: that is what
// makes "exactly one terminal response" true when two nodes race to give it.
//
// Guarantees every implementation gives, and tests/unit/store/event_log_contract.hpp checks:
// - Positions of a stream rise strictly and are never reused, not even after the store lost its newest writes: then a
//   new, higher generation begins. Within one generation sequences are contiguous: 1, 2, 3, ...
// - `append` with a (producer, sequence) pair that the stream has seen appends nothing and returns the first result's
//   position with `duplicate` set, also after the stream has ended; an older one than its producer's last is a
//   duplicate too. A producer counts without holes: what skips a number is refused, so that of several appends under
//   way of which one got lost, none after it takes effect, and all can be repeated in order. A stream remembers a
//   bounded number of producers, the latest ones; one that it does not know may begin with any number.
// - `append` returns the holder and epoch from the same atomic step. So an append either comes before an attach, and
//   the attach's replay holds it, or it sees the new holder: no event falls between the two.
// - `attach` raises the epoch. Whatever carries an older epoch is void: `detach` with it changes nothing.
// - `finish` succeeds for one caller only, the present owner of a call. `revise` succeeds for one of those who saw the
//   same version of it.
// - A stream is bounded in events and bytes; the oldest events are dropped first, and a read that would need a dropped
//   event says `gap`: a hole is never silent.
//
// Example of what the previous id is for: a reader at position 1-5 that is handed {previous 1-6, id 1-7} knows that it
// has not seen 1-6, and reads it from the log instead of writing 1-7.
//
// What callers may not rely on: the value of a generation; that positions of different streams compare in any sense;
// that a completion runs before or after the call returns (see session_store.hpp, also for threads).

#include "base/clock.hpp"
#include "base/result.hpp"
#include "protocol/event_id.hpp"
#include "store/session_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::store {

/// A place in one stream's log. {0, 0} comes before every event.
using position = protocol::log_position;

/// Names a stream: `stream` is unique within its session ([A-Za-z0-9.~]{1,64}). A cursor of one session is looked up
/// under that session only, so it reads nothing of another's.
struct stream_key {
  std::string session;
  std::string stream;
  bool operator==(const stream_key&) const = default;
};

/// A process: its configured name and this start of it. An empty node: nobody.
struct node_ref {
  std::string node;
  std::string boot;
  bool operator==(const node_ref&) const = default;
};

/// Who writes, for the deduplication of repeated appends. An empty id: never deduplicated.
struct producer_ref {
  std::string id;
  std::uint64_t sequence = 0;
  bool operator==(const producer_ref&) const = default;
};

struct appended {
  position id;
  position previous;        ///< the event before it, {0,0} for the first
  node_ref holder;          ///< who holds the client's open stream now
  std::uint64_t epoch = 0;  ///< the holder's epoch
  bool duplicate = false;   ///< nothing was appended: it was there already
  bool ends = false;        ///< the stream ended with it
};

/// Who writes a stream to its client.
struct held {
  node_ref holder;          ///< empty: nobody
  std::uint64_t epoch = 0;  ///< of the latest attachment; 0: there was none
};

struct attached {
  std::uint64_t epoch = 0;   ///< this attachment's fence
  node_ref previous_holder;  ///< to be told that it lost the stream; empty: nobody held it
  std::uint64_t previous_epoch = 0;
  position last;  ///< the newest event
};

struct logged_event {
  position id;
  std::string payload;  ///< one JSON-RPC message
};

/// Whether what was read follows the cursor without a hole.
enum class continuity {
  complete,  ///< yes
  gap,       ///< events after the cursor were dropped by the bound, or the cursor's generation is not known any more:
             ///< tell the client, never pretend
  rewound,   ///< the cursor is above everything stored of its generation: the store lost events that this client saw;
             ///< goes on after it
};

struct replay {
  std::vector<logged_event> events;  ///< oldest first, all above the cursor
  continuity follows = continuity::complete;
  bool more = false;   ///< cut by a limit: read again after the last one
  bool ended = false;  ///< no event will be appended any more
};

/// One event is handed out whatever its size.
struct read_limits {
  std::size_t events_max = 256;
  std::size_t bytes_max = 256 * 1024;
};

/// What becomes of a stream with the response of a call. end_if_last: it ends unless another pending call writes to it.
enum class stream_end { keep_open, end, end_if_last };

/// A request that was accepted and not yet answered.
struct pending_call {
  std::string session;
  std::string request_id;  ///< JSON text of the JSON-RPC id, so that 1 and "1" differ
  std::string stream;      ///< where its response goes
  node_ref owner;          ///< only this process may finish it
  base::wall_time deadline{};
  std::string record;         ///< what a run needs to be repeated; opaque here
  std::uint64_t version = 1;  ///< raised by one with every revision; the compare-and-set guard
};

/// Thread-safe; one per process.
class event_log {
 public:
  virtual ~event_log() = default;

  /// Appends one event; creates the stream if it is new. Errors: session_not_found, stream_gone (it has ended),
  /// overloaded (the stream is new and the session is at its cap of streams), conflict (the producer skipped a number).
  virtual void append(const stream_key& stream, const producer_ref& producer, std::string payload,
                      completion<appended> done) = 0;

  /// Makes `holder` the one who writes this stream to a client, from now on; creates the stream if it is new.
  /// Errors: session_not_found, overloaded (the session is at its cap of streams).
  virtual void attach(const stream_key& stream, const node_ref& holder, completion<attached> done) = 0;

  /// Gives the stream up. Nothing happens if `epoch` is not the present one. Idempotent.
  virtual void detach(const stream_key& stream, std::uint64_t epoch, completion<> done) = 0;

  /// Who holds the stream now. Errors: session_not_found, stream_gone (no such stream).
  virtual void holder(const stream_key& stream, completion<held> done) = 0;

  /// Events above `after`, oldest first. Errors: stream_gone (no such stream, or its time of grace is over).
  virtual void read(const stream_key& stream, position after, read_limits limits, completion<replay> done) = 0;

  /// No more events; the stream can still be read for the grace period, then it is forgotten. Idempotent; a stream that
  /// does not exist stays so.
  virtual void end(const stream_key& stream, completion<> done) = 0;

  /// Enters a call. Errors: session_not_found, conflict (that id is pending), overloaded (the session's cap of calls,
  /// or of streams if the call's stream would be one more).
  virtual void begin(pending_call call, completion<> done) = 0;

  /// Replaces owner, deadline and record of a pending call whose stored version still is `call.version`, and completes
  /// with the new version (one more). This is also how a call moves from a dead owner to a new one. Errors: conflict
  /// (not pending, or revised since: look at `pending`, decide again).
  virtual void revise(pending_call call, completion<std::uint64_t> done) = 0;

  /// Answers a call: takes its mark away and appends `response` to its stream, in one step, and ends the stream if
  /// asked to. Completes with nothing if the call was not pending or `owner` does not own it: the response is void.
  /// Never refused for the cap of streams. Errors: stream_gone (its stream has ended; the call stays pending).
  virtual void finish(std::string_view session, std::string_view request_id, const node_ref& owner,
                      std::string response, stream_end then, completion<std::optional<appended>> done) = 0;

  /// Takes a call's mark away without a response (the client cancelled it). Completes with the call, so that its owner
  /// can be told, or with nothing if it was not pending.
  virtual void abandon(std::string_view session, std::string_view request_id,
                       completion<std::optional<pending_call>> done) = 0;

  /// The pending calls of a session, in the order in which they began.
  virtual void pending(std::string_view session, completion<std::vector<pending_call>> done) = 0;

  /// Forgets a session's streams and calls. Idempotent.
  virtual void remove(std::string_view session, completion<> done) = 0;

  /// Rises whenever the store may have come back without what it acknowledged last: marks of calls and attachments too
  /// may be gone then. Costs nothing; a change is seen no later than the answer to what is asked after it.
  virtual std::uint64_t restarts() const { return 0; }
};

}  // namespace hydrant::store

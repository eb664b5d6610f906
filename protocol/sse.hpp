#pragma once

// Server-sent events (WHATWG HTML, "Server-sent events"): what the server writes and what a client reads.

#include "base/result.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::protocol {

/// Appends one event. An empty `id` or `event` is left out; `data` becomes one `data:` line per line, whatever its line
/// ends. `id` and `event` are cut at the first line end or NUL, so that no value can forge a field.
void append_event(std::string& out, std::string_view id, std::string_view event, std::string_view data);

/// The event that primes a client to reconnect: an id and empty data (2025-11-25, "Listening for Messages from the
/// Server"). Only for sessions of that revision or later; older clients fail on empty data.
void append_priming_event(std::string& out, std::string_view id);

/// A line that clients ignore; as a keep-alive it may be empty.
void append_comment(std::string& out, std::string_view text);

/// The time a client is asked to wait before it reconnects; takes effect at once, without an event. Not negative.
void append_retry(std::string& out, std::chrono::milliseconds delay);

struct sse_event {
  std::string id;     ///< last event id of the stream as of this event, so it may stem from an earlier one
  std::string event;  ///< `message` if the stream named none
  std::string data;   ///< lines joined with LF
  std::optional<std::chrono::milliseconds> retry;  ///< set if a `retry` field came since the previous event

  bool operator==(const sse_event&) const = default;
};

/// Reads an event stream in pieces of any size. Bytes are passed through: data that is not UTF-8 is for the JSON parser
/// to refuse. One per response body; not thread-safe. An event that the end of the body cuts off is never reported.
class sse_parser {
 public:
  /// `event_bytes_max` bounds what is held for one event, its unfinished line included.
  explicit sse_parser(std::size_t event_bytes_max) : event_bytes_max_(event_bytes_max) {}

  /// Appends the events that `bytes` completes. Fails with too_large at the bound, and ever after; events completed
  /// before that are still appended. The outcome does not depend on how the stream is cut into pieces.
  base::result<void> feed(std::string_view bytes, std::vector<sse_event>& events);

  /// What a reconnecting client sends as `Last-Event-ID`; moves only when a blank line ends a block.
  const std::string& last_event_id() const { return last_event_id_; }

  /// The last `retry` field heard.
  std::optional<std::chrono::milliseconds> retry() const { return retry_; }

 private:
  std::string_view without_byte_order_mark(std::string_view bytes);
  void end_line(std::string_view rest_of_line, std::vector<sse_event>& events);
  void process_line(std::string_view line, std::vector<sse_event>& events);
  void process_field(std::string_view name, std::string_view value);
  void set_retry(std::string_view value);
  void dispatch(std::vector<sse_event>& events);
  bool fits(std::size_t more) const;

  std::size_t event_bytes_max_;

  std::string line_;  // the unfinished line
  std::string data_;
  std::string event_;
  std::string id_;  // becomes last_event_id_ when the block ends
  std::string last_event_id_;
  std::optional<std::chrono::milliseconds> retry_;
  bool retry_is_news_ = false;

  std::size_t mark_bytes_seen_ = 0;  // of the byte order mark; see mark_decided_
  bool mark_decided_ = false;
  bool line_feed_may_follow_ = false;  // the last byte was a CR that ended a line
  bool failed_ = false;
};

}  // namespace hydrant::protocol

#pragma once

// What goes over NATS: a payload that begins with one line of ASCII and goes on with what was published. Version 1:
//
//   hydrant1 m <sender> <number>\n<published bytes>      a message
//   hydrant1 h <sender> <number>\n                       a heartbeat
//
//   sender   1 to 48 of [A-Za-z0-9_.-]: the publisher's boot id, a dot, a count. Names one run of numbers on one
//            subject; a publisher that begins to count anew takes a new name.
//   number   decimal, 1 to 2^63-1, no sign, no leading zeros. Of a message: its own, counted from 1 without holes. Of a
//            heartbeat: that of the sender's last message on this subject.
//
// A trace context travels beside it as the NATS header `traceparent`, where other tools look for it; no other header is
// looked at. The line is no header because most messages have no trace context, and one without headers costs cnats and
// the server less.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hydrant::bus {

enum class nats_kind : char { message = 'm', heartbeat = 'h' };

struct nats_envelope {
  nats_kind kind = nats_kind::message;
  std::string_view sender;
  std::uint64_t number = 0;
  std::string_view payload;  ///< empty in heartbeats
};

/// Writes to `out`, replacing what it holds.
void encode(const nats_envelope& envelope, std::string& out);

/// The parts of a message, as views into it; empty: it is none of ours. Takes any bytes.
std::optional<nats_envelope> decode(std::string_view bytes);

/// Whether a text may be sent, or believed, as a trace context: 1 to 128 of [A-Za-z0-9-].
bool is_traceparent(std::string_view text);

/// Whether a subject is dot-separated words of [A-Za-z0-9_-], at most 200 characters.
bool is_subject(std::string_view text);

}  // namespace hydrant::bus

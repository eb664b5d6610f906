#pragma once

// What one node tells another over the bus. Hints, all of them: what a lost message would have said is found in the
// store by an audit (session::look_around). Texts: one line of words, then what does not fit into words.
//
//   push <session> <previous event id> <event id> <epoch> <ends 0|1> <whole 0|1> <from node>\n<payload>
//   ask <session> <stream> <from node>         how far has your client got? (a call of mine waits for it)
//   taken <session> <event id>                 my client has got so far
//   look <session>                             something was appended, nobody knows where: read your logs
//   lost <session> <stream> <epoch>            the stream has a newer reader elsewhere
//   cancel <session>\n<request id>             the client has withdrawn a request that runs with you
//   moved <session>\n<request id>              a call of yours goes on with me
//   offer <session> <node> <boot>\n<request id> a call of that process, which goes away: go on with it
//   ended <session>                            to all: the session is over

#include "store/event_log.hpp"
#include "store/node_registry.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace hydrant::actors {

struct push_message {
  store::stream_key stream;
  store::appended where;  ///< without the holder, which is the receiver
  bool whole = true;      ///< false: too long for the bus, read it from the log
  std::string payload;
  std::string from;  ///< the node that wants to know when the client has it
};

struct ask_message {
  store::stream_key stream;
  std::string from;
};

struct taken_message {
  store::stream_key stream;
  store::position newest;
};

struct look_message {
  std::string session;
};

struct lost_message {
  store::stream_key stream;
  std::uint64_t epoch = 0;  ///< of the newer reader
};

struct cancel_message {
  store::call_ref call;
};

struct moved_message {
  store::call_ref call;
};

struct offer_message {
  store::call_ref call;
  store::node_ref owner;
};

struct ended_message {
  std::string session;
};

using node_message = std::variant<push_message, ask_message, taken_message, look_message, lost_message, cancel_message,
                                  moved_message, offer_message, ended_message>;

/// The session that a message is about.
const std::string& session_of(const node_message& message);

std::string to_text(const node_message& message);
/// Nothing: not one of ours.
std::optional<node_message> parse_node_message(std::string_view text);

}  // namespace hydrant::actors

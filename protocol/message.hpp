#pragma once

// JSON-RPC 2.0 messages as MCP sends them (2025-11-25 and 2026-07-28, basic/index, "Messages"): the envelope is read
// in place by simdjson, which checks the whole text, its UTF-8 and its depth in one pass; only what a handler will
// look at is built as a tree.
//
// Limits of the reader: integers outside the 64-bit range are refused as a parse error, and of two members with the
// same name the first counts.

#include "base/result.hpp"
#include "protocol/json.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::protocol {

enum class message_kind { request, notification, response };

/// What `params._meta` says, in any revision.
struct request_meta {
  std::optional<std::string> protocol_version;  ///< io.modelcontextprotocol/protocolVersion
  std::optional<json> client_capabilities;      ///< io.modelcontextprotocol/clientCapabilities, an object
  std::string progress_token;                   ///< JSON text of a string or an integer; empty: none
  std::string log_level;                        ///< io.modelcontextprotocol/logLevel; empty: none
  std::string traceparent;                      ///< W3C trace context; empty: none
};

struct message {
  message_kind kind = message_kind::request;
  std::string id;      ///< JSON text of the id, a string or an integer; empty for a notification
  std::string method;  ///< empty for a response
  request_meta meta;
  json params = json::object();  ///< without `_meta`
  json result;                   ///< a response's result; null if it is an error
  json error;                    ///< a response's error object; null if it is a result
  /// The Authorization header that it came with, where the server passes that on; else empty. Secret: it is neither
  /// stored nor logged, so what runs a request again on another node does not have the request's.
  std::string authorization;
};

/// One POST body.
struct message_batch {
  std::vector<message> messages;
  bool is_array = false;
};

/// What could not be read, and the id to answer to if it could be made out (JSON text; "null" when not).
struct message_error {
  base::error what;
  std::string id = "null";
};

inline constexpr std::size_t batch_messages_max = 100;
/// Ids and progress tokens are repeated in what we send, so their length is ours to bound.
inline constexpr std::size_t token_bytes_max = 512;

/// Reads a body. `body` may be given spare capacity to save a copy. Errors: parse, invalid_request, invalid_params.
/// Thread-safe (each thread has a reader of its own).
boost::system::result<message_batch, message_error> read_messages(std::string& body, std::size_t depth_max = 64);

/// Called by `value()` on a failure that nobody looked at.
[[noreturn]] void throw_exception_from_error(const message_error& failure, const boost::source_location&);

}  // namespace hydrant::protocol

#pragma once

// Expected failures are values. Exceptions are left for programming errors and end at three named edges:
// the connection's coroutine, the actor's handler and a C library's callback.

#include <boost/system/result.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace hydrant::base {

/// What went wrong, in terms that need no protocol; protocol/errors.hpp is the one place that turns a kind into a
/// JSON-RPC code and an HTTP status.
enum class error_kind {
  parse,                ///< the bytes are not JSON, or not UTF-8
  invalid_request,      ///< JSON, but not a message that may be sent here
  method_not_found,     ///< a method that this revision or this server does not have
  invalid_params,       ///< the method is known, its parameters are not acceptable
  header_mismatch,      ///< a mirrored HTTP header is missing, malformed or differs from the body (2026-07-28)
  missing_capability,   ///< the request needs a client capability that was not declared; `data` names it
  unsupported_version,  ///< `data` lists what is supported
  resource_not_found,   ///< no resource has that URI; `data` names it
  session_missing,      ///< a session is required and none was named
  session_not_found,    ///< unknown, expired or ended session
  stream_gone,          ///< the legacy SSE stream that would carry the answer is closed
  conflict,             ///< compare-and-set lost, or an id is in use already
  forbidden,            ///< bad Origin or Host
  not_acceptable,       ///< Accept names neither form that we can answer in
  unsupported_media,    ///< Content-Type is not JSON
  too_large,            ///< body over the limit
  overloaded,           ///< a cap is reached; try again later
  unavailable,          ///< a dependency (store, bus, upstream) does not answer
  timeout,              ///< the deadline passed
  cancelled,            ///< the caller withdrew the request
  internal,             ///< a defect of ours or of a tool
};

/// A failure: `message` and `data` may be sent to a client, `detail` is logged and never sent.
struct error {
  error_kind kind = error_kind::internal;
  std::string message;
  std::string detail;
  std::string data;  ///< JSON text for the `data` member of a JSON-RPC error; empty: none
};

/// Called by `result::value()` on a failure: asking for the value without looking is a programming error.
[[noreturn]] inline void throw_exception_from_error(const error& failure, const boost::source_location&) {
  throw std::logic_error("result has no value: " + failure.message + " " + failure.detail);
}

template <class T = void>
using result = boost::system::result<T, error>;

inline error fail(error_kind kind, std::string message, std::string detail = {}, std::string data = {}) {
  return error{kind, std::move(message), std::move(detail), std::move(data)};
}

}  // namespace hydrant::base

#pragma once

// Response heads, written by hand into one buffer with their bodies: one write a response (docs/benchmarks.md).

#include "runtime/exchange.hpp"

#include <string>
#include <string_view>

namespace hydrant::gateway {

enum class connection_use { keep, close };
enum class body_use { send, head_only };

/// What every response of one request carries: CORS fields, ready as header lines; empty for most.
struct response_context {
  std::string extra_lines;
  connection_use then = connection_use::keep;
  body_use body = body_use::send;
  bool chunked = true;  ///< for streams: HTTP/1.1 framing
};

void append_answer(std::string& out, const runtime::http_answer& answer, const response_context& context);
/// The head of a text/event-stream response.
void append_stream_head(std::string& out, const runtime::stream_head& head, const response_context& context);
/// A piece of a stream's body.
void append_piece(std::string& out, std::string_view bytes, const response_context& context);
void append_last_piece(std::string& out, const response_context& context);

}  // namespace hydrant::gateway

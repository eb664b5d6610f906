#pragma once

// An HTTP client for tests of the wire: it sends bytes as they are given, also wrong ones, and reads answers strictly.
// Blocking; everything that waits has a deadline and throws std::runtime_error when it passes.

#include "protocol/json.hpp"
#include "protocol/sse.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hydrant::support {

struct http_response {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
  std::string body;

  bool has(std::string_view lower_name) const;
  /// The first field of that name; empty if there is none.
  std::string header(std::string_view lower_name) const;
  /// The body as JSON; throws if it is none.
  protocol::json json() const;
};

/// Whether an answer may have a body: not after HEAD.
enum class expected_body { any, none };

/// One connection to a port of this machine. Not thread-safe.
class http_client {
 public:
  /// `patience` bounds each operation. `receive_bytes`: a small receive buffer makes a slow reader; 0 leaves it alone.
  explicit http_client(std::uint16_t port, std::chrono::milliseconds patience = std::chrono::seconds(20),
                       int receive_bytes = 0);
  ~http_client();
  http_client(http_client&& other) noexcept;
  http_client& operator=(http_client&&) = delete;

  void send(std::string_view bytes);
  /// Sends as much as the server takes; false: it closed the connection before all was sent.
  bool try_send(std::string_view bytes);
  /// Ends what we send and goes on reading.
  void finish_sending();
  /// Closes by a reset, as a client does that dies.
  void abort();

  /// A whole answer.
  http_response receive(expected_body body = expected_body::any);
  /// The head only; the body follows by next_event() or rest().
  http_response receive_head(expected_body body = expected_body::any);
  /// The next event of the present body; none once it has ended.
  std::optional<protocol::sse_event> next_event();
  /// The next event that holds a JSON-RPC message, skipping empty ones; null once the body has ended.
  protocol::json next_message();
  /// What is left of the present body.
  std::string rest();
  /// Whether the present body ended as its framing says, not by a cut.
  bool body_complete() const { return framing_ == framing::ended; }

  /// Waits until the server closes the connection; false if it sends something instead.
  bool closed();
  /// Whether the server closes, or has closed, within `span`.
  bool closed_within(std::chrono::milliseconds span);

  /// Of the present event stream.
  std::optional<std::chrono::milliseconds> retry() const { return events_parser_.retry(); }
  const std::string& last_event_id() const { return events_parser_.last_event_id(); }

 private:
  enum class framing { length, chunked, until_close, ended, cut };
  using deadline = std::chrono::steady_clock::time_point;

  deadline limit() const { return std::chrono::steady_clock::now() + patience_; }
  void wait_for(short what, deadline until) const;
  bool read_more(deadline until);
  std::string take_line(deadline until);
  std::string take(std::size_t bytes, deadline until);
  void begin_body(const http_response& head, expected_body body);
  std::string next_piece(deadline until);
  std::string next_chunk(deadline until);

  int socket_ = -1;
  std::chrono::milliseconds patience_;
  std::string buffer_;
  framing framing_ = framing::ended;
  std::size_t left_ = 0;  // of a body with a length
  protocol::sse_parser events_parser_;
  std::deque<protocol::sse_event> events_;
};

}  // namespace hydrant::support

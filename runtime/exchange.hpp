#pragma once

// The seam between the gateway, which knows HTTP, and what answers, which does not. The gateway implements `exchange`
// and `event_stream`; whoever answers implements `stream_watcher`.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hydrant::runtime {

struct http_answer {
  int status = 200;
  std::string body;                                    ///< empty: none is sent
  std::string_view content_type = "application/json";  ///< a literal
  std::vector<std::pair<std::string, std::string>> headers;
};

/// Told of what happens to an open stream. Called on the stream's io thread; must not block.
class stream_watcher {
 public:
  virtual ~stream_watcher() = default;
  /// `writes` more calls of event_stream::write have been handed to the socket.
  virtual void on_written(std::size_t writes) = 0;
  /// The client went away, or the stream was closed and all is written. Called once, last.
  virtual void on_closed() = 0;
};

/// An open response that carries server-sent events. Thread-safe. It does not bound what is queued: the writer keeps
/// its own window, by what on_written tells.
class event_stream {
 public:
  virtual ~event_stream() = default;
  virtual void write(std::string bytes) = 0;
  /// Ends the response once everything queued is written. Idempotent.
  virtual void close() = 0;
};

struct stream_head {
  std::string first_bytes;  ///< written at once, with the headers
  std::vector<std::pair<std::string, std::string>> headers;
};

/// One HTTP request waiting for its answer. Thread-safe; exactly one of `answer` and `open_stream` is called, once.
/// If an exchange is let go unanswered, the gateway answers 500.
class exchange {
 public:
  virtual ~exchange() = default;
  virtual void answer(http_answer answer) = 0;
  virtual std::shared_ptr<event_stream> open_stream(stream_head head, std::shared_ptr<stream_watcher> watcher) = 0;
  /// Called once, on the exchange's io thread, if the client goes away before an answer or a stream is there.
  virtual void on_disconnect(std::function<void()> told) = 0;
};

}  // namespace hydrant::runtime

#pragma once

// One TCP connection: reads requests, hands each to the pipeline, writes its answer or its stream. Lives on one io
// thread from accept to close; other threads reach it through the exchange and the stream only, which post.

#include "gateway/request.hpp"
#include "gateway/response.hpp"
#include "gateway/settings.hpp"
#include "runtime/exchange.hpp"
#include "runtime/metrics.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace hydrant::gateway {

namespace asio = boost::asio;
using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;

/// Answers a request. Called on the connection's io thread; `request` is valid until it returns. May set `lines`:
/// header fields that every answer to this request carries.
using request_handler = std::function<void(request&, std::shared_ptr<runtime::exchange>, std::string& lines)>;

/// Time in whole seconds since some start, kept by the acceptor's tick: deadlines need no more and cost nothing.
using tick_count = std::uint64_t;

/// What all connections of an io thread share. One per io thread.
struct connection_context {
  asio::io_context& io;
  const settings& config;
  const request_handler& handle;
  runtime::metrics& measured;
  tick_count now = 0;
  bool draining = false;
};

class connection : public std::enable_shared_from_this<connection> {
 public:
  connection(connection_context& shared, tcp_socket socket);

  /// Serves until the connection ends.
  asio::awaitable<void, asio::io_context::executor_type> serve();
  /// Closes the socket if what it waits for has taken too long. Called at each tick.
  void check_deadline();
  /// Ends the connection when its present request is answered; at once if there was one before and none is on its way.
  void drain();
  /// Whether a request is being read or answered.
  bool busy() const { return phase_ != phase::idle && phase_ != phase::closing; }
  /// Closes the socket whatever it does.
  void cut();
  /// The same, and tells whoever works for the client that it is gone.
  void client_gone();
  /// After `serve` has ended, also by an exception.
  void release_stream();

 private:
  class http_exchange;
  class stream;
  friend class http_exchange;
  friend class stream;

  enum class phase { idle, reading, waiting, writing, streaming, closing };

  template <class T = void>
  using task = asio::awaitable<T, asio::io_context::executor_type>;

  enum class progress { go_on, end };

  bool parse(request_reader& reader);
  void start_request(bool keep_alive);
  bool write_now();
  task<progress> finish_request();
  task<progress> wait_for_answer();
  task<progress> write_rest();
  task<progress> run_stream();
  task<void> linger();

  void take_answer(runtime::http_answer answer);
  void take_stream(std::shared_ptr<stream> opened);
  void watch_for_close();
  void wake() { wake_.cancel(); }
  bool finished() const { return answer_.has_value() || stream_ != nullptr; }
  void begin(phase next, std::chrono::milliseconds limit);
  void refuse_unreadable(boost::beast::error_code why);
  bool on_own_thread() const;
  bool has_unread();

  connection_context& shared_;
  tcp_socket socket_;
  asio::steady_timer wake_;
  std::string buffer_;  // read and not parsed yet
  std::string out_;     // reused for answers
  request request_;
  response_context response_;

  phase phase_ = phase::idle;
  tick_count deadline_ = 0;
  bool watching_ = false;  // a wait for readability is under way
  bool gone_ = false;      // the client closed, or we did

  // Of the present request:
  std::uint64_t serial_ = 0;
  std::optional<runtime::http_answer> answer_;
  std::shared_ptr<stream> stream_;
  std::function<void()> on_disconnect_;
};

}  // namespace hydrant::gateway

#include "gateway/connection.hpp"

#include "base/log.hpp"
#include "gateway/connection_stream.hpp"
#include "net/io_pool.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>
#include <utility>

namespace hydrant::gateway {
namespace {

constexpr std::size_t head_read_bytes = 4096;
constexpr std::size_t body_read_bytes = 64 * 1024;
constexpr std::size_t linger_bytes_max = 1024 * 1024;
constexpr std::size_t kept_buffer_max = 64 * 1024;
constexpr auto no_throw = asio::as_tuple(asio::use_awaitable_t<asio::io_context::executor_type>());

constexpr std::string_view keep_alive_comment = ":\n\n";

}  // namespace

connection::connection(connection_context& shared, tcp_socket socket)
    : shared_(shared), socket_(std::move(socket)), wake_(shared.io, asio::steady_timer::time_point::max()) {
  boost::system::error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
}

bool connection::on_own_thread() const {
  return net::io_pool::here() == &shared_.io;
}

void connection::begin(phase next, std::chrono::milliseconds limit) {
  phase_ = next;
  deadline_ = shared_.now + static_cast<tick_count>(std::chrono::ceil<std::chrono::seconds>(limit).count()) + 1;
}

void connection::check_deadline() {
  const bool timed = phase_ != phase::waiting && phase_ != phase::streaming;  // those have limits of their own
  if (timed && shared_.now >= deadline_) client_gone();
}

void connection::drain() {
  response_.then = connection_use::close;
  // Who has just connected has a request to send; who is served already expects that connections end between requests.
  if (phase_ == phase::idle && serial_ > 0 && !has_unread()) cut();
}

bool connection::has_unread() {
  char byte = 0;
  return ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

void connection::cut() {
  boost::system::error_code ignored;
  socket_.shutdown(tcp_socket::shutdown_both, ignored);
  socket_.close(ignored);
  gone_ = true;
  wake();
}

// The loop has one suspension per request when all goes well: the read. What takes longer is in functions of its own.
connection::task<void> connection::serve() {
  const auto self = shared_from_this();
  while (!gone_) {
    request_reader reader(request_, shared_.config.header_bytes_max, shared_.config.body_bytes_max);
    begin(phase::idle, shared_.config.idle_timeout);
    while (!parse(reader)) {
      if (shared_.draining && phase_ == phase::idle && serial_ > 0) co_return cut();
      if (reader.is_header_done() && std::exchange(request_.expects_continue, false)) {
        out_ = "HTTP/1.1 100 Continue\r\n\r\n";
        const auto told = co_await write_rest();
        if (told == progress::end) co_return cut();
        begin(phase::reading, shared_.config.body_timeout);
      }
      const auto room = reader.is_header_done() ? body_read_bytes : head_read_bytes;
      const auto held = buffer_.size();
      buffer_.resize(held + room);
      const auto [failed, got] = co_await socket_.async_read_some(asio::buffer(buffer_.data() + held, room), no_throw);
      buffer_.resize(held + got);
      if (failed) co_return cut();
    }
    if (!answer_) start_request(reader.keep_alive());
    if (!answer_ || !write_now()) {
      const auto finished = co_await finish_request();
      if (finished == progress::end) co_return cut();
    }
    if (response_.then == connection_use::close) {
      co_await linger();
      co_return;
    }
  }
}

// True once there is a request to answer, or one that could not be read and is refused.
bool connection::parse(request_reader& reader) {
  answer_.reset();
  stream_.reset();
  if (!buffer_.empty() && phase_ == phase::idle) begin(phase::reading, shared_.config.header_timeout);
  const bool reading_head = !reader.is_header_done();
  while (!buffer_.empty() && !reader.is_done()) {
    boost::beast::error_code ec;
    const auto used = reader.put(asio::buffer(buffer_), ec);
    buffer_.erase(0, used);
    if (ec && ec != http::error::need_more) {
      refuse_unreadable(ec);
      return true;
    }
    if (ec || used == 0) break;
  }
  // What waits for its end is a piece of the header, of a chunk's head or of the trailer.
  if (!reader.is_done() && buffer_.size() > shared_.config.header_bytes_max) {
    refuse_unreadable(http::error::header_limit);
    return true;
  }
  if (reading_head && reader.is_header_done() && !reader.is_done()) begin(phase::reading, shared_.config.body_timeout);
  if (reader.is_header_done() && buffer_.empty() && buffer_.capacity() > kept_buffer_max) buffer_.shrink_to_fit();
  return reader.is_done();
}

void connection::refuse_unreadable(boost::beast::error_code why) {
  shared_.measured.refused_requests.Increment();
  int status = 400;
  std::string_view what = "the request is not valid HTTP/1.1";
  if (why == http::error::header_limit) {
    status = 431;
    what = "the header fields are too large";
  } else if (why == http::error::body_limit) {
    status = 413;
    what = "the body is too large";
  }
  response_ = {.extra_lines = {}, .then = connection_use::close};
  answer_ =
      runtime::http_answer{status,
                           R"({"jsonrpc":"2.0","error":{"code":-32600,"message":")" + std::string(what) + R"("}})",
                           "application/json",
                           {}};
}

void connection::start_request(bool keep_alive) {
  ++serial_;
  on_disconnect_ = nullptr;
  response_.extra_lines.clear();
  response_.then = keep_alive && !shared_.draining ? connection_use::keep : connection_use::close;
  response_.body = request_.method == http::verb::head ? body_use::head_only : body_use::send;
  response_.chunked = request_.chunked_answers;
  phase_ = phase::waiting;
  try {
    shared_.handle(request_, std::make_shared<http_exchange>(shared_from_this(), serial_), response_.extra_lines);
  } catch (const std::exception& thrown) {
    base::log(base::log_level::error, "a request handler threw", {{"what", thrown.what()}});
    if (!finished())
      take_answer(
          {500, R"({"jsonrpc":"2.0","error":{"code":-32603,"message":"internal error"}})", "application/json", {}});
  }
}

// Most answers fit the socket's buffer, so they are gone without waiting for it.
bool connection::write_now() {
  begin(phase::writing, shared_.config.write_timeout);
  out_.clear();
  append_answer(out_, *answer_, response_);
  boost::system::error_code failed;
  const auto sent = socket_.write_some(asio::buffer(out_), failed);
  if (!failed && sent == out_.size()) return true;
  out_.erase(0, failed ? 0 : sent);
  return false;
}

connection::task<connection::progress> connection::finish_request() {
  if (!finished()) {
    const auto waited = co_await wait_for_answer();
    if (waited == progress::end) co_return progress::end;
    if (answer_ && write_now()) co_return progress::go_on;
  }
  // Statements of their own: g++ 12 miscompiles a co_await within a conditional expression.
  if (stream_) {
    const auto ended = co_await run_stream();
    co_return ended;
  }
  const auto ended = co_await write_rest();
  co_return ended;
}

connection::task<connection::progress> connection::wait_for_answer() {
  phase_ = phase::waiting;
  watch_for_close();
  while (!finished() && !gone_) {
    wake_.expires_at(asio::steady_timer::time_point::max());
    co_await wake_.async_wait(no_throw);
  }
  if (gone_) release_stream();
  co_return finished() && !gone_ ? progress::go_on : progress::end;
}

// Writes out_. The time limit is for each step forward, so a slow reader is served as long as it reads at all.
connection::task<connection::progress> connection::write_rest() {
  while (!out_.empty()) {
    begin(phase::writing, shared_.config.write_timeout);
    const auto [failed, sent] = co_await socket_.async_write_some(asio::buffer(out_), no_throw);
    if (failed) co_return progress::end;
    out_.erase(0, sent);
  }
  co_return progress::go_on;
}

connection::task<connection::progress> connection::run_stream() {
  const auto open = stream_;
  out_.clear();
  append_stream_head(out_, open->head(), response_);
  append_piece(out_, open->head().first_bytes, response_);
  request_.release_memory();
  if (buffer_.empty()) buffer_.shrink_to_fit();
  watch_for_close();
  auto result = progress::end;
  while (!gone_) {
    const auto portion = open->take();
    append_piece(out_, portion.bytes, response_);
    if (portion.last) append_last_piece(out_, response_);
    const bool quiet = out_.empty();
    const auto written = co_await write_rest();
    if (written == progress::end) break;
    phase_ = phase::streaming;
    if (portion.writes > 0 && open->watcher() != nullptr) open->watcher()->on_written(portion.writes);
    if (portion.last) {
      result = progress::go_on;
      break;
    }
    // While we wrote, a wake-up found nobody waiting: look again before waiting.
    if (!quiet) continue;
    out_.shrink_to_fit();
    wake_.expires_after(shared_.config.keep_alive);
    const auto [woken] = co_await wake_.async_wait(no_throw);
    if (!woken) append_piece(out_, keep_alive_comment, response_);
  }
  open->finish();
  if (!response_.chunked || shared_.draining) response_.then = connection_use::close;
  co_return result;
}

// Closing with unread input would reset the connection and could take our answer with it (RFC 9112 section 9.6).
connection::task<void> connection::linger() {
  boost::system::error_code ignored;
  socket_.shutdown(tcp_socket::shutdown_send, ignored);
  begin(phase::closing, std::chrono::seconds(2));
  std::size_t left = linger_bytes_max;
  buffer_.resize(body_read_bytes);
  while (left > 0) {
    const auto [failed, got] = co_await socket_.async_read_some(asio::buffer(buffer_), no_throw);
    if (failed || got == 0) break;
    left -= std::min(left, got);
  }
  cut();
}

void connection::take_answer(runtime::http_answer answer) {
  if (finished() || gone_) return;
  // Whoever is refused for the moment is told how long that may be.
  const auto is_retry = [](const auto& header) { return header.first == "Retry-After"; };
  if (answer.status == 503 && std::ranges::none_of(answer.headers, is_retry))
    answer.headers.emplace_back("Retry-After", "1");
  answer_ = std::move(answer);
  on_disconnect_ = nullptr;
  wake();
}

void connection::take_stream(std::shared_ptr<stream> opened) {
  if (finished() || gone_) return opened->finish();
  stream_ = std::move(opened);
  on_disconnect_ = nullptr;
  wake();
}

// While nothing is read, only a peek tells that the client has closed. Bytes of a next request end the watch: then a
// failing write will tell.
void connection::watch_for_close() {
  if (std::exchange(watching_, true)) return;
  socket_.async_wait(tcp_socket::wait_read, [self = shared_from_this()](boost::system::error_code stopped) {
    self->watching_ = false;
    const bool busy =
        self->phase_ == phase::waiting || self->phase_ == phase::streaming || self->phase_ == phase::writing;
    if (stopped || !busy) return;
    char byte = 0;
    const auto seen = ::recv(self->socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (seen == 0 || (seen < 0 && errno != EAGAIN && errno != EINTR))
      self->client_gone();
    else if (seen < 0)
      self->watch_for_close();
  });
}

// A stream that will not be written to any more must hear of it, or whoever feeds it waits for ever.
void connection::release_stream() {
  if (const auto open = std::exchange(stream_, nullptr)) open->finish();
}

void connection::client_gone() {
  cut();
  if (const auto told = std::exchange(on_disconnect_, nullptr)) told();
}

}  // namespace hydrant::gateway

#include "tests/support/http_client.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace hydrant::support {
namespace {

constexpr std::size_t event_bytes_max = 64 * 1024 * 1024;

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error("http_client: " + what);
}

std::string lowered(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  return text;
}

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

}  // namespace

bool http_response::has(std::string_view lower_name) const {
  return std::ranges::any_of(headers, [&](const auto& field) { return field.first == lower_name; });
}

std::string http_response::header(std::string_view lower_name) const {
  const auto found = std::ranges::find_if(headers, [&](const auto& field) { return field.first == lower_name; });
  return found == headers.end() ? std::string() : found->second;
}

protocol::json http_response::json() const {
  return protocol::json::parse(body);
}

http_client::http_client(std::uint16_t port, std::chrono::milliseconds patience, int receive_bytes)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), patience_(patience), events_parser_(event_bytes_max) {
  if (socket_ < 0) fail("no socket");
  if (receive_bytes > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    fail(std::string("cannot connect: ") + std::strerror(errno));
}

http_client::~http_client() {
  if (socket_ >= 0) ::close(socket_);
}

http_client::http_client(http_client&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      patience_(other.patience_),
      buffer_(std::move(other.buffer_)),
      framing_(other.framing_),
      left_(other.left_),
      events_parser_(std::move(other.events_parser_)),
      events_(std::move(other.events_)) {}

void http_client::wait_for(short what, deadline until) const {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  pollfd one{socket_, what, 0};
  const auto ready = ::poll(&one, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
  if (ready == 0) fail("timed out; so far: " + buffer_.substr(0, 400));
  if (ready < 0 && errno != EINTR) fail(std::strerror(errno));
}

void http_client::send(std::string_view bytes) {
  if (!try_send(bytes)) fail("the server closed the connection while we sent");
}

bool http_client::try_send(std::string_view bytes) {
  const auto until = limit();
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0)
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    else if (errno == EAGAIN)
      wait_for(POLLOUT, until);
    else if (errno == EPIPE || errno == ECONNRESET)
      return false;
    else if (errno != EINTR)
      fail(std::strerror(errno));
  }
  return true;
}

void http_client::finish_sending() {
  ::shutdown(socket_, SHUT_WR);
}

void http_client::abort() {
  const linger at_once{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(std::exchange(socket_, -1));
}

// False: the server has closed.
bool http_client::read_more(deadline until) {
  char bytes[64 * 1024];
  for (;;) {
    const auto got = ::recv(socket_, bytes, sizeof bytes, MSG_DONTWAIT);
    if (got > 0) {
      buffer_.append(bytes, static_cast<std::size_t>(got));
      return true;
    }
    if (got == 0 || errno == ECONNRESET || errno == EPIPE) return false;
    if (errno != EAGAIN && errno != EINTR) fail(std::strerror(errno));
    wait_for(POLLIN, until);
  }
}

std::string http_client::take_line(deadline until) {
  for (;;) {
    const auto end = buffer_.find("\r\n");
    if (end != std::string::npos) {
      auto line = buffer_.substr(0, end);
      buffer_.erase(0, end + 2);
      return line;
    }
    if (!read_more(until)) fail("the connection ended within a line: " + buffer_.substr(0, 400));
  }
}

std::string http_client::take(std::size_t bytes, deadline until) {
  while (buffer_.size() < bytes)
    if (!read_more(until)) fail("the connection ended within a body");
  auto taken = buffer_.substr(0, bytes);
  buffer_.erase(0, bytes);
  return taken;
}

http_response http_client::receive_head(expected_body body) {
  const auto until = limit();
  http_response head;
  const auto status_line = take_line(until);
  if (!status_line.starts_with("HTTP/1.1 ") || status_line.size() < 13) fail("no status line: " + status_line);
  head.status = std::stoi(status_line.substr(9, 3));
  for (auto line = take_line(until); !line.empty(); line = take_line(until)) {
    const auto colon = line.find(':');
    if (colon == std::string::npos) fail("no header field: " + line);
    head.headers.emplace_back(lowered(line.substr(0, colon)), trimmed(std::string_view(line).substr(colon + 1)));
  }
  begin_body(head, body);
  return head;
}

void http_client::begin_body(const http_response& head, expected_body body) {
  events_parser_ = protocol::sse_parser(event_bytes_max);
  events_.clear();
  left_ = 0;
  framing_ = framing::until_close;
  if (head.has("transfer-encoding")) framing_ = framing::chunked;
  if (head.has("content-length")) {
    framing_ = framing::length;
    left_ = std::stoul(head.header("content-length"));
  }
  const bool bodyless = body == expected_body::none || head.status == 204 || head.status < 200;
  if (bodyless || (framing_ == framing::length && left_ == 0)) framing_ = framing::ended;
}

http_response http_client::receive(expected_body body) {
  auto response = receive_head(body);
  response.body = rest();
  return response;
}

std::string http_client::rest() {
  const auto until = limit();
  std::string all;
  while (framing_ != framing::ended && framing_ != framing::cut)
    all += next_piece(until);
  return all;
}

// Empty only once the body has ended.
std::string http_client::next_piece(deadline until) {
  if (framing_ == framing::ended || framing_ == framing::cut) return {};
  if (framing_ == framing::chunked) return next_chunk(until);
  if (buffer_.empty() && !read_more(until)) {
    framing_ = framing_ == framing::until_close ? framing::ended : framing::cut;
    return {};
  }
  if (framing_ == framing::until_close) return std::exchange(buffer_, {});
  auto piece = take(std::min(left_, buffer_.size()), until);
  left_ -= piece.size();
  if (left_ == 0) framing_ = framing::ended;
  return piece;
}

std::string http_client::next_chunk(deadline until) {
  if (buffer_.empty() && !read_more(until)) {
    framing_ = framing::cut;
    return {};
  }
  const auto size = std::stoul(take_line(until), nullptr, 16);
  auto piece = take(size + 2, until);
  if (!piece.ends_with("\r\n")) fail("a chunk without its line end");
  piece.resize(size);
  if (size == 0) framing_ = framing::ended;
  return piece;
}

std::optional<protocol::sse_event> http_client::next_event() {
  const auto until = limit();
  while (events_.empty()) {
    const auto piece = next_piece(until);
    if (piece.empty()) return std::nullopt;
    std::vector<protocol::sse_event> found;
    if (!events_parser_.feed(piece, found)) fail("an event is too large");
    events_.insert(events_.end(), found.begin(), found.end());
  }
  auto event = std::move(events_.front());
  events_.pop_front();
  return event;
}

protocol::json http_client::next_message() {
  for (auto event = next_event(); event; event = next_event())
    if (!event->data.empty()) return protocol::json::parse(event->data);
  return nullptr;
}

bool http_client::closed_within(std::chrono::milliseconds span) {
  pollfd one{socket_, POLLIN, 0};
  if (::poll(&one, 1, static_cast<int>(span.count())) <= 0) return false;
  char byte = 0;
  return ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
}

bool http_client::closed() {
  const auto until = limit();
  return buffer_.empty() && !read_more(until);
}

}  // namespace hydrant::support

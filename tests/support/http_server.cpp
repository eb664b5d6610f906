#include "tests/support/http_server.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <sys/socket.h>
#include <utility>

namespace hydrant::support {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

std::size_t length_in(std::string_view head) {
  constexpr std::string_view name = "\r\nContent-Length: ";
  const auto found = head.find(name);
  return found == std::string_view::npos ? 0 : std::stoul(std::string(head.substr(found + name.size())));
}

}  // namespace

std::size_t http_peer::read(char* into, std::size_t bytes) {
  boost::system::error_code ended;
  const auto buffer = asio::buffer(into, bytes);
  return tls_ ? tls_->read_some(buffer, ended) : socket_.read_some(buffer, ended);
}

bool http_peer::read_more() {
  std::array<char, 4096> bytes{};
  const auto count = read(bytes.data(), bytes.size());
  buffer_.append(bytes.data(), count);
  return count > 0;
}

std::optional<std::string> http_peer::request() {
  std::size_t head_end = 0;
  while ((head_end = buffer_.find("\r\n\r\n")) == std::string::npos)
    if (!read_more()) return std::nullopt;
  const auto bytes = head_end + 4 + length_in(std::string_view(buffer_).substr(0, head_end + 2));
  while (buffer_.size() < bytes)
    if (!read_more()) return std::nullopt;
  auto whole = buffer_.substr(0, bytes);
  buffer_.erase(0, bytes);
  return whole;
}

void http_peer::send(std::string_view bytes) {
  boost::system::error_code ignored;  // the client may have gone
  if (tls_)
    asio::write(*tls_, asio::buffer(bytes), ignored);
  else
    asio::write(socket_, asio::buffer(bytes), ignored);
}

bool http_peer::closed() {
  return buffer_.empty() && !read_more();
}

void http_peer::reset() {
  const std::lock_guard lock(mutex_);
  boost::system::error_code ignored;
  socket_.set_option(tcp::socket::linger(true, 0), ignored);
  socket_.close(ignored);
}

bool http_peer::begin_tls(asio::ssl::context& context) {
  boost::system::error_code refused;
  tls_.emplace(socket_, context);
  tls_->handshake(asio::ssl::stream_base::server, refused);
  return !refused;
}

void http_peer::end() {
  const std::lock_guard lock(mutex_);
  boost::system::error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
}

void http_peer::cut() {
  const std::lock_guard lock(mutex_);
  if (socket_.is_open()) ::shutdown(socket_.native_handle(), SHUT_RDWR);
}

http_server::http_server(script followed, const std::filesystem::path& certificates)
    : script_(std::move(followed)),
      acceptor_(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
      port_(acceptor_.local_endpoint().port()) {
  if (!certificates.empty()) {
    tls_.emplace(asio::ssl::context::tls_server);
    tls_->use_certificate_chain_file((certificates / "server.pem").string());
    tls_->use_private_key_file((certificates / "server.key").string(), asio::ssl::context::pem);
  }
  accepting_ = std::thread([this] { accept(); });
}

http_server::~http_server() {
  close_port();
  accepting_.join();
  for (auto& peer : peers_)
    peer.cut();
  for (auto& thread : threads_)
    thread.join();
}

std::string http_server::url(const std::string& path, const std::string& host) const {
  return (tls_ ? "https://" : "http://") + host + ":" + std::to_string(port_) + path;
}

// A listener that is shut down refuses new connections, and accept() ends with an error.
void http_server::close_port() {
  if (!closing_.exchange(true)) ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
}

void http_server::accept() {
  while (!closing_) {
    boost::system::error_code failed;
    tcp::socket socket(io_);
    acceptor_.accept(socket, failed);
    if (failed) continue;
    ++accepted_;
    peers_.emplace_back(std::move(socket));
    threads_.emplace_back([this, &peer = peers_.back()] { serve(peer); });
  }
}

void http_server::serve(http_peer& peer) {
  if (!tls_ || peer.begin_tls(*tls_)) script_(peer);
  peer.end();
}

std::string http_answer(const std::string& status, const std::string& body, const std::string& headers) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body;
}

http_server::script answering(std::function<std::string(const std::string& request)> answer) {
  return [answer = std::move(answer)](http_peer& peer) {
    while (const auto request = peer.request())
      peer.send(answer(*request));
  };
}

}  // namespace hydrant::support

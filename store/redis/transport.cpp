#include "store/redis/transport.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <utility>

namespace hydrant::store::redis {
namespace {

using asio::ip::tcp;
constexpr auto as_values = asio::as_tuple(asio::use_awaitable);

bool is_address(const std::string& host) {
  boost::system::error_code failure;
  asio::ip::make_address(host, failure);
  return !failure;
}

}  // namespace

base::result<tls_context> make_tls_context(const settings& server) {
  if (!server.tls) return tls_context{};
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  context->set_verify_mode(asio::ssl::verify_peer);
  boost::system::error_code failure;
  if (server.ca_file.empty()) {
    context->set_default_verify_paths(failure);
  } else {
    context->load_verify_file(server.ca_file, failure);
  }
  if (!failure) return context;
  const std::string source = server.ca_file.empty() ? "the system" : server.ca_file;
  return base::fail(base::error_kind::invalid_params,
                    "cannot read the certificate authorities of " + source + ": " + failure.message());
}

transport::transport(asio::io_context& io, const settings& server, const tls_context& tls)
    : server_(server), resolver_(io), socket_(io) {
  if (tls) tls_.emplace(socket_, *tls);
}

asio::awaitable<std::string> transport::find(endpoints& found) {
  boost::system::error_code failure;
  const auto literal = asio::ip::make_address(server_.host, failure);
  if (!failure) {
    found = endpoints::create(tcp::endpoint(literal, server_.port), server_.host, "");
    co_return std::string{};
  }
  std::tie(failure, found) = co_await resolver_.async_resolve(server_.host, std::to_string(server_.port), as_values);
  co_return failure ? "cannot find the host: " + failure.message() : std::string{};
}

asio::awaitable<std::string> transport::connect() {
  endpoints found;
  if (auto trouble = co_await find(found); !trouble.empty()) co_return trouble;
  // Connecting would open the socket again.
  if (closed_) co_return "closed";
  doing_ = "connecting";
  const auto [failure, endpoint] = co_await asio::async_connect(socket_, found, as_values);
  if (failure) co_return failure.message();
  boost::system::error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  socket_.set_option(asio::socket_base::keep_alive(true), ignored);
  std::string trouble;
  if (tls_) trouble = co_await shake_hands();
  doing_ = "greeting";
  co_return trouble;
}

asio::awaitable<std::string> transport::shake_hands() {
  doing_ = "TLS handshake";
  SSL* const ssl = tls_->native_handle();
  // RFC 6066 section 3: an address is no server name.
  if (!is_address(server_.host)) SSL_set_tlsext_host_name(ssl, server_.host.c_str());
  if (SSL_set1_host(ssl, server_.host.c_str()) != 1) co_return "TLS: no certificate can be for this host";
  const auto [failure] = co_await tls_->async_handshake(asio::ssl::stream_base::client, as_values);
  if (!failure) co_return std::string{};
  const long verdict = SSL_get_verify_result(ssl);
  const std::string reason = verdict == X509_V_OK ? failure.message() : X509_verify_cert_error_string(verdict);
  co_return "TLS: " + reason;
}

asio::awaitable<transport::received> transport::read_some(std::span<char> into) {
  const auto buffer = asio::buffer(into.data(), into.size());
  received got;
  if (tls_) {
    std::tie(got.failure, got.bytes) = co_await tls_->async_read_some(buffer, as_values);
  } else {
    std::tie(got.failure, got.bytes) = co_await socket_.async_read_some(buffer, as_values);
  }
  co_return got;
}

void transport::send(std::function<void(boost::system::error_code)> done) {
  auto handler = [done = std::move(done)](boost::system::error_code failure, std::size_t) { done(failure); };
  if (tls_) {
    asio::async_write(*tls_, asio::buffer(outgoing_), std::move(handler));
  } else {
    asio::async_write(socket_, asio::buffer(outgoing_), std::move(handler));
  }
}

void transport::close() {
  closed_ = true;
  resolver_.cancel();
  boost::system::error_code ignored;
  socket_.close(ignored);
}

}  // namespace hydrant::store::redis

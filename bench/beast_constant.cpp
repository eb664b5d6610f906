// What a plain Boost.Beast program reaches on one thread: it reads whole requests and gives every one of them the same
// JSON answer. bench/speed measures it beside nginx, so that a reader can tell the price of Hydrant from that of Beast.
//
//   beast_constant <port> <answer>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <charconv>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
// The executor is named: the type-erased one of tcp::socket costs a few percent.
using socket_type = asio::basic_stream_socket<tcp, asio::io_context::executor_type>;
using acceptor_type = asio::basic_socket_acceptor<tcp, asio::io_context::executor_type>;

/// One per connection. Lives as long as a read or a write of it is pending; the first error ends it.
class connection : public std::enable_shared_from_this<connection> {
 public:
  connection(socket_type socket, const std::string& answer) : socket_(std::move(socket)), answer_(answer) {}

  void read() {
    request_ = {};
    http::async_read(socket_, buffer_, request_, [self = shared_from_this()](beast::error_code error, std::size_t) {
      if (!error) self->write();
    });
  }

 private:
  void write() {
    response_ = {http::status::ok, request_.version()};
    response_.set(http::field::content_type, "application/json");
    response_.keep_alive(request_.keep_alive());
    response_.body() = answer_;
    response_.prepare_payload();
    http::async_write(socket_, response_, [self = shared_from_this()](beast::error_code error, std::size_t) {
      if (!error && self->response_.keep_alive()) self->read();
    });
  }

  socket_type socket_;
  const std::string& answer_;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
};

void accept(acceptor_type& acceptor, const std::string& answer) {
  acceptor.async_accept([&](beast::error_code error, socket_type socket) {
    if (!error) {
      socket.set_option(tcp::no_delay(true), error);
      std::make_shared<connection>(std::move(socket), answer)->read();
    }
    accept(acceptor, answer);
  });
}

std::optional<unsigned short> port_of(std::string_view text) {
  unsigned short port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return port;
}

void serve(unsigned short port, const std::string& answer) {
  asio::io_context io{1};
  acceptor_type acceptor{io, tcp::endpoint{asio::ip::address_v4::loopback(), port}};
  accept(acceptor, answer);
  io.run();
}

}  // namespace

int main(int argc, char** argv) {
  const auto port = argc == 3 ? port_of(argv[1]) : std::nullopt;
  if (!port) {
    std::fputs("usage: beast_constant <port> <answer>\n", stderr);
    return 2;
  }
  try {
    serve(*port, argv[2]);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "beast_constant: %s\n", failure.what());
    return 1;
  }
}

#pragma once

#include "base/result.hpp"
#include "store/redis/settings.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hydrant::store::redis {

namespace asio = boost::asio;
using tls_context = std::shared_ptr<asio::ssl::context>;

/// What TLS connections to the server share; null for a plain server. Errors: invalid_params (the file with the
/// authorities cannot be used).
base::result<tls_context> make_tls_context(const settings& server);

/// One socket to the server, plain or TLS, connected once. On one io thread; what is under way must keep it alive.
class transport {
 public:
  struct received {
    boost::system::error_code failure;
    std::size_t bytes = 0;
  };

  transport(asio::io_context& io, const settings& server, const tls_context& tls);

  /// Finds, connects and, with TLS, checks the server. Empty: done; otherwise why not.
  asio::awaitable<std::string> connect();
  asio::awaitable<received> read_some(std::span<char> into);
  /// What `connect`, or what follows it, waits for: a few words for operators.
  std::string_view doing() const { return doing_; }
  /// What the next `send` sends; not to be touched until that has ended.
  std::string& outgoing() { return outgoing_; }
  void send(std::function<void(boost::system::error_code)> done);
  /// Ends all that is under way, and all that comes, with an error. Idempotent.
  void close();

 private:
  using endpoints = asio::ip::tcp::resolver::results_type;

  asio::awaitable<std::string> find(endpoints& found);
  asio::awaitable<std::string> shake_hands();

  const settings& server_;
  asio::ip::tcp::resolver resolver_;
  asio::ip::tcp::socket socket_;
  std::optional<asio::ssl::stream<asio::ip::tcp::socket&>> tls_;
  std::string outgoing_;
  std::string_view doing_ = "finding the host";
  bool closed_ = false;
};

}  // namespace hydrant::store::redis

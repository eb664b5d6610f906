#pragma once

// An HTTP server for tests of clients: each connection follows a script of the test, which sees requests as they came
// and sends bytes as they are given, also wrong ones, or none.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace hydrant::support {

/// A client's connection, used by its script's thread. All of it blocks.
class http_peer {
 public:
  using tls_stream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>;

  explicit http_peer(boost::asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

  /// The next request, head and body (by its Content-Length). None: the client has gone, or sent no whole one.
  std::optional<std::string> request();
  void send(std::string_view bytes);
  /// Waits until the client closes the connection; false if it sends something instead.
  bool closed();
  /// Closes by a reset.
  void reset();

  /// For the server. False: the client wants no TLS with us.
  bool begin_tls(boost::asio::ssl::context& context);
  void end();
  /// From any thread: what blocks ends.
  void cut();

 private:
  std::size_t read(char* into, std::size_t bytes);
  bool read_more();

  std::mutex mutex_;  // cut() against the ends of the socket
  boost::asio::ip::tcp::socket socket_;
  std::optional<tls_stream> tls_;
  std::string buffer_;
};

class http_server {
 public:
  /// Runs on a thread of its own for each connection, which is closed when it returns.
  using script = std::function<void(http_peer&)>;

  /// On a loopback port. `certificates`: where make_certificates (server_parts.hpp) put them; empty: without TLS.
  explicit http_server(script followed, const std::filesystem::path& certificates = {});
  /// Cuts all connections and waits for the scripts.
  ~http_server();
  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;

  /// `path` begins with a slash.
  std::string url(const std::string& path, const std::string& host = "127.0.0.1") const;
  /// How many it has accepted.
  std::size_t connections() const { return accepted_; }
  /// From now on connections are refused. Also from a script; once.
  void close_port();

 private:
  void accept();
  void serve(http_peer& peer);

  script script_;
  std::optional<boost::asio::ssl::context> tls_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_;
  std::atomic<std::size_t> accepted_{0};
  std::atomic<bool> closing_{false};
  std::list<http_peer> peers_;  // these two are the accepting thread's until it ends
  std::list<std::thread> threads_;
  std::thread accepting_;
};

/// A whole answer with a length. `headers`: lines, each with its line break.
std::string http_answer(const std::string& status, const std::string& body, const std::string& headers = {});

/// Answers each request of a connection with what `answer` makes of it, until the client goes.
http_server::script answering(std::function<std::string(const std::string& request)> answer);

}  // namespace hydrant::support

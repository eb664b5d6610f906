#pragma once

#include "net/http_message.hpp"
#include "net/io_pool.hpp"

#include <memory>
#include <vector>

namespace hydrant::net {

/// HTTP/1.1 over libcurl's multi interface, driven by the io threads: each has its own connections, so that nothing is
/// locked. Connections are kept and used again; as many are open to one server as requests run, up to
/// `connections_max` on each io thread, and further requests wait their turn within their timeout.
/// One per process. Lives as long as the io threads run; see stop().
class http_client {
 public:
  http_client(io_pool& io, std::size_t connections_max);
  ~http_client();
  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;

  /// In a coroutine that runs on an io thread. Redirects are not followed: what has been checked is the URL that was
  /// given. Cancelling the coroutine closes the connection, by which servers learn that nobody waits any more, and
  /// throws boost::system::system_error (operation_aborted).
  asio::awaitable<http_outcome> send(http_request request);

  /// Fails what still runs, with kind unavailable. The io threads still run. Idempotent.
  void stop();

 private:
  class lane;  // what one io thread has
  lane& here();

  io_pool& io_;
  std::vector<std::unique_ptr<lane>> lanes_;  // one for each io thread
};

}  // namespace hydrant::net

#pragma once

#include "net/http_message.hpp"
#include "net/io_pool.hpp"

#include <memory>
#include <vector>

namespace hydrant::net {

class curl_lane;

/// HTTP/1.1 over libcurl, driven by the io threads. Each has connections of its own, which are kept and used again, so
/// that nothing is locked and no request changes threads.
/// One per process. It goes after `stop`, or after the io threads have ended, and always before the io_pool.
class http_client {
 public:
  /// Up to `connections_max` (at least one) are open at once on each io thread, kept ones included; further requests
  /// wait for their turn, up to `curl_lane::waiting_max` of them. More fail with kind overloaded, as do those whose
  /// time runs out before their turn.
  http_client(io_pool& io, std::size_t connections_max);
  ~http_client();
  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;

  /// In a coroutine that runs on an io thread. Redirects are not followed: what was checked is the URL that was given.
  /// Cancelling the coroutine closes the connection, by which servers learn that nobody waits any more, and throws
  /// boost::system::system_error (operation_aborted).
  asio::awaitable<http_outcome> send(http_request request);

  /// Fails what runs, and all that comes later, with kind unavailable. Waits for the io threads, which must still run;
  /// not from one of them. Idempotent. Kept connections stay until the client goes.
  void stop();

 private:
  std::vector<std::shared_ptr<curl_lane>> lanes_;  // one for each io thread
  bool stopped_ = false;
};

}  // namespace hydrant::net

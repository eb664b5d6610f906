#pragma once

// The listening socket and the connections of all io threads.

#include "gateway/connection.hpp"
#include "gateway/pipeline.hpp"
#include "net/io_pool.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <memory>
#include <unordered_map>
#include <vector>

namespace hydrant::gateway {

/// One per process; its members are thread-safe. The io threads must run from `start` until after `cut`.
class server {
 public:
  server(net::io_pool& io, services& given);
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Binds and begins to accept. Errors: unavailable, with what the system said.
  base::result<> start();
  std::uint16_t port() const { return port_; }
  std::size_t connections() const { return open_.load(std::memory_order_relaxed); }

  /// Closes idle connections and lets each other one end after its present request. New connections are still
  /// accepted, for one request each: probes must see that the node is not ready, and nobody must be turned away.
  void drain();
  /// Accepts no more.
  void stop_accepting();
  /// How many connections read or answer a request at this moment. Blocks; not from an io thread.
  std::size_t busy() const;
  /// Accepts no more and closes every connection.
  void cut();

 private:
  class lane;

  void accept_next();
  template <class F>
  void on_each_lane(F action);

  net::io_pool& io_;
  services& services_;
  pipeline pipeline_;
  request_handler handle_;
  std::vector<std::shared_ptr<lane>> lanes_;
  std::size_t next_lane_ = 0;
  std::unique_ptr<asio::ip::tcp::acceptor> acceptor_;
  std::unique_ptr<asio::steady_timer> accept_pause_;
  std::uint16_t port_ = 0;
  std::atomic<std::size_t> open_{0};
};

}  // namespace hydrant::gateway

#pragma once

#include "net/io_pool.hpp"
#include "store/redis/client.hpp"
#include "store/redis/connection.hpp"
#include "store/redis/observer.hpp"
#include "store/redis/settings.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hydrant::store::redis {

/// What the connections of a process amount to.
struct client_state {
  std::size_t connections = 0;
  std::size_t connected = 0;
  base::wall_time since{};  ///< when a connection was made or lost last
  std::uint64_t reconnects = 0;
  std::string last_error;   ///< of the connection that was lost last; empty: none ever was; holds no password
  std::size_t waiting = 0;  ///< unanswered commands
};

/// The client of a process: one connection for each io thread, and a lane always on the same one.
///
/// While a connection is down its commands fail at once, and it is made again for ever, 50 ms to 1 s after the loss.
/// Only what is given while it is made for the first time waits, for up to `connect_timeout`.
class pooled_client final : public client {
 public:
  /// `io` and `observer` (null: none) outlive it.
  pooled_client(net::io_pool& io, settings server, client_observer* observer = nullptr);
  ~pooled_client() override;

  /// Begins to connect and does not wait for it; before that, commands fail. Errors: invalid_params (the settings
  /// cannot be used).
  base::result<> start();
  /// Fails what waits. No completion runs and no observer is told once it has returned; a command that is given from
  /// then on is dropped with its completion. Idempotent. Not from an io thread; while the io threads run, or after
  /// they were joined.
  void stop();
  /// Thread-safe.
  client_state state() const;
  std::uint64_t restarts() const override;

  void command(std::size_t lane, std::vector<std::string> words, completion<reply> done) override;
  void run(std::size_t lane, const script& what, std::vector<std::string> keys, std::vector<std::string> arguments,
           completion<reply> done) override;

 private:
  connection& of(std::size_t lane) const { return *connections_[lane % connections_.size()]; }

  const settings server_;
  const base::result<tls_context> tls_;
  client_observer no_observer_;
  std::vector<std::shared_ptr<connection>> connections_;
};

}  // namespace hydrant::store::redis

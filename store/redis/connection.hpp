#pragma once

#include "base/clock.hpp"
#include "store/redis/lanes.hpp"
#include "store/redis/observer.hpp"
#include "store/redis/resp.hpp"
#include "store/redis/settings.hpp"
#include "store/redis/transport.hpp"

#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace hydrant::store::redis {

struct connection_state {
  bool connected = false;
  base::wall_time since{};  ///< of `connected`
  std::uint64_t reconnects = 0;
  std::string last_error;  ///< why it was lost, or not made, last; empty: never; kept when it stands again
  std::size_t waiting = 0;
};

/// One pipelined connection, made again for ever when it is lost. Lives on one io thread; the public functions are
/// thread-safe.
///
/// While it is down, requests fail at once; only while it is made for the first time they wait for that. A request is
/// written at most once, except for a script that the server answered with NOSCRIPT, which it did not execute.
class connection : public std::enable_shared_from_this<connection> {
 public:
  connection(asio::io_context& io, const settings& server, tls_context tls, client_observer& observer);

  void start();
  /// Fails what waits; no completion runs once it has returned, and what is given from then on is dropped. Idempotent.
  /// Not from an io thread. If it was started: while the io thread runs, or after it was joined.
  void stop();
  void give(request given);
  connection_state state() const;
  /// How often a connection that was made again led to another start of the server.
  std::uint64_t restarts() const { return restarts_.load(std::memory_order_acquire); }

 private:
  enum class phase { down, first_connect, up, stopped };

  // connection.cpp: requests in, answers out.
  void take_arrived();
  void admit(request given);
  void flush();
  void write(request next);
  void send_outgoing();
  void take_answer(reply answer);
  void conclude(request& asked, base::result<reply> outcome);
  void fail(request& asked, const std::string& why);
  void fail_all(const std::string& why);
  void end();

  // connection_life.cpp: being made, watched, lost and made again.
  asio::awaitable<void> live();
  asio::awaitable<void> attempt();
  asio::awaitable<std::string> open();
  asio::awaitable<std::string> greet();
  asio::awaitable<std::string> read_more();
  void take_answers();
  void note_server(const std::string& info);
  asio::awaitable<void> pause();
  void begin_attempt();
  void come_up();
  void give_up(const std::string& why);
  void note_loss(const std::string& why);
  void watch();
  void check_oldest();
  base::steady_time due(const request& asked) const;

  asio::io_context& io_;
  const settings server_;
  const tls_context tls_;
  client_observer& observer_;

  // What other threads touch.
  mutable std::mutex mutex_;
  std::vector<request> arrived_;
  std::vector<request> refused_;
  bool wake_posted_ = false;
  bool started_ = false;
  bool closed_ = false;
  connection_state state_;
  std::atomic<std::size_t> waiting_{0};
  std::atomic<std::uint64_t> restarts_{0};

  // The io thread's own.
  phase phase_ = phase::down;
  bool given_up_ = false;  ///< the present attempt has failed, or its connection is lost
  std::shared_ptr<transport> link_;
  std::optional<reply_reader> reader_;
  std::vector<char> read_buffer_;
  bool writing_ = false;
  lane_queue lanes_;
  std::deque<request> in_flight_;
  std::set<std::string, std::less<>> known_scripts_;  ///< digests that the server knows, unless it was told to forget
  base::steady_time up_since_{};
  bool was_up_ = false;
  std::string server_run_;   ///< the server's name for its present start; empty: it does not tell
  std::string greeted_run_;  ///< the same, of the connection that is being made
  unsigned failures_ = 0;
  std::string logged_loss_;
  bool watching_ = false;
  asio::steady_timer connect_deadline_;
  asio::steady_timer oldest_deadline_;
  asio::steady_timer retry_;
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace hydrant::store::redis

#pragma once

// What one io thread has of libcurl: a multi handle that Asio tells which sockets are ready and when time is up
// (curl.se/libcurl/c/curl_multi_socket_action.html). Everything here runs on that thread.

#include "net/curl_transfer.hpp"
#include "net/http_message.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace hydrant::net {

namespace asio = boost::asio;

/// Held by a shared_ptr. It goes where nothing of its io_context runs at the same time, or after `stop`.
class curl_lane : public std::enable_shared_from_this<curl_lane> {
 public:
  /// Transfers that wait for a connection; one more is refused (kind overloaded).
  static constexpr std::size_t waiting_max = 4096;

  curl_lane(asio::io_context& io, std::size_t connections_max);
  ~curl_lane();
  curl_lane(const curl_lane&) = delete;
  curl_lane& operator=(const curl_lane&) = delete;

  asio::io_context& io() { return io_; }

  /// Starts it, or lets it wait for its turn; it is told when it has ended, which may be at once.
  void add(curl_transfer& transfer);
  /// Forgets it. Closes its connection if it has not ended.
  void remove(curl_transfer& transfer);
  /// Ends all that runs or waits and takes no more.
  void stop();

 private:
  struct watched_socket;

  static int on_socket(CURL* easy, curl_socket_t fd, int wanted, void* self, void* watched);
  static int on_timeout(CURLM* multi, long timeout_ms, void* self);
  void start_waiting();
  void watch(curl_socket_t fd, int wanted);
  void wait_for(const std::shared_ptr<watched_socket>& socket, asio::posix::descriptor_base::wait_type readiness);
  void set_timer(std::chrono::milliseconds after);
  void act(curl_socket_t fd, int readiness);
  void end_finished();
  void end_unwatched();
  void wake_unplugged();

  asio::io_context& io_;
  const std::size_t connections_max_;
  CURLM* multi_;
  asio::steady_timer timer_;
  std::unordered_map<curl_socket_t, std::shared_ptr<watched_socket>> sockets_;
  std::unordered_set<curl_transfer*> running_;  // up to connections_max_
  std::deque<curl_transfer*> waiting_;
  // What libcurl said while it could not be called. They may have ended since, and be gone.
  std::vector<curl_transfer*> unwatched_;  // to be ended
  std::vector<curl_transfer*> unplugged_;  // lost a socket
  bool stopped_ = false;
};

}  // namespace hydrant::net

#pragma once

// What one io thread has of libcurl: a multi handle that Asio tells which sockets are ready and when time is up
// (curl.se/libcurl/c/curl_multi_socket_action.html). Everything here runs on that thread.

#include "net/curl_transfer.hpp"
#include "net/http_message.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace hydrant::net {

namespace asio = boost::asio;

class curl_lane {
 public:
  curl_lane(asio::io_context& io, std::size_t connections_max);
  ~curl_lane();
  curl_lane(const curl_lane&) = delete;
  curl_lane& operator=(const curl_lane&) = delete;

  asio::io_context& io() { return io_; }
  bool stopped() const { return stopped_; }

  /// Starts it; it is told when it has ended. False: libcurl refuses, and it will be told nothing.
  bool add(curl_transfer& transfer);
  /// Forgets it. Closes its connection if it has not ended.
  void remove(curl_transfer& transfer);
  /// Ends all that runs and takes no more.
  void stop();

 private:
  struct watched_socket;

  static int on_socket(CURL* easy, curl_socket_t fd, int wanted, void* self, void* watched);
  static int on_timeout(CURLM* multi, long timeout_ms, void* self);
  void watch(curl_socket_t fd, int wanted);
  void wait_for(const std::shared_ptr<watched_socket>& socket, asio::posix::descriptor_base::wait_type readiness);
  void act(curl_socket_t fd, int readiness);
  void end_finished();

  asio::io_context& io_;
  CURLM* multi_;
  asio::steady_timer timer_;
  std::unordered_map<curl_socket_t, std::shared_ptr<watched_socket>> sockets_;
  std::unordered_set<curl_transfer*> running_;
  bool stopped_ = false;
};

}  // namespace hydrant::net

#pragma once

// Requests over real sockets, from the test's thread.

#include "net/http_client.hpp"
#include "tests/support/http_server.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <cstdlib>
#include <future>
#include <list>
#include <optional>
#include <string>
#include <utility>

namespace hydrant::net {

inline http_request ask(const support::http_server& server, const std::string& path, std::string method = "GET") {
  return {.method = std::move(method), .url = server.url(path), .direct = true};
}

/// What must have failed did.
inline http_failure failure(const http_outcome& outcome) {
  EXPECT_FALSE(outcome) << "status " << outcome->status;
  return outcome ? http_failure{} : outcome.error();
}

/// A client on io threads of its own.
class sending_client {
 public:
  explicit sending_client(std::size_t io_threads = 1, std::size_t connections_max = 8)
      : io(io_threads), client(io, connections_max) {
    io.start();
  }
  ~sending_client() { io.stop(); }

  std::future<http_outcome> start(http_request request, std::size_t thread = 0) {
    return asio::co_spawn(io.at(thread), client.send(std::move(request)), asio::use_future);
  }
  /// A request that `cancel` can end.
  std::future<http_outcome> start(http_request request, asio::cancellation_signal& cancel) {
    return asio::co_spawn(io.at(0), client.send(std::move(request)),
                          asio::bind_cancellation_slot(cancel.slot(), asio::use_future));
  }
  http_outcome send(http_request request) { return start(std::move(request)).get(); }

  void cancel(asio::cancellation_signal& signal) {
    asio::post(io.at(0), [&signal] { signal.emit(asio::cancellation_type::terminal); });
  }

  io_pool io;
  http_client client;
};

/// A variable of the environment for as long as this lives. Not while other threads read the environment.
class scoped_variable {
 public:
  scoped_variable(const char* name, const std::string& value) : name_(name) {
    if (const auto* before = std::getenv(name)) before_ = before;
    ::setenv(name, value.c_str(), 1);
  }
  ~scoped_variable() {
    if (before_)
      ::setenv(name_, before_->c_str(), 1);
    else
      ::unsetenv(name_);
  }
  scoped_variable(const scoped_variable&) = delete;
  scoped_variable& operator=(const scoped_variable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

}  // namespace hydrant::net

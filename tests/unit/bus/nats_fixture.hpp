#pragma once

// A nats-server, buses on it, and a client of our own that sends what no bus would send.

#include "bus/nats_bus.hpp"
#include "tests/support/nats_server.hpp"
#include "tests/unit/bus/bus_contract.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace hydrant::bus {

inline constexpr auto patience = std::chrono::seconds(20);

/// Waits until `done`, which is asked again and again; false: it did not become true in time.
inline bool eventually(const std::function<bool()>& done, std::chrono::milliseconds within = patience) {
  const auto limit = std::chrono::steady_clock::now() + within;
  std::mutex mutex;
  std::condition_variable never;
  while (!done()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    std::unique_lock lock(mutex);
    never.wait_for(lock, std::chrono::milliseconds(1));
  }
  return true;
}

/// Everything happens sooner, so that a test takes no time.
inline nats_tuning quick() {
  nats_tuning tuning;
  tuning.heartbeat_interval = std::chrono::milliseconds(50);
  tuning.reconnect_wait = std::chrono::milliseconds(20);
  tuning.ping_interval = std::chrono::milliseconds(200);
  tuning.gap_interval = std::chrono::milliseconds(1);
  return tuning;
}

/// Speaks NATS' protocol over a plain socket.
class raw_client {
 public:
  explicit raw_client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("no nats-server");
    say("CONNECT {\"verbose\":false,\"headers\":true}\r\n");
  }
  ~raw_client() { ::close(socket_); }
  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;

  void publish(const std::string& subject, const std::string& bytes) {
    say("PUB " + subject + " " + std::to_string(bytes.size()) + "\r\n" + bytes + "\r\n");
  }
  void publish_with_headers(const std::string& subject, const std::string& headers, const std::string& bytes) {
    say("HPUB " + subject + " " + std::to_string(headers.size()) + " " + std::to_string(headers.size() + bytes.size()) +
        "\r\n" + headers + bytes + "\r\n");
  }
  void message(const std::string& subject, const std::string& sender, int number, const std::string& payload) {
    publish(subject, "hydrant1 m " + sender + " " + std::to_string(number) + "\n" + payload);
  }
  void heartbeat(const std::string& subject, const std::string& sender, int number) {
    publish(subject, "hydrant1 h " + sender + " " + std::to_string(number) + "\n");
  }

 private:
  void say(const std::string& text) {
    if (::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size()))
      throw std::runtime_error("nats-server does not listen");
  }

  int socket_;
};

/// A missing server is a visible skip on a laptop and a failure in CI.
inline std::string missing_server() {
  return support::nats_server::installed() ? "" : "nats-server or openssl is not installed; scripts/setup does that";
}

class nats_test : public testing::Test {
 protected:
  void SetUp() override {
    const std::string missing = missing_server();
    if (missing.empty()) return start_server({});
    if (std::getenv("CI") != nullptr) FAIL() << missing;
    GTEST_SKIP() << missing;
  }

  void start_server(support::nats_server_options options) {
    server_.reset();
    server_ = std::make_unique<support::nats_server>(std::move(options));
  }

  nats_settings settings(std::string_view login = {}) const { return parse_nats_url(server_->url(login)).value(); }
  std::unique_ptr<nats_bus> make_bus(const std::string& node = "a", const nats_tuning& tuning = quick()) const {
    return std::make_unique<nats_bus>(settings(), node, tuning);
  }

  std::unique_ptr<support::nats_server> server_;
};

/// A bus that counts its gaps and keeps what it hears on node.a.
struct node {
  node(nats_settings settings, const std::string& name, const nats_tuning& tuning)
      : bus(std::move(settings), name, tuning) {
    bus.subscribe("node.a", seen.handler());
    bus.on_gap([this] { ++gaps; });
  }
  recorder seen;
  std::atomic<int> gaps{0};
  nats_bus bus;
};

class nats_nodes : public nats_test {
 protected:
  std::unique_ptr<node> started(const std::string& name = "receiver", const nats_tuning& tuning = quick()) const {
    auto made = std::make_unique<node>(settings(), name, tuning);
    EXPECT_TRUE(made->bus.start());
    EXPECT_TRUE(made->bus.state().connected);
    return made;
  }
  static void expect_flow(node& from, node& to, const std::string& payload) {
    from.bus.publish("node.a", payload);
    EXPECT_TRUE(eventually([&] { return to.seen.has(payload); }));
  }
};

}  // namespace hydrant::bus

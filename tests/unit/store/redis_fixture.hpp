#pragma once

// A redis-server, io threads and a client for tests that talk to a real server.

#include "base/log.hpp"
#include "net/io_pool.hpp"
#include "store/redis/pooled_client.hpp"
#include "tests/support/redis_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace hydrant::store::redis {

inline constexpr auto patience = std::chrono::seconds(20);

/// Waits until `done`, which is asked again and again; false: it did not become true in time.
inline bool eventually(const std::function<bool()>& done) {
  const auto limit = std::chrono::steady_clock::now() + patience;
  std::mutex mutex;
  std::condition_variable never;
  while (!done()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    std::unique_lock lock(mutex);
    never.wait_for(lock, std::chrono::milliseconds(1));
  }
  return true;
}

class counting_observer final : public client_observer {
 public:
  void on_latency(double seconds) override {
    ++answers;
    if (seconds < 0 || seconds > 60) ++absurd;
  }
  void on_error() override { ++errors; }
  void on_reconnect() override { ++reconnects; }

  std::atomic<int> answers{0};
  std::atomic<int> absurd{0};
  std::atomic<int> errors{0};
  std::atomic<int> reconnects{0};
};

/// A missing server is a visible skip on a laptop and a failure in CI.
class redis_test : public testing::Test {
 protected:
  // Before any thread logs; what is lost and found is what these tests are about.
  static void SetUpTestSuite() {
    static const bool quiet = (base::set_up_logging(base::log_format::text, base::log_level::off), true);
    static_cast<void>(quiet);
  }
  void SetUp() override {
    if (support::redis_server::installed()) return;
    const char* what = "redis-server or openssl is not installed (scripts/lib/packages.sh, group test)";
    if (std::getenv("CI") != nullptr) FAIL() << what;
    GTEST_SKIP() << what;
  }
  ~redis_test() override {
    client_.reset();
    io_.stop();
  }

  static settings settings_for(const support::redis_server& server) {
    settings wanted = parse_url(server.url()).value();
    wanted.command_timeout = std::chrono::seconds(15);
    return wanted;
  }

  pooled_client& start_client(settings wanted) {
    if (!std::exchange(io_runs_, true)) io_.start();
    client_ = std::make_unique<pooled_client>(io_, std::move(wanted), &seen_);
    if (const auto started = client_->start(); !started) throw std::runtime_error(started.error().message);
    return *client_;
  }
  /// With a connection that stands.
  pooled_client& connect(settings wanted) {
    start_client(std::move(wanted));
    if (!all_connected()) throw std::runtime_error("no connection: " + client_->state().last_error);
    return *client_;
  }
  bool all_connected() {
    return eventually([this] { return client_->state().connected == client_->state().connections; });
  }
  bool answers() { return call(0, {"PING"}).has_value(); }

  using outcome = base::result<reply>;
  static outcome wait_for(std::future<outcome> pending) {
    if (pending.wait_for(patience) != std::future_status::ready) throw std::runtime_error("no completion ran");
    return pending.get();
  }
  std::future<outcome> give(std::size_t lane, std::vector<std::string> words) {
    auto kept = std::make_shared<std::promise<outcome>>();
    client_->command(lane, std::move(words), [kept](outcome got) { kept->set_value(std::move(got)); });
    return kept->get_future();
  }
  outcome call(std::size_t lane, std::vector<std::string> words) { return wait_for(give(lane, std::move(words))); }
  std::future<outcome> give_script(std::size_t lane, const script& what, std::vector<std::string> keys,
                                   std::vector<std::string> arguments) {
    auto kept = std::make_shared<std::promise<outcome>>();
    client_->run(lane, what, std::move(keys), std::move(arguments),
                 [kept](outcome got) { kept->set_value(std::move(got)); });
    return kept->get_future();
  }

  net::io_pool io_{2};
  counting_observer seen_;
  std::unique_ptr<pooled_client> client_;
  bool io_runs_ = false;
};

}  // namespace hydrant::store::redis

#include "tests/unit/store/redis_fixture.hpp"

#include <boost/asio/post.hpp>

#include <thread>

namespace hydrant::store::redis {
namespace {

class redis_stop : public redis_test {
 protected:
  void SetUp() override {
    redis_test::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    server_ = std::make_unique<support::redis_server>();
  }
  /// All that was posted to the io threads so far has run.
  void settle() {
    for (std::size_t i = 0; i < io_.size(); ++i) {
      std::promise<void> reached;
      asio::post(io_.at(i), [&] { reached.set_value(); });
      reached.get_future().wait();
    }
  }
  std::unique_ptr<support::redis_server> server_;
};

TEST_F(redis_stop, fails_what_waits) {
  connect(settings_for(*server_));
  server_->pause();
  auto written = give(0, {"PING"});
  const script one("return 1");
  auto running = give_script(1, one, {}, {});
  auto held = give_script(1, one, {}, {});
  client_->stop();
  for (auto* pending : {&written, &running, &held}) {
    ASSERT_EQ(pending->wait_for(std::chrono::seconds(0)), std::future_status::ready);
    EXPECT_EQ(pending->get().error().kind, base::error_kind::unavailable);
  }
  EXPECT_EQ(client_->state().waiting, 0U);
  EXPECT_EQ(client_->state().connected, 0U);
}

TEST_F(redis_stop, lets_no_completion_run_afterwards) {
  for (int round = 0; round < 10; ++round) {
    connect(settings_for(*server_));
    std::atomic<bool> stopped{false};
    std::atomic<bool> enough{false};
    std::atomic<int> completed{0};
    std::atomic<int> too_late{0};
    std::vector<std::thread> givers;
    for (const std::size_t lane : {0U, 1U})
      givers.emplace_back([&, lane] {
        while (!enough)
          client_->command(lane, {"PING"}, [&](const outcome&) { ++(stopped ? too_late : completed); });
      });
    EXPECT_TRUE(eventually([&] { return completed > 1000; }));
    client_->stop();
    stopped = true;
    settle();
    enough = true;
    for (std::thread& giver : givers)
      giver.join();
    settle();
    EXPECT_EQ(too_late, 0);
    client_.reset();
  }
}

TEST_F(redis_stop, may_come_while_it_connects) {
  server_->pause();
  for (int round = 0; round < 5; ++round) {
    start_client(settings_for(*server_));
    auto waiting = give(0, {"PING"});
    client_->stop();
    EXPECT_FALSE(waiting.get());
  }
}

TEST_F(redis_stop, may_come_while_it_tries_again) {
  connect(settings_for(*server_));
  server_->kill();
  EXPECT_TRUE(eventually([&] { return client_->state().connected == 0; }));
  client_->stop();
  client_->stop();
  settle();
}

TEST_F(redis_stop, may_come_after_the_io_threads_ended) {
  connect(settings_for(*server_));
  server_->pause();
  auto waiting = give(0, {"PING"});
  settle();
  io_.stop();
  client_->stop();
  EXPECT_FALSE(waiting.get());
}

TEST_F(redis_stop, needs_no_start) {
  io_runs_ = true;
  pooled_client never(io_, settings_for(*server_));
  never.stop();
  EXPECT_EQ(never.state().connected, 0U);
}

}  // namespace
}  // namespace hydrant::store::redis

#include "tests/unit/store/redis_fixture.hpp"

#include <array>
#include <thread>

namespace hydrant::store::redis {
namespace {

const script append_number("redis.call('RPUSH', KEYS[1], ARGV[1]) return redis.call('INCR', KEYS[2])");

class redis_forgotten_scripts : public redis_test {
 protected:
  void SetUp() override {
    redis_test::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    server_ = std::make_unique<support::redis_server>();
    connect(settings_for(*server_));
  }
  static constexpr int lanes = 6;
  static constexpr int count = 3000;
  static constexpr int in_flight_max = 20;

  // Every third step is a plain command: it must not overtake scripts either.
  void step(std::size_t lane, int number) {
    const std::string list = "list" + std::to_string(lane);
    const auto done = [this, lane](const outcome& got) {
      if (!got || got->kind == reply::type::error) ++failed_;
      --in_flight_[lane];
    };
    ++in_flight_[lane];
    if (number % 3 == 2) return client_->command(lane, {"RPUSH", list, std::to_string(number)}, done);
    client_->run(lane, append_number, {list, "n"}, {std::to_string(number)}, done);
  }
  void steps(std::size_t lane) {
    for (int number = 0; number < count; ++number) {
      const int flushes = flushes_;
      step(lane, number);
      // However fast this is, the server forgets often meanwhile.
      while (in_flight_[lane] > in_flight_max || (number % 100 == 0 && flushes_ == flushes))
        std::this_thread::yield();
    }
  }
  // A forgotten script comes back between two commands of a lane when another client needs it.
  void forget_and_remember(const std::atomic<bool>& stop) {
    while (!stop) {
      server_->ask({"SCRIPT", "FLUSH"});
      server_->ask({"SCRIPT", "LOAD", append_number.source()});
      ++flushes_;
    }
  }

  std::unique_ptr<support::redis_server> server_;
  std::array<std::atomic<int>, lanes> in_flight_{};
  std::atomic<int> failed_{0};
  std::atomic<int> flushes_{0};
};

TEST_F(redis_forgotten_scripts, are_run_once_and_in_the_order_of_their_lanes) {
  std::atomic<bool> stop{false};
  std::thread flusher([&] { forget_and_remember(stop); });
  std::vector<std::thread> givers;
  for (std::size_t lane = 0; lane < lanes; ++lane)
    givers.emplace_back([this, lane] { steps(lane); });
  for (std::thread& giver : givers)
    giver.join();
  EXPECT_TRUE(eventually([&] { return client_->state().waiting == 0; }));
  stop = true;
  flusher.join();

  EXPECT_EQ(failed_, 0);
  EXPECT_GE(flushes_, count / 100);
  std::string expected;
  for (int number = 0; number < count; ++number)
    expected += (number == 0 ? "" : "\n") + std::to_string(number);
  for (std::size_t lane = 0; lane < lanes; ++lane)
    EXPECT_EQ(server_->ask({"LRANGE", "list" + std::to_string(lane), "0", "-1"}), expected) << "lane " << lane;
  EXPECT_EQ(server_->ask({"GET", "n"}), std::to_string(lanes * count * 2 / 3));
}

}  // namespace
}  // namespace hydrant::store::redis

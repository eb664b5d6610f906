#include "tests/unit/store/redis_fixture.hpp"

#include <thread>

namespace hydrant::store::redis {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

const script append_number("redis.call('RPUSH', KEYS[1], ARGV[1]) return redis.call('INCR', KEYS[2])");

settings impatient(settings server) {
  server.connect_timeout = 300ms;
  server.command_timeout = 300ms;
  return server;
}

class redis_recovery : public redis_test {
 protected:
  void SetUp() override {
    redis_test::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    server_ = std::make_unique<support::redis_server>(
        support::redis_options{.persistence = support::redis_persistence::append_only});
  }

  bool heals() {
    return eventually([this] { return call(0, {"PING"}).has_value() && call(1, {"PING"}).has_value(); });
  }
  void expect_unavailable(const outcome& got) {
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, base::error_kind::unavailable);
  }

  std::unique_ptr<support::redis_server> server_;
};

/// Increments one counter from two threads until it is told to stop, and counts how that came out.
class load {
 public:
  explicit load(client& to) {
    for (const std::size_t lane : {0U, 1U})
      threads_.emplace_back([this, lane, &to] { give(to, lane); });
  }
  ~load() { finish(); }
  void finish() {
    stop_ = true;
    for (std::thread& thread : threads_)
      thread.join();
    threads_.clear();
  }
  bool all_completed() const { return given == succeeded + failed; }

  std::atomic<int> given{0};
  std::atomic<int> succeeded{0};
  std::atomic<int> failed{0};

 private:
  void give(client& to, std::size_t lane) {
    while (!stop_) {
      if (given - succeeded - failed > 200) {
        std::this_thread::yield();
        continue;
      }
      ++given;
      to.command(lane, {"INCR", "ledger"}, [this](const base::result<reply>& got) { ++(got ? succeeded : failed); });
    }
  }
  std::atomic<bool> stop_{false};
  std::vector<std::thread> threads_;
};

TEST_F(redis_recovery, a_restart_is_told_from_a_lost_connection) {
  connect(settings_for(*server_));
  ASSERT_TRUE(heals());
  server_->ask({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
  ASSERT_TRUE(heals());
  EXPECT_EQ(client_->restarts(), 0U);
  server_->kill();
  server_->start();
  ASSERT_TRUE(heals());
  EXPECT_EQ(client_->restarts(), 2U) << "each connection has noticed";
}

TEST_F(redis_recovery, heals_after_the_server_was_killed) {
  connect(settings_for(*server_));
  load under(*client_);
  for (int round = 0; round < 3; ++round) {
    const int so_far = under.succeeded;
    EXPECT_TRUE(eventually([&] { return under.succeeded > so_far + 500; }));
    server_->kill();
    EXPECT_TRUE(eventually([&] { return client_->state().connected == 0; }));
    EXPECT_NE(client_->state().last_error, "");
    server_->start();
    EXPECT_TRUE(all_connected());
  }
  under.finish();
  EXPECT_TRUE(eventually([&] { return under.all_completed(); }));
  const int counted = std::stoi(call(0, {"GET", "ledger"})->text);
  EXPECT_GE(counted, under.succeeded);
  EXPECT_LE(counted, under.given);
  EXPECT_GE(client_->state().reconnects, 6U);
  EXPECT_EQ(static_cast<int>(client_->state().reconnects), seen_.reconnects);
  EXPECT_EQ(seen_.errors, under.failed);
}

TEST_F(redis_recovery, never_sends_a_written_command_again) {
  connect(settings_for(*server_));
  load under(*client_);
  for (int round = 0; round < 20; ++round) {
    const int so_far = under.succeeded;
    EXPECT_TRUE(eventually([&] { return under.succeeded > so_far + 100; }));
    server_->ask({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
  }
  under.finish();
  EXPECT_TRUE(eventually([&] { return under.all_completed(); }));
  ASSERT_TRUE(heals());
  const int counted = std::stoi(call(0, {"GET", "ledger"})->text);
  EXPECT_GE(counted, under.succeeded);
  EXPECT_LE(counted, under.succeeded + under.failed);
}

TEST_F(redis_recovery, drops_a_server_that_does_not_answer_in_time) {
  connect(impatient(settings_for(*server_)));
  server_->pause();
  auto first = give(0, {"INCR", "n"});
  auto second = give(0, {"INCR", "n"});
  const auto lost = wait_for(std::move(first));
  expect_unavailable(lost);
  EXPECT_THAT(lost.error().detail, HasSubstr("no answer within 300 ms"));
  expect_unavailable(wait_for(std::move(second)));
  const auto before = std::chrono::steady_clock::now();
  expect_unavailable(call(0, {"INCR", "n"}));
  EXPECT_LT(std::chrono::steady_clock::now() - before, 10s);
  server_->resume();
  EXPECT_TRUE(heals());
}

TEST_F(redis_recovery, counts_the_time_of_a_command_from_when_it_was_given) {
  connect(impatient(settings_for(*server_)));
  server_->pause();
  const auto before = std::chrono::steady_clock::now();
  // More than the sockets take, so that most of it is never written.
  std::vector<std::future<outcome>> pending;
  for (int i = 0; i < 40; ++i)
    pending.push_back(give(0, {"SET", "large", std::string(1'000'000, 'x')}));
  for (auto& one : pending)
    expect_unavailable(wait_for(std::move(one)));
  EXPECT_GE(std::chrono::steady_clock::now() - before, 300ms);
  server_->resume();
  EXPECT_TRUE(heals());
}

TEST_F(redis_recovery, lets_commands_wait_for_the_first_connection) {
  server_->pause();
  start_client(settings_for(*server_));
  auto pending = give(0, {"SET", "early", "1"});
  EXPECT_EQ(client_->state().waiting, 1U);
  server_->resume();
  EXPECT_TRUE(wait_for(std::move(pending)));
  EXPECT_EQ(seen_.reconnects, 0);
}

TEST_F(redis_recovery, does_not_let_them_wait_longer_than_a_connection_may_take) {
  server_->pause();
  start_client(impatient(settings_for(*server_)));
  const auto late = wait_for(give(0, {"PING"}));
  expect_unavailable(late);
  EXPECT_THAT(late.error().detail, HasSubstr("no connection within 300 ms"));
  server_->resume();
  EXPECT_TRUE(heals());
}

TEST_F(redis_recovery, connects_to_a_server_that_comes_later) {
  server_->kill();
  start_client(settings_for(*server_));
  expect_unavailable(wait_for(give(0, {"PING"})));
  EXPECT_THAT(client_->state().last_error, HasSubstr("refused"));
  server_->start();
  EXPECT_TRUE(heals());
}

TEST_F(redis_recovery, leaves_a_server_that_has_become_a_replica) {
  connect(settings_for(*server_));
  server_->ask({"REPLICAOF", "127.0.0.1", "1"});
  expect_unavailable(call(0, {"SET", "a", "1"}));
  EXPECT_TRUE(eventually([&] { return seen_.reconnects > 0; }));
  server_->ask({"REPLICAOF", "NO", "ONE"});
  EXPECT_TRUE(eventually([&] { return call(0, {"SET", "a", "1"}).has_value(); }));
}

TEST_F(redis_recovery, reports_a_server_without_memory_as_unavailable_and_stays_connected) {
  connect(settings_for(*server_));
  server_->ask({"CONFIG", "SET", "maxmemory", "1"});
  const auto refused = call(0, {"SET", "a", "1"});
  expect_unavailable(refused);
  EXPECT_THAT(refused.error().detail, HasSubstr("OOM"));
  expect_unavailable(wait_for(give_script(0, append_number, {"list", "n"}, {"0"})));
  server_->ask({"CONFIG", "SET", "maxmemory", "0"});
  EXPECT_TRUE(call(0, {"SET", "a", "1"}));
  EXPECT_EQ(seen_.reconnects, 0);
}

TEST_F(redis_recovery, runs_scripts_on_a_server_that_was_started_anew) {
  connect(settings_for(*server_));
  EXPECT_EQ(wait_for(give_script(0, append_number, {"list", "n"}, {"0"}))->integer, 1);
  server_->restart();
  ASSERT_TRUE(heals());
  EXPECT_EQ(wait_for(give_script(0, append_number, {"list", "n"}, {"1"}))->integer, 2);
}

}  // namespace
}  // namespace hydrant::store::redis

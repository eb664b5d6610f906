#include "tests/unit/store/redis_fixture.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <thread>

namespace hydrant::store::redis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> texts(const reply& list) {
  std::vector<std::string> all;
  for (const reply& item : list.items)
    all.push_back(item.text);
  return all;
}

std::vector<std::string> numbers_up_to(int count) {
  std::vector<std::string> all;
  for (int i = 0; i < count; ++i)
    all.push_back(std::to_string(i));
  return all;
}

class redis_client : public redis_test {
 protected:
  void SetUp() override {
    redis_test::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    server_ = std::make_unique<support::redis_server>();
    connect(settings_for(*server_));
  }
  std::unique_ptr<support::redis_server> server_;
};

TEST_F(redis_client, gives_replies_of_every_kind) {
  EXPECT_EQ(call(0, {"SET", "a", "1"})->kind, reply::type::status);
  EXPECT_EQ(call(0, {"GET", "a"})->text, "1");
  EXPECT_EQ(call(0, {"INCR", "a"})->integer, 2);
  EXPECT_EQ(call(0, {"GET", "none"})->kind, reply::type::nil);
  EXPECT_THAT(texts(*call(0, {"MGET", "a", "a"})), ElementsAre("2", "2"));
  EXPECT_EQ(seen_.answers, 5);
  EXPECT_EQ(seen_.absurd, 0);
  EXPECT_EQ(seen_.errors, 0);
}

TEST_F(redis_client, treats_an_error_of_the_command_as_a_reply) {
  call(0, {"SET", "text", "x"});
  const auto refused = call(0, {"INCR", "text"});
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->kind, reply::type::error);
  EXPECT_THAT(refused->text, HasSubstr("not an integer"));
}

TEST_F(redis_client, carries_any_bytes) {
  std::string bytes;
  for (int i = 0; i < 256; ++i)
    bytes += static_cast<char>(i);
  call(0, {"SET", "k" + bytes, bytes});
  EXPECT_EQ(call(0, {"GET", "k" + bytes})->text, bytes);
}

TEST_F(redis_client, carries_large_values_among_small_ones) {
  const std::string large(20'000'000, 'x');
  auto set = give(0, {"SET", "large", large});
  auto counted = give(0, {"INCR", "n"});
  auto got = give(0, {"GET", "large"});
  auto again = give(0, {"INCR", "n"});
  EXPECT_EQ(wait_for(std::move(set))->text, "OK");
  EXPECT_EQ(wait_for(std::move(counted))->integer, 1);
  EXPECT_TRUE(wait_for(std::move(got))->text == large);
  EXPECT_EQ(wait_for(std::move(again))->integer, 2);
}

TEST_F(redis_client, keeps_the_order_of_a_lane_whatever_threads_give_commands) {
  constexpr int threads = 4;
  constexpr int count = 4000;
  std::mutex turn;
  int next = 0;
  std::vector<int> completed;
  std::vector<std::thread> givers;
  for (int t = 0; t < threads; ++t)
    givers.emplace_back([&] {
      for (;;) {
        const std::lock_guard lock(turn);
        if (next == count) return;
        const int mine = next++;
        client_->command(7, {"RPUSH", "list", std::to_string(mine)},
                         [&completed, mine](const outcome&) { completed.push_back(mine); });
      }
    });
  for (std::thread& giver : givers)
    giver.join();
  EXPECT_EQ(texts(*call(7, {"LRANGE", "list", "0", "-1"})), numbers_up_to(count));
  EXPECT_EQ(static_cast<int>(completed.size()), count);
  EXPECT_TRUE(std::is_sorted(completed.begin(), completed.end()));
}

TEST_F(redis_client, sends_without_waiting_for_answers) {
  server_->pause();
  std::vector<std::future<outcome>> pending;
  for (int i = 0; i < 1000; ++i)
    pending.push_back(give(3, {"INCR", "n"}));
  EXPECT_EQ(client_->state().waiting, 1000U);
  server_->resume();
  for (int i = 0; i < 1000; ++i)
    EXPECT_EQ(wait_for(std::move(pending[static_cast<std::size_t>(i)]))->integer, i + 1);
  EXPECT_TRUE(eventually([&] { return client_->state().waiting == 0; }));
}

TEST_F(redis_client, completes_on_the_io_thread_of_the_lane) {
  for (const std::size_t lane : {0U, 1U, 2U, 3U}) {
    std::promise<asio::io_context*> where;
    asio::post(io_.at((lane + 1) % 2), [&] {
      client_->command(lane, {"PING"}, [&](const outcome&) { where.set_value(net::io_pool::here()); });
    });
    EXPECT_EQ(where.get_future().get(), &io_.at(lane % 2));
  }
}

TEST_F(redis_client, never_completes_inside_the_call) {
  server_->kill();
  ASSERT_TRUE(eventually([&] { return client_->state().connected == 0; }));
  std::promise<bool> inside_call;
  asio::post(io_.at(0), [&] {
    auto inside = std::make_shared<bool>(true);
    client_->command(0, {"PING"}, [&, inside](const outcome&) { inside_call.set_value(*inside); });
    *inside = false;
  });
  EXPECT_FALSE(inside_call.get_future().get());
}

TEST_F(redis_client, survives_a_completion_that_throws) {
  client_->command(0, {"PING"}, [](const outcome&) { throw std::runtime_error("a defect of a caller"); });
  EXPECT_EQ(call(0, {"PING"})->text, "PONG");
  EXPECT_EQ(seen_.errors, 0);
}

TEST_F(redis_client, runs_scripts_with_keys_and_arguments) {
  const script both("return {KEYS[1], KEYS[2], ARGV[1]}");
  EXPECT_THAT(texts(*wait_for(give_script(0, both, {"k1", "k2"}, {"a1"}))), ElementsAre("k1", "k2", "a1"));
  EXPECT_THAT(texts(*wait_for(give_script(0, both, {"k1"}, {"a"}))), ElementsAre("k1"));
  const script broken("this is no Lua");
  EXPECT_EQ(wait_for(give_script(0, broken, {}, {}))->kind, reply::type::error);
  EXPECT_EQ(wait_for(give_script(0, broken, {}, {}))->kind, reply::type::error);
}

TEST_F(redis_client, sends_the_source_of_a_script_once) {
  const script one("return 1");
  call(0, {"CONFIG", "RESETSTAT"});
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(wait_for(give_script(4, one, {}, {}))->integer, 1);
  EXPECT_THAT(server_->ask_info("cmdstat_eval"), HasSubstr("calls=1,"));
  EXPECT_THAT(server_->ask_info("cmdstat_evalsha"), HasSubstr("calls=19,"));
}

TEST_F(redis_client, refuses_what_is_over_its_bound) {
  settings few = settings_for(*server_);
  few.waiting_max = 100;
  connect(few);
  server_->pause();
  std::vector<std::future<outcome>> pending;
  for (int i = 0; i < 150; ++i)
    pending.push_back(give(0, {"INCR", "n"}));
  for (std::size_t i = 100; i < 150; ++i) {
    const auto refused = wait_for(std::move(pending[i]));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, base::error_kind::unavailable);
    EXPECT_THAT(refused.error().detail, HasSubstr("too many"));
  }
  server_->resume();
  for (std::size_t i = 0; i < 100; ++i)
    EXPECT_EQ(wait_for(std::move(pending[i]))->integer, static_cast<int>(i) + 1);
  EXPECT_EQ(call(0, {"INCR", "n"})->integer, 101);
  EXPECT_EQ(seen_.errors, 50);
}

TEST_F(redis_client, shows_operators_who_it_is) {
  settings named = settings_for(*server_);
  named.name = "hydrant-n1";
  named.database = 3;
  connect(named);
  EXPECT_THAT(server_->ask({"CLIENT", "LIST"}), HasSubstr("name=hydrant-n1"));
  call(0, {"SET", "a", "1"});
  EXPECT_THAT(server_->ask_info("db3"), HasSubstr("keys=1"));
}

}  // namespace
}  // namespace hydrant::store::redis

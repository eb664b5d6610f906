#include "actors/session_directory.hpp"

#include "actors/session.hpp"
#include "store/memory_store.hpp"
#include "tests/support/recorded_exchange.hpp"
#include "tests/support/test_environment.hpp"

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <future>
#include <latch>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace hydrant::actors {
namespace {

using support::recorded_exchange;

class no_peers final : public peers {
 public:
  void tell(const std::string&, const node_message&) override {}
  void tell_all(const node_message&) override {}
  bool reachable() const override { return true; }
  bool alive(const store::node_ref&) const override { return true; }
  std::string another() const override { return {}; }
};

/// Waits for other threads to bring about `what`; false: they did not in time.
bool eventually(const std::function<bool()>& what) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!what() && std::chrono::steady_clock::now() < limit)
    std::this_thread::yield();
  return what();
}

class directory_test : public testing::TestWithParam<scheduling> {
 protected:
  directory_test() {
    e_.io.start();
    directory_.emplace(e_.io, GetParam());
    directory_->start(services_);
  }

  /// Runs a step in a session and gives back what it returned.
  template <class F>
  auto in_session(const std::string& id, F step) {
    using value = decltype(step(std::declval<session&>()));
    auto result = std::make_shared<std::promise<value>>();
    directory_->send(id, {turn_kind::request, [result, step](session& self) { result->set_value(step(self)); }});
    return result->get_future().get();
  }
  void given_session(const std::string& id) {
    store::session_record record;
    record.id = id;
    record.protocol_version = "2025-11-25";
    record.client_info = record.client_capabilities = "{}";
    store_.sessions().create(record, std::chrono::hours(1), [](const base::result<>& made) { ASSERT_TRUE(made); });
  }
  double passivations() { return e_.measured.passivations.Value(); }

  support::test_environment e_{2};
  store::memory_store store_{e_.time};
  no_peers others_;
  session_services services_{e_.env, store_.sessions(), store_.events(), others_, {"n", "b"}};
  std::optional<session_directory> directory_;
};

TEST_P(directory_test, a_turn_runs_in_the_session_that_it_names) {
  EXPECT_EQ(in_session("a", [](session& self) { return self.id(); }), "a");
  EXPECT_EQ(in_session("b", [](session& self) { return self.id(); }), "b");
  EXPECT_EQ(directory_->live(), 2U);
  EXPECT_EQ(e_.measured.actors_live.Value(), 2);
}

TEST_P(directory_test, a_session_is_made_once) {
  const auto* first = in_session("a", [](session& self) { return &self; });
  EXPECT_EQ(in_session("a", [](session& self) { return &self; }), first);
  EXPECT_EQ(directory_->live(), 1U);
}

TEST_P(directory_test, turns_of_one_session_never_overlap_and_keep_their_order) {
  constexpr int sessions = 40;
  constexpr int threads = 4;
  constexpr int turns_each = 100;  // of each thread for each session
  struct watched {
    std::atomic<bool> busy{false};
    std::vector<int> last = std::vector<int>(threads, -1);  // touched within turns only
    int runs = 0;
  };
  std::vector<watched> seen(sessions);
  std::atomic<int> overlaps{0};
  std::atomic<int> disorders{0};
  std::latch done(sessions * threads * turns_each);

  std::vector<std::thread> senders;
  for (int t = 0; t < threads; ++t)
    senders.emplace_back([&, t] {
      for (int n = 0; n < turns_each; ++n)
        for (int s = 0; s < sessions; ++s)
          directory_->send(std::to_string(s), {turn_kind::request, [&, t, n, s](session&) {
                                                 auto& here = seen[static_cast<std::size_t>(s)];
                                                 if (here.busy.exchange(true)) ++overlaps;
                                                 auto& last = here.last[static_cast<std::size_t>(t)];
                                                 if (last != n - 1) ++disorders;
                                                 last = n;
                                                 ++here.runs;
                                                 here.busy = false;
                                                 done.count_down();
                                               }});
    });
  for (auto& sender : senders)
    sender.join();
  done.wait();
  EXPECT_EQ(overlaps, 0);
  EXPECT_EQ(disorders, 0);
  for (const auto& one : seen)
    EXPECT_EQ(one.runs, threads * turns_each);
  EXPECT_EQ(directory_->live(), static_cast<std::size_t>(sessions));
}

TEST_P(directory_test, a_turn_may_send_turns) {
  std::promise<std::string> ran;
  directory_->send(
      "a", {turn_kind::request, [&](session&) {
              directory_->send(
                  "a", {turn_kind::request, [&](session&) {
                          directory_->send("b", {turn_kind::request, [&](session& self) { ran.set_value(self.id()); }});
                        }});
            }});
  EXPECT_EQ(ran.get_future().get(), "b");
}

TEST_P(directory_test, a_turn_for_live_sessions_wakes_no_other) {
  directory_->send_if_live("a", {turn_kind::push, [](session&) { FAIL() << "nobody lives there"; }});
  EXPECT_EQ(directory_->live(), 0U);
  in_session("a", [](session&) { return 0; });
  std::promise<void> ran;
  directory_->send_if_live("a", {turn_kind::push, [&](session&) { ran.set_value(); }});
  ran.get_future().get();
}

TEST_P(directory_test, a_turn_for_all_reaches_every_live_session) {
  for (int i = 0; i < 100; ++i)
    in_session(std::to_string(i), [](session&) { return 0; });
  std::latch all(100);
  directory_->send_all({turn_kind::push, [&](session&) { all.count_down(); }});
  all.wait();
}

TEST_P(directory_test, an_idle_session_is_let_go_and_comes_back_when_it_is_needed) {
  e_.bounds.passivate_after = std::chrono::milliseconds(0);
  in_session("a", [](session&) { return 0; });
  directory_->passivate_idle();
  EXPECT_TRUE(eventually([this] { return directory_->live() == 0; }));
  EXPECT_TRUE(eventually([this] { return e_.measured.actors_live.Value() == 0; }));
  EXPECT_EQ(passivations(), 1);
  EXPECT_EQ(in_session("a", [](session& self) { return self.id(); }), "a");
  EXPECT_EQ(directory_->live(), 1U);
}

TEST_P(directory_test, a_session_that_was_used_lately_stays) {
  in_session("a", [](session&) { return 0; });
  directory_->passivate_idle();
  in_session("a", [](session&) { return 0; });
  EXPECT_EQ(directory_->live(), 1U);
  EXPECT_EQ(passivations(), 0);
}

TEST_P(directory_test, a_session_with_an_open_stream_stays) {
  e_.bounds.passivate_after = std::chrono::milliseconds(0);
  given_session("a");
  const auto http = std::make_shared<recorded_exchange>();
  in_session("a", [http](session& self) {
    self.open_stream({}, http);
    return 0;
  });
  ASSERT_TRUE(http->streaming());
  directory_->passivate_idle();
  in_session("a", [](session&) { return 0; });
  EXPECT_EQ(directory_->live(), 1U);
  http->stream()->finish();
  EXPECT_TRUE(eventually([this] {
    directory_->passivate_idle();
    return directory_->live() == 0;
  }));
}

// The turn is behind the word to go in the old actor's mailbox, so a new actor must take it.
TEST_P(directory_test, a_turn_that_comes_too_late_for_an_actor_reaches_the_next) {
  e_.bounds.passivate_after = std::chrono::milliseconds(0);
  std::promise<void> go_on;
  const auto may_go_on = go_on.get_future().share();
  std::latch begun(1);
  directory_->send("a", {turn_kind::request, [&, may_go_on](session&) {
                           begun.count_down();
                           may_go_on.wait();
                         }});
  begun.wait();
  directory_->passivate_idle();
  std::vector<int> order;
  std::latch done(3);
  for (int i = 0; i < 3; ++i)
    directory_->send("a", {turn_kind::request, [&, i](session& self) {
                             EXPECT_EQ(self.id(), "a");
                             order.push_back(i);
                             done.count_down();
                           }});
  go_on.set_value();
  done.wait();
  EXPECT_EQ(order, std::vector<int>({0, 1, 2}));
  EXPECT_EQ(passivations(), 1);
  EXPECT_EQ(directory_->live(), 1U);
}

TEST_P(directory_test, no_turn_is_lost_while_sessions_come_and_go) {
  e_.bounds.passivate_after = std::chrono::milliseconds(0);
  constexpr int sessions = 20;
  constexpr int turns = 2000;
  std::vector<std::atomic<int>> runs(sessions);
  std::latch done(2 * turns);
  std::atomic<bool> sending{true};
  std::thread sweeper([&] {
    while (sending)
      directory_->passivate_idle();
  });
  std::vector<std::thread> senders;
  for (int t = 0; t < 2; ++t)
    senders.emplace_back([&] {
      for (int i = 0; i < turns; ++i)
        directory_->send(std::to_string(i % sessions), {turn_kind::request, [&, i](session&) {
                                                          ++runs[static_cast<std::size_t>(i % sessions)];
                                                          done.count_down();
                                                        }});
    });
  for (auto& sender : senders)
    sender.join();
  done.wait();
  EXPECT_TRUE(eventually([this] { return directory_->live() == 0; }));
  sending = false;
  sweeper.join();
  for (const auto& one : runs)
    EXPECT_EQ(one, 2 * turns / sessions);
  EXPECT_GE(passivations(), sessions);
}

TEST_P(directory_test, a_session_that_does_not_exist_is_let_go_at_once) {
  const auto http = std::make_shared<recorded_exchange>();
  directory_->send("none", {turn_kind::request, [http](session& self) { self.open_stream({}, http); }});
  ASSERT_TRUE(http->wait());
  EXPECT_EQ(http->status(), 404);
  EXPECT_TRUE(eventually([this] { return directory_->live() == 0; }));
}

TEST_P(directory_test, nothing_runs_after_it_has_stopped) {
  in_session("a", [](session&) { return 0; });
  directory_->stop();
  EXPECT_EQ(directory_->live(), 0U);
  EXPECT_EQ(e_.measured.actors_live.Value(), 0);
  directory_->send("a", {turn_kind::request, [](session&) { FAIL() << "it has stopped"; }});
  directory_->send_if_live("a", {turn_kind::request, [](session&) { FAIL() << "it has stopped"; }});
  directory_->send_all({turn_kind::request, [](session&) { FAIL() << "it has stopped"; }});
  directory_->passivate_idle();
  EXPECT_EQ(directory_->live(), 0U);
  directory_->stop();
}

TEST_P(directory_test, ends_while_turns_are_still_coming) {
  std::atomic<bool> sending{true};
  std::thread sender([&] {
    for (int i = 0; sending; ++i)
      directory_->send(std::to_string(i % 50), {turn_kind::request, [](session&) {}});
  });
  EXPECT_TRUE(eventually([this] { return directory_->live() == 50; }));
  directory_->stop();
  sending = false;
  sender.join();
  EXPECT_EQ(e_.measured.actors_live.Value(), 0);
}

TEST_P(directory_test, ends_with_streams_open) {
  std::vector<std::shared_ptr<recorded_exchange>> open;
  for (int i = 0; i < 20; ++i) {
    const auto id = std::to_string(i);
    given_session(id);
    open.push_back(std::make_shared<recorded_exchange>());
    directory_->send(id, {turn_kind::request, [http = open.back()](session& self) { self.open_stream({}, http); }});
  }
  for (const auto& http : open)
    ASSERT_TRUE(http->wait());
  directory_.reset();
  for (const auto& http : open)
    http->stream()->finish();  // whoever watched is gone, and nothing happens
}

// CAF's own scheduler hands turns over inside Debian's libcaf, which ThreadSanitizer cannot look into.
#if defined(__SANITIZE_THREAD__)
const auto all_schedulings = testing::Values(scheduling::io_threads);
#else
const auto all_schedulings = testing::Values(scheduling::io_threads, scheduling::own_threads);
#endif

INSTANTIATE_TEST_SUITE_P(on, directory_test, all_schedulings, [](const auto& scheduled) {
  return scheduled.param == scheduling::io_threads ? "io_threads" : "own_threads";
});

}  // namespace
}  // namespace hydrant::actors

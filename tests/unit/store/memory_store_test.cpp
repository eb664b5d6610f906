#include "store/memory_store.hpp"

#include "tests/unit/store/memory_harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hydrant::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class memory_store_test : public testing::Test {
 protected:
  base::result<> create(const std::string& id, std::chrono::milliseconds ttl = session_ttl) {
    session_record record;
    record.id = id;
    base::result<> created;
    store_.sessions().create(record, ttl, [&](base::result<> outcome) { created = std::move(outcome); });
    return created;
  }
  void touch(const std::string& id) {
    store_.sessions().touch(id, [](base::result<session_pulse> pulse) { EXPECT_TRUE(pulse); });
  }
  void append(const stream_key& stream, std::string payload) {
    store_.events().append(stream, {}, std::move(payload), [](base::result<appended> event) { EXPECT_TRUE(event); });
  }
  void end(const stream_key& stream) {
    store_.events().end(stream, [](base::result<> ended) { EXPECT_TRUE(ended); });
  }
  bool attach(const stream_key& stream) {
    bool succeeded = false;
    store_.events().attach(stream, {"node", "boot"},
                           [&](base::result<attached> held) { succeeded = held.has_value(); });
    return succeeded;
  }
  bool readable(const stream_key& stream) {
    bool succeeded = false;
    store_.events().read(stream, {}, {}, [&](base::result<replay> found) { succeeded = found.has_value(); });
    return succeeded;
  }
  void begin(const std::string& session, const std::string& request_id) {
    pending_call call;
    call.session = session;
    call.request_id = request_id;
    call.stream = "get";
    store_.events().begin(call, [](base::result<> begun) { EXPECT_TRUE(begun); });
  }

  static memory_limits limits() {
    memory_limits small;
    small.sessions_max = 300;
    small.streams_per_session_max = 3;
    small.finished_stream_grace = std::chrono::minutes(1);
    return small;
  }

  base::manual_clock clock_;
  memory_store store_{clock_, limits()};
};

TEST_F(memory_store_test, completes_inside_the_call) {
  bool completed = false;
  store_.sessions().count([&](base::result<std::size_t>) { completed = true; });
  EXPECT_TRUE(completed);
}

TEST_F(memory_store_test, sweep_reports_each_expired_session_once) {
  for (const char* id : {"s1", "s2", "s3"})
    ASSERT_TRUE(create(id));
  clock_.advance(session_ttl - a_moment);
  EXPECT_THAT(store_.sweep(100), IsEmpty());
  touch("s2");
  clock_.advance(a_moment);
  EXPECT_THAT(store_.sweep(100), UnorderedElementsAre("s1", "s3"));
  EXPECT_THAT(store_.sweep(100), IsEmpty());
  EXPECT_EQ(store_.statistics().sessions, 1u);
  clock_.advance(session_ttl);
  EXPECT_THAT(store_.sweep(100), ElementsAre("s2"));
}

TEST_F(memory_store_test, sweep_does_not_report_a_session_that_was_removed) {
  ASSERT_TRUE(create("s1"));
  store_.sessions().remove("s1", [](base::result<bool> existed) { EXPECT_TRUE(existed.value()); });
  clock_.advance(session_ttl);
  EXPECT_THAT(store_.sweep(100), IsEmpty());
}

TEST_F(memory_store_test, sweep_goes_in_bounded_steps_and_reaches_every_session) {
  constexpr std::size_t sessions_count = 200;
  for (std::size_t i = 0; i < sessions_count; ++i)
    ASSERT_TRUE(create("s" + std::to_string(i)));
  clock_.advance(session_ttl);
  for (std::size_t done = 0; done < sessions_count; done += 8)
    EXPECT_THAT(store_.sweep(8), SizeIs(8));
  EXPECT_THAT(store_.sweep(8), IsEmpty());
  EXPECT_EQ(store_.statistics().sessions, 0u);
}

TEST_F(memory_store_test, sweep_is_not_held_up_by_sessions_that_were_touched) {
  for (int i = 0; i < 100; ++i)
    ASSERT_TRUE(create("live" + std::to_string(i)));
  ASSERT_TRUE(create("idle"));
  clock_.advance(session_ttl - a_moment);
  for (int i = 0; i < 100; ++i)
    touch("live" + std::to_string(i));
  clock_.advance(a_moment);
  std::vector<std::string> expired;
  for (int step = 0; step < 51; ++step) {
    for (auto& id : store_.sweep(2))
      expired.push_back(std::move(id));
  }
  EXPECT_THAT(expired, ElementsAre("idle"));
}

TEST_F(memory_store_test, a_session_that_made_room_at_the_cap_is_reported) {
  for (std::size_t i = 0; i < limits().sessions_max; ++i)
    ASSERT_TRUE(create("s" + std::to_string(i)));
  clock_.advance(session_ttl);
  ASSERT_TRUE(create("new"));
  EXPECT_EQ(store_.statistics().sessions, limits().sessions_max);
  EXPECT_THAT(store_.sweep(1000), SizeIs(limits().sessions_max));
  EXPECT_EQ(store_.statistics().sessions, 1u);
}

TEST_F(memory_store_test, sweep_forgets_streams_past_their_grace_and_keeps_the_session) {
  ASSERT_TRUE(create("s1"));
  append({"s1", "open"}, "12345");
  append({"s1", "first"}, "123");
  append({"s1", "second"}, "1");
  end({"s1", "first"});
  clock_.advance(std::chrono::seconds(30));
  end({"s1", "second"});
  clock_.advance(std::chrono::seconds(30));
  EXPECT_THAT(store_.sweep(100), IsEmpty());
  EXPECT_EQ(store_.statistics().streams, 2u);
  EXPECT_EQ(store_.statistics().bytes, 6u);
  clock_.advance(std::chrono::seconds(30));
  EXPECT_THAT(store_.sweep(100), IsEmpty());
  EXPECT_EQ(store_.statistics().streams, 1u);
  EXPECT_EQ(store_.statistics().events, 1u);
  clock_.advance(session_ttl);
  EXPECT_THAT(store_.sweep(100), ElementsAre("s1"));
}

TEST_F(memory_store_test, at_the_cap_the_stream_that_ended_first_makes_room) {
  ASSERT_TRUE(create("s1"));
  for (const char* stream : {"a", "b", "c"})
    ASSERT_TRUE(attach({"s1", stream}));
  end({"s1", "b"});
  clock_.advance(std::chrono::seconds(1));
  end({"s1", "a"});
  EXPECT_TRUE(attach({"s1", "d"}));
  EXPECT_FALSE(readable({"s1", "b"}));
  EXPECT_TRUE(readable({"s1", "a"}));
  EXPECT_TRUE(attach({"s1", "e"}));
  EXPECT_FALSE(readable({"s1", "a"}));
  EXPECT_FALSE(attach({"s1", "f"})) << "all are open";
}

TEST_F(memory_store_test, statistics_count_what_is_kept) {
  ASSERT_TRUE(create("s1"));
  ASSERT_TRUE(create("s2"));
  append({"s1", "get"}, "1234");
  append({"s1", "get"}, "56");
  append({"s2", "get"}, "7");
  ASSERT_TRUE(attach({"s2", "post"}));
  begin("s1", "1");
  begin("s2", "1");
  begin("s2", "2");
  store_.events().finish("s2", "2", {}, "890", stream_end::end, [](auto outcome) { EXPECT_TRUE(outcome.value()); });
  const auto sum = store_.statistics();
  EXPECT_EQ(sum.sessions, 2u);
  EXPECT_EQ(sum.streams, 3u);
  EXPECT_EQ(sum.events, 4u);
  EXPECT_EQ(sum.bytes, 10u);
  EXPECT_EQ(sum.calls, 2u);

  store_.sessions().remove("s1", [](base::result<bool>) {});
  store_.events().remove("s2", [](base::result<>) {});
  const auto rest = store_.statistics();
  EXPECT_EQ(rest.sessions, 1u);
  EXPECT_EQ(rest.streams + rest.events + rest.bytes + rest.calls, 0u);
}

TEST_F(memory_store_test, an_expired_session_gives_back_all_that_belongs_to_it) {
  ASSERT_TRUE(create("s1"));
  append({"s1", "get"}, "1234");
  begin("s1", "1");
  store_.sessions().subscribe("s1", "file:///a", [](base::result<> outcome) { EXPECT_TRUE(outcome); });
  clock_.advance(session_ttl);
  ASSERT_THAT(store_.sweep(100), SizeIs(1));
  const auto sum = store_.statistics();
  EXPECT_EQ(sum.sessions + sum.streams + sum.events + sum.bytes + sum.calls, 0u);
}

}  // namespace
}  // namespace hydrant::store

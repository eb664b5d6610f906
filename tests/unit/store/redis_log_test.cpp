// Streams and calls as they stand in Redis.

#include "tests/unit/store/redis_store_fixture.hpp"

#include <gmock/gmock.h>

#include <limits>

namespace hydrant::store::redis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class redis_log_test : public redis_store_test {
 protected:
  base::result<std::vector<call_ref>> orphans(const node_ref& process) {
    return await<std::vector<call_ref>>([&](auto done) { nodes().orphans(process, 100, done); });
  }
};

INSTANTIATE_TEST_SUITE_P(redis, redis_log_test, testing::Values(roomy_redis_case()), store_case_name);

TEST_P(redis_log_test, an_attached_stream_without_an_event_has_no_redis_stream) {
  attach(stream_, node_a);
  EXPECT_EQ(ask({"EXISTS", "{session:s1}:log:get"}), "0");
  EXPECT_EQ(ask({"HGET", "{session:s1}:stream:get", "node"}), "node-a");
}

TEST_P(redis_log_test, a_short_stream_that_ended_takes_little_memory) {
  appended_to(stream_, std::string(200, 'x'));
  ASSERT_GT(std::stoi(ask({"MEMORY", "USAGE", "{session:s1}:log:get"})), 4000)
      << "what Redis gives each stream at first";
  ASSERT_TRUE(end(stream_));
  EXPECT_LT(std::stoi(ask({"MEMORY", "USAGE", "{session:s1}:log:get"})), 1000);
  EXPECT_THAT(payloads(read_all(stream_)), ElementsAre(std::string(200, 'x')));
}

TEST_P(redis_log_test, a_cursor_at_the_end_of_all_numbers_reads_nothing) {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  const auto event = appended_to(stream_, "1");
  EXPECT_THAT(read_all(stream_, {most, most}).events, IsEmpty());
  EXPECT_EQ(read_all(stream_, {most, most}).follows, continuity::rewound);
  EXPECT_EQ(read_all(stream_, {event.id.generation, most}).follows, continuity::rewound);
}

TEST_P(redis_log_test, sequences_of_producers_are_exact_beyond_the_numbers_of_lua) {
  constexpr std::uint64_t large = 9'999'999'999'999'999'999u;
  ASSERT_FALSE(appended_to(stream_, "1", {"p", large}).duplicate);
  EXPECT_TRUE(appended_to(stream_, "1", {"p", large}).duplicate);
  EXPECT_TRUE(appended_to(stream_, "0", {"p", large - 1}).duplicate);
  EXPECT_EQ(kind_of(append(stream_, "3", {"p", large + 2})), error_kind::conflict);
  EXPECT_FALSE(appended_to(stream_, "2", {"p", large + 1}).duplicate);
  EXPECT_THAT(payloads(read_all(stream_)), ElementsAre("1", "2"));
}

TEST_P(redis_log_test, a_repeated_append_tells_the_position_before_the_first_one) {
  const auto first = appended_to(stream_, "1", {"p", 1});
  const auto second = appended_to(stream_, "2", {"q", 1});
  harness_->rewind(stream_, second.id);  // a new generation begins
  const auto third = appended_to(stream_, "3", {"r", 1});
  EXPECT_EQ(appended_to(stream_, "1", {"p", 1}).previous, position{});
  EXPECT_EQ(appended_to(stream_, "2", {"q", 1}).previous, first.id);
  EXPECT_EQ(appended_to(stream_, "3", {"r", 1}).previous, second.id);
  EXPECT_EQ(appended_to(stream_, "3", {"r", 1}).id, third.id);
}

TEST_P(redis_log_test, remembers_a_bounded_number_of_producers_the_latest_ones) {
  constexpr int producers = 200;
  for (int i = 0; i < producers; ++i)
    appended_to(stream_, "x", {"p" + std::to_string(i), 1});
  const std::size_t kept = redis_limits{}.producers_per_stream_max;
  const auto fields = lines({"HKEYS", "{session:s1}:stream:get"});
  EXPECT_LE(fields.size(), kept + kept / 2 + 11);
  for (std::size_t i = 0; i < kept; ++i)
    EXPECT_TRUE(appended_to(stream_, "x", {"p" + std::to_string(producers - 1 - static_cast<int>(i)), 1}).duplicate)
        << i;
  EXPECT_FALSE(appended_to(stream_, "x", {"p0", 1}).duplicate) << "it is forgotten";
}

TEST_P(redis_log_test, an_index_entry_without_a_call_is_dropped_once_it_is_old) {
  const std::string index = "{hydrant:process:node-a/boot-a1}:calls";
  ASSERT_TRUE(begin(call_of("1", node_a)));
  ASSERT_EQ(ask({"ZADD", index, "1000", "ticket s1 gone"}), "1");
  EXPECT_THAT(orphans(node_a).value(), ElementsAre(call_ref{"s1", "1"}));
  harness_->advance(std::chrono::milliseconds(0));
  EXPECT_EQ(ask({"ZCARD", index}), "1");
}

TEST_P(redis_log_test, an_index_entry_without_a_call_is_kept_while_its_call_may_be_under_way) {
  const std::string index = "{hydrant:process:node-a/boot-a1}:calls";
  ASSERT_TRUE(begin(call_of("1", node_a)));
  ASSERT_EQ(ask({"DEL", "{session:s1}:call:1"}), "1");
  EXPECT_THAT(orphans(node_a).value(), IsEmpty());
  harness_->advance(std::chrono::milliseconds(0));
  EXPECT_EQ(ask({"ZCARD", index}), "1");
  harness_->advance(std::chrono::minutes(2));
  EXPECT_THAT(orphans(node_a).value(), IsEmpty());
  harness_->advance(std::chrono::milliseconds(0));
  EXPECT_EQ(ask({"EXISTS", index}), "0");
}

TEST_P(redis_log_test, more_calls_than_a_page_of_the_index_are_found) {
  constexpr int sessions_count = 150;
  for (int i = 0; i < sessions_count; ++i) {
    const std::string id = "many" + std::to_string(i);
    given_session(id);
    pending_call call = call_of("1", node_a);
    call.session = id;
    ASSERT_TRUE(begin(call));
  }
  const auto found = await<std::vector<call_ref>>([&](auto done) { nodes().orphans(node_a, 1000, done); }).value();
  EXPECT_EQ(found.size(), static_cast<std::size_t>(sessions_count));
}

TEST_P(redis_log_test, tidy_drops_what_is_no_call_of_a_live_process_any_more) {
  const std::string index = "{hydrant:process:node-a/boot-a1}:calls";
  ASSERT_TRUE(begin(call_of("1", node_a)));
  harness_->advance(session_ttl * 3);
  tidy(node_a);
  harness_->advance(std::chrono::milliseconds(0));
  EXPECT_EQ(ask({"EXISTS", index}), "0");
  EXPECT_EQ(ask({"EXISTS", "{hydrant:process:node-a/boot-a1}:fenced"}), "0") << "nobody called it dead";
}

TEST_P(redis_log_test, works_on_after_the_server_forgot_its_scripts) {
  appended_to(stream_, "1");
  ask({"SCRIPT", "FLUSH"});
  appended_to(stream_, "2");
  EXPECT_THAT(payloads(read_all(stream_)), ElementsAre("1", "2"));
}

/// A server of its own, that keeps everything and can be started again.
class redis_restart_test : public redis_test {
 protected:
  template <class T>
  base::result<T> await(const std::function<void(completion<T>)>& start) {
    completion_slot<T> slot;
    start([&](base::result<T> got) { slot.put(std::move(got)); });
    if (!eventually([&] { return slot.filled(); })) throw std::runtime_error("no completion ran");
    return slot.take();
  }
  appended append(redis_store& store, std::string payload) {
    return await<appended>([&](auto done) {
             store.events().append({"s1", "get"}, {}, std::move(payload), done);
           })
        .value();
  }
};

TEST_F(redis_restart_test, a_restart_of_the_server_begins_a_new_generation) {
  support::redis_options options;
  options.persistence = support::redis_persistence::append_only;
  support::redis_server server(options);
  redis_store store(connect(settings_for(server)));
  session_record record;
  record.id = "s1";
  ASSERT_TRUE(await<void>([&](auto done) { store.sessions().create(record, session_ttl, done); }));
  const auto before = append(store, "1");
  EXPECT_EQ(append(store, "2").id.generation, before.id.generation);

  server.restart();
  ASSERT_TRUE(eventually([&] { return answers(); }));
  ASSERT_TRUE(all_connected());
  const auto after = append(store, "3");
  EXPECT_GT(after.id.generation, before.id.generation);
  EXPECT_EQ(after.id.sequence, 1u);
  EXPECT_EQ(after.previous.sequence, 2u);
  const auto found = await<replay>([&](auto done) { store.events().read({"s1", "get"}, before.id, {}, done); }).value();
  EXPECT_EQ(found.follows, continuity::complete) << "nothing was lost";
  EXPECT_THAT(payloads(found), ElementsAre("2", "3"));
}

}  // namespace
}  // namespace hydrant::store::redis

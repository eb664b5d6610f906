// Sessions and indexes as they stand in Redis.

#include "tests/unit/store/redis_store_fixture.hpp"

#include <gmock/gmock.h>

#include <map>

namespace hydrant::store::redis {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

INSTANTIATE_TEST_SUITE_P(redis, redis_store_test, testing::Values(roomy_redis_case()), store_case_name);

session_record ordinary(std::string id) {
  session_record record;
  record.id = std::move(id);
  record.protocol_version = "2025-11-25";
  record.initialized = true;
  record.client_info = R"({"name":"Visual Studio Code","version":"1.104.0"})";
  record.client_capabilities = R"({"roots":{"listChanged":true},"sampling":{},"elicitation":{}})";
  record.log_level = "info";
  record.principal = "alice@example.org";
  record.created_at = base::wall_time(std::chrono::milliseconds(1'760'000'000'123));
  return record;
}

TEST_P(redis_store_test, an_operator_can_read_a_session) {
  ASSERT_TRUE(create(ordinary("s7")));
  const auto told = lines({"HGETALL", "session:s7"});
  std::map<std::string, std::string> fields;
  for (std::size_t i = 0; i + 1 < told.size(); i += 2)
    fields[told[i]] = told[i + 1];
  EXPECT_EQ(fields["protocolVersion"], "2025-11-25");
  EXPECT_EQ(fields["transport"], "streamable-http");
  EXPECT_EQ(fields["initialized"], "true");
  EXPECT_EQ(fields["clientInfo"], R"({"name":"Visual Studio Code","version":"1.104.0"})");
  EXPECT_EQ(fields["clientCapabilities"], R"({"roots":{"listChanged":true},"sampling":{},"elicitation":{}})");
  EXPECT_EQ(fields["logLevel"], "info");
  EXPECT_EQ(fields["principal"], "alice@example.org");
  EXPECT_EQ(fields["createdAt"], "2025-10-09T08:53:20.123Z");
  EXPECT_EQ(fields["version"], "1");
  EXPECT_EQ(fields["ttl"], "1800000");
}

TEST_P(redis_store_test, long_texts_go_in_pieces_and_come_back_whole) {
  session_record record = ordinary("s7");
  record.client_capabilities = std::string(1000, 'x') + "end";
  record.client_info = std::string(64, 'y');
  ASSERT_TRUE(create(record));
  EXPECT_EQ(load("s7").value().client_capabilities, record.client_capabilities);
  EXPECT_EQ(load("s7").value().client_info, record.client_info);
  EXPECT_EQ(ask({"OBJECT", "ENCODING", "session:s7"}), "listpack") << "the form that takes little memory";
}

TEST_P(redis_store_test, nothing_of_a_longer_text_stays_after_an_update) {
  session_record record = ordinary("s7");
  record.client_capabilities = std::string(1000, 'x');
  ASSERT_TRUE(create(record));
  record.client_capabilities = "{}";
  ASSERT_TRUE(update(record));
  EXPECT_EQ(load("s7").value().client_capabilities, "{}");
  EXPECT_THAT(lines({"HKEYS", "session:s7"}), Not(Contains(HasSubstr("clientCapabilities."))));
}

TEST_P(redis_store_test, every_key_of_a_session_expires) {
  appended_to(stream_, "1", {"p", 1});
  attach({"s1", "post1"}, node_a);
  ASSERT_TRUE(begin(call_of("1", node_a)));
  ASSERT_TRUE(subscribe("s1", "file:///a"));
  const auto keys = lines({"KEYS", "*session:s1*"});
  EXPECT_EQ(keys.size(), 8u) << ask({"KEYS", "*session:s1*"});
  for (const std::string& key : keys)
    EXPECT_GT(std::stoll(ask({"PTTL", key})), 0) << key;
}

TEST_P(redis_store_test, all_keys_of_a_session_live_as_long_as_it_is_touched) {
  appended_to(stream_, "1", {"p", 1});
  ASSERT_TRUE(begin(call_of("1", node_a)));
  ASSERT_TRUE(subscribe("s1", "file:///a"));
  const std::size_t keys = lines({"KEYS", "*"}).size();
  for (int i = 0; i < 8; ++i) {
    harness_->advance(session_ttl - a_moment);
    ASSERT_TRUE(touch("s1"));
    EXPECT_EQ(lines({"KEYS", "*"}).size(), keys) << "after touch " << i;
  }
  EXPECT_THAT(payloads(read_all(stream_)), ElementsAre("1"));
  EXPECT_TRUE(append(stream_, "1", {"p", 1})->duplicate);
  EXPECT_EQ(pending("s1").size(), 1u);
  EXPECT_THAT(subscribers("file:///a"), ElementsAre("s1"));
}

TEST_P(redis_store_test, updates_renew_the_other_keys_like_touches) {
  appended_to(stream_, "1");
  ASSERT_TRUE(subscribe("s1", "file:///a"));
  for (int i = 0; i < 8; ++i) {
    harness_->advance(session_ttl - a_moment);
    ASSERT_TRUE(update(load("s1").value()));
  }
  EXPECT_THAT(payloads(read_all(stream_)), ElementsAre("1"));
  EXPECT_THAT(subscribers("file:///a"), ElementsAre("s1"));
}

TEST_P(redis_store_test, nothing_of_a_session_stays_after_its_keys_have_expired) {
  appended_to(stream_, "1");
  ASSERT_TRUE(begin(call_of("1", node_a)));
  ASSERT_TRUE(subscribe("s1", "file:///a"));
  harness_->advance(session_ttl * 5);
  tidy();
  EXPECT_THAT(lines({"KEYS", "*"}), IsEmpty());
}

TEST_P(redis_store_test, a_removed_session_leaves_nothing) {
  appended_to(stream_, "1");
  ASSERT_TRUE(begin(call_of("1", node_a)));
  ASSERT_TRUE(subscribe("s1", "file:///a"));
  ASSERT_TRUE(remove_session("s1").value());
  harness_->advance(std::chrono::milliseconds(0));
  EXPECT_THAT(lines({"KEYS", "*"}), IsEmpty());
}

TEST_P(redis_store_test, a_touch_puts_back_what_an_index_has_lost) {
  ASSERT_TRUE(subscribe("s1", "file:///a"));
  ASSERT_EQ(ask({"DEL", "hydrant:subscribers:file:///a"}), "1");
  EXPECT_THAT(subscribers("file:///a"), IsEmpty());
  for (int i = 0; i < 2; ++i) {
    harness_->advance(session_ttl - a_moment);
    ASSERT_TRUE(touch("s1"));
  }
  harness_->advance(std::chrono::milliseconds(0));
  EXPECT_THAT(subscribers("file:///a"), ElementsAre("s1"));
}

TEST_P(redis_store_test, who_asks_for_subscribers_cleans_the_index) {
  ASSERT_TRUE(subscribe("s1", "file:///a"));
  harness_->advance(session_ttl);
  EXPECT_THAT(subscribers("file:///a"), IsEmpty());
  harness_->advance(std::chrono::milliseconds(0));
  EXPECT_EQ(ask({"EXISTS", "hydrant:subscribers:file:///a"}), "0");
}

TEST_P(redis_store_test, tidy_drops_expired_sessions_from_the_count_and_keeps_those_that_were_touched) {
  given_session("s2");
  harness_->advance(session_ttl - a_moment);
  ASSERT_TRUE(touch("s1"));
  harness_->advance(a_moment);
  EXPECT_EQ(count(), 2u) << "as many as were created";
  EXPECT_EQ(tidy(), 2u);
  EXPECT_EQ(count(), 1u);
  EXPECT_EQ(tidy(), 0u);
  harness_->advance(session_ttl + session_ttl / 8);
  EXPECT_EQ(tidy(), 1u);
  EXPECT_EQ(count(), 0u);
}

TEST_P(redis_store_test, an_error_of_the_server_names_the_script_and_no_value) {
  ask({"SET", "session:s7", "not a hash"});
  const auto touched = touch("s7");
  ASSERT_FALSE(touched);
  EXPECT_EQ(touched.error().kind, error_kind::internal);
  EXPECT_EQ(touched.error().message, "The store failed in session_touch");
  EXPECT_THAT(touched.error().detail, HasSubstr("WRONGTYPE"));
  EXPECT_EQ(kind_of(load("s7")), error_kind::internal);
  const auto written = append({"s7", "get"}, "secret");
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().detail, Not(HasSubstr("secret")));
}

TEST_P(redis_store_test, idle_sessions_take_less_than_a_kilobyte_each) {
  constexpr int sessions_count = 2000;
  const auto used = [&] { return std::stoll(harness().grid().server().ask_info("used_memory")); };
  const auto before = used();
  for (int i = 0; i < sessions_count; ++i) {
    session_record record = ordinary("0123456789abcdefghijklmnop" + std::to_string(100'000 + i));
    record.client_capabilities =
        R"({"roots":{"listChanged":true},"sampling":{"tools":{}},"elicitation":{"form":{},"url":{}}})";
    ASSERT_TRUE(create(record));
  }
  EXPECT_LE((used() - before) / sessions_count, 1024);
}

}  // namespace
}  // namespace hydrant::store::redis

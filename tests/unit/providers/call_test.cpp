#include "providers/call.hpp"

#include "tests/unit/providers/recording.hpp"

#include <gmock/gmock.h>

namespace hydrant::providers {
namespace {

using protocol::elicit_form;
using protocol::logging_level;
using protocol::revision;
using testing::ElementsAre;
using testing::IsEmpty;

protocol::question ask_age() {
  return elicit_form("How old?", {{"age", {{"type", "integer"}}}}, {"age"});
}

call_setup with_progress_token() {
  call_setup setup;
  setup.progress_token = R"("p-1")";
  return setup;
}

TEST(call, progress_carries_the_clients_token_and_what_is_known) {
  open_call on(with_progress_token());
  on.c.progress(1);
  on.c.progress(2.5, 10, R"(half "way")");
  ASSERT_EQ(on.sink->sent().size(), 2u);
  EXPECT_EQ(on.sink->sent()[0], json::parse(R"({"jsonrpc":"2.0","method":"notifications/progress",
                                                "params":{"progressToken":"p-1","progress":1}})"));
  EXPECT_EQ(on.sink->sent()[1]["params"],
            json::parse(R"({"progressToken":"p-1","progress":2.5,"total":10,"message":"half \"way\""})"));
}

TEST(call, a_numeric_progress_token_stays_a_number) {
  call_setup setup;
  setup.progress_token = "7";
  open_call on(setup);
  on.c.progress(1);
  EXPECT_EQ(on.sink->each("progressToken"), json::array({7}));
}

TEST(call, whole_progress_is_written_without_a_fraction) {
  open_call on(with_progress_token());
  on.c.progress(3, 5);
  const auto& params = on.sink->sent().at(0)["params"];
  EXPECT_TRUE(params["progress"].is_number_integer());
  EXPECT_TRUE(params["total"].is_number_integer());
}

TEST(call, progress_that_nobody_asked_for_is_not_sent) {
  open_call on;
  on.c.progress(1);
  EXPECT_THAT(on.sink->sent(), IsEmpty());
}

TEST(call, the_oldest_revision_gets_progress_without_a_message) {
  auto setup = with_progress_token();
  setup.revision = revision::r2024_11_05;
  open_call on(setup);
  on.c.progress(1, {}, "under way");
  ASSERT_EQ(on.sink->sent().size(), 1u);
  EXPECT_FALSE(on.sink->sent()[0]["params"].contains("message"));
}

TEST(call, progress_that_does_not_fit_the_window_is_left_out) {
  open_call on(with_progress_token(), 2);
  for (int i = 1; i <= 4; ++i)
    on.c.progress(i);
  on.window->leave(2);
  on.c.progress(5);
  EXPECT_EQ(on.sink->each("progress"), json({1, 2, 5}));
}

TEST(call, logs_from_the_level_that_the_client_wants) {
  call_setup setup;
  setup.log_level = logging_level::warning;
  open_call on(setup);
  on.c.log(logging_level::notice, "too low");
  on.c.log(logging_level::warning, "enough", "tests");
  on.c.log(logging_level::error, {{"code", 7}});
  ASSERT_EQ(on.sink->sent().size(), 2u);
  EXPECT_EQ(on.sink->sent()[0], json::parse(R"({"jsonrpc":"2.0","method":"notifications/message",
                                                "params":{"level":"warning","data":"enough","logger":"tests"}})"));
  EXPECT_EQ(on.sink->sent()[1]["params"], json::parse(R"({"level":"error","data":{"code":7}})"));
}

TEST(call, logs_nothing_to_a_client_that_named_no_level) {
  open_call on;
  on.c.log(logging_level::emergency, "unheard");
  EXPECT_THAT(on.sink->sent(), IsEmpty());
}

TEST(call, sends_nothing_once_it_is_cancelled) {
  auto setup = with_progress_token();
  setup.log_level = logging_level::debug;
  open_call on(setup);
  on.c.cancel();
  on.c.progress(1);
  on.c.log(logging_level::error, "late");
  EXPECT_TRUE(on.c.cancelled());
  EXPECT_THAT(on.sink->sent(), IsEmpty());
}

TEST(call, a_question_without_an_answer_stays_open_and_makes_the_handler_wait) {
  open_call on(with_answers({}));
  EXPECT_EQ(on.c.ask("age", ask_age()), nullptr);
  EXPECT_EQ(on.c.ask("roots", protocol::list_roots()), nullptr);
  EXPECT_THAT(open_keys(on.c), ElementsAre("age", "roots"));
  EXPECT_TRUE(on.c.wait<tool_result>().is_waiting());
}

TEST(call, an_answer_is_found_by_its_key) {
  open_call on(with_answers({{"age", json::parse(R"({"action":"accept","content":{"age":30}})")}}));
  const auto* answer = on.c.ask("age", ask_age());
  ASSERT_NE(answer, nullptr);
  EXPECT_EQ((*answer)["content"]["age"], 30);
  EXPECT_THAT(open_keys(on.c), IsEmpty());
}

TEST(call, an_answer_of_the_wrong_shape_counts_as_not_given) {
  for (const char* wrong :
       {"12345", "null", R"({"action":"perhaps"})", R"({"action":"accept"})",
        R"({"action":"accept","content":{"age":"thirty"}})", R"({"action":"accept","content":{}})"}) {
    open_call on(with_answers({{"age", json::parse(wrong)}}));
    EXPECT_EQ(on.c.ask("age", ask_age()), nullptr) << wrong;
    EXPECT_THAT(open_keys(on.c), ElementsAre("age")) << wrong;
  }
}

TEST(call, a_user_may_decline_without_content) {
  open_call on(with_answers({{"age", {{"action", "decline"}}}}));
  EXPECT_NE(on.c.ask("age", ask_age()), nullptr);
}

TEST(call, a_question_beyond_the_clients_capabilities_ends_in_a_failure_that_names_them) {
  auto setup = with_answers({});
  setup.client.sampling = false;
  open_call on(setup);
  on.c.ask("age", ask_age());
  on.c.ask("model", protocol::sample({{"messages", json::array()}, {"maxTokens", 1}}));
  const auto ended = on.c.wait<tool_result>();
  ASSERT_NE(ended.failure(), nullptr);
  EXPECT_EQ(ended.failure()->kind, base::error_kind::missing_capability);
  EXPECT_EQ(json::parse(ended.failure()->data), json::parse(R"({"requiredCapabilities":{"sampling":{}}})"));
}

TEST(call, starts_with_the_memory_of_the_round_before) {
  call_setup setup;
  setup.memory = {{"step", 2}};
  open_call on(setup);
  EXPECT_EQ(on.c.memory()["step"], 2);
  EXPECT_TRUE(open_call().c.memory().is_null());
}

TEST(call, reads_parameters_by_their_declaration) {
  const auto count = parameter<std::int64_t>("count", "How many").or_else(3);
  EXPECT_EQ(open_call(with_arguments({{"count", 8}})).c[count], 8);
  EXPECT_EQ(open_call().c[count], 3);
}

TEST(call, tells_what_the_client_can_do) {
  EXPECT_FALSE(open_call().c.client().sampling);
  EXPECT_TRUE(open_call(with_answers({})).c.client().sampling);
}

TEST(call, releases_its_stream_through_the_sink) {
  open_call on;
  on.c.release_stream();
  EXPECT_EQ(on.sink->releases(), 1);
}

}  // namespace
}  // namespace hydrant::providers

#include "providers/demo/demo_provider.hpp"

#include "providers/demo/zones.hpp"
#include "tests/unit/providers/recording.hpp"

#include <boost/asio/error.hpp>
#include <gmock/gmock.h>

namespace hydrant::providers {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class demo : public testing::Test {
 protected:
  demo_provider provider_;
  provider_fixture with_{provider_};
};

call_setup counting_down(int from, int interval_ms = 0) {
  auto setup = with_arguments({{"from", from}, {"interval_ms", interval_ms}});
  setup.progress_token = R"("t")";
  return setup;
}

// What the runtime does when a call is cancelled, in its order.
void stop(started_handler<tool_result>& handler, open_call& on) {
  on.c.cancel();
  on.window->close();
  handler.cancel();
  handler.poll();
}

call_setup asked(json answer) {
  return with_answers({{"confirm", std::move(answer)}}, {{"question", "Go?"}});
}

TEST_F(demo, echo_sends_the_message_back) {
  EXPECT_EQ(only_text(with_.run_tool("echo", with_arguments({{"message", "grüß dich"}}))), "grüß dich");
}

TEST_F(demo, countdown_reports_each_step_and_lifts_off) {
  open_call on(counting_down(5));
  EXPECT_EQ(only_text(with_.run_tool("countdown", on)), "liftoff");
  EXPECT_EQ(on.sink->each("progress"), json({1, 2, 3, 4, 5}));
  EXPECT_EQ(on.sink->each("total"), json({5, 5, 5, 5, 5}));
}

TEST_F(demo, countdown_waits_for_a_slow_client_and_leaves_nothing_out) {
  open_call on(counting_down(5), 2);
  started_handler<tool_result> countdown(with_.tool_handler("countdown"), on.c);
  countdown.poll();
  EXPECT_EQ(on.sink->each("progress"), json({1, 2}));
  on.window->leave(1);
  countdown.poll();
  EXPECT_EQ(on.sink->each("progress"), json({1, 2, 3}));
  EXPECT_FALSE(countdown.ended());
  on.window->leave(2);
  countdown.poll();
  EXPECT_EQ(on.sink->each("progress"), json({1, 2, 3, 4, 5}));
  ASSERT_TRUE(countdown.ended());
  EXPECT_EQ(only_text(countdown.value()), "liftoff");
}

TEST_F(demo, cancelling_ends_a_countdown_between_two_steps) {
  open_call on(counting_down(5, 60'000));
  started_handler<tool_result> countdown(with_.tool_handler("countdown"), on.c);
  countdown.poll();
  ASSERT_FALSE(countdown.ended());
  stop(countdown, on);
  ASSERT_TRUE(countdown.ended());
  EXPECT_EQ(countdown.cut_off(), boost::asio::error::operation_aborted);
}

TEST_F(demo, cancelling_ends_a_countdown_that_waits_for_its_client) {
  open_call on(counting_down(5), 1);
  started_handler<tool_result> countdown(with_.tool_handler("countdown"), on.c);
  countdown.poll();
  ASSERT_FALSE(countdown.ended());
  stop(countdown, on);
  ASSERT_TRUE(countdown.ended());
  EXPECT_EQ(countdown.cut_off(), boost::asio::error::operation_aborted);
  EXPECT_EQ(on.sink->sent().size(), 1u);
}

TEST_F(demo, confirm_asks_the_users_question) {
  open_call on(with_answers({}, {{"question", "Go?"}}));
  EXPECT_TRUE(with_.run_tool("confirm", on).is_waiting());
  const auto& question = on.c.open_questions().at("confirm");
  EXPECT_EQ(question.method(), "elicitation/create");
  EXPECT_EQ(question.params["message"], "Go?");
  EXPECT_EQ(question.params["requestedSchema"]["required"], json::array({"confirmed"}));
}

TEST_F(demo, confirm_tells_what_the_user_said) {
  const auto said = [&](json answer) { return only_text(with_.run_tool("confirm", asked(std::move(answer)))); };
  EXPECT_EQ(said({{"action", "accept"}, {"content", {{"confirmed", true}}}}), "yes");
  EXPECT_EQ(said({{"action", "accept"}, {"content", {{"confirmed", false}}}}), "no");
  EXPECT_EQ(said({{"action", "decline"}}), "no answer: decline");
  EXPECT_EQ(said({{"action", "cancel"}}), "no answer: cancel");
}

TEST_F(demo, confirm_fails_where_the_user_cannot_be_asked) {
  const auto ended = with_.run_tool("confirm", with_arguments({{"question", "Go?"}}));
  ASSERT_NE(ended.failure(), nullptr);
  EXPECT_EQ(ended.failure()->kind, base::error_kind::missing_capability);
}

TEST_F(demo, increment_raises_the_counter_and_announces_it) {
  EXPECT_EQ(only_text(with_.run_tool("increment")), "1");
  EXPECT_EQ(only_text(with_.run_tool("increment", with_arguments({{"by", -4}}))), "-3");
  EXPECT_THAT(with_.changes.seen, ElementsAre("demo://counter", "demo://counter"));
  EXPECT_EQ(written(with_.read("demo://counter"))["contents"][0]["text"], "-3");
}

TEST_F(demo, current_time_keeps_its_output_schema) {
  const auto result = written(with_.run_tool("current_time"));
  EXPECT_EQ(result["structuredContent"]["timezone"], "UTC");
  EXPECT_EQ(result["structuredContent"]["time"], result["content"][0]["text"]);
  EXPECT_TRUE(with_.offered.find_tool("current_time")->output->validate(result["structuredContent"]).empty());
}

TEST_F(demo, current_time_explains_an_unknown_zone_to_the_model) {
  const auto result = written(with_.run_tool("current_time", with_arguments({{"timezone", "Mars/Olympus"}})));
  EXPECT_EQ(result["isError"], true);
  EXPECT_THAT(result["content"][0]["text"].get<std::string>(), HasSubstr("Mars/Olympus"));
}

TEST_F(demo, times_are_read_by_zone_and_echo_the_uri) {
  const auto contents = written(with_.read("demo://time/UTC"))["contents"][0];
  EXPECT_EQ(contents["uri"], "demo://time/UTC");
  EXPECT_THAT(contents["text"].get<std::string>(), testing::EndsWith("+00:00"));
}

TEST_F(demo, a_zone_may_be_written_with_its_slash_or_escaped) {
  if (!providers::demo::is_zone("Europe/Berlin")) GTEST_SKIP() << "this machine has no time zone data";
  for (const char* uri : {"demo://time/Europe/Berlin", "demo://time/Europe%2FBerlin"})
    EXPECT_EQ(written(with_.read(uri))["contents"][0]["uri"], uri);
}

TEST_F(demo, reading_an_unknown_zone_fails) {
  const auto ended = with_.read("demo://time/Nowhere");
  ASSERT_NE(ended.failure(), nullptr);
  EXPECT_EQ(ended.failure()->kind, base::error_kind::invalid_params);
  EXPECT_THAT(ended.failure()->message, HasSubstr("Nowhere"));
}

TEST_F(demo, zones_are_suggested_by_what_was_typed) {
  const auto* by_template = with_.offered.find_template_completer("demo://time/{zone}", "zone");
  const auto* by_prompt = with_.offered.find_prompt_completer("plan_launch", "timezone");
  ASSERT_NE(by_template, nullptr);
  ASSERT_NE(by_prompt, nullptr);
  EXPECT_THAT((*by_template)("UT", {}).values, Contains("UTC"));
  EXPECT_EQ((*by_prompt)("", {}).values, providers::demo::zone_names());
  EXPECT_TRUE((*by_prompt)("Nowhere/", {}).values.empty());
  EXPECT_EQ(with_.offered.find_prompt_completer("plan_launch", "rocket"), nullptr);
}

TEST_F(demo, plan_launch_names_the_rocket_and_the_zone) {
  const auto text = [&](json arguments) {
    return written(
               with_.run_prompt("plan_launch", with_arguments(std::move(arguments))))["messages"][0]["content"]["text"]
        .get<std::string>();
  };
  EXPECT_THAT(text({{"rocket", "Ariane"}}), testing::AllOf(HasSubstr("Ariane"), HasSubstr("UTC")));
  EXPECT_THAT(text({{"rocket", "Ariane"}, {"timezone", "America/Cayenne"}}), HasSubstr("America/Cayenne"));
}

}  // namespace
}  // namespace hydrant::providers

#include "runtime/prepare.hpp"

#include "tests/unit/runtime/calls.hpp"

#include <gmock/gmock.h>

namespace hydrant::runtime {
namespace {

using base::error_kind;
using testing::HasSubstr;

class preparing : public runtime_test {
 protected:
  base::result<prepared_call> prepare_as(const protocol::message& asked, const caller& who = modern()) {
    return prepare(*protocol::find_method(asked.method, who.revision), asked, e_.catalog, who);
  }
  error_kind failure(const protocol::message& asked) { return prepare_as(asked).error().kind; }
};

TEST_F(preparing, finds_the_tool_and_hands_it_what_the_caller_said) {
  auto asked = tool_call("echo", {{"message", "hi"}});
  asked.meta.traceparent = "00-1-2-01";
  const auto who = caller{revision::r2025_06_18, {.sampling = true}, "ada", protocol::logging_level::error};
  const auto got = prepare_as(asked, who).value();
  EXPECT_EQ(std::get<const providers::tool_entry*>(got.target), e_.catalog.find_tool("echo"));
  EXPECT_EQ(got.setup.name, "echo");
  EXPECT_EQ(got.setup.arguments, json({{"message", "hi"}}));
  EXPECT_EQ(got.setup.revision, revision::r2025_06_18);
  EXPECT_TRUE(got.setup.client.sampling);
  EXPECT_EQ(got.setup.principal, "ada");
  EXPECT_EQ(got.setup.progress_token, R"("t")");
  EXPECT_EQ(got.setup.log_level, protocol::logging_level::error);
  EXPECT_EQ(got.setup.traceparent, "00-1-2-01");
  EXPECT_FALSE(got.early_result);
}

TEST_F(preparing, a_tool_without_arguments_gets_an_empty_object) {
  const auto got = prepare_as(request("tools/call", {{"name", "current_time"}})).value();
  EXPECT_EQ(got.setup.arguments, json::object());
}

TEST_F(preparing, knows_which_handlers_run_at_once) {
  EXPECT_TRUE(prepare_as(tool_call("echo", {{"message", ""}}))->immediate());
  EXPECT_FALSE(prepare_as(tool_call("send"))->immediate());
  EXPECT_FALSE(prepare_as(tool_call("work"))->immediate());
  EXPECT_FALSE(prepare_as(request("resources/read", {{"uri", "demo://counter"}}))->immediate());
  EXPECT_TRUE(prepare_as(request("resources/read", {{"uri", "demo://time/UTC"}}))->immediate());
  EXPECT_TRUE(
      prepare_as(request("prompts/get", {{"name", "plan_launch"}, {"arguments", {{"rocket", "R"}}}}))->immediate());
}

TEST_F(preparing, knows_what_may_be_run_again) {
  EXPECT_TRUE(prepare_as(tool_call("echo", {{"message", ""}}))->repeatable());
  EXPECT_TRUE(prepare_as(tool_call("send"))->repeatable());
  EXPECT_FALSE(prepare_as(tool_call("increment"))->repeatable());
  EXPECT_TRUE(prepare_as(request("resources/read", {{"uri", "demo://counter"}}))->repeatable());
  EXPECT_TRUE(
      prepare_as(request("prompts/get", {{"name", "plan_launch"}, {"arguments", {{"rocket", "R"}}}}))->repeatable());
}

TEST_F(preparing, refuses_a_malformed_tool_call) {
  for (const auto& params :
       {json::object(), json({{"name", 5}}), json({{"name", nullptr}}), json({{"name", "none"}}),
        json({{"name", "echo"}, {"arguments", 1}}), json({{"name", "echo"}, {"arguments", nullptr}}),
        json({{"name", "echo"}, {"arguments", json::array()}})})
    EXPECT_EQ(failure(request("tools/call", params)), error_kind::invalid_params) << params;
}

TEST_F(preparing, bad_arguments_are_a_result_that_the_model_can_read_in_later_revisions) {
  for (const auto r : {revision::r2025_11_25, revision::r2026_07_28}) {
    const auto got = prepare_as(tool_call("echo", {{"message", 5}}), {r, {}, "", {}}).value();
    ASSERT_TRUE(got.early_result) << protocol::name_of(r);
    const auto result = json::parse(*got.early_result);
    EXPECT_EQ(result["isError"], true);
    EXPECT_THAT(result["content"][0]["text"].get<std::string>(), HasSubstr("/message"));
    EXPECT_EQ(result.contains("resultType"), r == revision::r2026_07_28);
  }
}

TEST_F(preparing, bad_arguments_are_a_protocol_error_in_earlier_revisions) {
  for (const auto r : {revision::r2024_11_05, revision::r2025_03_26, revision::r2025_06_18}) {
    const auto got = prepare_as(tool_call("echo", {{"message", 5}}), {r, {}, "", {}});
    ASSERT_FALSE(got) << protocol::name_of(r);
    EXPECT_EQ(got.error().kind, error_kind::invalid_params);
    EXPECT_THAT(got.error().message, HasSubstr("/message"));
  }
}

TEST_F(preparing, arguments_that_no_tool_asked_for_are_bad_arguments) {
  EXPECT_TRUE(prepare_as(tool_call("echo", {{"message", "x"}, {"more", 1}}))->early_result);
  EXPECT_TRUE(prepare_as(tool_call("echo"))->early_result);
}

TEST_F(preparing, a_template_hands_its_variables_over) {
  const auto got = prepare_as(request("resources/read", {{"uri", "demo://time/Europe%2FBerlin"}})).value();
  EXPECT_EQ(got.setup.arguments, json({{"zone", "Europe/Berlin"}}));
  EXPECT_EQ(got.setup.name, "demo://time/Europe%2FBerlin");
}

TEST_F(preparing, an_unknown_resource_is_named_in_the_failure) {
  const auto got = prepare_as(request("resources/read", {{"uri", "none://\"x\""}}));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, error_kind::resource_not_found);
  EXPECT_EQ(json::parse(got.error().data), json({{"uri", "none://\"x\""}}));
}

TEST_F(preparing, refuses_a_malformed_read) {
  for (const auto& params : {json::object(), json({{"uri", 1}}), json({{"uri", json::array()}})})
    EXPECT_EQ(failure(request("resources/read", params)), error_kind::invalid_params) << params;
}

TEST_F(preparing, refuses_a_malformed_prompt_request) {
  for (const auto& params :
       {json::object(), json({{"name", 1}}), json({{"name", "none"}}), json({{"name", "plan_launch"}}),
        json({{"name", "plan_launch"}, {"arguments", json::array()}}),
        json({{"name", "plan_launch"}, {"arguments", {{"timezone", "UTC"}}}}),
        json({{"name", "plan_launch"}, {"arguments", {{"rocket", 5}}}}),
        json({{"name", "plan_launch"}, {"arguments", {{"rocket", "R"}, {"timezone", nullptr}}}})})
    EXPECT_EQ(failure(request("prompts/get", params)), error_kind::invalid_params) << params;
}

TEST_F(preparing, prepares_nothing_for_other_methods) {
  EXPECT_EQ(failure(request("tools/list")), error_kind::method_not_found);
}

}  // namespace
}  // namespace hydrant::runtime

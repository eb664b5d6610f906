#include "tests/unit/providers/conformance_fixture.hpp"

#include <gmock/gmock.h>

namespace hydrant::providers {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

using conformance_asking = conformance_fixture;

json accepted(json content) {
  return {{"action", "accept"}, {"content", std::move(content)}};
}
json spoken(const char* text) {
  return {{"role", "assistant"}, {"model", "m"}, {"content", {{"type", "text"}, {"text", text}}}};
}
const json two_roots = json::parse(R"({"roots":[{"uri":"file:///a"},{"uri":"file:///b"}]})");

TEST_F(conformance_asking, sampling_puts_the_prompt_to_the_model) {
  open_call on(with_answers({}, {{"prompt", "Say hi"}}));
  EXPECT_TRUE(with_.run_tool("test_sampling", on).is_waiting());
  const auto& question = on.c.open_questions().begin()->second;
  EXPECT_EQ(question.method(), "sampling/createMessage");
  EXPECT_EQ(question.params,
            json::parse(R"({"messages":[{"role":"user","content":{"type":"text","text":"Say hi"}}],"maxTokens":100})"));
  EXPECT_EQ(text_with("test_sampling", {{open_keys(on.c)[0], spoken("hi")}}, {{"prompt", "Say hi"}}),
            "LLM response: hi");
}

TEST_F(conformance_asking, sampled_content_that_is_no_text_is_shown_as_json) {
  auto answer = spoken("");
  answer["content"] = json::array({{{"type", "text"}, {"text", "hi"}}});
  EXPECT_THAT(text_with("test_sampling", {{"completion", answer}}, {{"prompt", "p"}}), HasSubstr("[{"));
}

TEST_F(conformance_asking, a_client_without_sampling_is_told_what_is_missing) {
  const auto ended = with_.run_tool("test_missing_capability");
  ASSERT_NE(ended.failure(), nullptr);
  EXPECT_EQ(ended.failure()->kind, base::error_kind::missing_capability);
  EXPECT_EQ(json::parse(ended.failure()->data)["requiredCapabilities"], json::parse(R"({"sampling":{}})"));
}

TEST_F(conformance_asking, streaming_elicitation_asks_and_sends_nothing) {
  open_call on(with_answers({}));
  EXPECT_NE(with_.run_tool("test_streaming_elicitation", on).value(), nullptr);
  EXPECT_THAT(on.sink->sent(), SizeIs(0));
}

TEST_F(conformance_asking, elicitation_asks_for_a_name_and_an_address) {
  open_call on(with_answers({}, {{"message", "Who?"}}));
  EXPECT_TRUE(with_.run_tool("test_elicitation", on).is_waiting());
  const auto& params = on.c.open_questions().at("form").params;
  EXPECT_EQ(params["message"], "Who?");
  EXPECT_EQ(params["requestedSchema"]["required"], json({"username", "email"}));
  const json answer = accepted({{"username", "testuser"}, {"email", "test@example.com"}});
  EXPECT_THAT(text_with("test_elicitation", {{"form", answer}}, {{"message", "Who?"}}), HasSubstr("testuser"));
  EXPECT_THAT(text_with("test_elicitation", {{"form", {{"action", "decline"}}}}, {{"message", "Who?"}}),
              HasSubstr("decline"));
}

json requested_properties(const provider_fixture& with, const char* tool_name) {
  open_call on(with_answers({}));
  EXPECT_TRUE(with.run_tool(tool_name, on).is_waiting());
  return on.c.open_questions().at("form").params["requestedSchema"]["properties"];
}

TEST_F(conformance_asking, forms_offer_a_default_of_every_primitive_type) {
  const auto asked = requested_properties(with_, "test_elicitation_sep1034_defaults");
  EXPECT_EQ(asked["name"]["default"], "John Doe");
  EXPECT_EQ(asked["age"], json::parse(R"({"type":"integer","default":30})"));
  EXPECT_EQ(asked["score"]["default"], 95.5);
  EXPECT_EQ(asked["status"]["default"], "active");
  EXPECT_EQ(asked["verified"]["default"], true);
  const auto answer =
      accepted(json::parse(R"({"name":"Jane Smith","age":25,"score":88.0,"status":"inactive","verified":false})"));
  EXPECT_THAT(text_with("test_elicitation_sep1034_defaults", {{"form", answer}}), HasSubstr("Jane Smith"));
}

TEST_F(conformance_asking, forms_write_enumerations_in_every_way) {
  const auto asked = requested_properties(with_, "test_elicitation_sep1330_enums");
  EXPECT_FALSE(asked["untitledSingle"].contains("oneOf") || asked["untitledSingle"].contains("enumNames"));
  EXPECT_THAT(asked["titledSingle"]["oneOf"], SizeIs(3));
  EXPECT_EQ(asked["legacyEnum"]["enum"].size(), asked["legacyEnum"]["enumNames"].size());
  EXPECT_THAT(asked["untitledMulti"]["items"]["enum"], SizeIs(3));
  EXPECT_THAT(asked["titledMulti"]["items"]["anyOf"], SizeIs(3));
  const auto answer = accepted(json::parse(R"({"untitledSingle":"option1","titledSingle":"value1","legacyEnum":"opt1",
      "untitledMulti":["option1","option2"],"titledMulti":["value1","value2"]})"));
  EXPECT_NE(with_.run_tool("test_elicitation_sep1330_enums", with_answers({{"form", answer}})).value(), nullptr);
}

TEST_F(conformance_asking, a_basic_question_is_answered_under_its_key) {
  constexpr auto tool = "test_input_required_result_elicitation";
  EXPECT_THAT(asked_by(tool), ElementsAre("user_name"));
  EXPECT_THAT(asked_by(tool, {{"other", accepted({{"name", "Alice"}})}}), ElementsAre("user_name"));
  EXPECT_THAT(asked_by(tool, {{"user_name", 12345}}), ElementsAre("user_name"));
  EXPECT_EQ(text_with(tool, {{"user_name", accepted({{"name", "Alice"}})}, {"extra", 1}}), "Hello, Alice!");
  EXPECT_EQ(text_with(tool, {{"user_name", {{"action", "cancel"}}}}), "Hello, stranger!");
}

TEST_F(conformance_asking, the_model_and_the_roots_may_be_asked_for_too) {
  const auto sampling = asked_by("test_input_required_result_sampling");
  ASSERT_THAT(sampling, SizeIs(1));
  EXPECT_EQ(text_with("test_input_required_result_sampling", {{sampling[0], spoken("Paris")}}), "Paris");
  const auto roots = asked_by("test_input_required_result_list_roots");
  ASSERT_THAT(roots, SizeIs(1));
  EXPECT_EQ(text_with("test_input_required_result_list_roots", {{roots[0], two_roots}}), "Number of roots: 2");
}

TEST_F(conformance_asking, the_second_round_has_the_memory_of_the_first) {
  for (const char* tool : {"test_input_required_result_request_state", "test_input_required_result_tampered_state"}) {
    open_call first(with_answers({}));
    EXPECT_TRUE(with_.run_tool(tool, first).is_waiting());
    EXPECT_THAT(open_keys(first.c), ElementsAre("confirm"));
    auto second = with_answers({{"confirm", accepted({{"ok", true}})}});
    EXPECT_EQ(only_text(with_.run_tool(tool, second)), "state-missing");
    second.memory = first.c.memory();
    EXPECT_EQ(only_text(with_.run_tool(tool, second)), "state-ok");
  }
}

TEST_F(conformance_asking, several_questions_are_put_in_one_round) {
  constexpr auto tool = "test_input_required_result_multiple_inputs";
  EXPECT_THAT(asked_by(tool), ElementsAre("capital", "roots", "user_name"));
  EXPECT_THAT(asked_by(tool, {{"roots", two_roots}}), ElementsAre("capital", "user_name"));
  EXPECT_EQ(
      text_with(tool,
                {{"user_name", accepted({{"name", "Alice"}})}, {"capital", spoken("Paris")}, {"roots", two_roots}}),
      "Hello, Alice! Paris Number of roots: 2");
}

TEST_F(conformance_asking, the_second_question_follows_the_first_answer) {
  constexpr auto tool = "test_input_required_result_multi_round";
  const auto named = accepted({{"name", "Alice"}});
  EXPECT_THAT(asked_by(tool), ElementsAre("step1"));
  EXPECT_THAT(asked_by(tool, {{"step1", named}}), ElementsAre("step2"));
  EXPECT_EQ(text_with(tool, {{"step1", named}, {"step2", accepted({{"ok", true}})}}), "Hello, Alice!");
}

TEST_F(conformance_asking, only_what_the_client_can_do_is_asked_for) {
  const auto method_for = [&](protocol::client_capabilities client) -> std::string {
    call_setup setup;
    setup.client = client;
    open_call on(setup);
    if (!with_.run_tool("test_input_required_result_capabilities", on).is_waiting()) return "";
    return std::string(on.c.open_questions().begin()->second.method());
  };
  EXPECT_EQ(method_for({.sampling = true}), "sampling/createMessage");
  EXPECT_EQ(method_for({.elicitation_form = true}), "elicitation/create");
  EXPECT_EQ(method_for({.roots = true}), "roots/list");
  EXPECT_EQ(method_for({}), "") << "it must do without";
}

}  // namespace
}  // namespace hydrant::providers

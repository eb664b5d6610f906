#include "providers/conformance/conformance_provider.hpp"

#include "protocol/base64.hpp"
#include "tests/unit/providers/recording.hpp"

#include <boost/asio/error.hpp>
#include <gmock/gmock.h>

namespace hydrant::providers {
namespace {

using protocol::logging_level;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

class conformance : public testing::Test {
 protected:
  json content_of(const std::string& tool_name, call_setup setup = {}) const {
    return written(with_.run_tool(tool_name, std::move(setup)))["content"];
  }
  // What the named tool asks a client that can do everything, and has answered this much.
  std::vector<std::string> asked_by(const std::string& tool_name, std::map<std::string, json, std::less<>> answers = {}) const {
    open_call on(with_answers(std::move(answers)));
    EXPECT_TRUE(with_.run_tool(tool_name, on).is_waiting()) << tool_name;
    return open_keys(on.c);
  }

  conformance_provider provider_{std::chrono::milliseconds(0)};
  provider_fixture with_{provider_};
};

json accepted(json content) { return {{"action", "accept"}, {"content", std::move(content)}}; }
json spoken(const char* text) { return {{"role", "assistant"}, {"model", "m"}, {"content", {{"type", "text"}, {"text", text}}}}; }
const json two_roots = json::parse(R"({"roots":[{"uri":"file:///a"},{"uri":"file:///b"}]})");

TEST_F(conformance, the_first_tool_takes_no_arguments) {
  const auto first = listed(with_.offered.tools(), "tools")[0];
  const auto* tool = with_.offered.find_tool(first["name"].get<std::string>());
  EXPECT_TRUE(tool->input.validate(json::object()).empty());
}

TEST_F(conformance, every_entry_has_a_name_and_a_description) {
  for (const auto& [list, member] : {std::pair{&with_.offered.tools(), "tools"}, {&with_.offered.prompts(), "prompts"},
                                     {&with_.offered.resources(), "resources"}, {&with_.offered.templates(), "resourceTemplates"}}) {
    const auto entries = listed(*list, member);
    ASSERT_FALSE(entries.empty()) << member;
    for (const auto& entry : entries) {
      EXPECT_NE(entry.value("name", ""), "") << entry;
      EXPECT_NE(entry.value("description", ""), "") << entry;
    }
  }
}

TEST_F(conformance, content_tools_return_each_kind_of_content) {
  EXPECT_EQ(content_of("test_simple_text"), json::parse(R"([{"type":"text","text":"This is a simple text response for testing."}])"));
  EXPECT_EQ(content_of("test_embedded_resource"), json::parse(R"([{"type":"resource","resource":{"uri":"test://embedded-resource",
      "mimeType":"text/plain","text":"This is an embedded resource content."}}])"));
  const auto mixed = content_of("test_multiple_content_types");
  ASSERT_EQ(mixed.size(), 3u);
  EXPECT_EQ(mixed[0]["text"], "Multiple content types test:");
  EXPECT_EQ(mixed[1]["mimeType"], "image/png");
  EXPECT_EQ(mixed[2]["resource"], json::parse(R"({"uri":"test://mixed-content-resource","mimeType":"application/json",
      "text":"{\"test\":\"data\",\"value\":123}"})"));
}

TEST_F(conformance, images_and_sounds_are_what_they_are_said_to_be) {
  const auto bytes = [](const json& block) {
    return protocol::base64_decode(block["data"].get<std::string>(), protocol::base64_alphabet::standard).value();
  };
  const auto image = content_of("test_image_content")[0];
  EXPECT_EQ(image["type"], "image");
  EXPECT_EQ(image["mimeType"], "image/png");
  EXPECT_THAT(bytes(image), StartsWith("\x89PNG\r\n\x1a\n"));
  const auto sound = content_of("test_audio_content")[0];
  EXPECT_EQ(sound["type"], "audio");
  EXPECT_EQ(sound["mimeType"], "audio/wav");
  EXPECT_THAT(bytes(sound), StartsWith("RIFF"));
}

TEST_F(conformance, error_handling_fails_as_a_result) {
  const auto result = written(with_.run_tool("test_error_handling"));
  EXPECT_EQ(result["isError"], true);
  EXPECT_EQ(result["content"][0]["text"], "This tool intentionally returns an error for testing");
}

TEST_F(conformance, the_2020_12_schema_is_listed_with_all_its_keywords) {
  const auto schema = with_.offered.find_tool("json_schema_2020_12_tool")->definition.descriptor()["inputSchema"];
  for (const char* keyword : {"$schema", "type", "$defs", "properties", "additionalProperties", "allOf", "if", "then", "else"})
    EXPECT_TRUE(schema.contains(keyword)) << keyword;
  EXPECT_EQ(schema["$defs"]["address"]["$anchor"], "addressDef");
  EXPECT_EQ(schema["additionalProperties"], false);
}

TEST_F(conformance, the_2020_12_schema_is_enforced) {
  const auto& input = with_.offered.find_tool("json_schema_2020_12_tool")->input;
  EXPECT_TRUE(input.validate({{"contactMethod", "phone"}, {"phone", "1"}, {"address", {{"city", "Bern"}}}}).empty());
  EXPECT_FALSE(input.validate({{"contactMethod", "phone"}, {"email", "a@b"}}).empty());
  EXPECT_FALSE(input.validate({{"email", "a@b"}, {"address", {{"city", 3}}}}).empty());
}

TEST_F(conformance, the_region_is_mirrored_into_a_header_and_may_be_left_out) {
  const auto* tool = with_.offered.find_tool("test_x_mcp_header");
  ASSERT_THAT(tool->mirrored, SizeIs(1));
  EXPECT_EQ(tool->mirrored[0].header_name, "Mcp-Param-Region");
  EXPECT_TRUE(tool->input.validate(json::object()).empty());
  EXPECT_EQ(only_text(with_.run_tool("test_x_mcp_header", with_arguments({{"region", "eu"}}))), R"({"region":"eu"})");
}

TEST_F(conformance, progress_runs_from_nothing_to_all) {
  call_setup setup;
  setup.progress_token = R"("progress-test-1")";
  open_call on(setup);
  ASSERT_NE(with_.run_tool("test_tool_with_progress", on).value(), nullptr);
  EXPECT_EQ(on.sink->each("progress"), json({0, 50, 100}));
  EXPECT_EQ(on.sink->each("total"), json({100, 100, 100}));
  EXPECT_EQ(on.sink->each("progressToken")[0], "progress-test-1");
}

TEST_F(conformance, logging_writes_three_messages_at_info) {
  call_setup setup;
  setup.log_level = logging_level::debug;
  open_call on(setup);
  ASSERT_NE(with_.run_tool("test_tool_with_logging", on).value(), nullptr);
  EXPECT_EQ(on.sink->each("level"), json({"info", "info", "info"}));
  EXPECT_EQ(on.sink->each("data"), json({"Tool execution started", "Tool processing data", "Tool execution completed"}));
}

TEST_F(conformance, the_logging_tool_keeps_quiet_unless_a_level_was_set) {
  open_call quiet;
  ASSERT_NE(with_.run_tool("test_logging_tool", quiet).value(), nullptr);
  EXPECT_THAT(quiet.sink->sent(), SizeIs(0));
  call_setup setup;
  setup.log_level = logging_level::info;
  open_call heard(setup);
  ASSERT_NE(with_.run_tool("test_logging_tool", heard).value(), nullptr);
  EXPECT_THAT(heard.sink->sent(), SizeIs(1));
}

TEST_F(conformance, reconnection_closes_the_stream_before_its_result) {
  conformance_provider unhurried(std::chrono::hours(1));
  const provider_fixture with(unhurried);
  open_call on;
  started_handler<tool_result> handler(with.tool_handler("test_reconnection"), on.c);
  handler.poll();
  EXPECT_EQ(on.sink->releases(), 1);
  EXPECT_FALSE(handler.ended());
  handler.cancel();
  handler.poll();
  EXPECT_EQ(handler.cut_off(), boost::asio::error::operation_aborted);
}

TEST_F(conformance, reconnection_gives_its_result_in_the_end) {
  EXPECT_THAT(only_text(with_.run_tool("test_reconnection")), StartsWith("Reconnection test completed successfully"));
}

TEST_F(conformance, trigger_tools_announce_a_change_of_their_list) {
  ASSERT_NE(with_.run_tool("test_trigger_tool_change").value(), nullptr);
  EXPECT_THAT(with_.changes.seen, ElementsAre("tools"));
  ASSERT_NE(with_.run_tool("test_trigger_prompt_change").value(), nullptr);
  EXPECT_THAT(with_.changes.seen, ElementsAre("tools", "prompts"));
}

TEST_F(conformance, sampling_puts_the_prompt_to_the_model) {
  open_call on(with_answers({}, {{"prompt", "Say hi"}}));
  EXPECT_TRUE(with_.run_tool("test_sampling", on).is_waiting());
  const auto& question = on.c.open_questions().begin()->second;
  EXPECT_EQ(question.method(), "sampling/createMessage");
  EXPECT_EQ(question.params, json::parse(R"({"messages":[{"role":"user","content":{"type":"text","text":"Say hi"}}],"maxTokens":100})"));
  EXPECT_EQ(only_text(with_.run_tool("test_sampling", with_answers({{open_keys(on.c)[0], spoken("hi")}}, {{"prompt", "Say hi"}}))),
            "LLM response: hi");
}

TEST_F(conformance, sampled_content_that_is_no_text_is_shown_as_json) {
  auto answer = spoken("");
  answer["content"] = json::array({{{"type", "text"}, {"text", "hi"}}});
  EXPECT_THAT(only_text(with_.run_tool("test_sampling", with_answers({{"completion", answer}}, {{"prompt", "p"}}))), HasSubstr("[{"));
}

TEST_F(conformance, a_client_without_sampling_is_told_what_is_missing) {
  const auto ended = with_.run_tool("test_missing_capability");
  ASSERT_NE(ended.failure(), nullptr);
  EXPECT_EQ(ended.failure()->kind, base::error_kind::missing_capability);
  EXPECT_EQ(json::parse(ended.failure()->data)["requiredCapabilities"], json::parse(R"({"sampling":{}})"));
}

TEST_F(conformance, streaming_elicitation_asks_and_sends_nothing) {
  open_call on(with_answers({}));
  EXPECT_NE(with_.run_tool("test_streaming_elicitation", on).value(), nullptr);
  EXPECT_THAT(on.sink->sent(), SizeIs(0));
}

TEST_F(conformance, elicitation_asks_for_a_name_and_an_address) {
  open_call on(with_answers({}, {{"message", "Who?"}}));
  EXPECT_TRUE(with_.run_tool("test_elicitation", on).is_waiting());
  const auto& params = on.c.open_questions().at("form").params;
  EXPECT_EQ(params["message"], "Who?");
  EXPECT_EQ(params["requestedSchema"]["required"], json({"username", "email"}));
  const json answer = accepted({{"username", "testuser"}, {"email", "test@example.com"}});
  EXPECT_THAT(only_text(with_.run_tool("test_elicitation", with_answers({{"form", answer}}, {{"message", "Who?"}}))), HasSubstr("testuser"));
  EXPECT_THAT(only_text(with_.run_tool("test_elicitation", with_answers({{"form", {{"action", "decline"}}}}, {{"message", "Who?"}}))),
              HasSubstr("decline"));
}

json requested_properties(const provider_fixture& with, const char* tool_name) {
  open_call on(with_answers({}));
  EXPECT_TRUE(with.run_tool(tool_name, on).is_waiting());
  return on.c.open_questions().at("form").params["requestedSchema"]["properties"];
}

TEST_F(conformance, forms_offer_a_default_of_every_primitive_type) {
  const auto asked = requested_properties(with_, "test_elicitation_sep1034_defaults");
  EXPECT_EQ(asked["name"]["default"], "John Doe");
  EXPECT_EQ(asked["age"], json::parse(R"({"type":"integer","default":30})"));
  EXPECT_EQ(asked["score"]["default"], 95.5);
  EXPECT_EQ(asked["status"]["default"], "active");
  EXPECT_EQ(asked["verified"]["default"], true);
  const auto answer = accepted(json::parse(R"({"name":"Jane Smith","age":25,"score":88.0,"status":"inactive","verified":false})"));
  EXPECT_THAT(only_text(with_.run_tool("test_elicitation_sep1034_defaults", with_answers({{"form", answer}}))), HasSubstr("Jane Smith"));
}

TEST_F(conformance, forms_write_enumerations_in_every_way) {
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

TEST_F(conformance, a_basic_question_is_answered_under_its_key) {
  constexpr auto tool = "test_input_required_result_elicitation";
  EXPECT_THAT(asked_by(tool), ElementsAre("user_name"));
  EXPECT_THAT(asked_by(tool, {{"other", accepted({{"name", "Alice"}})}}), ElementsAre("user_name"));
  EXPECT_THAT(asked_by(tool, {{"user_name", 12345}}), ElementsAre("user_name"));
  EXPECT_EQ(only_text(with_.run_tool(tool, with_answers({{"user_name", accepted({{"name", "Alice"}})}, {"extra", 1}}))), "Hello, Alice!");
  EXPECT_EQ(only_text(with_.run_tool(tool, with_answers({{"user_name", {{"action", "cancel"}}}}))), "Hello, stranger!");
}

TEST_F(conformance, the_model_and_the_roots_may_be_asked_for_too) {
  const auto sampling = asked_by("test_input_required_result_sampling");
  ASSERT_THAT(sampling, SizeIs(1));
  EXPECT_EQ(only_text(with_.run_tool("test_input_required_result_sampling", with_answers({{sampling[0], spoken("Paris")}}))), "Paris");
  const auto roots = asked_by("test_input_required_result_list_roots");
  ASSERT_THAT(roots, SizeIs(1));
  EXPECT_EQ(only_text(with_.run_tool("test_input_required_result_list_roots", with_answers({{roots[0], two_roots}}))), "Number of roots: 2");
}

TEST_F(conformance, the_second_round_has_the_memory_of_the_first) {
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

TEST_F(conformance, several_questions_are_put_in_one_round) {
  constexpr auto tool = "test_input_required_result_multiple_inputs";
  EXPECT_THAT(asked_by(tool), ElementsAre("capital", "roots", "user_name"));
  EXPECT_THAT(asked_by(tool, {{"roots", two_roots}}), ElementsAre("capital", "user_name"));
  EXPECT_EQ(only_text(with_.run_tool(tool, with_answers({{"user_name", accepted({{"name", "Alice"}})}, {"capital", spoken("Paris")}, {"roots", two_roots}}))),
            "Hello, Alice! Paris Number of roots: 2");
}

TEST_F(conformance, the_second_question_follows_the_first_answer) {
  constexpr auto tool = "test_input_required_result_multi_round";
  const auto named = accepted({{"name", "Alice"}});
  EXPECT_THAT(asked_by(tool), ElementsAre("step1"));
  EXPECT_THAT(asked_by(tool, {{"step1", named}}), ElementsAre("step2"));
  EXPECT_EQ(only_text(with_.run_tool(tool, with_answers({{"step1", named}, {"step2", accepted({{"ok", true}})}}))), "Hello, Alice!");
}

TEST_F(conformance, only_what_the_client_can_do_is_asked_for) {
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

TEST_F(conformance, resources_hold_what_they_are_said_to) {
  EXPECT_EQ(written(with_.read("test://static-text"))["contents"], json::parse(R"([{"uri":"test://static-text",
      "mimeType":"text/plain","text":"This is the content of the static text resource."}])"));
  const auto binary = written(with_.read("test://static-binary"))["contents"][0];
  EXPECT_EQ(binary["mimeType"], "image/png");
  EXPECT_EQ(binary["blob"], content_of("test_image_content")[0]["data"]);
  EXPECT_NE(written(with_.read("test://watched-resource"))["contents"][0]["text"], "");
}

TEST_F(conformance, the_template_is_filled_in) {
  const auto contents = written(with_.read("test://template/123/data"))["contents"][0];
  EXPECT_EQ(contents["uri"], "test://template/123/data");
  EXPECT_EQ(contents["mimeType"], "application/json");
  EXPECT_EQ(json::parse(contents["text"].get<std::string>()), json::parse(R"({"id":"123","templateTest":true,"data":"Data for ID: 123"})"));
  EXPECT_FALSE(with_.offered.find_resource("test://template/123"));
}

TEST_F(conformance, prompts_say_what_is_expected) {
  const auto messages = [&](const char* name, json arguments = json::object()) {
    return written(with_.run_prompt(name, with_arguments(std::move(arguments))))["messages"];
  };
  EXPECT_EQ(messages("test_simple_prompt"), json::parse(R"([{"role":"user","content":{"type":"text","text":"This is a simple prompt for testing."}}])"));
  EXPECT_EQ(messages("test_prompt_with_arguments", {{"arg1", "a"}, {"arg2", "b"}})[0]["content"]["text"], "Prompt with arguments: arg1='a', arg2='b'");
  const auto embedded = messages("test_prompt_with_embedded_resource", {{"resourceUri", "test://x"}});
  EXPECT_EQ(embedded[0]["content"]["resource"], json::parse(R"({"uri":"test://x","mimeType":"text/plain","text":"Embedded resource content for testing."})"));
  EXPECT_EQ(embedded[1]["content"]["text"], "Please process the embedded resource above.");
  const auto image = messages("test_prompt_with_image");
  EXPECT_EQ(image[0]["content"]["mimeType"], "image/png");
  EXPECT_EQ(image[1]["content"]["text"], "Please analyze the image above.");
}

TEST_F(conformance, a_prompt_may_ask_the_user) {
  EXPECT_TRUE(with_.run_prompt("test_input_required_result_prompt", with_answers({})).is_waiting());
  const auto text = [&](json answer) {
    return written(with_.run_prompt("test_input_required_result_prompt", with_answers({{"user_context", std::move(answer)}})))["messages"][0]["content"]["text"];
  };
  EXPECT_EQ(text(accepted({{"context", "tea"}})), "Consider this: tea");
  EXPECT_EQ(text(accepted(json::object())), "Consider this: nothing in particular");
}

TEST_F(conformance, prompt_arguments_are_suggested) {
  const auto* suggest = with_.offered.find_prompt_completer("test_prompt_with_arguments", "arg1");
  ASSERT_NE(suggest, nullptr);
  EXPECT_THAT((*suggest)("test", {}).values, ElementsAre("testValue1", "testValue2"));
  EXPECT_THAT((*suggest)("other", {}).values, SizeIs(0));
}

}  // namespace
}  // namespace hydrant::providers

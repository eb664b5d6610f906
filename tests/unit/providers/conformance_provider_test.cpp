#include "providers/conformance/conformance_provider.hpp"

#include "protocol/base64.hpp"
#include "tests/unit/providers/conformance_fixture.hpp"

#include <boost/asio/error.hpp>
#include <gmock/gmock.h>

namespace hydrant::providers {
namespace {

using protocol::logging_level;
using testing::ElementsAre;
using testing::SizeIs;
using testing::StartsWith;

using conformance = conformance_fixture;

TEST_F(conformance, the_first_tool_takes_no_arguments) {
  const auto first = listed(with_.offered.tools(), "tools")[0];
  const auto* tool = with_.offered.find_tool(first["name"].get<std::string>());
  EXPECT_TRUE(tool->input.validate(json::object()).empty());
}

TEST_F(conformance, every_entry_has_a_name_and_a_description) {
  for (const auto& [list, member] : {std::pair{&with_.offered.tools(), "tools"},
                                     {&with_.offered.prompts(), "prompts"},
                                     {&with_.offered.resources(), "resources"},
                                     {&with_.offered.templates(), "resourceTemplates"}}) {
    const auto entries = listed(*list, member);
    ASSERT_FALSE(entries.empty()) << member;
    for (const auto& entry : entries) {
      EXPECT_NE(entry.value("name", ""), "") << entry;
      EXPECT_NE(entry.value("description", ""), "") << entry;
    }
  }
}

TEST_F(conformance, content_tools_return_each_kind_of_content) {
  EXPECT_EQ(content_of("test_simple_text"),
            json::parse(R"([{"type":"text","text":"This is a simple text response for testing."}])"));
  EXPECT_EQ(content_of("test_embedded_resource"),
            json::parse(R"([{"type":"resource","resource":{"uri":"test://embedded-resource",
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
  for (const char* keyword :
       {"$schema", "type", "$defs", "properties", "additionalProperties", "allOf", "if", "then", "else"})
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
  EXPECT_EQ(on.sink->each("data"),
            json({"Tool execution started", "Tool processing data", "Tool execution completed"}));
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
  EXPECT_EQ(json::parse(contents["text"].get<std::string>()),
            json::parse(R"({"id":"123","templateTest":true,"data":"Data for ID: 123"})"));
  EXPECT_FALSE(with_.offered.find_resource("test://template/123"));
}

TEST_F(conformance, prompts_say_what_is_expected) {
  const auto messages = [&](const char* name, json arguments = json::object()) {
    return written(with_.run_prompt(name, with_arguments(std::move(arguments))))["messages"];
  };
  EXPECT_EQ(
      messages("test_simple_prompt"),
      json::parse(R"([{"role":"user","content":{"type":"text","text":"This is a simple prompt for testing."}}])"));
  EXPECT_EQ(messages("test_prompt_with_arguments", {{"arg1", "a"}, {"arg2", "b"}})[0]["content"]["text"],
            "Prompt with arguments: arg1='a', arg2='b'");
  const auto embedded = messages("test_prompt_with_embedded_resource", {{"resourceUri", "test://x"}});
  EXPECT_EQ(
      embedded[0]["content"]["resource"],
      json::parse(R"({"uri":"test://x","mimeType":"text/plain","text":"Embedded resource content for testing."})"));
  EXPECT_EQ(embedded[1]["content"]["text"], "Please process the embedded resource above.");
  const auto image = messages("test_prompt_with_image");
  EXPECT_EQ(image[0]["content"]["mimeType"], "image/png");
  EXPECT_EQ(image[1]["content"]["text"], "Please analyze the image above.");
}

TEST_F(conformance, a_prompt_may_ask_the_user) {
  EXPECT_TRUE(with_.run_prompt("test_input_required_result_prompt", with_answers({})).is_waiting());
  const auto text = [&](json answer) {
    return written(
        with_.run_prompt("test_input_required_result_prompt",
                         with_answers({{"user_context", std::move(answer)}})))["messages"][0]["content"]["text"];
  };
  EXPECT_EQ(text({{"action", "accept"}, {"content", {{"context", "tea"}}}}), "Consider this: tea");
  EXPECT_EQ(text({{"action", "accept"}, {"content", json::object()}}), "Consider this: nothing in particular");
}

TEST_F(conformance, prompt_arguments_are_suggested) {
  const auto* suggest = with_.offered.find_prompt_completer("test_prompt_with_arguments", "arg1");
  ASSERT_NE(suggest, nullptr);
  EXPECT_THAT((*suggest)("test", {}).values, ElementsAre("testValue1", "testValue2"));
  EXPECT_THAT((*suggest)("other", {}).values, SizeIs(0));
}

}  // namespace
}  // namespace hydrant::providers

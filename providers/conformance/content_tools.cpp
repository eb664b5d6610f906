#include "providers/conformance/fixtures.hpp"

namespace hydrant::providers::conformance {

using protocol::content;
using protocol::error_result;
using protocol::resource_contents;
using protocol::text_result;

namespace {

struct fixed_tool {
  const char* name;
  const char* description;
  tool_result result;
};

content embedded(const char* uri, const char* mime_type, const char* text) {
  return content::resource(resource_contents{.uri = uri, .mime_type = mime_type, .text = text, .blob = {}}.to_json());
}

tool_result holding(std::vector<content> blocks) {
  tool_result result;
  result.blocks = std::move(blocks);
  return result;
}

std::vector<fixed_tool> fixed_tools() {
  return {
      {"test_simple_text", "Returns one text.", text_result("This is a simple text response for testing.")},
      {"test_image_content", "Returns one image.", holding({content::image(png_pixel, "image/png")})},
      {"test_audio_content", "Returns one sound.", holding({content::audio(wav_silence, "audio/wav")})},
      {"test_embedded_resource", "Returns an embedded resource.",
       holding({embedded("test://embedded-resource", "text/plain", "This is an embedded resource content.")})},
      {"test_multiple_content_types", "Returns a text, an image and an embedded resource.",
       holding({content::text("Multiple content types test:"), content::image(png_pixel, "image/png"),
                embedded("test://mixed-content-resource", "application/json", R"({"test":"data","value":123})")})},
      {"test_error_handling", "Fails in a way that the model should read.",
       error_result("This tool intentionally returns an error for testing")},
      {"test_streaming_elicitation", "Answers without asking the client anything.",
       text_result("Nothing was sent on this stream but the result.")},
  };
}

// Keywords of JSON Schema 2020-12 that a list must not lose (SEP-1613).
constexpr const char* contact_schema = R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "$defs": {
    "address": {
      "$anchor": "addressDef",
      "type": "object",
      "properties": {"street": {"type": "string"}, "city": {"type": "string"}}
    }
  },
  "properties": {
    "name": {"type": "string"},
    "address": {"$ref": "#/$defs/address"},
    "contactMethod": {"type": "string", "enum": ["phone", "email"]},
    "phone": {"type": "string"},
    "email": {"type": "string"}
  },
  "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
  "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
  "then": {"required": ["phone"]},
  "else": {"required": ["email"]},
  "additionalProperties": false
})";

outcome<tool_result> arguments_as_text(call& c) {
  return text_result(protocol::to_text(c.arguments()));
}

void add_schema_tools(catalog& to) {
  to.add(tool("json_schema_2020_12_tool")
             .describe("Takes arguments by a schema with many keywords and returns them.")
             .input_schema(json::parse(contact_schema))
             .read_only()
             .closed_world()
             .immediate(arguments_as_text));

  const auto region = parameter<std::string>("region", "Where to act; also sent as a header")
                          .or_else("any")
                          .with("x-mcp-header", "Region");
  const auto level = parameter<std::int64_t>("level", "How much; in the body only").or_else(1);
  to.add(tool("test_x_mcp_header")
             .describe("Takes an argument that a header repeats.")
             .takes(region, level)
             .read_only()
             .closed_world()
             .immediate(arguments_as_text));
}

}  // namespace

void add_content_tools(catalog& to) {
  for (auto& fixture : fixed_tools()) {
    to.add(tool(fixture.name)
               .describe(fixture.description)
               .read_only()
               .closed_world()
               .immediate([result = std::move(fixture.result)](call&) -> outcome<tool_result> { return result; }));
  }
  add_schema_tools(to);
}

}  // namespace hydrant::providers::conformance

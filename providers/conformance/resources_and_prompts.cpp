#include "providers/conformance/fixtures.hpp"
#include "providers/conformance/questions.hpp"

namespace hydrant::providers::conformance {

using protocol::content;
using protocol::prompt_message;
using protocol::resource_contents;

namespace {

struct fixed_resource {
  const char* name;
  const char* description;
  resource_contents contents;
};

std::vector<fixed_resource> fixed_resources() {
  return {
      {"static-text",
       "A text that never changes.",
       {.uri = "test://static-text",
        .mime_type = "text/plain",
        .text = "This is the content of the static text resource.",
        .blob = {}}},
      {"static-binary",
       "An image that never changes.",
       {.uri = "test://static-binary", .mime_type = "image/png", .text = {}, .blob = png_pixel}},
      {"watched-resource",
       "A text to subscribe to.",
       {.uri = "test://watched-resource",
        .mime_type = "text/plain",
        .text = "Subscribe to hear when this text changes.",
        .blob = {}}},
  };
}

outcome<resource_result> read_by_id(call& c) {
  const auto& id = c.arguments()["id"].get_ref<const std::string&>();
  const json body = {{"id", id}, {"templateTest", true}, {"data", "Data for ID: " + id}};
  return resource_result{
      {{.uri = c.name(), .mime_type = "application/json", .text = protocol::to_text(body), .blob = {}}}};
}

std::string argument(const call& c, const char* name) {
  return c.arguments()[name].get<std::string>();
}

prompt_result user_says(std::vector<content> blocks) {
  prompt_result result;
  for (auto& block : blocks)
    result.messages.push_back({"user", std::move(block)});
  return result;
}

outcome<prompt_result> with_arguments(call& c) {
  return user_says(
      {content::text("Prompt with arguments: arg1='" + argument(c, "arg1") + "', arg2='" + argument(c, "arg2") + "'")});
}

outcome<prompt_result> with_embedded_resource(call& c) {
  const resource_contents contents{.uri = argument(c, "resourceUri"),
                                   .mime_type = "text/plain",
                                   .text = "Embedded resource content for testing.",
                                   .blob = {}};
  return user_says(
      {content::resource(contents.to_json()), content::text("Please process the embedded resource above.")});
}

outcome<prompt_result> with_image(call&) {
  return user_says({content::image(png_pixel, "image/png"), content::text("Please analyze the image above.")});
}

outcome<prompt_result> with_context(call& c) {
  const auto* answer = c.ask(
      "user_context", protocol::elicit_form("What should the prompt be about?", {{"context", {{"type", "string"}}}}));
  if (answer == nullptr) return c.wait<prompt_result>();
  return user_says(
      {content::text("Consider this: " + form_value(*answer, "context", "nothing in particular").get<std::string>())});
}

completion_result matching_values(std::string_view typed, const json&) {
  completion_result found;
  for (const std::string value : {"testValue1", "testValue2"})
    if (value.starts_with(typed)) found.values.push_back(value);
  return found;
}

}  // namespace

void add_resources(catalog& to) {
  for (auto& fixture : fixed_resources()) {
    to.add(resource(fixture.contents.uri, fixture.name, fixture.contents.mime_type)
               .describe(fixture.description)
               .immediate([contents = fixture.contents](call&) -> outcome<resource_result> {
                 return resource_result{{contents}};
               }));
  }
  to.add(resource_template("test://template/{id}/data", "template", "application/json")
             .describe("Data by its id.")
             .immediate(read_by_id));
}

void add_prompts(catalog& to) {
  to.add(prompt("test_simple_prompt").describe("One message.").immediate([](call&) -> outcome<prompt_result> {
    return user_says({content::text("This is a simple prompt for testing.")});
  }));
  to.add(prompt("test_prompt_with_arguments")
             .describe("One message that holds two arguments.")
             .argument("arg1", "The first one", argument_need::required, matching_values)
             .argument("arg2", "The second one", argument_need::required, matching_values)
             .immediate(with_arguments));
  to.add(prompt("test_prompt_with_embedded_resource")
             .describe("A resource and what to do with it.")
             .argument("resourceUri", "The URI that the resource is said to have", argument_need::required)
             .immediate(with_embedded_resource));
  to.add(prompt("test_prompt_with_image").describe("An image and what to do with it.").immediate(with_image));
  to.add(prompt("test_input_required_result_prompt")
             .describe("Asks the user what it should be about.")
             .immediate(with_context));
}

}  // namespace hydrant::providers::conformance

#include "providers/conformance/fixtures.hpp"
#include "providers/conformance/questions.hpp"

namespace hydrant::providers::conformance {

using protocol::elicit_form;
using protocol::text_result;

namespace {

struct form_tool {
  const char* name;
  const char* description;
  const char* message;
  const char* properties;
};

// Every primitive type with a default (SEP-1034), and every way to write an enumeration (SEP-1330).
constexpr form_tool form_tools[] = {
    {"test_elicitation_sep1034_defaults", "Asks the user by a form whose fields have defaults.",
     "Please check the defaults.",
     R"({"name": {"type": "string", "default": "John Doe"},
         "age": {"type": "integer", "default": 30},
         "score": {"type": "number", "default": 95.5},
         "status": {"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"},
         "verified": {"type": "boolean", "default": true}})"},
    {"test_elicitation_sep1330_enums", "Asks the user to choose from lists of every form.", "Please choose.",
     R"({"untitledSingle": {"type": "string", "enum": ["option1", "option2", "option3"]},
         "titledSingle": {"type": "string", "oneOf": [{"const": "value1", "title": "First"},
                                                      {"const": "value2", "title": "Second"},
                                                      {"const": "value3", "title": "Third"}]},
         "legacyEnum": {"type": "string", "enum": ["opt1", "opt2", "opt3"], "enumNames": ["One", "Two", "Three"]},
         "untitledMulti": {"type": "array", "items": {"type": "string", "enum": ["option1", "option2", "option3"]}},
         "titledMulti": {"type": "array", "items": {"anyOf": [{"const": "value1", "title": "First"},
                                                              {"const": "value2", "title": "Second"},
                                                              {"const": "value3", "title": "Third"}]}}})"},
};

outcome<tool_result> ask_user(call& c, const std::string& message, const json& properties,
                              std::vector<std::string> required) {
  const auto* answer = c.ask("form", elicit_form(message, properties, std::move(required)));
  if (answer == nullptr) return c.wait<tool_result>();
  return text_result(elicited_text(*answer));
}

outcome<tool_result> ask_model(call& c, const std::string& prompt) {
  const auto* answer = c.ask("completion", sample_text(prompt));
  if (answer == nullptr) return c.wait<tool_result>();
  return text_result("LLM response: " + sampled_text(*answer));
}

tool asking(const char* name, const char* description) {
  return tool(name).describe(description).read_only().closed_world();
}

}  // namespace

void add_asking_tools(catalog& to) {
  const auto prompt = parameter<std::string>("prompt", "What the model is asked");
  to.add(asking("test_sampling", "Asks the client's model.").takes(prompt).immediate([prompt](call& c) {
    return ask_model(c, c[prompt]);
  }));
  to.add(asking("test_missing_capability", "Asks the client's model, for which the client must declare sampling.")
             .immediate([](call& c) { return ask_model(c, "Say something."); }));

  const auto message = parameter<std::string>("message", "What the user is asked");
  const auto account = json::parse(R"({"username": {"type": "string"}, "email": {"type": "string"}})");
  to.add(asking("test_elicitation", "Asks the user for a name and an address.")
             .takes(message)
             .immediate([message, account](call& c) {
               return ask_user(c, c[message], account, {"username", "email"});
             }));

  for (const auto& form : form_tools) {
    to.add(asking(form.name, form.description)
               .immediate([text = form.message, properties = json::parse(form.properties)](call& c) {
                 return ask_user(c, text, properties, {});
               }));
  }
}

}  // namespace hydrant::providers::conformance

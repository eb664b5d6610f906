#include "providers/conformance/fixtures.hpp"
#include "providers/conformance/questions.hpp"

namespace hydrant::providers::conformance {

using protocol::elicit_form;
using protocol::list_roots;
using protocol::question;
using protocol::text_result;

namespace {

question ask_name() {
  return elicit_form("What is your name?", {{"name", {{"type", "string"}}}}, {"name"});
}
question ask_ok(const char* message) {
  return elicit_form(message, {{"ok", {{"type", "boolean"}}}});
}
question ask_capital() {
  return sample_text("What is the capital of France?");
}

std::string greeting(const json& answer) {
  return "Hello, " + form_value(answer, "name", "stranger").get<std::string>() + "!";
}

std::string roots_text(const json& answer) {
  return "Number of roots: " + std::to_string(answer["roots"].size());
}

outcome<tool_result> greet_user(call& c) {
  const auto* name = c.ask("user_name", ask_name());
  if (name == nullptr) return c.wait<tool_result>();
  return text_result(greeting(*name));
}

outcome<tool_result> ask_model(call& c) {
  const auto* capital = c.ask("capital", ask_capital());
  if (capital == nullptr) return c.wait<tool_result>();
  return text_result(sampled_text(*capital));
}

outcome<tool_result> count_roots(call& c) {
  const auto* roots = c.ask("roots", list_roots());
  if (roots == nullptr) return c.wait<tool_result>();
  return text_result(roots_text(*roots));
}

// Says what the first round remembered, which proves that it came back with the answer.
outcome<tool_result> confirm_with_memory(call& c) {
  if (c.ask("confirm", ask_ok("Shall this go on?")) == nullptr) {
    c.memory() = "state-ok";
    return c.wait<tool_result>();
  }
  return text_result(c.memory().is_string() ? c.memory().get<std::string>() : "state-missing");
}

// All questions in one round: each is asked before any answer is missed.
outcome<tool_result> ask_everything(call& c) {
  const auto* name = c.ask("user_name", ask_name());
  const auto* capital = c.ask("capital", ask_capital());
  const auto* roots = c.ask("roots", list_roots());
  if (name == nullptr || capital == nullptr || roots == nullptr) return c.wait<tool_result>();
  return text_result(greeting(*name) + " " + sampled_text(*capital) + " " + roots_text(*roots));
}

outcome<tool_result> ask_in_steps(call& c) {
  const auto* name = c.ask("step1", ask_name());
  if (name == nullptr) return c.wait<tool_result>();
  if (c.ask("step2", ask_ok("Is that right?")) == nullptr) return c.wait<tool_result>();
  return text_result(greeting(*name));
}

// Asks for one of the things that this client can do, and does without if it can do none.
outcome<tool_result> ask_what_is_possible(call& c) {
  if (c.client().sampling) return ask_model(c);
  if (c.client().elicitation_form) return greet_user(c);
  if (c.client().roots) return count_roots(c);
  return text_result("This client cannot be asked.");
}

struct multi_round_tool {
  const char* name;
  const char* description;
  outcome<tool_result> (*run)(call&);
};

constexpr multi_round_tool multi_round_tools[] = {
    {"test_input_required_result_elicitation", "Asks the user for a name and greets.", greet_user},
    {"test_input_required_result_sampling", "Asks the client's model for a capital.", ask_model},
    {"test_input_required_result_list_roots", "Asks for the client's roots and counts them.", count_roots},
    {"test_input_required_result_request_state", "Remembers something until the user has confirmed.",
     confirm_with_memory},
    {"test_input_required_result_multiple_inputs", "Asks the user, the model and for the roots at once.",
     ask_everything},
    {"test_input_required_result_multi_round", "Asks twice, one question after the other.", ask_in_steps},
    {"test_input_required_result_tampered_state", "Remembers something that the client must not change.",
     confirm_with_memory},
    {"test_input_required_result_capabilities", "Asks only for what the client can do.", ask_what_is_possible},
};

}  // namespace

void add_multi_round_tools(catalog& to) {
  for (const auto& fixture : multi_round_tools)
    to.add(tool(fixture.name).describe(fixture.description).read_only().closed_world().immediate(fixture.run));
}

}  // namespace hydrant::providers::conformance

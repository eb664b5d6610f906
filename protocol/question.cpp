#include "protocol/question.hpp"

#include "protocol/schema.hpp"

namespace hydrant::protocol {
namespace {

using base::error_kind;

base::error missing(const char* capability, const json& required) {
  return base::fail(error_kind::missing_capability,
                    std::string("this needs a client that declares the capability ") + capability, {},
                    to_text({{"requiredCapabilities", required}}));
}

base::error bad_answer(std::string what) {
  return base::fail(error_kind::invalid_params, std::move(what));
}

std::optional<base::error> check_form(const json& answer, const json& requested_schema) {
  if (answer["action"] != "accept") return std::nullopt;
  const auto content = answer.find("content");
  if (content == answer.end() || !content->is_object()) return bad_answer("an accepted form needs content, an object");
  const auto compiled = schema::compile(requested_schema);
  if (!compiled) return compiled.error();
  const auto problems = compiled->validate(*content);
  if (problems.empty()) return std::nullopt;
  return bad_answer("the form's content does not fit the requested schema: " + describe(problems));
}

std::optional<base::error> check_elicitation(const json& answer, const question& q) {
  const auto action = answer.find("action");
  if (action == answer.end() || (*action != "accept" && *action != "decline" && *action != "cancel"))
    return bad_answer("an elicitation's answer needs an action: accept, decline or cancel");
  return q.kind == question_kind::elicitation_form ? check_form(answer, q.params["requestedSchema"]) : std::nullopt;
}

}  // namespace

std::string_view question::method() const {
  switch (kind) {
    case question_kind::elicitation_form:
    case question_kind::elicitation_url: return "elicitation/create";
    case question_kind::sampling: return "sampling/createMessage";
    case question_kind::roots: return "roots/list";
  }
  return {};
}

std::optional<base::error> question::refusal(const client_capabilities& client) const {
  const json none = json::object();
  switch (kind) {
    case question_kind::elicitation_form:
      if (!client.elicitation_form) return missing("elicitation", {{"elicitation", {{"form", none}}}});
      break;
    case question_kind::elicitation_url:
      if (!client.elicitation_url) return missing("elicitation.url", {{"elicitation", {{"url", none}}}});
      break;
    case question_kind::sampling:
      if (!client.sampling) return missing("sampling", {{"sampling", none}});
      break;
    case question_kind::roots:
      if (!client.roots) return missing("roots", {{"roots", none}});
      break;
  }
  return std::nullopt;
}

std::optional<base::error> question::check_answer(const json& answer) const {
  if (!answer.is_object()) return bad_answer("an answer must be an object");
  switch (kind) {
    case question_kind::elicitation_form:
    case question_kind::elicitation_url: return check_elicitation(answer, *this);
    case question_kind::sampling:
      if (!answer.contains("role") || !answer.contains("content"))
        return bad_answer("a sampling answer needs role and content");
      break;
    case question_kind::roots:
      if (!answer.contains("roots") || !answer["roots"].is_array())
        return bad_answer("a roots answer needs roots, an array");
      break;
  }
  return std::nullopt;
}

question elicit_form(std::string message, json properties, std::vector<std::string> required) {
  json requested = {{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) requested["required"] = std::move(required);
  return {question_kind::elicitation_form,
          {{"message", std::move(message)}, {"requestedSchema", std::move(requested)}}};
}

question elicit_url(std::string message, std::string url, std::string elicitation_id) {
  return {question_kind::elicitation_url,
          {{"mode", "url"},
           {"message", std::move(message)},
           {"url", std::move(url)},
           {"elicitationId", std::move(elicitation_id)}}};
}

question sample(json params) {
  return {question_kind::sampling, std::move(params)};
}
question list_roots() {
  return {question_kind::roots, json::object()};
}

json to_input_request(const question& q) {
  json params = q.params;
  if (q.kind == question_kind::elicitation_form) params["mode"] = "form";
  if (q.kind == question_kind::elicitation_url) params.erase("elicitationId");
  return {{"method", q.method()}, {"params", std::move(params)}};
}

}  // namespace hydrant::protocol

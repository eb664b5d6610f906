#include "providers/conformance/questions.hpp"

namespace hydrant::providers::conformance {

using protocol::json;

namespace {

constexpr int sampled_tokens_max = 100;

}  // namespace

protocol::question sample_text(const std::string& prompt) {
  const json message = {{"role", "user"}, {"content", {{"type", "text"}, {"text", prompt}}}};
  return protocol::sample({{"messages", json::array({message})}, {"maxTokens", sampled_tokens_max}});
}

std::string sampled_text(const json& answer) {
  const auto& content = answer["content"];
  const auto text = content.is_object() ? content.value("text", json()) : json();
  return text.is_string() ? text.get<std::string>() : protocol::to_text(content);
}

std::string elicited_text(const json& answer) {
  return "The user's action: " + answer["action"].get<std::string>() +
         ", content: " + protocol::to_text(answer.value("content", json::object()));
}

json form_value(const json& answer, const char* member, json otherwise) {
  if (answer["action"] != "accept") return otherwise;
  return answer["content"].value(member, std::move(otherwise));
}

}  // namespace hydrant::providers::conformance

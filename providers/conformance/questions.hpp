#pragma once

// What the conformance tools ask, and how they read the answers. Answers have passed question::check_answer.

#include "protocol/question.hpp"
#include "protocol/results.hpp"

#include <string>

namespace hydrant::providers::conformance {

/// Asks the client's model for a short answer to one user message.
protocol::question sample_text(const std::string& prompt);
/// The text of a sampling answer; content of another kind as JSON.
std::string sampled_text(const protocol::json& answer);
/// An elicitation's answer as a line of text: its action and its content.
std::string elicited_text(const protocol::json& answer);
/// A member of an accepted form's content; `otherwise` if the user did not accept.
protocol::json form_value(const protocol::json& answer, const char* member, protocol::json otherwise);

}  // namespace hydrant::providers::conformance

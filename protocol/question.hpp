#pragma once

// What a handler may ask of the client: user input, a model's completion, or its roots. In session eras a question
// travels as a server request on the stream; in 2026-07-28 as an entry of `inputRequests`. The texts are the same.
// Sources: client/elicitation, client/sampling, client/roots, basic/patterns/mrtr.

#include "base/result.hpp"
#include "protocol/capabilities.hpp"
#include "protocol/json.hpp"

#include <optional>
#include <string>

namespace hydrant::protocol {

enum class question_kind { elicitation_form, elicitation_url, sampling, roots };

struct question {
  question_kind kind = question_kind::elicitation_form;
  json params = json::object();

  std::string_view method() const;
  /// Whether a client with these capabilities may be asked; if not, an error whose `data` names what is missing.
  std::optional<base::error> refusal(const client_capabilities& client) const;
  /// Whether a client's result has the shape that this question calls for; the error says what is wrong.
  std::optional<base::error> check_answer(const json& answer) const;
};

/// Asks the user to fill in a form: `properties` maps names to primitive schemas (string, number, boolean, enum).
question elicit_form(std::string message, json properties, std::vector<std::string> required = {});
/// Asks the user to visit a page, for what must not pass through the client.
question elicit_url(std::string message, std::string url, std::string elicitation_id);
/// Asks the client's model; `params` is CreateMessageRequestParams.
question sample(json params);
question list_roots();

/// The `inputRequests` entry of a question.
json to_input_request(const question& q);

}  // namespace hydrant::protocol

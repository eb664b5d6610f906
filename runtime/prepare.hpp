#pragma once

// From a request to what runs it: finds the tool, resource or prompt, checks the arguments, reads the answers of a
// multi-round-trip request. Pure.

#include "base/result.hpp"
#include "protocol/message.hpp"
#include "protocol/methods.hpp"
#include "providers/catalog.hpp"

#include <optional>
#include <string>
#include <variant>

namespace hydrant::runtime {

using run_target = std::variant<const providers::tool_entry*, providers::resource_match, const providers::prompt*>;

struct prepared_call {
  run_target target;
  providers::call_setup setup;
  /// The answer is known without running anything: arguments that the model should correct (SEP-1303).
  std::optional<std::string> early_result;

  /// Whether the handler is one that runs at once, on the caller's thread.
  bool immediate() const;
  /// Whether a second run does no harm.
  bool repeatable() const;
  /// Whether the same answers must not be taken twice.
  bool counts_answers_once() const;
};

/// Who calls, as far as a handler may care.
struct caller {
  protocol::revision revision = protocol::revision::r2026_07_28;
  protocol::client_capabilities capabilities;
  std::string principal;
  std::optional<protocol::logging_level> log_level;
};

/// For tools/call, resources/read and prompts/get. Errors: invalid_params, resource_not_found.
base::result<prepared_call> prepare(protocol::method m, const protocol::message& request,
                                    const providers::catalog& catalog, const caller& who);

}  // namespace hydrant::runtime

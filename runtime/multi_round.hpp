#pragma once

// Multi-round-trip requests (2026-07-28 basic/patterns/mrtr): what a handler still needs goes to the client as an
// InputRequiredResult, and what it has so far travels along in the sealed requestState. Nothing stays on the server.

#include "base/clock.hpp"
#include "protocol/message.hpp"
#include "protocol/request_state.hpp"
#include "runtime/prepare.hpp"
#include "runtime/run.hpp"

#include <map>
#include <optional>
#include <string>

namespace hydrant::runtime {

using answer_map = std::map<std::string, protocol::json, std::less<>>;

/// What a requestState is bound to: who asked, and for what.
struct round_binding {
  std::string principal;
  std::string method;
  protocol::json params;  ///< as they came
  std::string digest() const;
};

/// Takes `inputResponses` and what `requestState` holds into `setup`. Returns what is unique to that state; empty:
/// there was none. Errors: invalid_params.
base::result<std::string> restore_round(const protocol::keyring& keys, base::wall_time now,
                                        const round_binding& binding, providers::call_setup& setup);

/// The InputRequiredResult that puts these questions, with the answers so far sealed in it. Errors: too_large.
base::result<std::string> input_required(const protocol::keyring& keys, base::wall_time expires,
                                         const round_binding& binding, const run_questions& open,
                                         const answer_map& answers);

}  // namespace hydrant::runtime

#pragma once

// What a client declared that it can do (2026-07-28 schema ClientCapabilities; client/elicitation, client/sampling).

#include "protocol/json.hpp"
#include "protocol/version.hpp"

namespace hydrant::protocol {

struct client_capabilities {
  bool elicitation_form = false;
  bool elicitation_url = false;
  bool sampling = false;
  bool roots = false;

  /// Unknown and malformed members count as not declared. An `elicitation` without modes means the form mode.
  static client_capabilities from(const json& declared, revision r);
};

}  // namespace hydrant::protocol

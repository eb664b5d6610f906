#pragma once

// The methods that a client may call, and in which era each exists (2025-11-25 and 2026-07-28 schema.ts).

#include "protocol/version.hpp"

#include <optional>
#include <string_view>

namespace hydrant::protocol {

enum class method {
  initialize,
  ping,
  discover,
  tools_list,
  tools_call,
  resources_list,
  resources_templates_list,
  resources_read,
  resources_subscribe,
  resources_unsubscribe,
  prompts_list,
  prompts_get,
  complete,
  set_level,
  listen,
};

/// The method of that name, if revision `r` has it.
std::optional<method> find_method(std::string_view name, revision r);

/// The parameter that the Mcp-Name header mirrors for this method; empty: the header is not used.
std::string_view mirrored_name_parameter(method m);

}  // namespace hydrant::protocol

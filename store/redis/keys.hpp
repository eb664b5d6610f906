#pragma once

// The names of the keys; docs/redis-keys.md shows them with what they hold. The part of a name in braces, or the whole
// name, decides on its slot in a cluster of Redis servers: session:<id> and {session:<id>}:<rest> share one. The
// scripts derive the latter themselves.

#include "store/event_log.hpp"

#include <string>
#include <string_view>

namespace hydrant::store::redis {

std::string session_key(std::string_view id);

// Indexes over sessions. They are hints: the session's own keys are the truth.
inline constexpr std::string_view sessions_key = "hydrant:sessions";
std::string subscribers_key(std::string_view uri);

/// How a process is named in keys: <node>/<boot>.
std::string process_name(const node_ref& process);
/// The calls that a process owns, and whether it was declared dead: one slot.
std::string owned_calls_key(const node_ref& process);
std::string fence_key(const node_ref& process);
inline constexpr std::string_view known_processes_key = "{hydrant:nodes}:known";

std::string value_key(std::string_view name);
std::string claim_key(std::string_view token);
/// A number; the marks of those who added to it follow after a colon, in the same slot.
std::string number_key(std::string_view name);

}  // namespace hydrant::store::redis

#pragma once

#include "providers/catalog.hpp"

#include <map>
#include <string>

namespace hydrant::sim {

/// The tools of all worlds: those of the demo, and
/// - `once` {token, wait_ms}: may not be run twice; starts are counted by token;
/// - `ask_both`: asks two things at once.
const providers::catalog& tools();

/// How often `once` was started, by token, in the world of this thread. Cleared by whoever begins a world.
std::map<std::string, int>& starts_of_once();

}  // namespace hydrant::sim

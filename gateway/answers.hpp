#pragma once

#include "base/result.hpp"
#include "runtime/exchange.hpp"

#include <string_view>

namespace hydrant::gateway {

/// A refusal as HTTP sees it: the status of the kind, a JSON-RPC error as body, and Retry-After where waiting helps.
/// `id` is the JSON text of the request's id, "null" if it is not known.
runtime::http_answer refusal(const base::error& failure, std::string_view id = "null");

runtime::http_answer method_not_allowed(std::string_view allowed);
runtime::http_answer not_found();

}  // namespace hydrant::gateway

#pragma once

// The one place that turns a kind of failure into a JSON-RPC code and an HTTP status.
// Codes: JSON-RPC 2.0 section 5.1; MCP 2026-07-28 basic/index "Error Codes"; 2025-11-25 server/resources.

#include "base/result.hpp"
#include "protocol/version.hpp"

#include <string>
#include <string_view>

namespace hydrant::protocol {

int rpc_code(base::error_kind kind, revision r);

/// The status of a POST that is refused as a whole, before a method runs.
int http_status(base::error_kind kind);

/// The status under which a request's error is sent as its JSON answer. Sessions always say 200; 2026-07-28 names
/// statuses for what a proxy should be able to tell apart.
int answer_status(base::error_kind kind, revision r);

/// A whole response text. `id` is the JSON text of the request's id, "null" if unknown.
std::string error_response(std::string_view id, const base::error& failure, revision r);
std::string result_response(std::string_view id, std::string_view result_text);

/// A whole notification or server request text. `params_text` is a JSON object.
std::string notification(std::string_view method, std::string_view params_text);
std::string server_request(std::string_view id, std::string_view method, std::string_view params_text);

}  // namespace hydrant::protocol

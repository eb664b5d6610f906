#include "protocol/errors.hpp"

#include "protocol/json.hpp"

namespace hydrant::protocol {

using base::error_kind;

int rpc_code(error_kind kind, revision r) {
  switch (kind) {
    case error_kind::parse: return -32700;
    case error_kind::invalid_request: return -32600;
    case error_kind::method_not_found: return -32601;
    case error_kind::invalid_params: return -32602;
    case error_kind::resource_not_found: return has_resource_not_found_code(r) ? -32002 : -32602;
    case error_kind::header_mismatch: return -32020;
    case error_kind::missing_capability: return carries_request_metadata(r) ? -32021 : -32600;
    case error_kind::unsupported_version: return carries_request_metadata(r) ? -32022 : -32600;
    case error_kind::session_missing:
    case error_kind::session_not_found:
    case error_kind::stream_gone:
    case error_kind::conflict:
    case error_kind::forbidden:
    case error_kind::not_acceptable:
    case error_kind::unsupported_media:
    case error_kind::too_large: return -32600;
    case error_kind::overloaded:
    case error_kind::unavailable:
    case error_kind::timeout:
    case error_kind::cancelled:
    case error_kind::internal: return -32603;
  }
  return -32603;
}

int http_status(error_kind kind) {
  switch (kind) {
    case error_kind::parse:
    case error_kind::invalid_request:
    case error_kind::invalid_params:
    case error_kind::header_mismatch:
    case error_kind::missing_capability:
    case error_kind::unsupported_version:
    case error_kind::resource_not_found:
    case error_kind::session_missing: return 400;
    case error_kind::forbidden: return 403;
    case error_kind::method_not_found:
    case error_kind::session_not_found: return 404;
    case error_kind::not_acceptable: return 406;
    case error_kind::conflict: return 409;
    case error_kind::stream_gone: return 410;
    case error_kind::too_large: return 413;
    case error_kind::unsupported_media: return 415;
    case error_kind::internal:
    case error_kind::cancelled: return 500;
    case error_kind::overloaded:
    case error_kind::unavailable: return 503;
    case error_kind::timeout: return 504;
  }
  return 500;
}

int answer_status(error_kind kind, revision r) {
  if (uses_sessions(r)) return 200;
  switch (kind) {
    case error_kind::header_mismatch:
    case error_kind::missing_capability:
    case error_kind::unsupported_version: return 400;
    case error_kind::method_not_found: return 404;
    case error_kind::overloaded:
    case error_kind::unavailable: return 503;
    default: return 200;
  }
}

std::string error_response(std::string_view id, const base::error& failure, revision r) {
  std::string out;
  out.reserve(96 + failure.message.size() + failure.data.size());
  out.append(R"({"jsonrpc":"2.0",)");
  if (id != "null")
    out.append(R"("id":)").append(id).append(",");
  else if (has_null_response_id(r))
    out.append(R"("id":null,)");
  out.append(R"("error":{"code":)").append(std::to_string(rpc_code(failure.kind, r))).append(R"(,"message":)");
  append_json_string(out, failure.message);
  if (!failure.data.empty()) out.append(R"(,"data":)").append(failure.data);
  return out.append("}}");
}

std::string result_response(std::string_view id, std::string_view result_text) {
  std::string out;
  out.reserve(40 + id.size() + result_text.size());
  return out.append(R"({"jsonrpc":"2.0","id":)").append(id).append(R"(,"result":)").append(result_text).append("}");
}

std::string notification(std::string_view method, std::string_view params_text) {
  std::string out;
  out.reserve(48 + method.size() + params_text.size());
  return out.append(R"({"jsonrpc":"2.0","method":")")
      .append(method)
      .append(R"(","params":)")
      .append(params_text)
      .append("}");
}

std::string server_request(std::string_view id, std::string_view method, std::string_view params_text) {
  std::string out;
  out.reserve(56 + id.size() + method.size() + params_text.size());
  out.append(R"({"jsonrpc":"2.0","id":)").append(id).append(R"(,"method":")").append(method);
  return out.append(R"(","params":)").append(params_text).append("}");
}

}  // namespace hydrant::protocol

#include "gateway/answers.hpp"

#include "protocol/errors.hpp"

namespace hydrant::gateway {

runtime::http_answer refusal(const base::error& failure, std::string_view id) {
  // In the newest revision's shape: an unknown id is left out, and the codes are those a client of either era reads.
  runtime::http_answer out{protocol::http_status(failure.kind),
                           protocol::error_response(id, failure, protocol::revision::r2026_07_28),
                           "application/json",
                           {}};
  if (out.status == 503) out.headers.emplace_back("Retry-After", "1");
  return out;
}

runtime::http_answer method_not_allowed(std::string_view allowed) {
  return {405,
          R"({"jsonrpc":"2.0","error":{"code":-32600,"message":"this method is not allowed here"}})",
          "application/json",
          {{"Allow", std::string(allowed)}}};
}

runtime::http_answer not_found() {
  return {404, R"({"error":"nothing is served at this path"})", "application/json", {}};
}

}  // namespace hydrant::gateway

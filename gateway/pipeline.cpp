#include "gateway/pipeline.hpp"

#include "gateway/answers.hpp"
#include "gateway/endpoints.hpp"
#include "gateway/origin.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace hydrant::gateway {
namespace {

using base::error_kind;
using endpoint = void (*)(services&, request&, exchange_ptr);

/// Whether the checks against rebinding apply: balancers probe by address, and the answers hold nothing private.
enum class audience { clients, probes };

struct route {
  std::string settings::*path;
  http::verb method;
  endpoint run;
  audience who;
};

constexpr std::array<route, 8> routes{{
    {&settings::mcp_path, http::verb::post, post_mcp, audience::clients},
    {&settings::mcp_path, http::verb::get, get_mcp, audience::clients},
    {&settings::mcp_path, http::verb::delete_, delete_mcp, audience::clients},
    {&settings::sse_path, http::verb::get, get_sse, audience::clients},
    {&settings::messages_path, http::verb::post, post_messages, audience::clients},
    {&settings::health_path, http::verb::get, get_health, audience::probes},
    {&settings::ready_path, http::verb::get, get_ready, audience::probes},
    {&settings::metrics_path, http::verb::get, get_metrics, audience::probes},
}};

/// What the steps find out about a request.
struct passage {
  services& on;
  request& asked;
  std::string& lines;
  const route* to = nullptr;
  audience who = audience::clients;
};

using verdict = std::optional<runtime::http_answer>;

http::verb method_of(const request& asked) {
  return asked.method == http::verb::head ? http::verb::get : asked.method;
}

verdict find_path(passage& p) {
  const auto found = std::ranges::find_if(
      routes, [&](const route& r) { return !(p.on.config.*r.path).empty() && p.asked.path == p.on.config.*r.path; });
  if (found == routes.end()) return not_found();
  p.who = found->who;
  return std::nullopt;
}

verdict check_host(passage& p) {
  if (p.who == audience::probes || host_allowed(p.asked[field::host], p.on.config)) return std::nullopt;
  return refusal(
      base::fail(error_kind::forbidden, "this server is not known by that Host; name it in --allowed-hosts"));
}

verdict check_origin(passage& p) {
  const auto origin = p.asked[field::origin];
  if (!p.asked.has(field::origin)) return std::nullopt;
  if (!origin_allowed(origin, p.on.config))
    return refusal(base::fail(error_kind::forbidden,
                              "pages of that Origin may not use this server; name it in --allowed-origins"));
  p.lines.append("Access-Control-Allow-Origin: ").append(origin);
  p.lines.append(
      "\r\nVary: Origin\r\nAccess-Control-Expose-Headers: Mcp-Session-Id, MCP-Protocol-Version, Retry-After\r\n");
  return std::nullopt;
}

// What a browser asks before it sends a request that has more than plain fields (Fetch, "CORS-preflight").
verdict answer_preflight(passage& p) {
  if (p.asked.method != http::verb::options) return std::nullopt;
  runtime::http_answer out{
      204,
      {},
      {},
      {{"Access-Control-Allow-Methods", "GET, POST, DELETE, OPTIONS"}, {"Access-Control-Max-Age", "7200"}}};
  if (p.asked.has(field::access_control_request_headers))
    out.headers.emplace_back("Access-Control-Allow-Headers",
                             std::string(p.asked[field::access_control_request_headers]));
  return out;
}

verdict find_method(passage& p) {
  std::string allowed = "OPTIONS";
  for (const auto& r : routes) {
    if (p.asked.path != p.on.config.*r.path) continue;
    // A stream has no head of its own to ask for: opening it has effects.
    const bool streams = r.run == get_mcp || r.run == get_sse;
    if (r.method == (streams ? p.asked.method : method_of(p.asked))) p.to = &r;
    const auto name = http::to_string(r.method);
    allowed.append(", ").append(name.data(), name.size());
  }
  if (p.to == nullptr) return method_not_allowed(allowed);
  return std::nullopt;
}

/// In this order, because:
constexpr std::array steps{
    find_path,         // what is not ours gets no further
    check_host,        // before anything a page could learn from
    check_origin,      // gives the CORS fields to every answer below
    answer_preflight,  // needs the origin's verdict, not a method of ours
    find_method,
};

}  // namespace

void pipeline::handle(request& asked, std::shared_ptr<runtime::exchange> http, std::string& lines) const {
  passage p{services_, asked, lines};
  for (const auto step : steps) {
    auto refused = step(p);
    if (!refused) continue;
    if (refused->status >= 400) services_.env.measured.refused_requests.Increment();
    return http->answer(std::move(*refused));
  }
  p.to->run(services_, asked, std::move(http));
}

}  // namespace hydrant::gateway

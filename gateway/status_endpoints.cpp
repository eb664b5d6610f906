#include "gateway/endpoints.hpp"
#include "protocol/json.hpp"

#include <spdlog/fmt/chrono.h>

namespace hydrant::gateway {
namespace {

std::string timestamp(base::wall_time now) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
}

}  // namespace

void get_health(services& on, request&, exchange_ptr http) {
  const auto status = on.status();
  protocol::json body = {{"nodeId", status.node_id},
                         {"activeSessions", status.active_sessions},
                         {"timestamp", timestamp(on.env.time.wall_now())},
                         {"version", status.version},
                         {"uptimeSeconds", status.uptime.count()}};
  bool well = true;
  for (const auto& one : status.dependencies) {
    body[std::string(one.name)] = {{"kind", one.kind}, {"status", one.up ? "up" : "down"}};
    if (!one.trouble.empty()) body[std::string(one.name)]["trouble"] = one.trouble;
    well = well && one.up;
  }
  for (const auto& one : status.providers) {
    body[one.name] = one.details;
    if (!one.service.empty()) body["service"] = one.service;
    well = well && one.well;
  }
  const bool draining = on.leaving.load(std::memory_order_relaxed);
  body["status"] = draining ? "draining" : well ? "healthy" : "degraded";
  http->answer({200, protocol::to_text(body), "application/json", {}});
}

// A node whose store is away stays ready: what needs no store goes on, and the others have the same trouble.
void get_ready(services& on, request&, exchange_ptr http) {
  const auto refuse = [&](std::string body) {
    http->answer({503, std::move(body), "application/json", {{"Retry-After", "1"}}});
  };
  if (on.leaving.load(std::memory_order_relaxed)) return refuse(R"({"ready":false,"reason":"draining"})");
  const auto status = on.status();
  if (!status.joined) return refuse(R"({"ready":false,"reason":"the store has not been reached yet"})");
  for (const auto& one : status.providers)
    if (!one.ready) return refuse(protocol::to_text({{"ready", false}, {"reason", one.name + " does not answer"}}));
  protocol::json body{{"ready", true}};
  for (const auto& one : status.dependencies)
    if (!one.up) body["degraded"].push_back(one.name);
  http->answer({200, protocol::to_text(body), "application/json", {}});
}

void get_metrics(services& on, request&, exchange_ptr http) {
  on.env.measured.sessions_active.Set(static_cast<double>(on.status().active_sessions));
  http->answer({200, on.env.measured.expose(), "text/plain; version=0.0.4; charset=utf-8", {}});
}

}  // namespace hydrant::gateway

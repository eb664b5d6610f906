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
  const bool draining = on.draining.load(std::memory_order_relaxed);
  protocol::json body = {{"status", draining ? "draining" : "healthy"},
                         {"nodeId", status.node_id},
                         {"activeSessions", status.active_sessions},
                         {"timestamp", timestamp(on.env.time.wall_now())},
                         {"version", status.version},
                         {"uptimeSeconds", status.uptime.count()}};
  http->answer({200, protocol::to_text(body), "application/json", {}});
}

void get_ready(services& on, request&, exchange_ptr http) {
  if (on.draining.load(std::memory_order_relaxed))
    return http->answer({503, R"({"ready":false,"reason":"draining"})", "application/json", {{"Retry-After", "1"}}});
  http->answer({200, R"({"ready":true})", "application/json", {}});
}

void get_metrics(services& on, request&, exchange_ptr http) {
  on.env.measured.sessions_active.Set(static_cast<double>(on.status().active_sessions));
  http->answer({200, on.env.measured.expose(), "text/plain; version=0.0.4; charset=utf-8", {}});
}

}  // namespace hydrant::gateway

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hydrant::gateway {

/// Whether session eras are served with sessions, or each request by itself.
enum class session_mode { sessions, stateless };

struct settings {
  std::string host = "127.0.0.1";
  std::uint16_t port = 3000;  ///< 0: any free one
  std::string mcp_path = "/mcp";
  std::string sse_path = "/sse";  ///< empty: HTTP+SSE is off
  std::string messages_path = "/messages";
  std::string health_path = "/health";
  std::string ready_path = "/ready";
  std::string metrics_path = "/metrics";
  session_mode mode = session_mode::sessions;
  bool passes_authorization = false;         ///< whether calls may see the client's Authorization header
  std::vector<std::string> allowed_origins;  ///< empty: origins on loopback hosts
  std::vector<std::string> allowed_hosts;    ///< names without port; empty: loopback names and `host`

  std::size_t body_bytes_max = 4 * 1024 * 1024;
  std::size_t header_bytes_max = 16 * 1024;
  std::size_t json_depth_max = 64;
  std::size_t connections_max = 20'000;
  std::chrono::milliseconds header_timeout{std::chrono::seconds(10)};
  std::chrono::milliseconds body_timeout{std::chrono::seconds(30)};
  std::chrono::milliseconds idle_timeout{std::chrono::seconds(75)};
  std::chrono::milliseconds write_timeout{std::chrono::seconds(30)};
  std::chrono::milliseconds keep_alive{std::chrono::seconds(15)};  ///< comments on quiet streams
};

}  // namespace hydrant::gateway

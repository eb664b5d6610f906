#pragma once

// What the settings of a node come to once they are read and checked. Plain values: every part of the program gets the
// few it needs by copy. The defaults live in the table's rows only, so a `config` that was not made by
// load_config() holds zeroes.

#include "base/log.hpp"
#include "providers/opensearch/settings.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hydrant::app {

enum class store_kind { memory, redis };
enum class bus_kind { local, nats };
/// What to do about a store that may lose what it has acknowledged.
enum class durability_demand { warn, strict };

/// Where the node listens and which requests it lets in.
struct listen_settings {
  std::string host;
  std::uint16_t port = 0;                    ///< 0: any free port
  std::string path_prefix;                   ///< empty, or "/..." without a slash at the end
  std::string endpoint;                      ///< the MCP endpoint below the prefix, "/..."
  bool legacy_sse = false;                   ///< serve the HTTP+SSE transport of 2024-11-05 too
  bool stateless = false;                    ///< hand out no session ids in the session eras
  std::vector<std::string> allowed_origins;  ///< empty: the same host on loopback only
  std::vector<std::string> allowed_hosts;    ///< without a port; empty: loopback names and the bound host
  bool operator==(const listen_settings&) const = default;
};

struct session_settings {
  std::chrono::milliseconds ttl{};
  std::chrono::milliseconds passivate_after{};
  std::size_t sessions_max = 0;  ///< per node
  std::size_t streams_max = 0;   ///< per session
  std::size_t pending_max = 0;   ///< requests in flight per session
  bool operator==(const session_settings&) const = default;
};

struct stream_settings {
  std::size_t streams_max = 0;     ///< per node
  std::size_t log_bytes_max = 0;   ///< per stream
  std::size_t log_events_max = 0;  ///< per stream
  std::chrono::milliseconds finished_grace{};
  std::chrono::milliseconds keep_alive{};
  std::chrono::milliseconds retry{};
  bool operator==(const stream_settings&) const = default;
};

struct call_settings {
  std::size_t running_max = 0;  ///< per node
  std::chrono::milliseconds timeout{};
  std::chrono::milliseconds ask_timeout{};
  std::chrono::milliseconds request_state_ttl{};
  bool operator==(const call_settings&) const = default;
};

/// What one HTTP connection may cost.
struct limit_settings {
  std::size_t body_bytes_max = 0;
  std::size_t header_bytes_max = 0;
  std::size_t json_depth_max = 0;
  std::size_t connections_max = 0;
  std::chrono::milliseconds header_timeout{};
  std::chrono::milliseconds body_timeout{};
  std::chrono::milliseconds idle_timeout{};
  std::chrono::milliseconds write_timeout{};
  bool operator==(const limit_settings&) const = default;
};

struct thread_settings {
  std::size_t io = 0;  ///< 0: one per core
  std::size_t workers = 0;
  std::size_t worker_queue_max = 0;
  bool operator==(const thread_settings&) const = default;
};

/// How the server introduces itself to clients (`serverInfo` and `instructions`).
struct identity_settings {
  std::string name;
  std::string title;
  std::string instructions;
  bool operator==(const identity_settings&) const = default;
};

struct log_settings {
  base::log_format format = base::log_format::text;
  base::log_level level = base::log_level::info;
  bool operator==(const log_settings&) const = default;
};

/// How requests to OpenSearch say who sends them; `find`: by what is set.
enum class opensearch_auth { find, none, basic, bearer, aws, caller };

struct opensearch_settings {
  providers::opensearch::cluster_settings cluster;  ///< its `auth` and `aws.service` are open still
  opensearch_auth auth = opensearch_auth::find;
  bool no_auth = false;
  bool aws_serverless = false;
  std::string clusters_file;              ///< empty: there is the one cluster
  providers::opensearch::settings tools;  ///< its `clusters` and `several` are open still
  bool operator==(const opensearch_settings&) const = default;
};

struct config {
  std::string file;  ///< the configuration file that was read; empty: none
  std::string node_id;
  std::vector<std::string> providers;
  store_kind store = store_kind::memory;
  std::string redis_url;  ///< secret
  durability_demand durability = durability_demand::warn;
  bus_kind bus = bus_kind::local;
  std::string nats_url;  ///< secret
  listen_settings listen;
  session_settings session;
  stream_settings stream;
  call_settings call;
  limit_settings limits;
  thread_settings threads;
  identity_settings identity;
  log_settings log;
  opensearch_settings opensearch;
  std::chrono::milliseconds drain_timeout{};
  std::chrono::milliseconds drain_delay{};
  bool operator==(const config&) const = default;
};

}  // namespace hydrant::app

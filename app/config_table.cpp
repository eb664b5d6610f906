#include "app/config_assign.hpp"
#include "app/text_forms.hpp"

#include <algorithm>

namespace hydrant::app {
namespace {

// Sections
constexpr std::string_view general = "General";
constexpr std::string_view listening = "Listening";
constexpr std::string_view backends = "Providers, store and bus";
constexpr std::string_view threads = "Threads";
constexpr std::string_view identity = "What clients are told";
constexpr std::string_view logging = "Logging";

std::vector<config_key> general_keys() {
  return {
      {.section = general,
       .name = "config",
       .fallback_note = "none",
       .in_file = file_use::refused,
       .assign = to<&config::file>,
       .prose = "Path of a configuration file. It holds one JSON object whose nesting follows the dots of the names on "
                "this page; `//` and `/* */` comments are allowed, unknown names are errors."},
      {.section = general,
       .name = "node-id",
       .variable = "NODE_ID",
       .fallback_note = "host name and process id",
       .fallback_from = fallback_kind::computed,
       .form = &node_id_form,
       .assign = to<&config::node_id>,
       .prose = "Name of this node in logs, metrics and the grid. No two nodes that run at the same time may share it, "
                "so it rarely belongs into a file that several nodes read."},
      {.section = general,
       .name = "drain-timeout",
       .kind = value_kind::duration,
       .fallback = "20s",
       .range = {{0, hour}},
       .assign = to<&config::drain_timeout>,
       .prose =
           "How long a node that is asked to stop goes on with requests and streams in flight. With a shared store, "
           "calls that may be run again go on at another node when three quarters of it have passed. What is left "
           "at the end is cut. Keep it below the grace period of whatever stops the node."},
      {.section = general,
       .name = "drain-delay",
       .kind = value_kind::duration,
       .fallback = "1s",
       .range = {{0, minute}},
       .assign = to<&config::drain_delay>,
       .prose =
           "How long a node with a shared store still serves after it was asked to stop and is not ready any more. "
           "That gives balancers the time to notice; a node with a store of its own does not wait."},
  };
}

std::vector<config_key> listening_keys() {
  return {
      {.section = listening,
       .name = "host",
       .variable = "HOST",
       .fallback = "127.0.0.1",
       .form = &host_form,
       .assign = to<&config::listen, &listen_settings::host>,
       .prose = "Address or name to listen on. 0.0.0.0 or :: listens on every interface; set `allowed-hosts` then, so "
                "that requests under the name of the service are let in."},
      {.section = listening,
       .name = "port",
       .variable = "PORT",
       .kind = value_kind::integer,
       .fallback = "3000",
       .range = {{0, 65535}},
       .assign = to<&config::listen, &listen_settings::port>,
       .prose = "TCP port to listen on. 0 takes any free port; the log tells which."},
      {.section = listening,
       .name = "path-prefix",
       .fallback_note = "empty",
       .form = &path_prefix_form,
       .assign = to<&config::listen, &listen_settings::path_prefix>,
       .prose = "Path below which every endpoint is served, such as /tools. Set it where a proxy routes by path and "
                "leaves the path as it is."},
      {.section = listening,
       .name = "endpoint",
       .fallback = "/mcp",
       .form = &path_form,
       .assign = to<&config::listen, &listen_settings::endpoint>,
       .prose = "Path of the MCP endpoint, below `path-prefix`."},
      {.section = listening,
       .name = "legacy-sse",
       .kind = value_kind::flag,
       .fallback = "true",
       .assign = to<&config::listen, &listen_settings::legacy_sse>,
       .prose = "Serve the HTTP+SSE transport of revision 2024-11-05 as well. Its endpoints are /sse and /messages; "
                "turn it off where no client of that age is left."},
      {.section = listening,
       .name = "stateless",
       .variable = "MCP_STATELESS",
       .kind = value_kind::flag,
       .fallback = "false",
       .assign = to<&config::listen, &listen_settings::stateless>,
       .prose = "Give clients of the session revisions no session. Each request stands alone, so nothing can be pushed "
                "to them outside of a call. Clients of 2026-07-28 are not affected: they never have one."},
      {.section = listening,
       .name = "allowed-origins",
       .kind = value_kind::list,
       .fallback_note = "empty: the same host on loopback only",
       .range = {{0, 1000}},
       .form = &origin_form,
       .assign = to<&config::listen, &listen_settings::allowed_origins>,
       .prose = "Web origins whose pages may call this server, such as https://app.example.com. A request with any "
                "other Origin header is refused with 403; a request without that header does not come from a web page "
                "and is let in."},
      {.section = listening,
       .name = "allowed-hosts",
       .kind = value_kind::list,
       .fallback_note = "empty: loopback names and the address of `host`",
       .range = {{0, 1000}},
       .form = &host_form,
       .assign = to<&config::listen, &listen_settings::allowed_hosts>,
       .prose = "Names that the Host header of a request may hold, without the port. This is what stops DNS rebinding; "
                "list every name under which clients and proxies reach the server."},
  };
}

std::vector<config_key> backend_keys() {
  return {
      {.section = backends,
       .name = "providers",
       .kind = value_kind::list,
       .fallback = "demo",
       .range = {{1, 100}},
       .choices = {"demo", "opensearch", "conformance"},
       .assign = to<&config::providers>,
       .prose =
           "Where tools, resources and prompts come from. `demo` is a small tour of the protocol; `opensearch` asks "
           "OpenSearch clusters; `conformance` holds what the conformance suite asks for."},
      {.section = backends,
       .name = "store",
       .kind = value_kind::choice,
       .fallback = "memory",
       .choices = {"memory", "redis"},
       .assign = to<&config::store>,
       .prose =
           "Where sessions and events are kept. `memory` keeps them in this process: they end with it and no other "
           "node sees them. `redis` keeps them in the server at `redis-url`, so that any node serves any session."},
      {.section = backends,
       .name = "redis-url",
       .variable = "REDIS_URL",
       .fallback_note = "empty",
       .form = &redis_url_form,
       .secret = secrecy::secret,
       .assign = to<&config::redis_url>,
       .prose = "Redis server of the store `redis`. It may hold a password, so prefer the environment to the command "
                "line, which every user of the machine can read."},
      {.section = backends,
       .name = "durability",
       .kind = value_kind::choice,
       .fallback = "warn",
       .choices = {"warn", "strict"},
       .assign = to<&config::durability>,
       .prose =
           "What to do if the Redis server's own settings may lose what it has acknowledged. `warn` says so in the "
           "log; `strict` ends the node as well."},
      {.section = backends,
       .name = "bus",
       .kind = value_kind::choice,
       .fallback = "local",
       .choices = {"local", "nats"},
       .assign = to<&config::bus>,
       .prose = "How nodes wake each other. `local` stays inside this process; `nats` goes through the server at "
                "`nats-url`. Needed with more than one node."},
      {.section = backends,
       .name = "nats-url",
       .variable = "NATS_URL",
       .fallback_note = "empty",
       .form = &nats_url_form,
       .secret = secrecy::secret,
       .assign = to<&config::nats_url>,
       .prose =
           "NATS server of the bus `nats`. It may hold a password, so prefer the environment to the command line."},
  };
}

std::vector<config_key> thread_keys() {
  return {
      {.section = threads,
       .name = "io-threads",
       .kind = value_kind::integer,
       .fallback = "0",
       .range = {{0, 256}},
       .assign = to<&config::threads, &thread_settings::io>,
       .prose = "How many threads serve connections. 0 starts one for each core."},
      {.section = threads,
       .name = "worker-threads",
       .kind = value_kind::integer,
       .fallback = "4",
       .range = {{1, 1024}},
       .assign = to<&config::threads, &thread_settings::workers>,
       .prose = "How many threads run tools that block."},
      {.section = threads,
       .name = "worker-queue-max",
       .kind = value_kind::integer,
       .fallback = "256",
       .range = {{1, 1'000'000}},
       .assign = to<&config::threads, &thread_settings::worker_queue_max>,
       .prose = "How many calls may wait for a worker thread. One more is told to try again later."},
  };
}

std::vector<config_key> identity_keys() {
  return {
      {.section = identity,
       .name = "server.name",
       .fallback = "hydrant",
       .form = &name_form,
       .assign = to<&config::identity, &identity_settings::name>,
       .prose = "Name of the server in its answer to initialize and server/discover, for programs."},
      {.section = identity,
       .name = "server.title",
       .fallback = "Hydrant",
       .assign = to<&config::identity, &identity_settings::title>,
       .prose = "Name of the server for people."},
      {.section = identity,
       .name = "server.instructions",
       .fallback_note = "empty",
       .assign = to<&config::identity, &identity_settings::instructions>,
       .prose = "What clients may tell their model about this server. Empty sends none."},
  };
}

std::vector<config_key> logging_keys() {
  return {
      {.section = logging,
       .name = "log.format",
       .kind = value_kind::choice,
       .fallback = "text",
       .choices = {"text", "json"},
       .assign = to<&config::log, &log_settings::format>,
       .prose = "Form of a log record, one line on standard error. `json` is for machines."},
      {.section = logging,
       .name = "log.level",
       .kind = value_kind::choice,
       .fallback = "info",
       .choices = {"trace", "debug", "info", "warn", "error", "off"},
       .assign = to<&config::log, &log_settings::level>,
       .prose = "The least severe records that are written."},
  };
}

std::vector<config_key> all_keys() {
  std::vector<config_key> all;
  for (auto* keys :
       {general_keys, listening_keys, backend_keys, session_keys, stream_keys, call_keys, size_limit_keys,
        time_limit_keys, thread_keys, identity_keys, logging_keys, opensearch_cluster_keys, opensearch_tool_keys}) {
    for (auto& key : keys())
      all.push_back(std::move(key));
  }
  return all;
}

}  // namespace

const std::vector<config_key>& config_table() {
  static const std::vector<config_key> table = all_keys();
  return table;
}

const config_key* find_key(std::string_view name) {
  const auto& table = config_table();
  const auto found = std::find_if(table.begin(), table.end(), [name](const auto& key) { return key.name == name; });
  return found == table.end() ? nullptr : &*found;
}

std::string flag_name(const config_key& key) {
  std::string flag = "--" + std::string(key.name);
  std::replace(flag.begin(), flag.end(), '.', '-');
  return flag;
}

std::string variable_name(const config_key& key) {
  if (!key.variable.empty()) return std::string(key.variable);
  std::string variable = "HYDRANT_";
  for (const char c : key.name) {
    const bool letter = c >= 'a' && c <= 'z';
    variable += letter ? static_cast<char>(c - 'a' + 'A') : '_';
  }
  return variable;
}

}  // namespace hydrant::app

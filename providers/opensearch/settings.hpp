#pragma once

// What the OpenSearch provider is told. Plain values; the defaults are those of app/opensearch_keys.cpp.

#include "net/http_message.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace hydrant::providers::opensearch {

/// How requests to a cluster say who sends them. A client certificate may come on top of each (net::tls_settings).
enum class auth_kind {
  none,
  basic,
  bearer,
  aws,     ///< Signature Version 4
  caller,  ///< the Authorization header of whoever called the tool; without one the call fails
};

struct aws_settings {
  std::string region;
  std::string service = "es";  ///< `es`, or `aoss` for serverless
  std::string access_key_id;   ///< these three empty: looked for as AWS' tools do
  std::string secret_access_key;
  std::string session_token;
  std::string profile;
  std::string role_arn;  ///< of the role to assume with the keys that are found; empty: none
  bool operator==(const aws_settings&) const = default;
};

struct cluster_settings {
  std::string name = "default";
  std::string url;  ///< http or https, perhaps with a path; no user or password in it, no slash at the end
  auth_kind auth = auth_kind::none;
  std::string username;
  std::string password;
  std::string bearer_token;
  aws_settings aws;
  net::tls_settings tls;
  std::chrono::milliseconds timeout{std::chrono::seconds(30)};
  std::size_t reply_bytes_max = 10 * 1024 * 1024;
  bool operator==(const cluster_settings&) const = default;
};

/// What a tool may give back at most.
struct result_limits {
  std::size_t text_bytes_max = 48 * 1024;  ///< of the text and, each by itself, of the structured content
  std::size_t hits_max = 100;              ///< documents of one search
  std::size_t json_depth_max = 100;        ///< of a cluster's reply
  bool operator==(const result_limits&) const = default;
};

enum class readiness { alone, with_cluster };

struct settings {
  std::vector<cluster_settings> clusters;  ///< the first one stands in /health
  /// Whether tools ask for the cluster's name: there is a file of clusters.
  bool several = false;
  std::vector<std::string> enabled_tools;
  std::vector<std::string> disabled_tools;
  std::vector<std::string> enabled_categories;
  std::vector<std::string> disabled_categories;
  std::vector<std::string> allow_write;
  std::vector<std::string> index_allow;
  std::vector<std::string> index_deny;
  result_limits limits;
  readiness ready = readiness::alone;
  std::chrono::milliseconds watch_every{std::chrono::seconds(5)};
  bool operator==(const settings&) const = default;
};

}  // namespace hydrant::providers::opensearch

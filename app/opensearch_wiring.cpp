#include "app/opensearch_wiring.hpp"

#include "providers/opensearch/aws/sts_texts.hpp"
#include "providers/opensearch/clusters_file.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

namespace hydrant::app {

using providers::opensearch::auth_kind;
using providers::opensearch::cluster_settings;

namespace {

constexpr std::size_t file_bytes_max = 1024 * 1024;

auth_kind auth_of(const opensearch_settings& from) {
  if (from.no_auth) return auth_kind::none;
  switch (from.auth) {
    case opensearch_auth::none: return auth_kind::none;
    case opensearch_auth::basic: return auth_kind::basic;
    case opensearch_auth::bearer: return auth_kind::bearer;
    case opensearch_auth::aws: return auth_kind::aws;
    case opensearch_auth::caller: return auth_kind::caller;
    case opensearch_auth::find: break;
  }
  return providers::opensearch::found_auth(from.cluster);
}

base::error bad_file(const std::string& path, const std::string& what) {
  return base::fail(base::error_kind::invalid_params, "opensearch.clusters-file " + path + what);
}

base::result<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text(file_bytes_max + 1, '\0');
  if (!in) return bad_file(path, " cannot be read");
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return bad_file(path, " cannot be read");
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > file_bytes_max) return bad_file(path, " is larger than a megabyte");
  return text;
}

// In a file of clusters each has its own, which parse_clusters() looks at.
base::result<> check_identity(const cluster_settings& one) {
  // AWS_IAM_ARN may stand in the environment for somebody else, so it is looked at only if it is used.
  if (one.auth == auth_kind::aws && !one.aws.role_arn.empty() && !providers::opensearch::is_role_arn(one.aws.role_arn))
    return base::fail(base::error_kind::invalid_params,
                      "opensearch.aws-role-arn (AWS_IAM_ARN) must be of the form arn:aws:iam::123456789012:role/name");
  const auto* missing = providers::opensearch::missing_for(one);
  if (missing == nullptr) return {};
  std::string name(missing);
  std::ranges::replace(name, '_', '-');
  return base::fail(base::error_kind::invalid_params, "opensearch.auth needs opensearch." + name + ", which is empty");
}

/// What the Python server has and this one does not: passed over, it would leave on what ought to be off.
struct former_setting {
  const char* variable;
  const char* instead;
};

constexpr former_setting former_settings[] = {
    {"OPENSEARCH_HEADER_AUTH", "set HYDRANT_OPENSEARCH_AUTH to caller"},
    {"OPENSEARCH_DISABLED_TOOLS_REGEX", "set OPENSEARCH_DISABLED_TOOLS, where * stands for any characters"},
    {"OPENSEARCH_ENABLED_TOOLS_REGEX", "set OPENSEARCH_ENABLED_TOOLS, where * stands for any characters"},
};

std::optional<base::error> former_setting_in(const std::map<std::string, std::string, std::less<>>& variables) {
  for (const auto& one : former_settings) {
    const auto found = variables.find(one.variable);
    if (found == variables.end() || found->second.empty()) continue;
    if (found->second == "false" || found->second == "False") continue;
    return base::fail(base::error_kind::invalid_params,
                      std::string(one.variable) + " is not known here; unset it, and " + one.instead);
  }
  return std::nullopt;
}

}  // namespace

base::result<providers::opensearch::settings> opensearch_settings_of(
    const config& from, const std::map<std::string, std::string, std::less<>>& variables) {
  if (auto wrong = former_setting_in(variables)) return *wrong;
  const auto& given = from.opensearch;
  auto out = given.tools;
  auto one = given.cluster;
  one.auth = auth_of(given);
  if (given.aws_serverless) one.aws.service = "aoss";
  if (given.clusters_file.empty()) {
    if (one.url.empty())
      return base::fail(base::error_kind::invalid_params,
                        "the provider opensearch needs a cluster: set OPENSEARCH_URL, or opensearch.clusters-file");
    if (const auto fine = check_identity(one); !fine) return fine.error();
    out.clusters = {std::move(one)};
    return out;
  }
  const auto text = read_file(given.clusters_file);
  if (!text) return text.error();
  auto clusters = providers::opensearch::parse_clusters(*text, one, variables);
  if (!clusters) return bad_file(given.clusters_file, ": " + clusters.error().message);
  out.clusters = std::move(*clusters);
  out.several = true;
  return out;
}

bool passes_authorization(const config& from) {
  const bool offered = std::ranges::count(from.providers, "opensearch") > 0;
  // A cluster of the file may say so by itself, which is not known here; it costs a copy of the header.
  return offered && (auth_of(from.opensearch) == auth_kind::caller || !from.opensearch.clusters_file.empty());
}

}  // namespace hydrant::app

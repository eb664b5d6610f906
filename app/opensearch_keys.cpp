#include "app/config_assign.hpp"
#include "app/text_forms.hpp"

namespace hydrant::app {

using net::tls_settings;
using providers::opensearch::aws_settings;
using providers::opensearch::cluster_settings;
using providers::opensearch::result_limits;
using tool_settings = providers::opensearch::settings;

namespace {

constexpr std::string_view cluster = "OpenSearch: the cluster";
constexpr std::string_view tools = "OpenSearch: the tools";
constexpr value_range any_number_of_entries{0, 1000};

/// To a member of the cluster.
template <auto... Path>
constexpr auto to_cluster = to<&config::opensearch, &opensearch_settings::cluster, Path...>;
/// To a setting of the tools.
template <auto... Path>
constexpr auto to_tools = to<&config::opensearch, &opensearch_settings::tools, Path...>;

std::vector<config_key> address_keys() {
  return {
      {.section = cluster,
       .name = "opensearch.url",
       .variable = "OPENSEARCH_URL",
       .fallback_note = "empty",
       .form = &opensearch_url_form,
       .secret = secrecy::secret,  // somebody may write a password into it, and must not read it in an error
       .assign = to_cluster<&cluster_settings::url>,
       .prose = "Where the cluster of the provider `opensearch` is, such as https://search.example.com:9200. Several "
                "clusters are described in `opensearch.clusters-file` instead."},
      {.section = cluster,
       .name = "opensearch.clusters-file",
       .variable = "OPENSEARCH_CLUSTERS_FILE",
       .fallback_note = "none",
       .assign = to<&config::opensearch, &opensearch_settings::clusters_file>,
       .prose = "Path of a JSON file with several clusters by name; docs/opensearch.md describes it. Each tool then "
                "asks which one is meant. What the file leaves out for a cluster is taken from the settings here."},
      {.section = cluster,
       .name = "opensearch.timeout",
       .variable = "OPENSEARCH_TIMEOUT",
       .kind = value_kind::duration,
       .fallback = "30s",
       .range = {{100, hour}},
       .assign = to_cluster<&cluster_settings::timeout>,
       .prose = "How long the cluster may take for one request. The request is withdrawn then, and the tool says so."},
      {.section = cluster,
       .name = "opensearch.max-response-size",
       .variable = "OPENSEARCH_MAX_RESPONSE_SIZE",
       .kind = value_kind::bytes,
       .fallback = "10MiB",
       .range = {{64 * kib, gib}},
       .assign = to_cluster<&cluster_settings::reply_bytes_max>,
       .prose = "The largest reply that is taken from the cluster. A larger one ends the request."},
      {.section = cluster,
       .name = "opensearch.watch-interval",
       .kind = value_kind::duration,
       .fallback = "5s",
       .range = {{second, hour}},
       .assign = to_tools<&tool_settings::watch_every>,
       .prose = "How often a node looks whether the cluster answers. That is what /health tells."},
      {.section = cluster,
       .name = "opensearch.readiness",
       .kind = value_kind::choice,
       .fallback = "alone",
       .choices = {"alone", "with-cluster"},
       .assign = to_tools<&tool_settings::ready>,
       .prose =
           "Whether /ready follows the cluster. With `alone` a node without its cluster stays ready, and its tools "
           "say what is wrong; with `with-cluster` balancers stop using it."},
  };
}

std::vector<config_key> identity_keys() {
  return {
      {.section = cluster,
       .name = "opensearch.auth",
       .kind = value_kind::choice,
       .fallback = "auto",
       .choices = {"auto", "none", "basic", "bearer", "aws", "caller"},
       .assign = to<&config::opensearch, &opensearch_settings::auth>,
       .prose = "How requests say who sends them. `auto` takes what is set: a bearer token, a role in AWS, a user, an "
                "AWS region, or nothing. `caller` passes on the Authorization header of whoever calls the tool, and "
                "refuses calls "
                "that have none."},
      {.section = cluster,
       .name = "opensearch.no-auth",
       .variable = "OPENSEARCH_NO_AUTH",
       .kind = value_kind::flag,
       .fallback = "false",
       .assign = to<&config::opensearch, &opensearch_settings::no_auth>,
       .prose = "The same as `opensearch.auth` set to `none`."},
      {.section = cluster,
       .name = "opensearch.username",
       .variable = "OPENSEARCH_USERNAME",
       .fallback_note = "empty",
       .assign = to_cluster<&cluster_settings::username>,
       .prose = "User of the cluster, for basic authentication."},
      {.section = cluster,
       .name = "opensearch.password",
       .variable = "OPENSEARCH_PASSWORD",
       .fallback_note = "empty",
       .secret = secrecy::secret,
       .assign = to_cluster<&cluster_settings::password>,
       .prose = "Password of that user. Prefer the environment to the command line."},
      {.section = cluster,
       .name = "opensearch.bearer-token",
       .variable = "OPENSEARCH_BEARER_TOKEN",
       .fallback_note = "empty",
       .secret = secrecy::secret,
       .assign = to_cluster<&cluster_settings::bearer_token>,
       .prose = "Token for bearer authentication, such as a JSON Web Token."},
      {.section = cluster,
       .name = "opensearch.aws-region",
       .variable = "AWS_REGION",
       .fallback_note = "empty",
       .assign = to_cluster<&cluster_settings::aws, &aws_settings::region>,
       .prose = "Region for which requests are signed (AWS Signature Version 4). The keys are looked for as AWS' own "
                "tools do: environment, web identity, profile, container, instance."},
      {.section = cluster,
       .name = "opensearch.aws-serverless",
       .variable = "AWS_OPENSEARCH_SERVERLESS",
       .kind = value_kind::flag,
       .fallback = "false",
       .assign = to<&config::opensearch, &opensearch_settings::aws_serverless>,
       .prose = "Sign for OpenSearch Serverless (`aoss`) instead of a domain (`es`)."},
      {.section = cluster,
       .name = "opensearch.aws-profile",
       .fallback_note = "empty",
       .assign = to_cluster<&cluster_settings::aws, &aws_settings::profile>,
       .prose = "Profile in AWS' shared files to take the keys from. It stands before keys in the environment."},
      {.section = cluster,
       .name = "opensearch.aws-role-arn",
       .variable = "AWS_IAM_ARN",
       .fallback_note = "empty",
       .assign = to_cluster<&cluster_settings::aws, &aws_settings::role_arn>,
       .prose = "Role to assume with the keys that are found, such as arn:aws:iam::123456789012:role/reader. Requests "
                "are then signed with keys of that role, which AWS STS gives for an hour at a time."},
  };
}

std::vector<config_key> tls_keys() {
  return {
      {.section = cluster,
       .name = "opensearch.ssl-verify",
       .variable = "OPENSEARCH_SSL_VERIFY",
       .kind = value_kind::flag,
       .fallback = "true",
       .assign = to_cluster<&cluster_settings::tls, &tls_settings::verify_peer>,
       .prose = "Check the cluster's certificate. Without that, anybody on the way can read and change everything."},
      {.section = cluster,
       .name = "opensearch.ca-file",
       .variable = "OPENSEARCH_CA_CERT_PATH",
       .fallback_note = "what the system trusts",
       .assign = to_cluster<&cluster_settings::tls, &tls_settings::ca_file>,
       .prose = "PEM file of the authorities that may have signed the cluster's certificate."},
      {.section = cluster,
       .name = "opensearch.client-cert-file",
       .variable = "OPENSEARCH_CLIENT_CERT_PATH",
       .fallback_note = "none",
       .assign = to_cluster<&cluster_settings::tls, &tls_settings::certificate_file>,
       .prose =
           "PEM file of the certificate to show to the cluster (mutual TLS). It comes on top of `opensearch.auth`."},
      {.section = cluster,
       .name = "opensearch.client-key-file",
       .variable = "OPENSEARCH_CLIENT_KEY_PATH",
       .fallback_note = "none",
       .assign = to_cluster<&cluster_settings::tls, &tls_settings::key_file>,
       .prose = "PEM file of that certificate's private key."},
  };
}

std::vector<config_key> choice_keys() {
  return {
      {.section = tools,
       .name = "opensearch.enabled-tools",
       .variable = "OPENSEARCH_ENABLED_TOOLS",
       .kind = value_kind::list,
       .fallback_note = "empty",
       .range = any_number_of_entries,
       .assign = to_tools<&tool_settings::enabled_tools>,
       .prose = "Tools to offer besides those of the enabled categories. `*` stands for any characters; names of the "
                "Python server, such as CatNodesTool, mean the tool that does the same."},
      {.section = tools,
       .name = "opensearch.disabled-tools",
       .variable = "OPENSEARCH_DISABLED_TOOLS",
       .kind = value_kind::list,
       .fallback_note = "empty",
       .range = any_number_of_entries,
       .assign = to_tools<&tool_settings::disabled_tools>,
       .prose = "Tools not to offer, whatever else is set. Written as in `opensearch.enabled-tools`."},
      {.section = tools,
       .name = "opensearch.enabled-categories",
       .variable = "OPENSEARCH_ENABLED_CATEGORIES",
       .kind = value_kind::list,
       .fallback_note = "empty: core_tools and skills",
       .range = any_number_of_entries,
       .choices = {"core_tools", "cluster_tools", "observability", "skills", "generic"},
       .assign = to_tools<&tool_settings::enabled_categories>,
       .prose = "Categories of tools to offer besides `core_tools` and `skills`. docs/opensearch.md lists the tools of "
                "each."},
      {.section = tools,
       .name = "opensearch.disabled-categories",
       .variable = "OPENSEARCH_DISABLED_CATEGORIES",
       .kind = value_kind::list,
       .fallback_note = "empty",
       .range = any_number_of_entries,
       .choices = {"core_tools", "cluster_tools", "observability", "skills", "generic"},
       .assign = to_tools<&tool_settings::disabled_categories>,
       .prose = "Categories of tools not to offer, but for those in `opensearch.enabled-tools`."},
  };
}

std::vector<config_key> safety_keys() {
  return {
      {.section = tools,
       .name = "opensearch.allow-write",
       .variable = "OPENSEARCH_SETTINGS_ALLOW_WRITE",
       .kind = value_kind::list,
       .fallback = "false",
       .range = any_number_of_entries,
       .choices = {"false", "documents", "indices", "cluster", "true"},
       .assign = to_tools<&tool_settings::allow_write>,
       .prose =
           "What the tool `opensearch_api` may change. `documents` are those in indices, `indices` their mappings, "
           "settings and aliases, `cluster` everything else; `true` is all three. The tool itself has to be "
           "enabled too."},
      {.section = tools,
       .name = "opensearch.index-allow",
       .kind = value_kind::list,
       .fallback_note = "empty: all",
       .range = any_number_of_entries,
       .assign = to_tools<&tool_settings::index_allow>,
       .prose = "Indices that tools may reach, such as logs-*. Aliases and wildcards are looked up, and only what is "
                "allowed of them is asked. Tools that cannot be held to it are not offered."},
      {.section = tools,
       .name = "opensearch.index-deny",
       .kind = value_kind::list,
       .fallback_note = "empty",
       .range = any_number_of_entries,
       .assign = to_tools<&tool_settings::index_deny>,
       .prose = "Indices that tools may not reach, even if `opensearch.index-allow` has them."},
      {.section = tools,
       .name = "opensearch.max-result-size",
       .kind = value_kind::bytes,
       .fallback = "48KiB",
       .range = {{4 * kib, 16 * mib}},
       .assign = to_tools<&tool_settings::limits, &result_limits::text_bytes_max>,
       .prose = "The largest text that a tool gives to the model, and the largest structured result. What does not fit "
                "is left out, and the result says so."},
      {.section = tools,
       .name = "opensearch.max-hits",
       .kind = value_kind::integer,
       .fallback = "100",
       .range = {{1, 10'000}},
       .assign = to_tools<&tool_settings::limits, &result_limits::hits_max>,
       .prose = "How many documents one search may ask for."},
  };
}

std::vector<config_key> joined(std::initializer_list<std::vector<config_key> (*)()> parts) {
  std::vector<config_key> all;
  for (auto* part : parts)
    for (auto& key : part())
      all.push_back(std::move(key));
  return all;
}

}  // namespace

std::vector<config_key> opensearch_cluster_keys() {
  return joined({address_keys, identity_keys, tls_keys});
}

std::vector<config_key> opensearch_tool_keys() {
  return joined({choice_keys, safety_keys});
}

}  // namespace hydrant::app

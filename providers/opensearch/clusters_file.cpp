#include "providers/opensearch/clusters_file.hpp"

#include "base/units.hpp"
#include "providers/opensearch/aws/sts_texts.hpp"
#include "providers/opensearch/client/base_url.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace hydrant::providers::opensearch {
namespace {

using nlohmann::ordered_json;
using variables = std::map<std::string, std::string, std::less<>>;

constexpr std::size_t clusters_max = 100;
// As for the settings of a single cluster.
constexpr std::chrono::milliseconds timeout_min{100};
constexpr std::chrono::milliseconds timeout_max{std::chrono::hours(1)};
constexpr std::int64_t reply_bytes_least = 64 * 1024;
constexpr std::int64_t reply_bytes_most = 1024 * 1024 * 1024;

base::error wrong(const std::string& where, const std::string& what) {
  return base::fail(base::error_kind::invalid_params, where + ' ' + what);
}

/// Reads the members of one cluster. The first thing that is wrong stays.
class cluster_reader {
 public:
  cluster_reader(const std::string& name, const ordered_json& from, const cluster_settings& defaults,
                 const variables& env)
      : name_(name), from_(from), env_(env), out_(without_identity(defaults)) {
    out_.name = name;
  }

  base::result<cluster_settings> read() {
    for (const auto& [member, value] : from_.items())
      read_member(member, value);
    if (!wrong_ && out_.url.empty()) complain("url", "is missing");
    if (!wrong_) choose_auth();
    if (wrong_) return *wrong_;
    return std::move(out_);
  }

 private:
  static cluster_settings without_identity(cluster_settings from) {
    from.url.clear();
    // Passing on the caller's credentials is nobody's identity; going without them instead would be another one.
    if (from.auth != auth_kind::caller) from.auth = auth_kind::none;
    from.username.clear();
    from.password.clear();
    from.bearer_token.clear();
    from.aws = {};
    from.tls.certificate_file.clear();
    from.tls.key_file.clear();
    return from;
  }

  void complain(const std::string& member, const std::string& what) {
    if (!wrong_) wrong_ = wrong(name_ + "." + member, what);
  }

  void read_member(const std::string& member, const ordered_json& value) {
    if (auto* slot = text_slot(member)) return read_text(member, value, *slot);
    if (member == "ssl_verify") return read_flag(member, value, out_.tls.verify_peer);
    if (member == "aws_serverless") return read_flag(member, value, serverless_);
    if (member == "timeout") return read_timeout(value);
    if (member == "max_response_size") return read_size(value);
    complain(member, "is not a setting of a cluster");
  }

  std::string* text_slot(const std::string& member) {
    const std::map<std::string_view, std::string*> slots{{"url", &out_.url},
                                                         {"auth", &auth_},
                                                         {"username", &out_.username},
                                                         {"password", &out_.password},
                                                         {"bearer_token", &out_.bearer_token},
                                                         {"aws_region", &out_.aws.region},
                                                         {"aws_profile", &out_.aws.profile},
                                                         {"aws_role_arn", &out_.aws.role_arn},
                                                         {"aws_access_key_id", &out_.aws.access_key_id},
                                                         {"aws_secret_access_key", &out_.aws.secret_access_key},
                                                         {"aws_session_token", &out_.aws.session_token},
                                                         {"ca_file", &out_.tls.ca_file},
                                                         {"client_cert_file", &out_.tls.certificate_file},
                                                         {"client_key_file", &out_.tls.key_file}};
    const auto found = slots.find(member);
    return found == slots.end() ? nullptr : found->second;
  }

  void read_text(const std::string& member, const ordered_json& value, std::string& slot) {
    if (value.is_string()) {
      slot = value.get<std::string>();
    } else if (value.is_object() && value.size() == 1 && value.contains("env") && value["env"].is_string()) {
      const auto found = env_.find(value["env"].get<std::string>());
      if (found == env_.end()) return complain(member, "names an environment variable that is not set");
      slot = found->second;
    } else {
      return complain(member, R"(must be a text, or {"env": "NAME"})");
    }
    if (member != "url") return;
    if (const auto url = base_url::parse(slot); !url) complain(member, "is not usable: " + url.error().message);
  }

  void read_flag(const std::string& member, const ordered_json& value, bool& slot) {
    if (!value.is_boolean()) return complain(member, "must be true or false");
    slot = value.get<bool>();
  }

  void read_timeout(const ordered_json& value) {
    const auto text = value.is_number_unsigned() ? std::to_string(value.get<std::uint64_t>())
                                                 : (value.is_string() ? value.get<std::string>() : std::string());
    const auto span = base::parse_duration(text);
    if (!span || *span < timeout_min || *span > timeout_max)
      return complain("timeout", "must be a duration from 100ms to 1h, such as \"30s\"");
    out_.timeout = *span;
  }

  void read_size(const ordered_json& value) {
    const auto text = value.is_number_unsigned() ? std::to_string(value.get<std::uint64_t>())
                                                 : (value.is_string() ? value.get<std::string>() : std::string());
    const auto bytes = base::parse_bytes(text);
    if (!bytes || *bytes < reply_bytes_least || *bytes > reply_bytes_most)
      return complain("max_response_size", "must be a size from 64KiB to 1GiB, such as \"10MiB\"");
    out_.reply_bytes_max = static_cast<std::size_t>(*bytes);
  }

  void choose_auth() {
    if (serverless_) out_.aws.service = "aoss";
    const std::map<std::string_view, auth_kind> kinds{{"none", auth_kind::none},
                                                      {"basic", auth_kind::basic},
                                                      {"bearer", auth_kind::bearer},
                                                      {"aws", auth_kind::aws},
                                                      {"caller", auth_kind::caller}};
    if (const auto found = kinds.find(auth_); found != kinds.end()) {
      out_.auth = found->second;
    } else if (!auth_.empty() && auth_ != "auto") {
      complain("auth", "must be auto, none, basic, bearer, aws or caller");
    } else if (const auto by_itself = found_auth(out_); by_itself != auth_kind::none) {
      out_.auth = by_itself;
    }
    if (out_.aws.access_key_id.empty() != out_.aws.secret_access_key.empty())
      complain("aws_access_key_id", "and aws_secret_access_key go together");
    if (!out_.aws.role_arn.empty() && !is_role_arn(out_.aws.role_arn))
      complain("aws_role_arn", "must be of the form arn:aws:iam::123456789012:role/name");
    if (const auto* missing = missing_for(out_)) complain(missing, "is missing");
  }

  const std::string name_;
  const ordered_json& from_;
  const variables& env_;
  cluster_settings out_;
  std::string auth_;
  bool serverless_ = false;
  std::optional<base::error> wrong_;
};

bool is_name(const std::string& text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  });
}

}  // namespace

auth_kind found_auth(const cluster_settings& in) {
  if (!in.bearer_token.empty()) return auth_kind::bearer;
  if (!in.aws.role_arn.empty()) return auth_kind::aws;
  if (!in.username.empty()) return auth_kind::basic;
  if (!in.aws.region.empty()) return auth_kind::aws;
  return auth_kind::none;
}

const char* missing_for(const cluster_settings& wanted) {
  if (wanted.auth == auth_kind::basic && wanted.username.empty()) return "username";
  if (wanted.auth == auth_kind::bearer && wanted.bearer_token.empty()) return "bearer_token";
  if (wanted.auth == auth_kind::aws && wanted.aws.region.empty()) return "aws_region";
  return nullptr;
}

base::result<std::vector<cluster_settings>> parse_clusters(std::string_view text, const cluster_settings& defaults,
                                                           const variables& env) {
  const auto file = ordered_json::parse(text, nullptr, /*allow_exceptions=*/false, /*ignore_comments=*/true);
  if (!file.is_object() || file.empty() || file.size() > clusters_max)
    return wrong("the file",
                 "must hold a JSON object with one to " + std::to_string(clusters_max) + " clusters by name");
  std::vector<cluster_settings> clusters;
  for (const auto& [name, members] : file.items()) {
    if (!is_name(name)) return wrong(name, "is no name for a cluster: use letters, digits, '-', '_' and '.'");
    if (!members.is_object()) return wrong(name, "must be an object with at least a url");
    auto one = cluster_reader(name, members, defaults, env).read();
    if (!one) return one.error();
    clusters.push_back(std::move(*one));
  }
  return clusters;
}

}  // namespace hydrant::providers::opensearch

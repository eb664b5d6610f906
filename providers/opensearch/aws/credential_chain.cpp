#include "providers/opensearch/aws/credential_chain.hpp"

#include "providers/opensearch/aws/credential_endpoints.hpp"
#include "providers/opensearch/aws/credential_texts.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hydrant::providers::opensearch {
namespace {

namespace asio = boost::asio;

constexpr const char* what_to_do =
    "there are no AWS credentials to sign requests with: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a "
    "profile that has keys by AWS_PROFILE, or give the instance, task or pod a role";

constexpr std::string_view instance_endpoint = "http://169.254.169.254";

/// None: the place is not set up, so the search goes on.
using answer = std::optional<base::result<aws_credentials>>;

base::error unusable(std::string why) {
  return base::fail(base::error_kind::unavailable, std::move(why));
}

// What an environment, a file and an endpoint give is written into headers.
bool fits_a_header(const aws_credentials& keys) {
  return std::ranges::all_of(
      std::array{&keys.access_key_id, &keys.secret_access_key, &keys.session_token},
      [](const std::string* text) { return std::ranges::all_of(*text, [](char c) { return c > ' ' && c < '\x7f'; }); });
}

/// Both halves of a key, or a failure that names the half that is not there.
base::result<aws_credentials> whole_key(aws_credentials keys, const std::string& place) {
  if (keys.access_key_id.empty()) return unusable(place + " has a secret access key without an access key id");
  if (keys.secret_access_key.empty()) return unusable(place + " has an access key id without a secret access key");
  return keys;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  return out;
}

class search {
 public:
  search(const aws_credentials_settings& settings, const net::http_sender& send) : settings_(settings), send_(send) {}

  asio::awaitable<base::result<found_credentials>> run() {
    if (auto keys = at_hand()) co_return taken(std::move(*keys));
    source_ = key_source::container;
    if (has_container_endpoint(settings_.environment)) {
      auto keys = co_await container();
      co_return taken(std::move(keys));
    }
    note("no container's endpoint is named");
    source_ = key_source::instance;
    if (lower(get("AWS_EC2_METADATA_DISABLED")) == "true")
      co_return nothing("the metadata service is switched off by AWS_EC2_METADATA_DISABLED");
    std::string endpoint = metadata_endpoint();
    auto keys = co_await ask_instance(std::move(endpoint), send_);
    co_return taken(std::move(keys));
  }

 private:
  std::string_view get(std::string_view name) const { return variable(settings_.environment, name); }

  void note(std::string_view what) { tried_.append(tried_.empty() ? "" : "; ").append(what); }

  base::error nothing(std::string_view what) {
    note(what);
    if (!get("AWS_WEB_IDENTITY_TOKEN_FILE").empty())
      note("AWS_WEB_IDENTITY_TOKEN_FILE is not supported: use EKS Pod Identity instead");
    return base::fail(base::error_kind::unavailable, what_to_do, tried_);
  }

  base::result<found_credentials> taken(base::result<aws_credentials> keys) {
    if (keys.has_error()) return nothing(keys.error().message);
    if (!fits_a_header(*keys)) return nothing("what was found has a character that no key has");
    return found_credentials{std::move(*keys), source_};
  }

  /// From the places that need no request.
  answer at_hand() {
    source_ = key_source::settings;
    if (settings_.keys) return whole_key(*settings_.keys, "the settings");
    note("no keys in the settings");
    source_ = key_source::environment;
    if (settings_.profile.empty()) {
      if (auto keys = environment()) return keys;
    }
    source_ = key_source::profile;
    return profile();
  }

  answer environment() {
    aws_credentials keys{std::string(get("AWS_ACCESS_KEY_ID")), std::string(get("AWS_SECRET_ACCESS_KEY")),
                         std::string(get("AWS_SESSION_TOKEN")), std::nullopt};
    if (!keys.access_key_id.empty() || !keys.secret_access_key.empty())
      return whole_key(std::move(keys), "the environment");
    note("no AWS_ACCESS_KEY_ID in the environment");
    return std::nullopt;
  }

  std::string path_of(std::string_view name, std::string_view in_home) const {
    const std::string_view path = get(name);
    if (path.starts_with("~/") && !settings_.home.empty()) return settings_.home + std::string(path.substr(1));
    if (!path.empty()) return std::string(path);
    return settings_.home.empty() ? std::string() : settings_.home + std::string(in_home);
  }

  std::optional<profile_entries> section(const std::string& path, const std::string& name, profile_file file) const {
    if (path.empty()) return std::nullopt;
    const std::optional<std::string> text = settings_.read_file(path);
    if (!text || text->size() > profile_file_bytes_max) return std::nullopt;
    return find_profile(*text, name, file);
  }

  answer profile() {
    const std::string_view named = settings_.profile.empty() ? get("AWS_PROFILE") : settings_.profile;
    const std::string name(named.empty() ? "default" : named);
    const std::string keys_file = path_of("AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials");
    const std::string config_file = path_of("AWS_CONFIG_FILE", "/.aws/config");
    const auto keys = section(keys_file, name, profile_file::credentials);
    const auto config = section(config_file, name, profile_file::config);
    const std::string where = "profile \"" + name + "\" (" + keys_file + ", " + config_file + ")";
    for (const auto& entries : {keys, config})
      if (auto found = keys_of(entries, where)) return found;
    if (auto way = unsupported(config, where)) return way;
    if (auto way = unsupported(keys, where)) return way;
    const bool missing = !keys && !config;
    if (missing && !named.empty()) return unusable(where + " does not exist, or its file cannot be read");
    if (!settings_.profile.empty()) return unusable(where + " has no keys");
    note(where + (missing ? " does not exist" : " has no keys"));
    return std::nullopt;
  }

  static answer keys_of(const std::optional<profile_entries>& entries, const std::string& where) {
    if (!entries) return std::nullopt;
    aws_credentials keys{std::string(variable(*entries, "aws_access_key_id")),
                         std::string(variable(*entries, "aws_secret_access_key")),
                         std::string(variable(*entries, "aws_session_token")), std::nullopt};
    if (keys.access_key_id.empty() && keys.secret_access_key.empty()) return std::nullopt;
    return whole_key(std::move(keys), where);
  }

  static answer unsupported(const std::optional<profile_entries>& entries, const std::string& where) {
    if (!entries) return std::nullopt;
    for (const char* way :
         {"role_arn", "sso_session", "sso_start_url", "credential_process", "web_identity_token_file"})
      if (entries->contains(way))
        return unusable(where + " asks for " + way + ", which is not supported: put keys there, or use a role");
    return std::nullopt;
  }

  asio::awaitable<base::result<aws_credentials>> container() {
    auto request = container_request(settings_.environment, settings_.read_file);
    if (request.has_error()) co_return request.error();
    auto keys = co_await ask_container(std::move(*request), send_);
    co_return keys;
  }

  std::string metadata_endpoint() const {
    const std::string_view named = get("AWS_EC2_METADATA_SERVICE_ENDPOINT");
    return std::string(named.empty() ? instance_endpoint : named);
  }

  const aws_credentials_settings& settings_;
  const net::http_sender& send_;
  key_source source_ = key_source::settings;
  std::string tried_;  // one clause for each place
};

}  // namespace

std::string_view variable(const environment_map& environment, std::string_view name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string_view() : found->second;
}

asio::awaitable<base::result<found_credentials>> find_aws_credentials(const aws_credentials_settings& settings,
                                                                      const net::http_sender& send) {
  search looking(settings, send);
  auto found = co_await looking.run();
  co_return found;
}

}  // namespace hydrant::providers::opensearch

#include "providers/opensearch/aws/credential_chain.hpp"

#include "providers/opensearch/aws/credential_endpoints.hpp"
#include "providers/opensearch/aws/credential_texts.hpp"
#include "providers/opensearch/aws/shared_profile.hpp"
#include "providers/opensearch/aws/sts.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

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

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  return out;
}

class search {
 public:
  search(const aws_credentials_settings& settings, const net::http_sender& send, const base::clock& clock)
      : settings_(settings), send_(send), clock_(clock) {}

  asio::awaitable<base::result<found_credentials>> run() {
    auto keys = co_await first_keys();
    if (keys && !settings_.role_arn.empty()) {
      sts_role wanted = environment_role(settings_.role_arn);
      keys = co_await of_role(std::move(wanted), std::move(*keys));
    }
    co_return taken(std::move(keys));
  }

 private:
  std::string_view get(std::string_view name) const { return variable(settings_.environment, name); }

  void note(std::string_view what) { tried_.append(tried_.empty() ? "" : "; ").append(what); }

  base::error nothing(const base::error& why) {
    if (!why.detail.empty()) note(why.detail);
    if (asked_sts_) {
      const std::string message = "there are no AWS credentials to sign requests with: " + why.message;
      return base::fail(base::error_kind::unavailable, message, tried_);
    }
    note(why.message);
    return base::fail(base::error_kind::unavailable, what_to_do, tried_);
  }

  base::result<found_credentials> taken(base::result<aws_credentials> keys) {
    if (keys.has_error()) return nothing(keys.error());
    if (!fits_a_header(*keys)) return nothing(unusable("what was found has a character that no key has"));
    return found_credentials{std::move(*keys), source_};
  }

  /// Of the first place that has some.
  asio::awaitable<base::result<aws_credentials>> first_keys() {
    if (auto keys = at_hand()) co_return std::move(*keys);
    source_ = key_source::web_identity;
    if (settings_.profile.empty() && !get("AWS_WEB_IDENTITY_TOKEN_FILE").empty()) {
      sts_role named = environment_role(get("AWS_ROLE_ARN"));
      auto keys = co_await of_web_identity(std::move(named), std::string(get("AWS_WEB_IDENTITY_TOKEN_FILE")));
      co_return keys;
    }
    source_ = key_source::profile;
    auto profile = read_shared_profile(settings_);
    if (profile.has_error()) co_return profile.error();
    if (auto* keys = std::get_if<aws_credentials>(&profile->has)) co_return std::move(*keys);
    if (auto* role = std::get_if<profile_role>(&profile->has)) {
      auto keys = co_await of_profile(std::move(*role));
      co_return keys;
    }
    note(profile->note);
    auto keys = co_await of_surroundings();
    co_return keys;
  }

  /// From the places that need neither a file nor a request.
  answer at_hand() {
    source_ = key_source::settings;
    if (settings_.keys) return whole_key(*settings_.keys, "the settings");
    note("no keys in the settings");
    source_ = key_source::environment;
    if (!settings_.profile.empty()) return std::nullopt;
    auto keys = environment();
    if (!keys) note("no AWS_ACCESS_KEY_ID in the environment");
    return keys;
  }

  answer environment() const {
    aws_credentials keys{std::string(get("AWS_ACCESS_KEY_ID")), std::string(get("AWS_SECRET_ACCESS_KEY")),
                         std::string(get("AWS_SESSION_TOKEN")), std::nullopt};
    if (keys.access_key_id.empty() && keys.secret_access_key.empty()) return std::nullopt;
    return whole_key(std::move(keys), "the environment");
  }

  sts_role environment_role(std::string_view arn) const {
    return {std::string(arn), std::string(get("AWS_ROLE_SESSION_NAME")), {}};
  }

  asio::awaitable<base::result<aws_credentials>> of_surroundings() {
    source_ = key_source::container;
    if (has_container_endpoint(settings_.environment)) {
      auto keys = co_await container();
      co_return keys;
    }
    note("no container's endpoint is named");
    source_ = key_source::instance;
    auto keys = co_await instance();
    co_return keys;
  }

  asio::awaitable<base::result<aws_credentials>> container() {
    if (!has_container_endpoint(settings_.environment)) co_return unusable("no container's endpoint is named");
    auto request = container_request(settings_.environment, settings_.read_file);
    if (request.has_error()) co_return request.error();
    auto keys = co_await ask_container(std::move(*request), send_);
    co_return keys;
  }

  asio::awaitable<base::result<aws_credentials>> instance() {
    if (lower(get("AWS_EC2_METADATA_DISABLED")) == "true")
      co_return unusable("the metadata service is switched off by AWS_EC2_METADATA_DISABLED");
    const std::string_view named = get("AWS_EC2_METADATA_SERVICE_ENDPOINT");
    std::string endpoint(named.empty() ? instance_endpoint : named);
    auto keys = co_await ask_instance(std::move(endpoint), send_);
    co_return keys;
  }

  asio::awaitable<base::result<aws_credentials>> of_profile(profile_role wanted) {
    if (wanted.with == role_keys::web_identity) {
      auto keys = co_await of_web_identity(std::move(wanted.role), std::move(wanted.token_file));
      co_return keys;
    }
    auto first = co_await keys_for(wanted);
    if (first.has_error()) co_return first;
    auto keys = co_await of_role(std::move(wanted.role), std::move(*first));
    co_return keys;
  }

  /// To ask for a profile's role with.
  asio::awaitable<base::result<aws_credentials>> keys_for(const profile_role& wanted) {
    if (wanted.with == role_keys::source_profile) co_return wanted.keys;
    if (wanted.with == role_keys::environment)
      co_return environment().value_or(unusable("no AWS_ACCESS_KEY_ID in the environment, for a profile's role"));
    if (wanted.with == role_keys::container) {
      auto keys = co_await container();
      co_return keys;
    }
    auto keys = co_await instance();
    co_return keys;
  }

  asio::awaitable<base::result<aws_credentials>> of_role(sts_role wanted, aws_credentials with) {
    asked_sts_ = true;
    if (!fits_a_header(with)) co_return unusable("what was found has a character that no key has");
    auto where = find_sts(settings_.environment, settings_.region);
    if (where.has_error()) co_return where.error();
    auto keys = co_await assume_role(std::move(*where), std::move(wanted), std::move(with), clock_, send_);
    co_return keys;
  }

  asio::awaitable<base::result<aws_credentials>> of_web_identity(sts_role wanted, std::string token_file) {
    asked_sts_ = true;
    if (wanted.arn.empty()) co_return unusable("AWS_WEB_IDENTITY_TOKEN_FILE is set without AWS_ROLE_ARN");
    auto where = find_sts(settings_.environment, settings_.region);
    if (where.has_error()) co_return where.error();
    auto token = web_identity_token(token_file, settings_.read_file);
    if (token.has_error()) co_return token.error();
    auto keys = co_await assume_role_with_web_identity(std::move(*where), std::move(wanted), std::move(*token), send_);
    co_return keys;
  }

  const aws_credentials_settings& settings_;
  const net::http_sender& send_;
  const base::clock& clock_;
  key_source source_ = key_source::settings;
  bool asked_sts_ = false;  // then its failure is told to whoever asks; else what to set up
  std::string tried_;       // one clause for each place
};

}  // namespace

std::string_view variable(const environment_map& environment, std::string_view name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string_view() : found->second;
}

asio::awaitable<base::result<found_credentials>> find_aws_credentials(const aws_credentials_settings& settings,
                                                                      const net::http_sender& send,
                                                                      const base::clock& clock) {
  search looking(settings, send, clock);
  auto found = co_await looking.run();
  co_return found;
}

}  // namespace hydrant::providers::opensearch

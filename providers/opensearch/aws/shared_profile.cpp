#include "providers/opensearch/aws/shared_profile.hpp"

#include "providers/opensearch/aws/credential_texts.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

namespace hydrant::providers::opensearch {
namespace {

base::error unusable(std::string why) {
  return base::fail(base::error_kind::unavailable, std::move(why));
}

/// What both files say of one profile.
struct both_files {
  std::optional<profile_entries> credentials, config;

  bool missing() const { return !credentials && !config; }

  /// Of two entries of a name that of the credentials file counts.
  profile_entries together() const {
    profile_entries all = credentials.value_or(profile_entries{});
    if (config) all.insert(config->begin(), config->end());
    return all;
  }
};

using maybe_keys = std::optional<base::result<aws_credentials>>;

maybe_keys keys_of(const both_files& found, const std::string& where) {
  for (const auto* entries : {&found.credentials, &found.config}) {
    if (!*entries) continue;
    aws_credentials keys{std::string(variable(**entries, "aws_access_key_id")),
                         std::string(variable(**entries, "aws_secret_access_key")),
                         std::string(variable(**entries, "aws_session_token")), std::nullopt};
    if (!keys.access_key_id.empty() || !keys.secret_access_key.empty()) return whole_key(std::move(keys), where);
  }
  return std::nullopt;
}

/// Nothing, or what a profile asks for that is left to AWS' own tools.
base::result<> supported(const profile_entries& entries, const std::string& where) {
  for (const char* way : {"sso_session", "sso_start_url", "credential_process", "mfa_serial"})
    if (entries.contains(way))
      return unusable(where + " asks for " + way + ", which is not supported: put keys there, or use a role");
  return {};
}

class reader {
 public:
  explicit reader(const aws_credentials_settings& settings)
      : settings_(settings),
        keys_file_(path_of("AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials")),
        config_file_(path_of("AWS_CONFIG_FILE", "/.aws/config")) {}

  base::result<shared_profile> read() const {
    const std::string_view named =
        settings_.profile.empty() ? variable(settings_.environment, "AWS_PROFILE") : settings_.profile;
    const std::string name(named.empty() ? "default" : named);
    const std::string where = place_of(name);
    const both_files found = sections(name);
    const profile_entries entries = found.together();
    if (entries.contains("role_arn") || entries.contains("web_identity_token_file")) return role(entries, where);
    if (auto keys = keys_of(found, where)) return as_profile(std::move(*keys));
    if (auto fine = supported(entries, where); fine.has_error()) return fine.error();
    if (found.missing() && !named.empty()) return unusable(where + " does not exist, or its file cannot be read");
    if (!settings_.profile.empty()) return unusable(where + " has no keys");
    return shared_profile{{}, where + (found.missing() ? " does not exist" : " has no keys")};
  }

 private:
  static base::result<shared_profile> as_profile(base::result<aws_credentials> keys) {
    if (keys.has_error()) return keys.error();
    return shared_profile{std::move(*keys), {}};
  }

  std::string at_home(std::string_view path) const {
    if (path.starts_with("~/") && !settings_.home.empty()) return settings_.home + std::string(path.substr(1));
    return std::string(path);
  }

  std::string path_of(std::string_view name, std::string_view in_home) const {
    const std::string_view path = variable(settings_.environment, name);
    if (!path.empty()) return at_home(path);
    return settings_.home.empty() ? std::string() : settings_.home + std::string(in_home);
  }

  std::string place_of(const std::string& name) const {
    return "profile \"" + name + "\" (" + keys_file_ + ", " + config_file_ + ")";
  }

  both_files sections(const std::string& name) const {
    return {section(keys_file_, name, profile_file::credentials), section(config_file_, name, profile_file::config)};
  }

  std::optional<profile_entries> section(const std::string& path, const std::string& name, profile_file file) const {
    if (path.empty()) return std::nullopt;
    const std::optional<std::string> text = settings_.read_file(path);
    if (!text || text->size() > profile_file_bytes_max) return std::nullopt;
    return find_profile(*text, name, file);
  }

  base::result<shared_profile> role(const profile_entries& entries, const std::string& where) const {
    if (auto fine = supported(entries, where); fine.has_error()) return fine.error();
    const auto get = [&entries](std::string_view name) { return std::string(variable(entries, name)); };
    profile_role out{.role = {get("role_arn"), get("role_session_name"), get("external_id")},
                     .token_file = at_home(get("web_identity_token_file"))};
    if (auto wrong = wrong_with(out.role)) return unusable(where + ": " + *wrong);
    const std::string profile = get("source_profile"), source = get("credential_source");
    const auto given = std::array{profile.empty(), source.empty(), out.token_file.empty()};
    if (std::ranges::count(given, false) != 1)
      return unusable(where + " needs one of source_profile, credential_source and web_identity_token_file");
    out.with = role_keys::web_identity;
    if (auto fine = profile.empty() ? base::result<>() : take_source_profile(out, profile, where); fine.has_error())
      return fine.error();
    if (auto fine = source.empty() ? base::result<>() : take_credential_source(out, source, where); fine.has_error())
      return fine.error();
    return shared_profile{std::move(out), {}};
  }

  base::result<> take_source_profile(profile_role& out, const std::string& name, const std::string& where) const {
    auto keys = keys_of(sections(name), place_of(name));
    if (!keys)
      return unusable("the source_profile \"" + name + "\" of " + where +
                      " has no keys; one that asks for a role itself is not supported");
    if (keys->has_error()) return keys->error();
    out.with = role_keys::source_profile;
    out.keys = std::move(**keys);
    return {};
  }

  static base::result<> take_credential_source(profile_role& out, const std::string& source, const std::string& where) {
    static const std::map<std::string_view, role_keys> sources{{"Environment", role_keys::environment},
                                                               {"EcsContainer", role_keys::container},
                                                               {"Ec2InstanceMetadata", role_keys::instance}};
    const auto found = sources.find(source);
    if (found == sources.end())
      return unusable(where + ": credential_source is none of Environment, EcsContainer and Ec2InstanceMetadata");
    out.with = found->second;
    return {};
  }

  const aws_credentials_settings& settings_;
  const std::string keys_file_;
  const std::string config_file_;
};

}  // namespace

base::result<shared_profile> read_shared_profile(const aws_credentials_settings& settings) {
  return reader(settings).read();
}

}  // namespace hydrant::providers::opensearch

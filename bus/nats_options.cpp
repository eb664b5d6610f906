#include "bus/nats_options.hpp"

#include "bus/nats_nkey.hpp"

#include <algorithm>

namespace hydrant::bus {
namespace {

natsStatus set_login(natsOptions* options, const nats_settings& settings) {
  if (!settings.user.empty()) return natsOptions_SetUserInfo(options, settings.user.c_str(), settings.password.c_str());
  if (!settings.token.empty()) return natsOptions_SetToken(options, settings.token.c_str());
  if (!settings.credentials_file.empty())
    return natsOptions_SetUserCredentialsFromFiles(options, settings.credentials_file.c_str(), nullptr);
  if (settings.nkey_seed_file.empty()) return NATS_OK;
  const auto key = nkey_of_seed_file(settings.nkey_seed_file);
  if (!key) return NATS_NOT_FOUND;
  return natsOptions_SetNKeyFromSeed(options, key->c_str(), settings.nkey_seed_file.c_str());
}

natsStatus set_wire(natsOptions* options, const nats_link_target& target) {
  if (target.settings.wire == nats_wire::plain) return NATS_OK;
  natsStatus status = natsOptions_SetSecure(options, true);
  // Not left to the way in which libnats was built.
  if (status == NATS_OK) status = natsOptions_SetExpectedHostname(options, target.server.host.c_str());
  if (status == NATS_OK && !target.settings.ca_file.empty())
    status = natsOptions_LoadCATrustedCertificates(options, target.settings.ca_file.c_str());
  return status;
}

// cnats writes the name into JSON as it is.
std::string safe_name(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return c < ' ' || c > '~' || c == '"' || c == '\\'; }, '_');
  return name;
}

// The reasons for the order and the values: bus/nats_tuning.hpp and bus/nats_link.hpp.
natsStatus set_behaviour(natsOptions* options, const nats_link_target& target, const nats_tuning& tuning) {
  const std::string url = "nats://" + text_of(target.server);
  natsStatus status = natsOptions_SetURL(options, url.c_str());
  const auto then = [&](auto&& set, auto... values) {
    if (status == NATS_OK) status = set(options, values...);
  };
  then(natsOptions_SetName, safe_name(target.client_name).c_str());
  then(natsOptions_SetTimeout, tuning.connect_timeout.count());
  then(natsOptions_SetWriteDeadline, tuning.write_deadline.count());
  then(natsOptions_SetPingInterval, tuning.ping_interval.count());
  then(natsOptions_SetMaxPingsOut, tuning.pings_unanswered_max);
  then(natsOptions_SetAllowReconnect, false);
  then(natsOptions_SetIgnoreDiscoveredServers, true);
  // Otherwise cnats' flusher waits a millisecond for more before it writes.
  then(natsOptions_SetSendAsap, true);
  // One thread for all subscriptions instead of one each.
  then(natsOptions_UseGlobalMessageDelivery, true);
  then(natsOptions_SetMaxPendingMsgs, tuning.pending_messages_max);
  return status;
}

std::string_view advice(natsStatus status) {
  switch (status) {
    case NATS_CONNECTION_AUTH_FAILED: return "the server refuses the login";
    case NATS_SECURE_CONNECTION_WANTED: return "the server offers no TLS; use nats:// if that is meant";
    case NATS_SECURE_CONNECTION_REQUIRED: return "the server wants TLS; use tls://";
    case NATS_SSL_ERROR: return "TLS failed; is the certificate for this host name, and is its CA trusted?";
    case NATS_NO_SERVER: return "nothing answers there";
    case NATS_TIMEOUT: return "no answer in time";
    default: return {};
  }
}

}  // namespace

base::result<nats_options_ptr> make_nats_options(const nats_link_target& target, const nats_tuning& tuning) {
  natsOptions* made = nullptr;
  natsStatus status = natsOptions_Create(&made);
  nats_options_ptr options(made);
  if (status == NATS_OK) status = set_behaviour(made, target, tuning);
  if (status == NATS_OK) status = set_login(made, target.settings);
  if (status == NATS_OK) status = set_wire(made, target);
  if (status != NATS_OK) return base::fail(base::error_kind::unavailable, describe_nats_failure(status));
  return options;
}

std::string describe_nats_failure(natsStatus status) {
  std::string text = natsStatus_GetText(status);
  natsStatus ignored = NATS_OK;
  const char* found = nats_GetLastError(&ignored);
  std::string_view detail = found != nullptr ? found : "";
  // "(file:line): " of cnats' own sources comes first.
  if (const auto end = detail.find("): "); detail.starts_with('(') && end != std::string_view::npos)
    detail.remove_prefix(end + 3);
  if (!detail.empty() && detail != text) text.append(": ").append(detail);
  if (const auto more = advice(status); !more.empty()) text.append(" (").append(more).append(")");
  return text;
}

}  // namespace hydrant::bus

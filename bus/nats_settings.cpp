#include "bus/nats_settings.hpp"

#include "base/units.hpp"
#include "bus/nats_nkey.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <optional>
#include <utility>

namespace hydrant::bus {
namespace {

constexpr std::size_t servers_max = 64;

base::error bad(std::string why) {
  return base::fail(base::error_kind::invalid_params, "NATS: " + std::move(why));
}

// Empty: a malformed escape, or a control character, which has no business in a login.
std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    unsigned value = 0;
    const char* first = text.data() + i + 1;
    if (text.size() - i < 3 || std::from_chars(first, first + 2, value, 16).ptr != first + 2) return std::nullopt;
    decoded += static_cast<char>(value);
    i += 2;
  }
  if (std::any_of(decoded.begin(), decoded.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; }))
    return std::nullopt;
  return decoded;
}

bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
           c == '_' || c == ':';
  });
}

struct login {
  std::string user;
  std::string password;
  std::string token;
  bool operator==(const login&) const = default;
};

base::result<login> parse_login(std::string_view text) {
  const auto colon = text.find(':');
  auto user = percent_decoded(text.substr(0, colon));
  auto password = percent_decoded(colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1));
  if (!user || !password)
    return bad("the login before @ has a control character, or a % without two hexadecimal digits; write % as %25");
  if (user->empty()) return bad("the login before @ has no user name; leave it out, or write user:password@ or token@");
  if (colon == std::string_view::npos) return login{.user = {}, .password = {}, .token = std::move(*user)};
  return login{.user = std::move(*user), .password = std::move(*password), .token = {}};
}

base::result<nats_address> parse_address(std::string_view text) {
  nats_address address;
  std::string_view host = text;
  std::string_view port;
  const auto bracket = text.rfind(']');
  const auto colon = text.rfind(':');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
    const auto number = base::parse_integer(port);
    if (!number || *number < 1 || *number > 65535) return bad("a port must be a number from 1 to 65535");
    address.port = static_cast<std::uint16_t>(*number);
  }
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (!is_host(host) || (!bracketed && host.find(':') != std::string_view::npos))
    return bad(
        "a server must be written as host or host:port (IPv6 in brackets), with nothing behind it; special "
        "characters of a password are percent-encoded, / as %2F and @ as %40");
  address.host = host;
  return address;
}

/// One server of a URL, and what the URL says for all of them.
struct url_part {
  std::optional<nats_wire> wire;
  std::optional<login> credentials;
  nats_address address;
};

base::result<url_part> parse_part(std::string_view text) {
  url_part part;
  if (const auto scheme_end = text.find("://"); scheme_end != std::string_view::npos) {
    const std::string_view scheme = text.substr(0, scheme_end);
    if (scheme != "nats" && scheme != "tls") return bad("the URL must begin with nats:// or tls://");
    part.wire = scheme == "tls" ? nats_wire::tls : nats_wire::plain;
    text.remove_prefix(scheme_end + 3);
  }
  if (const auto at = text.rfind('@'); at != std::string_view::npos) {
    auto credentials = parse_login(text.substr(0, at));
    if (!credentials) return credentials.error();
    part.credentials = std::move(*credentials);
    text.remove_prefix(at + 1);
  }
  if (!text.empty() && text.back() == '/') text.remove_suffix(1);
  auto address = parse_address(text);
  if (!address) return address.error();
  part.address = std::move(*address);
  return part;
}

bool can_be_read(const std::string& path) {
  std::ifstream file(path);
  char first = 0;
  return file.get(first).good();
}

base::result<> check_file(const std::string& path, std::string_view what) {
  if (path.empty() || can_be_read(path)) return {};
  return bad(std::string(what) + " " + path + " cannot be read or is empty");
}

}  // namespace

std::string text_of(const nats_address& address) {
  const bool v6 = address.host.find(':') != std::string::npos;
  return (v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

base::result<nats_settings> parse_nats_url(std::string_view url) {
  nats_settings settings;
  std::optional<nats_wire> wire;
  std::optional<login> credentials;
  for (std::size_t from = 0; from <= url.size();) {
    const auto comma = std::min(url.find(',', from), url.size());
    auto part = parse_part(url.substr(from, comma - from));
    if (!part) return part.error();
    if (from == 0 && !part->wire) return bad("the URL must begin with nats:// or tls://");
    if (part->wire && wire && *part->wire != *wire) return bad("either all servers are nats:// or all are tls://");
    if (part->credentials && credentials && *part->credentials != *credentials)
      return bad("all servers must have the same login; write it once");
    if (part->wire) wire = part->wire;
    if (part->credentials) credentials = std::move(part->credentials);
    settings.servers.push_back(std::move(part->address));
    if (settings.servers.size() > servers_max) return bad("more than 64 servers; name a few of each cluster");
    from = comma + 1;
  }
  settings.wire = *wire;
  if (credentials) {
    settings.user = std::move(credentials->user);
    settings.password = std::move(credentials->password);
    settings.token = std::move(credentials->token);
  }
  return settings;
}

base::result<> check_nats_settings(const nats_settings& settings) {
  if (settings.servers.empty()) return bad("no server is named; give a URL such as nats://127.0.0.1:4222");
  const std::array ways = {!settings.user.empty(), !settings.token.empty(), !settings.nkey_seed_file.empty(),
                           !settings.credentials_file.empty()};
  if (std::count(ways.begin(), ways.end(), true) > 1)
    return bad("choose one way to log in: user and password, token, nkey seed file or credentials file");
  if (!settings.ca_file.empty() && settings.wire != nats_wire::tls)
    return bad("a CA file is set, but the URL begins with nats://; use tls://, or leave the CA file out");
  for (const auto& [path, what] :
       {std::pair(settings.nkey_seed_file, "the nkey seed file"),
        std::pair(settings.credentials_file, "the credentials file"), std::pair(settings.ca_file, "the CA file")})
    if (auto checked = check_file(path, what); !checked) return checked;
  if (!settings.nkey_seed_file.empty())
    if (auto key = nkey_of_seed_file(settings.nkey_seed_file); !key) return key.error();
  return {};
}

}  // namespace hydrant::bus

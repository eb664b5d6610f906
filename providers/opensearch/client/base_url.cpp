#include "providers/opensearch/client/base_url.hpp"

#include "base/units.hpp"

#include <algorithm>
#include <cctype>

namespace hydrant::providers::opensearch {
namespace {

base::error bad_url(std::string what) {
  return base::fail(base::error_kind::invalid_params, "the URL of the cluster " + std::move(what));
}

bool plain(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) { return std::isgraph(c) != 0 && c != '"' && c != '\\'; });
}

std::string lowered(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

/// With its colon; empty: there is none. The colons of an IPv6 address stand in brackets.
std::string_view port_of(std::string_view authority) {
  const auto colon = authority.rfind(':');
  const auto bracket = authority.rfind(']');
  if (colon == std::string_view::npos || (bracket != std::string_view::npos && bracket > colon)) return {};
  return authority.substr(colon);
}

bool is_port(std::string_view text) {
  const auto port = base::parse_integer(text);
  return port && *port > 0 && *port <= 65535 && text.front() != '0';
}

}  // namespace

base::result<base_url> base_url::parse(std::string_view text) {
  const auto colon = text.find("://");
  const auto scheme = lowered(text.substr(0, colon == std::string_view::npos ? 0 : colon));
  if (scheme != "http" && scheme != "https") return bad_url("must begin with https:// or http://");
  if (!plain(text)) return bad_url("holds characters that no URL has");
  if (text.find_first_of("?#") != std::string_view::npos) return bad_url("must end with its host, port or path");
  const auto rest = text.substr(colon + 3);
  const auto slash = std::min(rest.find('/'), rest.size());
  const auto authority = rest.substr(0, slash);
  if (authority.find('@') != std::string_view::npos)
    return bad_url("holds a user or a password; give them apart, as username and password");
  const auto port = port_of(authority);
  if (authority.size() == port.size()) return bad_url("names no host");
  if (!port.empty() && !is_port(port.substr(1))) return bad_url("has a port that is none");
  const std::string_view own_port = scheme == "https" ? ":443" : ":80";
  // In lower case, since it is signed as it is sent.
  const auto host = lowered(authority);
  base_url out{scheme + "://" + host, host, std::string(rest.substr(slash))};
  if (port == own_port) out.host.resize(host.size() - port.size());
  while (out.path.ends_with('/'))
    out.path.pop_back();
  return out;
}

}  // namespace hydrant::providers::opensearch

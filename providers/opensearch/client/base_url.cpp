#include "providers/opensearch/client/base_url.hpp"

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
  if (authority.empty() || authority.front() == ':') return bad_url("names no host");
  const std::string_view own_port = scheme == "https" ? ":443" : ":80";
  base_url out{scheme + "://" + std::string(authority), std::string(authority), std::string(rest.substr(slash))};
  if (authority.ends_with(own_port)) out.host.resize(authority.size() - own_port.size());
  while (out.path.ends_with('/'))
    out.path.pop_back();
  return out;
}

}  // namespace hydrant::providers::opensearch

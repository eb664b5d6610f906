#include "net/http_rules.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace hydrant::net {
namespace {

bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  const auto fits = [&](unsigned char c) {
    return (c < 0x80 && std::isalnum(c) != 0) || marks.find(static_cast<char>(c)) != std::string_view::npos;
  };
  return !text.empty() && std::ranges::all_of(text, fits);
}

bool is_field_value(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) { return c == '\t' || (c >= 0x20 && c != 0x7F); });
}

bool same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

bool is_ours(std::string_view name) {
  constexpr std::array<std::string_view, 3> ours = {"host", "content-length", "transfer-encoding"};
  return std::ranges::any_of(ours, [name](std::string_view one) { return same_word(one, name); });
}

// Readers of URLs disagree about "\" and about more than two slashes.
bool is_askable(std::string_view url) {
  const auto fits = [](unsigned char c) { return c > 0x20 && c < 0x7F && c != '\\'; };
  if (!std::ranges::all_of(url, fits)) return false;
  const auto scheme = url.substr(0, url.find("://"));
  if (!same_word(scheme, "http") && !same_word(scheme, "https")) return false;
  const auto rest = url.substr(std::min(url.size(), scheme.size() + 3));
  return !rest.empty() && rest.front() != '/';
}

}  // namespace

std::optional<base::error> why_refused(const http_request& request) {
  const auto refused = [](const char* why) { return base::fail(base::error_kind::invalid_params, why); };
  if (!is_askable(request.url)) return refused("not an absolute URL of http or https");
  if (!is_token(request.method)) return refused("not a method of HTTP");
  if (request.method == "HEAD" && !request.body.empty()) return refused("a HEAD request has no body");
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name)) return refused("not a name of a header");
    if (!is_field_value(value)) return refused("a header's value with a control character");
    if (is_ours(name)) return refused("a header that comes with the message");
  }
  return std::nullopt;
}

}  // namespace hydrant::net

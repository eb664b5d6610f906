#include "app/text_forms.hpp"

#include "base/units.hpp"
#include "providers/opensearch/client/base_url.hpp"

#include <algorithm>

namespace hydrant::app {
namespace {

constexpr std::size_t node_id_length_max = 128;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool consists_of(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(),
                     [others](char c) { return is_letter_or_digit(c) || others.find(c) != std::string_view::npos; });
}

// A bus subject, a log field and a metric label are made of it, hence the short alphabet.
bool is_node_id(std::string_view text) {
  return !text.empty() && text.size() <= node_id_length_max && consists_of(text, "._-");
}

// A colon is either the port of a name, which does not belong here, or one of several in an IPv6 address.
bool is_host(std::string_view text) {
  if (text.empty()) return false;
  const auto colons = std::count(text.begin(), text.end(), ':');
  return colons == 0 ? consists_of(text, "._-") : colons > 1 && consists_of(text, ":.%");
}

// Segments are compared byte by byte with the request's path, so nothing that a client may spell in two ways.
bool is_path(std::string_view text) {
  if (text.size() < 2) return false;
  while (!text.empty()) {
    if (text.front() != '/') return false;
    const auto segment = text.substr(1, text.find('/', 1) - 1);
    if (segment.empty() || segment == "." || segment == ".." || !consists_of(segment, "._~-")) return false;
    text.remove_prefix(segment.size() + 1);
  }
  return true;
}

bool is_path_prefix(std::string_view text) {
  return text.empty() || is_path(text);
}

bool is_opensearch_url(std::string_view text) {
  return text.empty() || providers::opensearch::base_url::parse(text).has_value();
}

bool is_port(std::string_view text) {
  const auto port = base::parse_integer(text);
  return port && *port > 0 && *port <= 65535;
}

bool is_origin_authority(std::string_view text) {
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos || !is_host(text.substr(1, end - 1))) return false;
    text.remove_prefix(end + 1);
    return text.empty() || (text.front() == ':' && is_port(text.substr(1)));
  }
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return is_host(text);
  return is_host(text.substr(0, colon)) && is_port(text.substr(colon + 1));
}

bool is_origin(std::string_view text) {
  const auto end = text.find("://");
  return end != std::string_view::npos && end > 0 && consists_of(text.substr(0, end), "+.-") &&
         is_origin_authority(text.substr(end + 3));
}

bool has_scheme(std::string_view text, std::string_view scheme) {
  return text.starts_with(scheme) && text.size() > scheme.size() && text.find(' ') == std::string_view::npos;
}

bool is_redis_url(std::string_view text) {
  return text.empty() || has_scheme(text, "redis://") || has_scheme(text, "rediss://");
}

bool is_nats_url(std::string_view text) {
  return text.empty() || has_scheme(text, "nats://") || has_scheme(text, "tls://");
}

bool is_name(std::string_view text) {
  return !text.empty();
}

}  // namespace

const text_form node_id_form{is_node_id, "1 to 128 letters, digits, dots, underscores or hyphens"};
const text_form host_form{is_host, "a host name or an IP address, without port, scheme and brackets"};
const text_form path_form{is_path, "a path that starts with / and does not end with it, such as /mcp"};
const text_form path_prefix_form{is_path_prefix,
                                 "a path that starts with / and does not end with it, such as /tools, or nothing"};
const text_form origin_form{is_origin, "a scheme, a host and perhaps a port, such as https://app.example.com"};
const text_form redis_url_form{is_redis_url, "a URL such as redis://redis.example.com:6379, or rediss:// for TLS"};
const text_form nats_url_form{is_nats_url, "a URL such as nats://nats.example.com:4222, or tls:// for TLS"};
const text_form opensearch_url_form{is_opensearch_url,
                                    "a URL such as https://search.example.com:9200, without user and password"};
const text_form name_form{is_name, "at least one character"};

}  // namespace hydrant::app

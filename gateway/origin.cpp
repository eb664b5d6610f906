#include "gateway/origin.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace hydrant::gateway {
namespace {

bool is_loopback(std::string_view name) {
  constexpr std::array<std::string_view, 3> names{"localhost", "127.0.0.1", "[::1]"};
  return std::ranges::find(names, name) != names.end();
}

bool contains(const std::vector<std::string>& list, std::string_view wanted) {
  return std::ranges::find(list, wanted) != list.end();
}

}  // namespace

std::string host_name(std::string_view host_and_port) {
  const auto bracket = host_and_port.find(']');
  const auto colon = host_and_port.find(':', bracket == std::string_view::npos ? 0 : bracket);
  std::string name(host_and_port.substr(0, colon));
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

bool host_allowed(std::string_view host_field, const settings& config) {
  const auto name = host_name(host_field);
  if (name.empty()) return false;
  if (!config.allowed_hosts.empty()) return contains(config.allowed_hosts, name);
  return is_loopback(name) || name == config.host;
}

bool origin_allowed(std::string_view origin, const settings& config) {
  if (!config.allowed_origins.empty()) return contains(config.allowed_origins, origin);
  const auto scheme_end = origin.find("://");
  if (scheme_end == std::string_view::npos) return false;
  const auto scheme = origin.substr(0, scheme_end);
  return (scheme == "http" || scheme == "https") && is_loopback(host_name(origin.substr(scheme_end + 3)));
}

}  // namespace hydrant::gateway

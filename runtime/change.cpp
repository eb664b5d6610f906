#include "runtime/change.hpp"

#include "protocol/json.hpp"

#include <array>
#include <utility>

namespace hydrant::runtime {
namespace {

constexpr std::array<std::pair<change_kind, std::string_view>, 3> lists{{
    {change_kind::tools, "tools"},
    {change_kind::prompts, "prompts"},
    {change_kind::resources, "resources"},
}};
constexpr std::string_view resource_prefix = "resource ";

}  // namespace

std::string to_text(const change& what) {
  if (what.kind == change_kind::resource) return std::string(resource_prefix) + what.uri;
  return std::string(lists[static_cast<std::size_t>(what.kind)].second);
}

std::optional<change> parse_change(std::string_view text) {
  if (text.starts_with(resource_prefix))
    return change{change_kind::resource, std::string(text.substr(resource_prefix.size()))};
  for (const auto& [kind, name] : lists)
    if (name == text) return change{kind, {}};
  return std::nullopt;
}

std::string_view notification_method(change_kind kind) {
  switch (kind) {
    case change_kind::tools: return "notifications/tools/list_changed";
    case change_kind::prompts: return "notifications/prompts/list_changed";
    case change_kind::resources: return "notifications/resources/list_changed";
    case change_kind::resource: return "notifications/resources/updated";
  }
  return {};
}

std::string notification_members(const change& what) {
  return what.kind == change_kind::resource ? R"("uri":)" + protocol::json_string(what.uri) : std::string();
}

}  // namespace hydrant::runtime

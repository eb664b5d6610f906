#include "protocol/methods.hpp"

#include <algorithm>
#include <array>

namespace hydrant::protocol {
namespace {

enum class era { sessions, metadata, both };

struct row {
  std::string_view name;
  method id;
  era exists_in;
};

constexpr std::array<row, 15> table{{
    {"tools/call", method::tools_call, era::both},
    {"tools/list", method::tools_list, era::both},
    {"resources/read", method::resources_read, era::both},
    {"resources/list", method::resources_list, era::both},
    {"resources/templates/list", method::resources_templates_list, era::both},
    {"prompts/get", method::prompts_get, era::both},
    {"prompts/list", method::prompts_list, era::both},
    {"completion/complete", method::complete, era::both},
    {"ping", method::ping, era::sessions},
    {"initialize", method::initialize, era::sessions},
    {"logging/setLevel", method::set_level, era::sessions},
    {"resources/subscribe", method::resources_subscribe, era::sessions},
    {"resources/unsubscribe", method::resources_unsubscribe, era::sessions},
    {"server/discover", method::discover, era::metadata},
    {"subscriptions/listen", method::listen, era::metadata},
}};

}  // namespace

std::optional<method> find_method(std::string_view name, revision r) {
  const auto found = std::ranges::find(table, name, &row::name);
  if (found == table.end()) return std::nullopt;
  const auto wanted = uses_sessions(r) ? era::sessions : era::metadata;
  if (found->exists_in != era::both && found->exists_in != wanted) return std::nullopt;
  return found->id;
}

std::string_view mirrored_name_parameter(method m) {
  switch (m) {
    case method::tools_call:
    case method::prompts_get: return "name";
    case method::resources_read: return "uri";
    default: return {};
  }
}

}  // namespace hydrant::protocol

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hydrant::runtime {

enum class change_kind { tools, prompts, resources, resource };

/// Something that clients may want to hear of. `uri` is for change_kind::resource only.
struct change {
  change_kind kind = change_kind::tools;
  std::string uri;
};

/// How a change travels on the bus: `<kind>` or `resource <uri>`.
std::string to_text(const change& what);
std::optional<change> parse_change(std::string_view text);

/// The notification that tells of it (server/tools, server/prompts, server/resources).
std::string_view notification_method(change_kind kind);
/// Its params without `_meta`: `"uri":"..."`, or nothing.
std::string notification_members(const change& what);

}  // namespace hydrant::runtime

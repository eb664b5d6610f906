#pragma once

// Against DNS rebinding: only names that this server is known by, only pages that are allowed to talk to it
// (basic/transports, "Security"). Pure.

#include "gateway/settings.hpp"

#include <string>
#include <string_view>

namespace hydrant::gateway {

/// The host of a Host field or an origin without its port, in lower case, brackets kept: "localhost", "[::1]".
std::string host_name(std::string_view host_and_port);

bool host_allowed(std::string_view host_field, const settings& config);
/// `origin` is the field's value; "null" is never allowed.
bool origin_allowed(std::string_view origin, const settings& config);

}  // namespace hydrant::gateway

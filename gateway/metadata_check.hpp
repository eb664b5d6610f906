#pragma once

// What a request of 2026-07-28 must carry, in its `_meta` and mirrored in its header fields
// (basic/index "_meta"; basic/transports/streamable-http "Request Metadata"). Pure.

#include "gateway/request.hpp"
#include "protocol/message.hpp"
#include "providers/catalog.hpp"
#include "runtime/prepare.hpp"

#include <string>
#include <string_view>

namespace hydrant::gateway {

/// Who calls, if all is as it must be. Errors: header_mismatch, unsupported_version, invalid_params.
base::result<runtime::caller> check_metadata(const request& asked, const protocol::message& message,
                                             const providers::catalog& catalog);

/// The `data` of -32022: what is supported, what was asked for.
std::string unsupported_version_data(std::string_view requested);

}  // namespace hydrant::gateway

#pragma once

// The methods that need nothing but the catalog: lists, completion, ping, server/discover. Pure: message in, result
// text out.

#include "base/result.hpp"
#include "protocol/message.hpp"
#include "protocol/methods.hpp"
#include "providers/catalog.hpp"
#include "runtime/limits.hpp"

#include <optional>
#include <string>

namespace hydrant::runtime {

/// The result's JSON text, or a failure; nothing if `m` is not one of these methods.
std::optional<base::result<std::string>> answer_plainly(protocol::method m, const protocol::message& request,
                                                        const providers::catalog& catalog, const identity& self,
                                                        protocol::revision r);

/// InitializeResult: lifecycle, "Initialization". `r` is the revision agreed on.
std::string initialize_result(const identity& self, protocol::revision r);

}  // namespace hydrant::runtime

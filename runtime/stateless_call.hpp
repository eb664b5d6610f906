#pragma once

// Requests that belong to no session: all of 2026-07-28, and the session eras under --stateless. They are run on the
// io thread of their connection, and leave nothing behind.

#include "protocol/message.hpp"
#include "runtime/environment.hpp"
#include "runtime/exchange.hpp"
#include "runtime/prepare.hpp"

#include <memory>

namespace hydrant::runtime {

class subscription_hub;

/// Answers one request. On the exchange's io thread. `who.capabilities` are those the request itself declared.
void answer_stateless(const environment& env, subscription_hub& hub, const protocol::message& request,
                      const caller& who, std::shared_ptr<exchange> http);

}  // namespace hydrant::runtime

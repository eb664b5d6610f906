#pragma once

// The endpoints behind the pipeline. Each answers its exchange, now or later.

#include "gateway/request.hpp"
#include "gateway/services.hpp"

#include <memory>

namespace hydrant::gateway {

using exchange_ptr = std::shared_ptr<runtime::exchange>;

// mcp_endpoint.cpp: Streamable HTTP, both eras.
void post_mcp(services& on, request& asked, exchange_ptr http);
void get_mcp(services& on, request& asked, exchange_ptr http);
void delete_mcp(services& on, request& asked, exchange_ptr http);

// legacy_endpoint.cpp: HTTP+SSE of 2024-11-05.
void get_sse(services& on, request& asked, exchange_ptr http);
void post_messages(services& on, request& asked, exchange_ptr http);

/// Gives the client's credentials to its requests, if the server is set to pass them on.
void pass_authorization(const services& on, const request& asked, protocol::message_batch& batch);

// status_endpoints.cpp: for operators and balancers.
void get_health(services& on, request& asked, exchange_ptr http);
void get_ready(services& on, request& asked, exchange_ptr http);
void get_metrics(services& on, request& asked, exchange_ptr http);

}  // namespace hydrant::gateway

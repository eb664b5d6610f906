#pragma once

// Asking for what only some clusters have.

#include "providers/opensearch/client/access.hpp"

#include <string>

namespace hydrant::providers::opensearch {

/// The body of a successful reply. A cluster without the plugin answers 400 with "no handler found"; that becomes
/// resource_not_found with a message that names `plugin`, e.g. "SQL".
boost::asio::awaitable<base::result<std::string>> ask_plugin(access& on, api_request request, std::string plugin,
                                                             std::string doing);

}  // namespace hydrant::providers::opensearch

#pragma once

// OpenSearch's failures in words that a model can act on. Pure.

#include "base/result.hpp"
#include "protocol/json.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hydrant::providers::opensearch {

/// One or two sentences about a reply with an HTTP status of 400 or more: what `asked` ("search films") failed with and
/// what to do about it. `body` may be anything: OpenSearch's several forms of JSON, a plain word, a proxy's HTML. At
/// most about 1,000 bytes of UTF-8. Never a dump of HTML, a user's details or credentials.
std::string describe_failure(int status, std::string_view body, std::string_view asked);

/// The same for one item of a reply that holds several, e.g. of _msearch: {"error": ..., "status": 404}.
std::string describe_failed_item(const protocol::json& item, std::string_view asked);

/// The same as a value. Its kind: resource_not_found (404), forbidden (401, 403), timeout (408, 504), too_large (413),
/// overloaded (429), unavailable (5xx), else invalid_params.
base::error failure_of(int status, std::string_view body, std::string_view asked);

/// What is missing from a search's reply of status 200: it timed out, ended early, or shards failed. None: all is
/// there.
std::optional<std::string> describe_partial(const protocol::json& search_reply);

}  // namespace hydrant::providers::opensearch

#pragma once

#include "base/result.hpp"
#include "protocol/json.hpp"

#include <string_view>

namespace hydrant::providers::opensearch {

using protocol::json;

/// Whether JSON nests deeper than that, found without parsing it: what does cannot be copied or written, since both
/// recurse. What is not JSON at all is the parser's to find.
bool nests_deeper(std::string_view text, std::size_t depth_max);

/// A reply's tree. A cluster, or whatever answers in its place, is not trusted more than a client: what nests deeper
/// than `depth_max` is refused before it is parsed. Errors: unavailable.
base::result<json> parse_reply(std::string_view text, std::size_t depth_max);

}  // namespace hydrant::providers::opensearch

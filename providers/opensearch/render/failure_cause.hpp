#pragma once

// What is worth telling in the body of a failed reply, whatever its form. Pure.

#include "protocol/json.hpp"

#include <string>
#include <string_view>

namespace hydrant::providers::opensearch {

struct failure_cause {
  std::string type;        ///< e.g. "index_not_found_exception"; empty if unknown
  std::string reason;      ///< one line, at most about 500 bytes, without a user's details or credentials
  std::string index;       ///< the index it is about, if it is about one
  std::string permission;  ///< what the security plugin says is missing
  std::string position;    ///< "line 1, column 22" of the request's body; empty if unknown
  bool is_html = false;    ///< a page of something before OpenSearch; its text is not kept
};

failure_cause read_cause(std::string_view body);
failure_cause read_cause(const protocol::json& body);

/// One line of at most about bytes_max bytes: white space joined, what may be a secret or a user's details replaced.
std::string clean_reason(std::string_view text, std::size_t bytes_max);

}  // namespace hydrant::providers::opensearch

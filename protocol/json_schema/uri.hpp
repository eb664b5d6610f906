#pragma once

#include <string>
#include <string_view>

namespace hydrant::protocol::json_schema {

/// Where a reference leads: a document, and a place in it.
struct uri_target {
  std::string document;  ///< absolute URI without its fragment
  std::string fragment;  ///< percent-decoded; empty, a JSON pointer or an anchor's name
};

/// Resolves `reference` against the absolute URI `base` (RFC 3986 section 5.2).
uri_target resolve_uri(std::string_view base, std::string_view reference);

/// Undoes %41; a malformed escape is kept as it is.
std::string percent_decoded(std::string_view text);

}  // namespace hydrant::protocol::json_schema

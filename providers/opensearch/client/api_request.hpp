#pragma once

// A request to OpenSearch's REST API, before anybody knows which cluster it goes to.

#include "net/http_message.hpp"

#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hydrant::providers::opensearch {

/// One path segment, escaped so that it stays one: what a model says is a name can never become a path (RFC 3986
/// section 3.3). Commas and asterisks, which the API gives a meaning within a name, stay.
std::string escaped_segment(std::string_view text);

/// "/films/_search" of {"films", "_search"}. Empty segments are left out: no index means all of them.
std::string api_path(std::initializer_list<std::string_view> segments);

struct api_request {
  std::string method = "GET";
  std::string path;                                             ///< begins with a slash, escaped
  std::vector<std::pair<std::string, std::string>> query = {};  ///< not escaped
  std::string body = {};
  std::string content_type = "application/json";
  /// What reads may be sent again if an attempt fails.
  net::repeatable repeat = net::repeatable::yes;
  /// Shorter than the cluster's own; none: that one.
  std::optional<std::chrono::milliseconds> timeout = {};

  /// The path and the query as they are sent.
  std::string target() const;
};

}  // namespace hydrant::providers::opensearch

#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace hydrant::providers::opensearch {

/// Where a cluster is. Made from "https://search.example.com:9200/behind/a/proxy".
struct base_url {
  std::string origin;  ///< scheme, host and port, in lower case
  std::string host;    ///< as the Host header has it: without the scheme's own port
  std::string path;    ///< empty, or with a slash in front and none at the end

  /// Errors: invalid_params, with what to write instead. A user or a password in a URL ends up in logs, so it is
  /// refused; the message does not repeat it.
  static base::result<base_url> parse(std::string_view text);
};

}  // namespace hydrant::providers::opensearch

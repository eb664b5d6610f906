#pragma once

// The reply of GET _resolve/index/{expression}, read.

#include "base/result.hpp"
#include "protocol/json.hpp"

#include <string>
#include <vector>

namespace hydrant::providers::opensearch {

struct resolved_index {
  std::string name;
  std::string data_stream;  ///< whose backing index it is; empty: of none
  std::vector<std::string> aliases;
};

/// An alias with its indices, or a data stream with its backing indices.
struct resolved_group {
  std::string name;
  std::vector<std::string> indices;
};

struct resolved_names {
  std::vector<resolved_index> indices;
  std::vector<resolved_group> aliases;
  std::vector<resolved_group> data_streams;
};

/// Fails with unavailable if the reply has another shape; a list that is missing is empty.
base::result<resolved_names> read_resolved(const protocol::json& reply);

}  // namespace hydrant::providers::opensearch

#pragma once

// What tools that answer with a tree of JSON have in common: their output schema and result.

#include "providers/entries.hpp"
#include "providers/opensearch/render/outline.hpp"

#include <string>

namespace hydrant::providers::opensearch {

struct outline_form {
  std::string member;  ///< of the tree, an object, in the structured value, e.g. "indices"
  std::string advice;  ///< a sentence: how to get less, for when it is too much
  std::size_t bytes_max = 65'536;
};

/// {"<member>": {...}, "note": "..."}: the output schema of outlined_result().
json outlined_schema(const outline_form& form);

/// An object as structured content, and its outline as text below `headline` (may be empty), both within the bytes.
tool_result outlined_result(json tree, const outline_form& form, std::string headline = {});

/// A text in the place of the outline; `text` may be too long.
tool_result outlined_result(json tree, const outline_form& form, std::string headline, std::string text);

}  // namespace hydrant::providers::opensearch

#pragma once

// Trees of JSON for a model: as short lines instead of brackets and quotes, and within a number of bytes. Pure.

#include "protocol/json.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace hydrant::providers::opensearch {

/// The member of an object; null if there is none or `of` is no object. What a cluster sends is never taken on trust.
const protocol::json& member(const protocol::json& of, std::string_view name);

/// The same as a text: a string's own characters, anything else as JSON, nothing for null.
std::string text_member(const protocol::json& of, std::string_view name);

/// One line a member, indented by what it is in. Objects of few plain values stand on their parent's line, a chain of
/// single members is joined by dots.
std::string outline(const protocol::json& value);

/// The tree without zeros, `false`, null, empty texts, and what is empty without them.
protocol::json without_idle(const protocol::json& value);

struct fitted {
  protocol::json value;
  std::string note;  ///< what was left out; empty: nothing
};

/// A value that takes at most bytes_max bytes as JSON: what nests deepest gives way to texts such as "(12 members)",
/// level by level, then members from the end. Objects stay objects and arrays arrays.
fitted fit_json(protocol::json value, std::size_t bytes_max);

}  // namespace hydrant::providers::opensearch

#pragma once

// Parameters that several tools have.

#include "providers/parameter.hpp"

#include <string>

namespace hydrant::providers::opensearch {

/// An expression of indices, for access::narrow().
inline parameter<std::string> index_parameter(std::string what) {
  return parameter<std::string>("index", std::move(what)).with("maxLength", 2000);
}

/// The same, and it cannot be left out or empty.
inline parameter<std::string> required_index_parameter(std::string what) {
  return index_parameter(std::move(what)).with("minLength", 1);
}

/// Some of the words, joined by commas; any of them, or none at all for what the tool shows by default.
inline parameter<std::string> words_parameter(std::string name, std::string what, const std::string& alternatives) {
  return parameter<std::string>(std::move(name), std::move(what) + ". Joined by commas, out of: " + alternatives)
      .with("pattern", "^(|(" + alternatives + ")(,(" + alternatives + "))*)$")
      .with("maxLength", 500)
      .or_else("");
}

}  // namespace hydrant::providers::opensearch

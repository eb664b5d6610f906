#pragma once

#include <string>
#include <string_view>

namespace hydrant::providers::opensearch {

/// Whether the whole text fits the pattern, in which `*` stands for any characters, also none, and everything else for
/// itself (upper and lower case differ). This is what OpenSearch understands by a wildcard in names. Takes at most
/// pattern times text steps and no memory, whatever somebody writes.
bool matches_glob(std::string_view pattern, std::string_view text);

/// The text with A to Z in lower case; all other bytes stay.
std::string lower_case(std::string_view text);

}  // namespace hydrant::providers::opensearch

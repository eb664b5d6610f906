#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hydrant::providers::opensearch {

/// The longest beginning of a UTF-8 text that has at most bytes_max bytes and ends between two characters.
std::string_view cut_utf8(std::string_view text, std::size_t bytes_max);

/// The text, or its beginning and a note that says how much is missing and, in `advice` (a sentence; may be empty), how
/// to get less. With the note it has at most bytes_max bytes, unless the note alone has more.
std::string limit_text(std::string text, std::size_t bytes_max, std::string_view advice = {});

}  // namespace hydrant::providers::opensearch

#pragma once

// RFC 4648 with one spelling per byte string: what decodes here encodes back to the same text, so that neither a header
// that is compared after decoding nor a sealed token can be varied without notice.

#include <optional>
#include <string>
#include <string_view>

namespace hydrant::protocol {

enum class base64_alphabet {
  standard,  ///< `+` and `/`, always padded with `=` (RFC 4648 section 4)
  url,       ///< `-` and `_`, never padded (section 5)
};

std::string base64_encode(std::string_view bytes, base64_alphabet alphabet);

/// Nothing for a character outside the alphabet, wrong or missing padding, white space, or bits left over in the last
/// character that are not zero.
std::optional<std::string> base64_decode(std::string_view text, base64_alphabet alphabet);

}  // namespace hydrant::protocol

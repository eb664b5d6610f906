#pragma once

// The things in a log message that differ from one event to the next, told by their form. Hand-written matchers: each
// looks at a bounded part of the text and none goes back, so that a hostile message costs no more than its length.

#include <cstddef>
#include <string_view>

namespace hydrant::providers::opensearch {

struct log_shape {
  std::size_t bytes = 0;         ///< 0: nothing known begins here
  std::string_view placeholder;  ///< e.g. "<IP>"; static
};

/// What begins at the start of a token: <URL>, <EMAIL>, <PATH> (two parts or more, or a drive), and what follows below.
log_shape shape_of_token(std::string_view rest);

/// What begins at the start of a part of a word, or after one of - . / @: <UUID>, <TIME> (ISO 8601, a date, a time of
/// day, syslog's and the Common Log Format's), <IP> (4 and 6, with port or prefix), <HEX> (0x..., hardware addresses,
/// eight or more hexadecimal digits with a digit and a letter), <NUM> (whole, decimal, with exponent).
log_shape shape_of_part(std::string_view rest);

/// The length of a text in double or single quotes that begins here, with its quotes; 0 if none ends within 256 bytes.
/// An apostrophe inside a word ends nothing.
std::size_t quoted_bytes(std::string_view rest);

}  // namespace hydrant::providers::opensearch

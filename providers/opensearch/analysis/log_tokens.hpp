#pragma once

// A log message as tokens, with what differs from one event to the next replaced by placeholders.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::providers::opensearch {

struct log_bounds {
  static constexpr std::size_t message_bytes_max = 2048;  ///< of a message; likewise
  static constexpr std::size_t tokens_max = 128;          ///< of a message; likewise
};

enum class token_kind {
  word,  ///< letters and digits, also joined by - . / @ and the like; a digit in it has become part of a <NUM>
  mask,  ///< a placeholder: those of log_shapes.hpp, <STR> for a quoted text, <ID> for a word of mixed digits
  mark,  ///< one character of punctuation
};

struct log_token {
  std::string text;
  token_kind kind = token_kind::word;
  bool spaced = false;  ///< white space stood before it

  friend bool operator==(const log_token&, const log_token&) = default;
};

/// Any bytes are a message; it takes linear time. Quoted texts become <STR>, save where they are what the message says:
/// in a JSON object (it begins with a brace) and after an equals sign (msg="connection refused") their content is read
/// as words.
std::vector<log_token> scan_message(std::string_view message);

/// The tokens with one space where there was white space.
std::string text_of(const std::vector<log_token>& tokens);

/// Whether the word says that something went wrong: error, failed, refused, timeout, ... in any case, as a part of a
/// joined word ("read-timeout"), or as the end of a name ("SocketTimeoutException").
bool is_alarming(std::string_view word);

/// Whether the word is the level of a message: info, warn, debug, ...
bool is_level(std::string_view word);

}  // namespace hydrant::providers::opensearch

#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace hydrant::protocol::json_schema {

/// Rewrites an ECMA-262 pattern (Unicode mode, with the leniency of annex B where it is harmless) for RE2:
///  - `.`, `\s`, `\S` and `$` get ECMA's meaning, which knows more line ends and spaces and lets `$` match at the very
///    end only; `\d`, `\w` and `\b` are ASCII in both;
///  - `\cX`, `\uXXXX` with surrogate pairs, `\u{X}`, `\0`, `\v`, `[^]`, `[]`, a lone `]` or `{` and the long names in
///    `\p{Letter}` and `\p{Script=Greek}` are spelt RE2's way;
///  - groups no longer capture.
/// Refused: look-around, back references, inline flags, and escapes that ECMA does not define, such as `\Z`.
base::result<std::string> translate_pattern(std::string_view ecma);

/// A compiled pattern: thread-safe, in time linear in the text whatever the pattern.
class pattern {
 public:
  static base::result<pattern> compile(std::string_view ecma);

  /// Whether the pattern is found anywhere in `text`, as JSON Schema searches and does not anchor.
  bool found_in(std::string_view text) const;
  /// In RE2's instructions: a measure of memory, and with the length of a text also of time.
  std::size_t size() const { return size_; }
  const std::string& source() const { return source_; }

 private:
  pattern(std::string source, std::shared_ptr<const re2::RE2> machine);

  std::string source_;
  std::shared_ptr<const re2::RE2> machine_;
  std::size_t size_;
};

}  // namespace hydrant::protocol::json_schema

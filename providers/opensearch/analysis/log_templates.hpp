#pragma once

// Many log messages as few patterns.
//
// Messages are scanned (log_tokens.hpp), and those with the same text after that are one row. Then
// 1. rows of the same shape come together: the same number of tokens, with the same placeholders, punctuation, levels
//    and alarming words at the same places, so that "connection refused" never merges with "connection opened";
// 2. within a shape a row joins the pattern so far that it shares most words with, if they are 60 % of its words and
//    placeholders (as in Drain); frequent rows come first, and punctuation does not count;
// 3. a place with more than three different words becomes <*>; where there are fewer, each word has a pattern of its
//    own (as in Brain), since two or three are rather kinds of events than names of things.
// Which patterns come out does not depend on the order of the messages, only on their counts and texts.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::providers::opensearch {

struct template_bounds {
  static constexpr std::size_t patterns_max =
      2'000;                                        ///< the messages of rarer ones are one pattern, "<other messages>"
  static constexpr std::size_t templates_max = 64;  ///< of a shape in step 2; further rows join the nearest one
  static constexpr std::size_t words_constant_max = 3;  ///< different words at one place that are still told apart
};

struct log_templates {
  struct pattern {
    std::string text;
    bool alarming = false;  ///< one of its words is (is_alarming)
  };
  std::vector<pattern> patterns;          ///< by text; each has messages
  std::vector<std::uint32_t> of_message;  ///< for each message the index of its pattern
};

/// Linear in the length of the messages, times at most templates_max.
log_templates find_templates(const std::vector<std::string_view>& messages);

}  // namespace hydrant::providers::opensearch

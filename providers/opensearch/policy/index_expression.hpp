#pragma once

// Index expressions as OpenSearch's API takes them, for servers with rules about indices. Pure.

#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::providers::opensearch {

enum class part_kind { name, wildcard, exclusion };

struct expression_part {
  part_kind kind = part_kind::name;
  std::string text;  ///< of an exclusion: what follows its hyphen; of `_all`: `*`
};

inline constexpr std::size_t expression_parts_max = 100;

/// The parts, from the left; an empty expression is `*`. Fails with invalid_params on what can be no name here: other
/// clusters, date math, `%`, empty parts, exclusions before any wildcard, too many parts.
base::result<std::vector<expression_part>> parse_expression(std::string_view expression);

/// What to ask _resolve/index for: the expression without its exclusions, so that the reply tells what they mean, and
/// `*` where all is meant, which that API does not know under other names. Not yet percent-encoded.
std::string to_resolve(std::string_view expression);

/// The names of a comma-joined list, e.g. those that narrow() gave.
std::vector<std::string> split_names(std::string_view joined);

bool has_control_characters(std::string_view text);

/// The data stream whose backing index bears this name: "logs" for ".ds-logs-000001"; empty for other names.
std::string_view data_stream_of(std::string_view index);

}  // namespace hydrant::providers::opensearch

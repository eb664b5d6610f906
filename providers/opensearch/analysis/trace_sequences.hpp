#pragma once

// What traces do, as sequences of log patterns.
//
// The sequence of a trace is its patterns in the order in which each comes first: loops and retries of different length
// are the same sequence. At most 50 patterns of a trace are read. A sequence is exceptional if no trace of the baseline
// has it, or if its share of traces is at least 1.5 times that of the baseline with a log-likelihood ratio of 10.8 or
// more (statistics.hpp). First stand those with a pattern that no trace of the baseline has, then by that ratio.

#include "providers/opensearch/analysis/log_messages.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hydrant::providers::opensearch {

struct trace_sequence {
  std::vector<std::uint32_t> patterns;
  std::vector<std::uint32_t> new_patterns;  ///< those of them that no trace of the baseline has
  std::size_t selection = 0;                ///< traces
  std::size_t baseline = 0;
  std::optional<double> lift;  ///< its share of the selection's traces over its share of the baseline's; none if new
  double score = 0;            ///< log-likelihood ratio
  std::string example_trace;   ///< the first of the selection by name, cut to 256 bytes
};

struct trace_sequences {
  std::size_t selection_traces = 0;
  std::size_t baseline_traces = 0;
  std::size_t sequences_total = 0;  ///< of which `sequences` shows some
  std::vector<trace_sequence> sequences;
};

/// Messages and the number of the pattern of each.
struct patterned_messages {
  std::span<const log_message> messages;
  std::span<const std::uint32_t> patterns;
};

/// Exceptional sequences of the selection; with an empty baseline its most frequent ones.
trace_sequences compare_sequences(const patterned_messages& selection, const patterned_messages& baseline,
                                  std::size_t limit);

}  // namespace hydrant::providers::opensearch

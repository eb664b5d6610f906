#pragma once

// What a sample of log messages says, as patterns (log_templates.hpp), and what is different from a baseline.
//
// With a baseline both samples are made into patterns together, and each pattern is
// - added: the baseline has no message of it;
// - gone: the selection has none;
// - changed: its share of messages is at least 1.5 times larger or smaller, and the log-likelihood ratio is 10.8 or
//   more, which chance reaches once in a thousand times. So a ratio of three between two messages is no change.
// Each list stands in the order of that ratio (`score`): how sure the difference is, which grows with the counts.
//
// Without a baseline: `errors` has the patterns with an alarming word (log_tokens.hpp), `frequent` all of them, both by
// count. Ties are broken by text. With a trace field there are sequences, too (trace_sequences.hpp).
//
// Pure and deterministic; any bytes are a message.

#include "providers/opensearch/analysis/log_messages.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hydrant::providers::opensearch {

struct log_options {
  std::size_t patterns_max = 20;  ///< of each list
  std::size_t sequences_max = 10;
  std::size_t samples_max = 2;         ///< messages shown of each pattern, different ones
  std::size_t sample_bytes_max = 300;  ///< of one of them, which is cut between characters
};

struct log_pattern {
  std::string pattern;
  std::size_t selection = 0;  ///< messages
  std::size_t baseline = 0;
  std::optional<double> lift;  ///< share in the selection over share in the baseline; none if one of them is 0
  double score = 0;            ///< log-likelihood ratio; 0 without a baseline
  bool alarming = false;
  std::vector<std::string> samples;  ///< of the selection; of the baseline if the pattern is gone
};

struct log_pattern_list {
  std::size_t total = 0;  ///< of which the first are shown
  std::vector<log_pattern> shown;
};

struct log_sequence {
  std::vector<std::string> patterns;
  std::vector<std::string> new_patterns;
  std::size_t selection = 0;  ///< traces
  std::size_t baseline = 0;
  std::optional<double> lift;
  double score = 0;
  std::string example_trace;
};

struct log_sequences {
  std::size_t selection_traces = 0;
  std::size_t baseline_traces = 0;
  std::size_t total = 0;
  std::vector<log_sequence> shown;
};

struct log_analysis {
  std::size_t selection_messages = 0;
  std::optional<std::size_t> baseline_messages;  ///< none: there was nothing to compare with
  std::size_t documents_without_message = 0;     ///< of both
  log_pattern_list added, gone, changed;         ///< with a baseline
  log_pattern_list errors, frequent;             ///< without one
  std::optional<log_sequences> sequences;        ///< with a trace field
  bool complete = true;                          ///< false: documents were left out (log_messages_max)
};

log_analysis describe_logs(const documents& selection, const log_fields& fields, const log_options& options = {});
log_analysis compare_logs(const documents& selection, const documents& baseline, const log_fields& fields,
                          const log_options& options = {});

/// {"selection_messages", "baseline_messages"?, "documents_without_message"?, L..., "sequences"?, "complete"?}
/// with the lists L "new_patterns", "gone_patterns", "changed_patterns" or "error_patterns", "frequent_patterns":
/// {"total", "patterns": [{"pattern", "selection_count", "selection_percent", "baseline_count"?, "baseline_percent"?,
/// "lift"?, "score"?, "error_like", "samples"}]}. "sequences" is {"selection_traces", "baseline_traces"?, "total",
/// "shown": [{"sequence": [pattern], "new_patterns"?, "selection_count", "baseline_count"?, "lift"?, "score"?,
/// "example_trace"}]}. Members with a question mark about the baseline are there if there is one.
protocol::json to_json(const log_analysis& made);

}  // namespace hydrant::providers::opensearch

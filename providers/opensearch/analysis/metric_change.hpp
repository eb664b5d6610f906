#pragma once

// How the numeric fields of a sample moved against a baseline.
//
// The score of a field is its change in the median and in the 90th percentile, averaged, in the sense of a logarithm of
// a ratio: 0.69 for twice or half as much, 2.3 for ten times. Three things make it sturdy:
// - Instead of ln(x) it compares asinh(x / s), where s is a tenth of the median size of the field's non-zero values.
//   That is the logarithm of a ratio where values are large, and a plain difference around zero, so that zero, negative
//   values and a change of sign have a score as well.
// - Only the part of a change counts that sampling cannot explain: the gap between the 95 % intervals of the two
//   percentiles (from order statistics, whatever the distribution). No gap: score 0.
// - Few values prove little: the score is multiplied by n / (n + 4), n being the smaller number of values.
// Fields with the same score stand in the order of their change of the median, then of their names.
//
// Numeric fields are those of field_kind::number, save those whose name says that they identify (field_kind.hpp). Texts
// that are a number count as in an index; other values of the field are passed over. Pure, deterministic, n log n.

#include "providers/opensearch/analysis/field_values.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace hydrant::providers::opensearch {

/// Percentiles lie between two values by linear interpolation.
struct metric_summary {
  std::size_t count = 0;  ///< of values, which can be more than documents
  double mean = 0, min = 0, p25 = 0, p50 = 0, p75 = 0, p90 = 0, p99 = 0, max = 0;
};

struct metric_change {
  std::string field;
  double score = 0;
  /// selection / baseline; none if one of them is zero or their signs differ.
  std::optional<double> p50_ratio, p90_ratio;
  metric_summary selection, baseline;
};

struct metric_comparison {
  std::size_t selection_documents = 0;
  std::size_t baseline_documents = 0;
  std::size_t fields_compared = 0;  ///< of which the first top_n are in `changes`
  std::vector<metric_change> changes;
  std::vector<std::string> only_in_selection;  ///< numeric fields without a value in the other sample
  std::vector<std::string> only_in_baseline;
  bool complete = true;  ///< as field_table::complete
};

metric_comparison compare_metrics(const documents& selection, const documents& baseline, const field_types& types,
                                  std::size_t top_n = 10);

/// {"selection_documents", "baseline_documents", "fields_compared", "changes": [{"field", "change_score",
/// "p50_ratio"?, "p90_ratio"?, "selection": S, "baseline": S}], "only_in_selection"?, "only_in_baseline"?,
/// "complete"?} with S = {"count", "mean", "min", "p25", "p50", "p75", "p90", "p99", "max"}. At most 50 names in a
/// list.
protocol::json to_json(const metric_comparison& made);

}  // namespace hydrant::providers::opensearch

#pragma once

// Which values the fields of a sample have and, against a baseline, in which fields the two differ most.
//
// A field takes part if its type is fit (field_kind.hpp) and its values describe groups of documents: a category with
// at most a quarter as many distinct values as there are documents in both samples (at least 5, at most 250); any field
// of numbers, in ranges if it has more than ten values; a field whose name says that it identifies (trace_id) only with
// 30 values or less. Texts over 256 bytes are no values; a field with nothing else is left out.
//
// Order with a baseline: by `score`, the Jensen-Shannon divergence of the two distributions in bits, corrected for what
// samples of that size differ by anyway (statistics.hpp); documents without the field count as a value of their own, so
// that a field which vanishes stands out. Fields with score 0 are named as unchanged. Without a baseline: by how uneven
// the distribution is (1: nearly all documents have one of several values), times the share of documents that have the
// field; fields with one value only come last. Ties: by name.
//
// Pure and deterministic; n log n in the number of values.

#include "providers/opensearch/analysis/field_values.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hydrant::providers::opensearch {

struct distribution_options {
  std::size_t fields_max = 20;  ///< that are shown
  std::size_t values_max = 10;  ///< of each field
};

/// Shares are of all documents of a sample. A document with several values of a field counts for each of them.
struct value_share {
  std::string value;  ///< a text, a number, true or false, or a range such as "[10, 20)"
  double selection = 0;
  double baseline = 0;
};

struct field_distribution {
  std::string field;
  double score = 0;              ///< 0..1
  std::size_t values_total = 0;  ///< distinct values, or ranges
  double selection_present = 0;  ///< the share of documents that have the field
  double baseline_present = 0;
  /// With a baseline those first whose share changed most, otherwise the most frequent ones.
  std::vector<value_share> values;
};

enum class left_out {
  type,             ///< a date, a place, a vector, ...
  identity,         ///< it tells documents apart
  too_many_values,  ///< free text, mostly
  no_values,        ///< only texts that are too long, or no number where there should be some
  unchanged,        ///< both samples agree, as far as samples of that size can tell
};

struct distribution {
  std::size_t selection_documents = 0;
  std::optional<std::size_t> baseline_documents;  ///< none: there was nothing to compare with
  std::vector<field_distribution> fields;
  std::vector<std::pair<std::string, left_out>> left_out_fields;  ///< by name
  std::size_t fields_hidden = 0;                                  ///< more than fields_max
  bool complete = true;                                           ///< as field_table::complete
};

distribution describe_distribution(const documents& selection, const field_types& types,
                                   const distribution_options& options = {});

/// With an empty sample on either side every score is that of describe_distribution: there is nothing to compare.
distribution compare_distributions(const documents& selection, const documents& baseline, const field_types& types,
                                   const distribution_options& options = {});

/// {"selection_documents", "baseline_documents"?, "fields": [{"field", "divergence" | "concentration", "values_total",
/// "present_percent": P, "values": [{"value", P...}]}], "left_out": {reason: [name]}?, "fields_hidden"?, "complete"?},
/// where P is {"selection", "baseline"?} in percent with two decimals, and of the values with "selection_percent" and
/// "baseline_percent" instead. At most 50 names for each reason; `complete` only if it is false.
protocol::json to_json(const distribution& made);

}  // namespace hydrant::providers::opensearch

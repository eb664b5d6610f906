#pragma once

// How many documents of each sample hold which value of a field.

#include "providers/opensearch/analysis/field_kind.hpp"
#include "providers/opensearch/analysis/field_values.hpp"
#include "providers/opensearch/analysis/statistics.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace hydrant::providers::opensearch {

struct field_counts {
  std::vector<std::string> values;
  std::vector<statistics::count_pair> documents;  ///< that hold the value of the same index; each once, also if twice
  statistics::count_pair counted;                 ///< documents with at least one of the values
};

/// Numbers with more distinct values than this are counted in ranges (value_buckets).
constexpr std::size_t plain_numbers_max = 10;

/// Counts the values of a field that is not unfit: texts that are too long, and what is no number in a field of
/// numbers, are passed over. None if there are more than `distinct_max` values; ranges are never too many.
std::optional<field_counts> count_values(const field_columns& columns, field_kind kind, std::size_t distinct_max);

/// Whether the numbers of a field have more than `limit` distinct values.
bool more_numbers_than(const field_columns& columns, std::size_t limit);

}  // namespace hydrant::providers::opensearch

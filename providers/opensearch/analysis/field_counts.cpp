#include "providers/opensearch/analysis/field_counts.hpp"

#include "providers/opensearch/analysis/value_buckets.hpp"

#include <map>
#include <set>
#include <utility>

namespace hydrant::providers::opensearch {
namespace {

using member = std::size_t statistics::count_pair::*;
using statistics::count_pair;

constexpr std::uint32_t no_document = UINT32_MAX;

// Counts one sample; cells come in the order of their documents, so remembering the last one finds repetitions.
class sample_counter {
 public:
  sample_counter(field_counts& into, member which) : into_(into), which_(which) {}

  void add(std::size_t value, std::uint32_t document) {
    if (last_of_.size() <= value) last_of_.resize(value + 1, no_document);
    if (std::exchange(last_of_[value], document) != document) ++(into_.documents[value].*which_);
    if (std::exchange(last_, document) != document) ++(into_.counted.*which_);
  }

 private:
  field_counts& into_;
  const member which_;
  std::vector<std::uint32_t> last_of_;
  std::uint32_t last_ = no_document;
};

class category_counter {
 public:
  explicit category_counter(std::size_t distinct_max) : distinct_max_(distinct_max) {}

  // False: there are too many values.
  bool read(const field_column& column, member which) {
    sample_counter counter(counts_, which);
    for (const auto& cell : column.cells) {
      auto text = value_text(*cell.value);
      if (!text) continue;
      const std::size_t value = index_of(std::move(*text));
      if (value == distinct_max_) return false;
      counter.add(value, cell.document);
    }
    return true;
  }

  field_counts take() { return std::move(counts_); }

 private:
  std::size_t index_of(std::string text) {
    const auto found = index_.find(text);
    if (found != index_.end()) return found->second;
    const std::size_t index = index_.size();
    if (index == distinct_max_) return index;
    counts_.values.push_back(text);
    counts_.documents.emplace_back();
    index_.emplace(std::move(text), index);
    return index;
  }

  const std::size_t distinct_max_;
  std::map<std::string, std::size_t> index_;
  field_counts counts_;
};

std::optional<field_counts> count_categories(const field_columns& columns, std::size_t distinct_max) {
  category_counter counter(distinct_max);
  if (!counter.read(columns.selection, &count_pair::selection)) return std::nullopt;
  if (!counter.read(columns.baseline, &count_pair::baseline)) return std::nullopt;
  return counter.take();
}

std::vector<double> numbers_of(const field_columns& columns) {
  std::vector<double> numbers;
  numbers.reserve(columns.selection.cells.size() + columns.baseline.cells.size());
  for (const auto* column : {&columns.selection, &columns.baseline})
    for (const auto& cell : column->cells)
      if (const auto number = value_number(*cell.value)) numbers.push_back(*number);
  return numbers;
}

template <class BucketOf>
void count_numbers(const field_columns& columns, field_counts& into, const BucketOf& bucket_of) {
  const auto read = [&](const field_column& column, member which) {
    sample_counter counter(into, which);
    for (const auto& cell : column.cells)
      if (const auto number = value_number(*cell.value)) counter.add(bucket_of(*number), cell.document);
  };
  read(columns.selection, &count_pair::selection);
  read(columns.baseline, &count_pair::baseline);
}

field_counts count_plain_numbers(const field_columns& columns, const std::vector<double>& numbers) {
  std::map<double, std::size_t> index;
  field_counts counts;
  for (const double number : numbers)
    if (index.try_emplace(number, index.size()).second) counts.values.push_back(number_text(number));
  counts.documents.resize(counts.values.size());
  count_numbers(columns, counts, [&index](double number) { return index.at(number); });
  return counts;
}

field_counts count_ranges(const field_columns& columns, std::vector<double> numbers) {
  const value_buckets buckets(std::move(numbers));
  field_counts counts;
  for (std::size_t i = 0; i < buckets.count(); ++i)
    counts.values.push_back(buckets.label(i));
  counts.documents.resize(counts.values.size());
  count_numbers(columns, counts, [&buckets](double number) { return buckets.bucket_of(number); });
  return counts;
}

bool more_distinct_than(const std::vector<double>& numbers, std::size_t limit) {
  std::set<double> distinct;
  for (const double number : numbers)
    if (distinct.insert(number).second && distinct.size() > limit) return true;
  return false;
}

}  // namespace

std::optional<field_counts> count_values(const field_columns& columns, field_kind kind, std::size_t distinct_max) {
  if (kind == field_kind::category) return count_categories(columns, distinct_max);
  auto numbers = numbers_of(columns);
  if (!more_distinct_than(numbers, plain_numbers_max)) return count_plain_numbers(columns, numbers);
  return count_ranges(columns, std::move(numbers));
}

bool more_numbers_than(const field_columns& columns, std::size_t limit) {
  return more_distinct_than(numbers_of(columns), limit);
}

}  // namespace hydrant::providers::opensearch

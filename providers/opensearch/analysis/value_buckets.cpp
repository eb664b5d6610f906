#include "providers/opensearch/analysis/value_buckets.hpp"

#include "providers/opensearch/analysis/field_values.hpp"

#include <algorithm>

namespace hydrant::providers::opensearch {

value_buckets::value_buckets(std::vector<double> values) {
  std::ranges::sort(values);
  min_ = values.front();
  max_ = values.back();
  const auto at = [&values](double quantile) {
    return values[static_cast<std::size_t>(quantile * static_cast<double>(values.size() - 1))];
  };
  if (at(0.25) == min_ && min_ < max_) edges_.push_back(*std::ranges::upper_bound(values, min_));
  for (const double quantile : {0.10, 0.25, 0.50, 0.75, 0.90})
    if (at(quantile) > (edges_.empty() ? min_ : edges_.back())) edges_.push_back(at(quantile));
}

std::size_t value_buckets::bucket_of(double value) const {
  return static_cast<std::size_t>(std::ranges::upper_bound(edges_, value) - edges_.begin());
}

std::string value_buckets::label(std::size_t bucket) const {
  const bool last = bucket == edges_.size();
  const double from = bucket == 0 ? min_ : edges_[bucket - 1];
  return "[" + number_text(from) + ", " + number_text(last ? max_ : edges_[bucket]) + (last ? "]" : ")");
}

}  // namespace hydrant::providers::opensearch

#pragma once

// Ranges for the values of a numeric field, so that two samples of it can be compared as shares.

#include <cstddef>
#include <string>
#include <vector>

namespace hydrant::providers::opensearch {

/// At most seven ranges between the 10th, 25th, 50th, 75th and 90th percentile of the values of both samples together:
/// unlike ranges of equal width they are not stretched by a single outlier. A value that a quarter of them or more
/// share as the smallest (mostly 0) has a range of its own.
class value_buckets {
 public:
  /// `values` in any order, finite, at least one.
  explicit value_buckets(std::vector<double> values);

  std::size_t count() const { return edges_.size() + 1; }
  /// The range of one of the values.
  std::size_t bucket_of(double value) const;
  /// "[10, 20)": from 10 up to but not including 20; the last one includes its end.
  std::string label(std::size_t bucket) const;

 private:
  double min_;
  double max_;
  std::vector<double> edges_;  // ascending, each the beginning of a range but the first
};

}  // namespace hydrant::providers::opensearch

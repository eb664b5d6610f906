#pragma once

// The few formulas that the analyses share.

#include <cstddef>
#include <span>

namespace hydrant::providers::opensearch::statistics {

/// The value at `quantile` (0..1) of ascending values, between two of them by linear interpolation. Not for none.
double quantile_of(std::span<const double> ascending, double quantile);

/// count / total; 0 of nothing.
double share(std::size_t count, std::size_t total);

/// A share as percent with two decimals, as results show it.
double percent(double of);

/// For display: ten significant digits, which hide what binary fractions add. From 1e15 on as it is.
double rounded(double value);

/// Dunning's log-likelihood ratio (G2) of a count in each of two samples: how surely its share differs between them. It
/// weighs counts as well as shares: 1 of 100 against 0 of 100 gives 1.4, 10 of 100 against 0 of 100 gives 14. Above 6.6
/// chance does that once in a hundred times, above 10.8 once in a thousand. 0 if a sample is empty.
double log_likelihood(std::size_t count_a, std::size_t total_a, std::size_t count_b, std::size_t total_b);

/// A log-likelihood ratio that chance reaches once in a thousand times: what results take for a change.
constexpr double surely = 10.83;

/// One value's count in both samples.
struct count_pair {
  std::size_t selection = 0;
  std::size_t baseline = 0;
};

/// The Jensen-Shannon divergence of two distributions (in bits: 0 the same, 1 nothing in common) less what two samples
/// of these sizes from one source are expected to differ by; never below 0. The correction keeps fields with many
/// values and few documents from leading by chance. 0 if a side is empty.
double divergence(std::span<const count_pair> values);

/// How far a distribution is from an even one: 1 less its entropy over the entropy of as many equal shares, by the
/// selection's counts. 0: even, or one value only, which no comparison can tell apart from a constant.
double concentration(std::span<const count_pair> values);

}  // namespace hydrant::providers::opensearch::statistics

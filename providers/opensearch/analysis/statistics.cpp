#include "providers/opensearch/analysis/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hydrant::providers::opensearch::statistics {
namespace {

// x * log2(x / y), 0 for x = 0.
double information(double x, double y) {
  return x > 0 ? x * std::log2(x / y) : 0;
}

// 2 * observed * ln(observed / expected)
double surprise(double observed, double expected) {
  return observed > 0 ? 2 * observed * std::log(observed / expected) : 0;
}

count_pair totals_of(std::span<const count_pair> values) {
  count_pair totals;
  for (const auto& value : values) {
    totals.selection += value.selection;
    totals.baseline += value.baseline;
  }
  return totals;
}

}  // namespace

double quantile_of(std::span<const double> ascending, double quantile) {
  const double place = quantile * static_cast<double>(ascending.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  if (below + 1 >= ascending.size()) return ascending.back();
  return std::lerp(ascending[below], ascending[below + 1], place - static_cast<double>(below));
}

double share(std::size_t count, std::size_t total) {
  return total == 0 ? 0 : static_cast<double>(count) / static_cast<double>(total);
}

double percent(double of) {
  return std::round(of * 10'000) / 100;
}

double rounded(double value) {
  const double size = std::abs(value);
  if (!(size > 1e-290 && size < 1e15)) return value;
  const double places = 9 - std::floor(std::log10(size));
  const double scale = std::pow(10, std::abs(places));
  return places >= 0 ? std::round(value * scale) / scale : std::round(value / scale) * scale;
}

double log_likelihood(std::size_t count_a, std::size_t total_a, std::size_t count_b, std::size_t total_b) {
  if (total_a == 0 || total_b == 0) return 0;
  const auto a = static_cast<double>(count_a);
  const auto b = static_cast<double>(count_b);
  const auto all_a = static_cast<double>(total_a);
  const auto all_b = static_cast<double>(total_b);
  const double common = (a + b) / (all_a + all_b);
  const double with = surprise(a, all_a * common) + surprise(b, all_b * common);
  const double without = surprise(all_a - a, all_a * (1 - common)) + surprise(all_b - b, all_b * (1 - common));
  return std::max(0.0, with + without);
}

double divergence(std::span<const count_pair> values) {
  const auto totals = totals_of(values);
  if (totals.selection == 0 || totals.baseline == 0) return 0;
  double bits = 0;
  for (const auto& value : values) {
    const double p = share(value.selection, totals.selection);
    const double q = share(value.baseline, totals.baseline);
    bits += information(p, (p + q) / 2) / 2 + information(q, (p + q) / 2) / 2;
  }
  // The second-order term of the divergence is a chi-square statistic, whose mean is its degrees of freedom.
  const double sizes = 1.0 / static_cast<double>(totals.selection) + 1.0 / static_cast<double>(totals.baseline);
  const double by_chance = static_cast<double>(values.size() - 1) * sizes / (8 * std::numbers::ln2);
  return std::clamp(bits - by_chance, 0.0, 1.0);
}

double concentration(std::span<const count_pair> values) {
  const auto totals = totals_of(values);
  if (totals.selection == 0 || values.size() < 2) return 0;
  double entropy = 0;
  for (const auto& value : values)
    entropy -= information(share(value.selection, totals.selection), 1);
  return std::clamp(1 - entropy / std::log2(static_cast<double>(values.size())), 0.0, 1.0);
}

}  // namespace hydrant::providers::opensearch::statistics

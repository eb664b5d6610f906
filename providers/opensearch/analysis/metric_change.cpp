#include "providers/opensearch/analysis/metric_change.hpp"

#include "providers/opensearch/analysis/field_kind.hpp"
#include "providers/opensearch/analysis/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <tuple>

namespace hydrant::providers::opensearch {
namespace {

using protocol::json;
using numbers = std::vector<double>;  // ascending

numbers numbers_of(const field_column& column) {
  numbers found;
  found.reserve(column.cells.size());
  for (const auto& cell : column.cells)
    if (const auto number = value_number(*cell.value)) found.push_back(*number);
  std::ranges::sort(found);
  return found;
}

// As a running mean: a sum of large values would overflow.
double mean_of(const numbers& values) {
  double mean = 0;
  double count = 0;
  for (const double value : values)
    mean = std::lerp(mean, value, 1 / ++count);
  return mean;
}

metric_summary summary_of(const numbers& values) {
  const auto at = [&values](double quantile) { return statistics::quantile_of(values, quantile); };
  return {values.size(), mean_of(values), values.front(), at(0.25),     at(0.50),
          at(0.75),      at(0.90),        at(0.99),       values.back()};
}

// What counts as a small value of this field; see the header.
double scale_of(const numbers& selection, const numbers& baseline) {
  numbers sizes;
  for (const auto* values : {&selection, &baseline})
    for (const double value : *values)
      if (value != 0) sizes.push_back(std::abs(value));
  if (sizes.empty()) return 1;
  std::ranges::sort(sizes);
  return std::max(statistics::quantile_of(sizes, 0.5) / 10, std::numeric_limits<double>::min());
}

double bent(double value, double scale) {
  constexpr double size_max = 1e300;  // infinities would cancel to no number
  return std::asinh(std::clamp(value / scale, -size_max, size_max));
}

struct interval {
  double low;
  double high;
};

// Where the percentile of all values lies, with 95 % certainty, given those sampled.
interval interval_of(const numbers& values, double quantile) {
  const auto last = static_cast<double>(values.size() - 1);
  const double margin = 1.96 * std::sqrt(static_cast<double>(values.size()) * quantile * (1 - quantile));
  const double low = std::max(0.0, std::floor(quantile * last - margin));
  const double high = std::min(last, std::ceil(quantile * last + margin));
  return {values[static_cast<std::size_t>(low)], values[static_cast<std::size_t>(high)]};
}

double certain_change(const numbers& selection, const numbers& baseline, double quantile, double scale) {
  const auto a = interval_of(selection, quantile);
  const auto b = interval_of(baseline, quantile);
  return std::max({0.0, bent(a.low, scale) - bent(b.high, scale), bent(b.low, scale) - bent(a.high, scale)});
}

double score_of(const numbers& selection, const numbers& baseline) {
  const double scale = scale_of(selection, baseline);
  const double change =
      (certain_change(selection, baseline, 0.5, scale) + certain_change(selection, baseline, 0.9, scale)) / 2;
  const auto count = static_cast<double>(std::min(selection.size(), baseline.size()));
  return change * count / (count + 4);
}

std::optional<double> ratio_of(double selection, double baseline) {
  if (selection == 0 || baseline == 0 || (selection < 0) != (baseline < 0)) return std::nullopt;
  const double ratio = selection / baseline;
  if (!std::isfinite(ratio)) return std::nullopt;
  return ratio;
}

metric_change change_of(const std::string& field, const numbers& selection, const numbers& baseline) {
  metric_change made{field, score_of(selection, baseline), {}, {}, summary_of(selection), summary_of(baseline)};
  made.p50_ratio = ratio_of(made.selection.p50, made.baseline.p50);
  made.p90_ratio = ratio_of(made.selection.p90, made.baseline.p90);
  return made;
}

// Log of the median's ratio, to order changes that may as well be chance.
double apparent_change(const metric_change& one) {
  return one.p50_ratio ? std::abs(std::log(*one.p50_ratio)) : 0;
}

void add_field(metric_comparison& made, const std::string& field, const field_columns& columns) {
  const auto selection = numbers_of(columns.selection);
  const auto baseline = numbers_of(columns.baseline);
  if (selection.empty() && baseline.empty()) return;
  if (baseline.empty()) return made.only_in_selection.push_back(field);
  if (selection.empty()) return made.only_in_baseline.push_back(field);
  made.changes.push_back(change_of(field, selection, baseline));
}

json summary_json(const metric_summary& of) {
  json made{{"count", of.count}};
  const std::pair<const char*, double> figures[] = {{"mean", of.mean}, {"min", of.min}, {"p25", of.p25},
                                                    {"p50", of.p50},   {"p75", of.p75}, {"p90", of.p90},
                                                    {"p99", of.p99},   {"max", of.max}};
  for (const auto& [name, value] : figures)
    made[name] = statistics::rounded(value);
  return made;
}

json change_json(const metric_change& one) {
  json made{{"field", one.field},
            {"change_score", std::round(one.score * 10'000) / 10'000},
            {"selection", summary_json(one.selection)},
            {"baseline", summary_json(one.baseline)}};
  if (one.p50_ratio) made["p50_ratio"] = statistics::rounded(*one.p50_ratio);
  if (one.p90_ratio) made["p90_ratio"] = statistics::rounded(*one.p90_ratio);
  return made;
}

void add_names(json& to, const char* key, const std::vector<std::string>& names) {
  constexpr std::size_t names_max = 50;
  if (names.empty()) return;
  to[key] = std::vector(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), names_max)));
}

}  // namespace

metric_comparison compare_metrics(const documents& selection, const documents& baseline, const field_types& types,
                                  std::size_t top_n) {
  const auto table = tabulate(selection, baseline);
  metric_comparison made;
  made.selection_documents = table.selection_documents;
  made.baseline_documents = table.baseline_documents;
  made.complete = table.complete;
  for (const auto& [field, columns] : table.fields)
    if (kind_of(field, columns, types) == field_kind::number && !names_identity(field)) add_field(made, field, columns);
  const auto rank = [](const metric_change& one) {
    return std::tuple(-one.score, -apparent_change(one), std::string_view(one.field));
  };
  std::ranges::sort(made.changes, {}, rank);
  made.fields_compared = made.changes.size();
  if (made.changes.size() > top_n) made.changes.resize(top_n);
  return made;
}

json to_json(const metric_comparison& made) {
  json changes = json::array();
  for (const auto& one : made.changes)
    changes.push_back(change_json(one));
  json all{{"selection_documents", made.selection_documents},
           {"baseline_documents", made.baseline_documents},
           {"fields_compared", made.fields_compared},
           {"changes", std::move(changes)}};
  add_names(all, "only_in_selection", made.only_in_selection);
  add_names(all, "only_in_baseline", made.only_in_baseline);
  if (!made.complete) all["complete"] = false;
  return all;
}

}  // namespace hydrant::providers::opensearch

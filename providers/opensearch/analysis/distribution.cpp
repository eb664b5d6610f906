#include "providers/opensearch/analysis/distribution.hpp"

#include "providers/opensearch/analysis/field_counts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <tuple>
#include <variant>

namespace hydrant::providers::opensearch {
namespace {

using protocol::json;
using statistics::count_pair;

constexpr std::size_t identities_max = 30;

enum class mode { describe, compare };

struct samples {
  mode how;
  count_pair documents;
};

std::size_t distinct_max(const samples& of, std::string_view path) {
  if (names_identity(path)) return identities_max;
  constexpr std::size_t groups_min = 5;
  constexpr std::size_t groups_max = 250;
  return std::clamp((of.documents.selection + of.documents.baseline) / 4, groups_min, groups_max);
}

std::variant<field_counts, left_out> counts_of(const samples& of, const std::string& path, const field_columns& columns,
                                               const field_types& types) {
  const auto kind = kind_of(path, columns, types);
  if (kind == field_kind::unfit) return left_out::type;
  const bool identity = names_identity(path);
  if (identity && kind == field_kind::number && more_numbers_than(columns, identities_max)) return left_out::identity;
  auto counts = count_values(columns, kind, distinct_max(of, path));
  if (!counts) return identity ? left_out::identity : left_out::too_many_values;
  if (counts->values.empty()) return left_out::no_values;
  return std::move(*counts);
}

double score_of(const samples& of, const field_counts& counts) {
  if (of.how == mode::describe) {
    const double present = statistics::share(counts.counted.selection, of.documents.selection);
    return statistics::concentration(counts.documents) * present;
  }
  std::vector<count_pair> values = counts.documents;
  const count_pair missing{of.documents.selection - counts.counted.selection,
                           of.documents.baseline - counts.counted.baseline};
  if (missing.selection + missing.baseline > 0) values.push_back(missing);
  return statistics::divergence(values);
}

std::vector<value_share> shares_of(const samples& of, const field_counts& counts, std::size_t limit) {
  std::vector<value_share> shares;
  for (std::size_t i = 0; i < counts.values.size(); ++i) {
    const auto& documents = counts.documents[i];
    shares.push_back({counts.values[i], statistics::share(documents.selection, of.documents.selection),
                      statistics::share(documents.baseline, of.documents.baseline)});
  }
  const auto rank = [&of](const value_share& one) {
    const double change = of.how == mode::compare ? std::abs(one.selection - one.baseline) : 0;
    return std::tuple(-change, -one.selection, -one.baseline, std::string_view(one.value));
  };
  std::ranges::sort(shares, {}, rank);
  if (shares.size() > limit) shares.resize(limit);
  return shares;
}

field_distribution distribution_of(const samples& of, const std::string& path, const field_columns& columns,
                                   const field_counts& counts, std::size_t limit) {
  return {path,
          score_of(of, counts),
          counts.values.size(),
          statistics::share(columns.selection.documents, of.documents.selection),
          statistics::share(columns.baseline.documents, of.documents.baseline),
          shares_of(of, counts, limit)};
}

void rank_fields(distribution& made, std::size_t limit) {
  const auto rank = [](const field_distribution& one) {
    return std::tuple(-one.score, one.values_total == 1, std::string_view(one.field));
  };
  std::ranges::sort(made.fields, {}, rank);
  if (made.fields.size() <= limit) return;
  made.fields_hidden = made.fields.size() - limit;
  made.fields.resize(limit);
}

distribution analyse(const field_table& table, mode how, const field_types& types,
                     const distribution_options& options) {
  const samples of{how, {table.selection_documents, table.baseline_documents}};
  distribution made;
  made.selection_documents = table.selection_documents;
  made.complete = table.complete;
  for (const auto& [path, columns] : table.fields) {
    const auto counts = counts_of(of, path, columns, types);
    if (const auto* why = std::get_if<left_out>(&counts)) {
      made.left_out_fields.emplace_back(path, *why);
      continue;
    }
    auto field = distribution_of(of, path, columns, std::get<field_counts>(counts), options.values_max);
    if (how == mode::compare && field.score == 0) {
      made.left_out_fields.emplace_back(path, left_out::unchanged);
    } else {
      made.fields.push_back(std::move(field));
    }
  }
  rank_fields(made, options.fields_max);
  return made;
}

json field_json(const field_distribution& field, bool compared, const char* score) {
  json values = json::array();
  for (const auto& one : field.values) {
    json value{{"value", one.value}, {"selection_percent", statistics::percent(one.selection)}};
    if (compared) value["baseline_percent"] = statistics::percent(one.baseline);
    values.push_back(std::move(value));
  }
  json present{{"selection", statistics::percent(field.selection_present)}};
  if (compared) present["baseline"] = statistics::percent(field.baseline_present);
  return {{"field", field.field},
          {score, std::round(field.score * 10'000) / 10'000},
          {"values_total", field.values_total},
          {"present_percent", std::move(present)},
          {"values", std::move(values)}};
}

json left_out_json(const distribution& made) {
  constexpr std::size_t names_max = 50;
  static constexpr std::array<const char*, 5> reasons{"type", "identity", "too_many_values", "no_values", "unchanged"};
  json names = json::object();
  for (const auto& [field, why] : made.left_out_fields) {
    auto& list = names[reasons[static_cast<std::size_t>(why)]];
    if (list.size() < names_max) list.push_back(field);
  }
  return names;
}

}  // namespace

distribution describe_distribution(const documents& selection, const field_types& types,
                                   const distribution_options& options) {
  return analyse(tabulate(selection, {}), mode::describe, types, options);
}

distribution compare_distributions(const documents& selection, const documents& baseline, const field_types& types,
                                   const distribution_options& options) {
  const mode how = selection.empty() || baseline.empty() ? mode::describe : mode::compare;
  const auto table = tabulate(selection, baseline);
  auto made = analyse(table, how, types, options);
  made.baseline_documents = table.baseline_documents;
  return made;
}

json to_json(const distribution& made) {
  const bool compared = made.baseline_documents.has_value();
  const bool scored = compared && *made.baseline_documents > 0 && made.selection_documents > 0;
  json fields = json::array();
  for (const auto& field : made.fields)
    fields.push_back(field_json(field, compared, scored ? "divergence" : "concentration"));
  json all{{"selection_documents", made.selection_documents}, {"fields", std::move(fields)}};
  if (compared) all["baseline_documents"] = *made.baseline_documents;
  if (!made.left_out_fields.empty()) all["left_out"] = left_out_json(made);
  if (made.fields_hidden > 0) all["fields_hidden"] = made.fields_hidden;
  if (!made.complete) all["complete"] = false;
  return all;
}

}  // namespace hydrant::providers::opensearch

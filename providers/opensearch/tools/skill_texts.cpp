#include "providers/opensearch/tools/skill_texts.hpp"

#include "providers/opensearch/analysis/statistics.hpp"
#include "providers/opensearch/render/table.hpp"

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

namespace hydrant::providers::opensearch {
namespace {

using protocol::json;

constexpr std::size_t values_shown_max = 5;  // of a field, in its cell
constexpr std::size_t names_shown_max = 20;
// Rows are few by now; what is too long is cut with the whole text.
constexpr std::size_t table_bytes_max = 1024 * 1024;

// Six digits are more than a sample can tell.
std::string short_number(double value) {
  char out[64];
  std::snprintf(out, sizeof(out), "%.6g", value);
  return out;
}

std::string hundredths(double value) {
  char out[64];
  std::snprintf(out, sizeof(out), "%.2f", value);
  return out;
}

std::string percent_text(double share) {
  return number_text(statistics::percent(share)) + " %";
}

std::string table(const json& rows, std::vector<column> columns) {
  const table_form form{std::move(columns), "rows", "rows", table_bytes_max};
  auto text = render_table(rows, form, {.offset = 0, .limit = static_cast<std::int64_t>(rows.size())}).text;
  while (text.ends_with('\n'))
    text.pop_back();
  return text;
}

/// Parts of a text with an empty line in between.
class paragraphs {
 public:
  void add(const std::string& part) {
    if (part.empty()) return;
    if (!text_.empty()) text_ += "\n\n";
    text_ += part;
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

std::string listed(std::string_view title, const std::vector<std::string>& names) {
  if (names.empty()) return {};
  std::string out(title);
  for (std::size_t i = 0; i < names.size() && i < names_shown_max; ++i)
    out.append(i == 0 ? ": " : ", ").append(names[i]);
  if (names.size() > names_shown_max) out += " and " + std::to_string(names.size() - names_shown_max) + " more";
  return out + ".";
}

std::string values_cell(const field_distribution& field, bool compared) {
  std::string out;
  for (std::size_t i = 0; i < field.values.size() && i < values_shown_max; ++i) {
    const auto& one = field.values[i];
    out.append(i == 0 ? "" : "; ").append(one.value).append(" ").append(percent_text(one.selection));
    if (compared) out.append(" (").append(percent_text(one.baseline)).append(")");
  }
  if (field.values_total > values_shown_max) out += "; ...";
  return out;
}

json distribution_rows(const distribution& found) {
  const bool compared = found.baseline_documents.has_value();
  json rows = json::array();
  for (const auto& field : found.fields)
    rows.push_back({{"field", field.field},
                    {"score", hundredths(field.score)},
                    {"values", field.values_total},
                    {"shares", values_cell(field, compared)}});
  return rows;
}

std::vector<std::string> unchanged_fields(const distribution& found) {
  std::vector<std::string> out;
  for (const auto& [name, why] : found.left_out_fields)
    if (why == left_out::unchanged) out.push_back(name);
  return out;
}

std::string optional_text(const std::optional<double>& value) {
  return value ? hundredths(*value) : std::string();
}

std::string patterns_text(std::string_view title, const log_pattern_list& list, bool compared) {
  if (list.total == 0) return {};
  json rows = json::array();
  for (const auto& one : list.shown)
    rows.push_back({{"selection", one.selection},
                    {"baseline", one.baseline},
                    {"lift", optional_text(one.lift)},
                    {"pattern", one.pattern}});
  std::vector<column> columns = {{"selection", "count"}, {"pattern"}};
  if (compared) columns = {{"selection"}, {"baseline"}, {"lift"}, {"pattern"}};
  std::string heading(title);
  if (list.total > list.shown.size())
    heading += " (" + std::to_string(list.shown.size()) + " of " + std::to_string(list.total) + ")";
  return heading + ":\n\n" + table(rows, std::move(columns));
}

std::string joined(const std::vector<std::string>& patterns) {
  std::string out;
  for (const auto& one : patterns)
    out.append(out.empty() ? "" : " -> ").append(one);
  return out;
}

// Traces that have the same new patterns are one row, since there is more to read than what is new.
json sequence_rows(const log_sequences& found, bool compared) {
  json rows = json::array();
  for (const auto& one : found.shown) {
    const auto text = joined(compared && !one.new_patterns.empty() ? one.new_patterns : one.patterns);
    const auto same = std::ranges::find_if(rows, [&text](const json& row) { return row["sequence"] == text; });
    if (same == rows.end()) {
      rows.push_back({{"selection", one.selection},
                      {"baseline", one.baseline},
                      {"example", one.example_trace},
                      {"sequence", text}});
    } else {
      (*same)["selection"] = (*same)["selection"].get<std::size_t>() + one.selection;
      (*same)["baseline"] = (*same)["baseline"].get<std::size_t>() + one.baseline;
    }
  }
  return rows;
}

std::string sequences_text(const log_sequences& found, bool compared) {
  if (found.shown.empty()) return {};
  std::string heading = compared ? "Traces unlike those of the baseline" : "Most frequent traces";
  if (found.total > found.shown.size())
    heading += " (of " + std::to_string(found.shown.size()) + " of " + std::to_string(found.total) + " sequences)";
  std::vector<column> columns = {{"selection", "traces"}, {"example", "example trace"}, {"sequence"}};
  if (compared)
    columns = {{"selection"}, {"baseline"}, {"example", "example trace"}, {"sequence", "new in it, else all of it"}};
  return heading + ":\n\n" + table(sequence_rows(found, compared), std::move(columns));
}

json metric_rows(const metric_comparison& found) {
  json rows = json::array();
  for (const auto& one : found.changes)
    rows.push_back({{"field", one.field},
                    {"score", hundredths(one.score)},
                    {"p50", short_number(one.selection.p50)},
                    {"p50_before", short_number(one.baseline.p50)},
                    {"p90", short_number(one.selection.p90)},
                    {"p90_before", short_number(one.baseline.p90)},
                    {"mean", short_number(one.selection.mean)},
                    {"mean_before", short_number(one.baseline.mean)}});
  return rows;
}

}  // namespace

std::string text_of(const distribution& found) {
  const bool compared = found.baseline_documents.has_value();
  paragraphs out;
  if (found.fields.empty()) {
    if (found.selection_documents > 0)
      out.add(compared ? "No field differs more than chance explains." : "No field has values to count.");
  } else {
    out.add(table(distribution_rows(found),
                  {{"field"},
                   {"score", compared ? "divergence" : "concentration"},
                   {"values", "distinct values"},
                   {"shares", compared ? "share of documents (in the baseline)" : "share of documents"}}));
  }
  if (found.fields_hidden > 0) out.add(std::to_string(found.fields_hidden) + " more fields are not shown.");
  out.add(listed("Unchanged", unchanged_fields(found)));
  return out.take();
}

std::string text_of(const log_analysis& found) {
  const bool compared = found.baseline_messages.has_value();
  paragraphs out;
  out.add(patterns_text("New patterns", found.added, true));
  out.add(patterns_text("Gone patterns", found.gone, true));
  out.add(patterns_text("Changed patterns", found.changed, true));
  out.add(patterns_text("Patterns that tell of errors", found.errors, false));
  out.add(patterns_text("Most frequent patterns", found.frequent, false));
  if (compared && found.added.total + found.gone.total + found.changed.total == 0)
    out.add("No pattern is new, gone, or more or less frequent than chance explains.");
  if (found.sequences) out.add(sequences_text(*found.sequences, compared));
  if (found.documents_without_message > 0)
    out.add(std::to_string(found.documents_without_message) + " documents have no text in that field.");
  return out.take();
}

std::string text_of(const metric_comparison& found) {
  paragraphs out;
  if (!found.changes.empty())
    out.add(table(metric_rows(found), {{"field"},
                                       {"score", "change score"},
                                       {"p50"},
                                       {"p50_before", "p50 baseline"},
                                       {"p90"},
                                       {"p90_before", "p90 baseline"},
                                       {"mean"},
                                       {"mean_before", "mean baseline"}}));
  else if (found.selection_documents > 0 && found.baseline_documents > 0)
    out.add("No numeric field has values in both samples.");
  if (found.fields_compared > found.changes.size())
    out.add(std::to_string(found.fields_compared) + " fields were compared; these changed most.");
  out.add(listed("Only in the selection", found.only_in_selection));
  out.add(listed("Only in the baseline", found.only_in_baseline));
  return out.take();
}

}  // namespace hydrant::providers::opensearch

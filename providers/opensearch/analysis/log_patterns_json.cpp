#include "providers/opensearch/analysis/log_patterns.hpp"
#include "providers/opensearch/analysis/statistics.hpp"

#include <cmath>
#include <utility>

namespace hydrant::providers::opensearch {
namespace {

using protocol::json;

double two_decimals(double value) {
  return std::round(value * 100) / 100;
}

// What stands beside a count wherever two samples are compared.
void add_comparison(json& to, std::size_t baseline, const std::optional<double>& lift, double score) {
  to["baseline_count"] = baseline;
  to["score"] = two_decimals(score);
  if (lift) to["lift"] = statistics::rounded(*lift);
}

json pattern_json(const log_analysis& of, const log_pattern& one) {
  json made{{"pattern", one.pattern},
            {"selection_count", one.selection},
            {"selection_percent", statistics::percent(statistics::share(one.selection, of.selection_messages))},
            {"error_like", one.alarming},
            {"samples", one.samples}};
  if (of.baseline_messages) {
    add_comparison(made, one.baseline, one.lift, one.score);
    made["baseline_percent"] = statistics::percent(statistics::share(one.baseline, *of.baseline_messages));
  }
  return made;
}

json list_json(const log_analysis& of, const log_pattern_list& list) {
  json patterns = json::array();
  for (const auto& one : list.shown)
    patterns.push_back(pattern_json(of, one));
  return {{"total", list.total}, {"patterns", std::move(patterns)}};
}

json sequences_json(const log_analysis& of, const log_sequences& sequences) {
  json shown = json::array();
  for (const auto& one : sequences.shown) {
    json made{{"sequence", one.patterns}, {"selection_count", one.selection}, {"example_trace", one.example_trace}};
    if (of.baseline_messages) add_comparison(made, one.baseline, one.lift, one.score);
    if (!one.new_patterns.empty()) made["new_patterns"] = one.new_patterns;
    shown.push_back(std::move(made));
  }
  json all{{"selection_traces", sequences.selection_traces}, {"total", sequences.total}, {"shown", std::move(shown)}};
  if (of.baseline_messages) all["baseline_traces"] = sequences.baseline_traces;
  return all;
}

}  // namespace

json to_json(const log_analysis& made) {
  json all{{"selection_messages", made.selection_messages}};
  if (made.baseline_messages) {
    all["baseline_messages"] = *made.baseline_messages;
    all["new_patterns"] = list_json(made, made.added);
    all["gone_patterns"] = list_json(made, made.gone);
    all["changed_patterns"] = list_json(made, made.changed);
  } else {
    all["error_patterns"] = list_json(made, made.errors);
    all["frequent_patterns"] = list_json(made, made.frequent);
  }
  if (made.documents_without_message > 0) all["documents_without_message"] = made.documents_without_message;
  if (made.sequences) all["sequences"] = sequences_json(made, *made.sequences);
  if (!made.complete) all["complete"] = false;
  return all;
}

}  // namespace hydrant::providers::opensearch

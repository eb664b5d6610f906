#include "net/offload.hpp"
#include "providers/opensearch/analysis/field_kind.hpp"
#include "providers/opensearch/analysis/metric_change.hpp"
#include "providers/opensearch/tools/skill_evidence.hpp"
#include "providers/opensearch/tools/skill_texts.hpp"
#include "providers/opensearch/tools/skill_tools.hpp"

namespace hydrant::providers::opensearch {

namespace asio = boost::asio;

namespace {

bool is_no_number(std::string_view type) {
  return kind_of("field", field_columns{}, {{"field", std::string(type)}}) != field_kind::number;
}

void read_numbers(sample_plan& plan, const index_fields& fields) {
  plan.source = source_without(fields, is_no_number);
}

tool_result told(const evidence& found, std::size_t top_n, std::size_t bytes_max) {
  const auto made = compare_metrics(found.selection.taken, found.baseline->taken, types_of(found.fields), top_n);
  return skill_result(found, text_of(made), to_json(made), {"/changes"}, bytes_max);
}

asio::awaitable<outcome<tool_result>> metric_change_of(access& on, base::result<skill_question> asked,
                                                       std::size_t top_n) {
  if (!asked) co_return asked.error();
  auto found = co_await gather(on, *asked, read_numbers);
  if (!found) co_return found.error();
  auto work = [found = std::move(*found), top_n, bytes_max = on.limits().text_bytes_max] {
    return told(found, top_n, bytes_max);
  };
  auto made = co_await net::offload(on.workers(), std::move(work));
  if (!made) co_return made.error();
  co_return std::move(*made);
}

json summary_schema() {
  json numbers = json::object();
  for (const char* name : {"count", "mean", "min", "p25", "p50", "p75", "p90", "p99", "max"})
    numbers[name] = {{"type", "number"}};
  return {{"type", "object"}, {"properties", std::move(numbers)}, {"required", {"count", "p50", "p90"}}};
}

json change_schema() {
  const json number = {{"type", "number"}};
  const json summary = summary_schema();
  return {{"type", "object"},
          {"properties",
           {{"field", {{"type", "string"}}},
            {"change_score", number},
            {"p50_ratio", number},
            {"p90_ratio", number},
            {"selection", summary},
            {"baseline", summary}}},
          {"required", {"field", "change_score", "selection", "baseline"}}};
}

json result_schema() {
  const json integer = {{"type", "integer"}};
  const json names = {{"type", "array"}, {"items", {{"type", "string"}}}};
  return {{"type", "object"},
          {"properties",
           {{"selection_documents", integer},
            {"baseline_documents", integer},
            {"fields_compared", integer},
            {"changes", {{"type", "array"}, {"items", change_schema()}}},
            {"only_in_selection", names},
            {"only_in_baseline", names},
            {"sample", sample_schema()},
            {"note", {{"type", "string"}}}}},
          {"required", {"selection_documents", "baseline_documents", "fields_compared", "changes", "sample", "note"}}};
}

}  // namespace

void offer_metric_change(toolbox& tools) {
  const auto index = skill_index();
  const auto size = sample_size(1000);
  const auto top_n = parameter<std::int64_t>("topN", "How many fields to show at most").range(1, 100).or_else(10);
  const time_parameters times("baseline", time_parameters::baseline::needed);
  tools.offer(
      {category::skills, "MetricChangeAnalysisTool"},
      tool("metric_change")
          .title("Metric change")
          .describe("Compares the percentiles of all numeric fields in a range of time with a baseline, and "
                    "shows those that changed most: what became slower, larger or more frequent. Looks at a "
                    "sample of the documents.")
          .takes(index, times.selection_start, times.selection_end, times.field, times.baseline_start,
                 times.baseline_end, top_n, size)
          .read_only()
          .idempotent()
          .output_schema(result_schema()),
      [=](access& on, call& c) {
        return metric_change_of(on, read_question(c, times, {c[index], c[size]}), static_cast<std::size_t>(c[top_n]));
      });
}

}  // namespace hydrant::providers::opensearch

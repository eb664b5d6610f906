#include "net/offload.hpp"
#include "providers/opensearch/analysis/distribution.hpp"
#include "providers/opensearch/analysis/field_kind.hpp"
#include "providers/opensearch/tools/skill_evidence.hpp"
#include "providers/opensearch/tools/skill_texts.hpp"
#include "providers/opensearch/tools/skill_tools.hpp"

namespace hydrant::providers::opensearch {

namespace asio = boost::asio;

namespace {

bool says_nothing(std::string_view type) {
  return kind_of("field", field_columns{}, {{"field", std::string(type)}}) == field_kind::unfit;
}

void read_what_counts(sample_plan& plan, const index_fields& fields) {
  plan.source = source_without(fields, says_nothing);
}

distribution analysed(const evidence& found) {
  const auto types = types_of(found.fields);
  if (!found.baseline) return describe_distribution(found.selection.taken, types);
  return compare_distributions(found.selection.taken, found.baseline->taken, types);
}

tool_result told(const evidence& found, std::size_t bytes_max) {
  const auto made = analysed(found);
  return skill_result(found, text_of(made), to_json(made), {"/fields"}, bytes_max);
}

asio::awaitable<outcome<tool_result>> data_distribution(access& on, base::result<skill_question> asked) {
  if (!asked) co_return asked.error();
  auto found = co_await gather(on, *asked, read_what_counts);
  if (!found) co_return found.error();
  auto work = [found = std::move(*found), bytes_max = on.limits().text_bytes_max] { return told(found, bytes_max); };
  auto made = co_await net::offload(on.workers(), std::move(work));
  if (!made) co_return made.error();
  co_return std::move(*made);
}

json value_schema() {
  const json percent = {{"type", "number"}};
  return {
      {"type", "object"},
      {"properties", {{"value", {{"type", "string"}}}, {"selection_percent", percent}, {"baseline_percent", percent}}},
      {"required", {"value", "selection_percent"}}};
}

json result_schema() {
  const json integer = {{"type", "integer"}};
  const json score = {{"type", "number"}, {"minimum", 0}, {"maximum", 1}};
  const json field = {{"type", "object"},
                      {"properties",
                       {{"field", {{"type", "string"}}},
                        {"divergence", score},
                        {"concentration", score},
                        {"values_total", integer},
                        {"present_percent", {{"type", "object"}}},
                        {"values", {{"type", "array"}, {"items", value_schema()}}}}},
                      {"required", {"field", "values_total", "values"}}};
  return {{"type", "object"},
          {"properties",
           {{"selection_documents", integer},
            {"baseline_documents", integer},
            {"fields", {{"type", "array"}, {"items", field}}},
            {"left_out", {{"type", "object"}, {"description", "Fields that are not shown, by the reason"}}},
            {"fields_hidden", integer},
            {"sample", sample_schema()},
            {"note", {{"type", "string"}}}}},
          {"required", {"selection_documents", "fields", "sample", "note"}}};
}

}  // namespace

void offer_data_distribution(toolbox& tools) {
  const auto index = skill_index();
  const auto size = sample_size(1000);
  const time_parameters times("baseline", time_parameters::baseline::wanted);
  tools.offer({category::skills, "DataDistributionTool"},
              tool("data_distribution")
                  .title("Data distribution")
                  .describe("Tells which values the fields have in a range of time and, against a baseline, in which "
                            "fields the two differ most: what is special about the documents of an incident. Looks at "
                            "a sample of the documents.")
                  .takes(index, times.selection_start, times.selection_end, times.field, times.baseline_start,
                         times.baseline_end, size)
                  .read_only()
                  .idempotent()
                  .output_schema(result_schema()),
              [=](access& on, call& c) {
                return data_distribution(on, read_question(c, times, {c[index], c[size]}));
              });
}

}  // namespace hydrant::providers::opensearch

#include "net/offload.hpp"
#include "providers/opensearch/analysis/log_patterns.hpp"
#include "providers/opensearch/tools/skill_evidence.hpp"
#include "providers/opensearch/tools/skill_texts.hpp"
#include "providers/opensearch/tools/skill_tools.hpp"

namespace hydrant::providers::opensearch {

namespace asio = boost::asio;

namespace {

constexpr std::int64_t logs_default = 5000;

/// Fields as the caller named them.
struct log_question {
  base::result<skill_question> what;
  std::string message;
  std::string trace;
};

bool is_text(const index_fields& fields, const std::string& name) {
  const auto found = fields.find(name);
  return found != fields.end() && (found->second.type == "text" || found->second.type == "match_only_text");
}

log_fields paths_of(const log_question& asked, const index_fields& fields) {
  log_fields out;
  out.message = source_path(fields, asked.message);
  if (!asked.trace.empty()) out.trace = source_path(fields, asked.trace);
  out.time = asked.what->time_field;
  return out;
}

plan_detail reading_logs(const log_question& asked) {
  return [asked](sample_plan& plan, const index_fields& fields) {
    const auto paths = paths_of(asked, fields);
    json read = json::array({paths.message, paths.time});
    if (!paths.trace.empty()) read.push_back(paths.trace);
    plan.source = {{"includes", std::move(read)}};
    if (!asked.trace.empty()) plan.trace_field = grouping_field(fields, asked.trace);
    // Of a keyword that would leave out what is too long to be indexed.
    if (is_text(fields, paths.message)) plan.needed_field = paths.message;
  };
}

// Nothing to read although there are documents: mostly the wrong field.
std::string advice(const evidence& found, const log_question& asked, const log_analysis& made) {
  if (made.selection_messages > 0 || found.fields.contains(asked.message)) return {};
  const auto texts = names_of_type(found.fields, {"text", "match_only_text", "keyword", "wildcard"});
  return "There is no field " + asked.message + (texts.empty() ? "." : "; fields with text: " + texts + ".");
}

log_analysis analysed(const evidence& found, const log_fields& fields) {
  if (!found.baseline) return describe_logs(found.selection.taken, fields);
  return compare_logs(found.selection.taken, found.baseline->taken, fields);
}

tool_result told(const evidence& found, const log_question& asked, std::size_t bytes_max) {
  const auto made = analysed(found, paths_of(asked, found.fields));
  auto text = text_of(made);
  const auto hint = advice(found, asked, made);
  if (!hint.empty()) text += (text.empty() ? "" : "\n\n") + hint;
  return skill_result(found, std::move(text), to_json(made),
                      {"/new_patterns/patterns", "/gone_patterns/patterns", "/changed_patterns/patterns",
                       "/error_patterns/patterns", "/frequent_patterns/patterns", "/sequences/shown"},
                      bytes_max);
}

asio::awaitable<outcome<tool_result>> log_patterns_of(access& on, log_question asked) {
  if (!asked.what) co_return asked.what.error();
  auto found = co_await gather(on, *asked.what, reading_logs(asked));
  if (!found) co_return found.error();
  auto work = [found = std::move(*found), asked = std::move(asked), bytes_max = on.limits().text_bytes_max] {
    return told(found, asked, bytes_max);
  };
  auto made = co_await net::offload(on.workers(), std::move(work));
  if (!made) co_return made.error();
  co_return std::move(*made);
}

json patterns_schema() {
  const json integer = {{"type", "integer"}};
  const json number = {{"type", "number"}};
  const json pattern = {{"type", "object"},
                        {"properties",
                         {{"pattern", {{"type", "string"}, {"description", "A message; <*> and the like vary"}}},
                          {"selection_count", integer},
                          {"selection_percent", number},
                          {"baseline_count", integer},
                          {"baseline_percent", number},
                          {"lift", number},
                          {"score", number},
                          {"error_like", {{"type", "boolean"}}},
                          {"samples", {{"type", "array"}, {"items", {{"type", "string"}}}}}}},
                        {"required", {"pattern", "selection_count"}}};
  return {{"type", "object"},
          {"properties", {{"total", integer}, {"patterns", {{"type", "array"}, {"items", pattern}}}}},
          {"required", {"total", "patterns"}}};
}

json sequences_schema() {
  const json integer = {{"type", "integer"}};
  return {{"type", "object"},
          {"properties",
           {{"selection_traces", integer},
            {"baseline_traces", integer},
            {"total", integer},
            {"shown", {{"type", "array"}, {"items", {{"type", "object"}}}}}}},
          {"required", {"selection_traces", "total", "shown"}}};
}

json result_schema() {
  const json integer = {{"type", "integer"}};
  json members = {
      {"selection_messages", integer},   {"baseline_messages", integer}, {"documents_without_message", integer},
      {"sequences", sequences_schema()}, {"sample", sample_schema()},    {"note", {{"type", "string"}}}};
  for (const char* list : {"new_patterns", "gone_patterns", "changed_patterns", "error_patterns", "frequent_patterns"})
    members[list] = patterns_schema();
  return {
      {"type", "object"}, {"properties", std::move(members)}, {"required", {"selection_messages", "sample", "note"}}};
}

}  // namespace

void offer_log_patterns(toolbox& tools) {
  const auto index = skill_index();
  const auto message = parameter<std::string>("logFieldName", "The field with the log messages, e.g. message");
  const auto trace =
      parameter<std::string>("traceFieldName", "The field by which messages belong together, e.g. trace_id")
          .or_else("");
  const auto size = sample_size(logs_default);
  const time_parameters times("base", time_parameters::baseline::wanted);
  tools.offer(
      {category::skills, "LogPatternAnalysisTool"},
      tool("log_patterns")
          .title("Log patterns")
          .describe("Turns the log messages of a range of time into few patterns and shows, against a baseline, "
                    "which are new, gone, or more or less frequent; without one the errors and the most "
                    "frequent. With a trace field it also shows traces that run unlike those of the baseline. "
                    "Looks at a sample of the messages.")
          .takes(index, message, times.selection_start, times.selection_end, times.field, trace, times.baseline_start,
                 times.baseline_end, size)
          .read_only()
          .idempotent()
          .output_schema(result_schema()),
      [=](access& on, call& c) {
        return log_patterns_of(on, {read_question(c, times, {c[index], c[size]}), c[message], c[trace]});
      });
}

}  // namespace hydrant::providers::opensearch

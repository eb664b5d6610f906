#include "providers/opensearch/tools/skill_evidence.hpp"

#include "providers/opensearch/render/text_limit.hpp"
#include "providers/opensearch/tools/parameters.hpp"
#include "providers/opensearch/tools/rows.hpp"

#include <algorithm>

namespace hydrant::providers::opensearch {

namespace asio = boost::asio;

namespace {

// A filter of the source becomes an automaton in the cluster, which has bounds.
constexpr std::size_t excluded_fields_max = 200;
// Beside the lists, the notes and the samples need room as well.
constexpr std::size_t room_for_notes_bytes = 2048;

parameter<json> time_parameter(std::string name, const std::string& what) {
  return parameter<json>(std::move(name), what +
                                              ": 2026-03-12T14:00:00Z, 2026-03-12 14:00:00 (UTC) or epoch "
                                              "milliseconds")
      .with("type", json::array({"string", "integer"}));
}

parameter<json> baseline_parameter(std::string name, const std::string& what, time_parameters::baseline need) {
  if (need == time_parameters::baseline::needed) return time_parameter(std::move(name), what);
  return time_parameter(std::move(name), what + "; without a baseline nothing is compared").or_else("");
}

std::string text_of(const time_range& range) {
  return time_text(range.start) + " to " + time_text(range.end);
}

json range_json(const sample& one) {
  return {{"start", time_text(one.range.start)},
          {"end", time_text(one.range.end)},
          {"sampled", one.taken.size()},
          {"matching", one.matching}};
}

std::string taken_sentence(std::string_view which, const sample& one) {
  const auto taken = std::to_string(one.taken.size());
  std::string out(which);
  if (one.taken.empty()) {
    out += ": no documents";
  } else if (one.taken.size() >= one.matching) {
    out += ": all " + taken + " documents";
  } else {
    out += ": a random sample of " + taken + " out of " + std::to_string(one.matching) + " documents";
  }
  out += " from " + text_of(one.range) + ".";
  if (one.trouble) out += " " + *one.trouble;
  return out;
}

sample_plan plan_of(const skill_question& asked, std::string index) {
  sample_plan plan;
  plan.index = std::move(index);
  plan.time_field = asked.time_field;
  plan.documents_max = std::min(asked.documents_max, sample_documents_max);
  return plan;
}

bool lacks_documents(const evidence& found) {
  return found.selection.taken.empty() || (found.baseline && found.baseline->taken.empty());
}

asio::awaitable<std::string> span_sentence(access& on, std::string index, std::string time_field) {
  auto span = co_await documents_span(on, std::move(index), time_field);
  if (!span) co_return "No document has a " + time_field + ".";
  co_return "By " + time_field + ", the documents there are from " + time_text(span->start) + " to " +
      time_text(span->end) + ".";
}

// The longest of the lists loses a quarter, but one element at least.
bool shorten(json& structured, std::initializer_list<const char*> lists) {
  json* longest = nullptr;
  for (const char* pointer : lists) {
    const json::json_pointer path(pointer);
    if (!structured.contains(path) || !structured[path].is_array() || structured[path].empty()) continue;
    auto& list = structured[path];
    if (longest == nullptr || list.size() > longest->size()) longest = &list;
  }
  if (longest == nullptr) return false;
  const auto lost = std::max<std::size_t>(longest->size() / 4, 1);
  longest->erase(longest->end() - static_cast<std::ptrdiff_t>(lost), longest->end());
  return true;
}

bool fit(json& structured, std::initializer_list<const char*> lists, std::size_t bytes_max) {
  bool whole = true;
  while (protocol::to_text(structured).size() > bytes_max && shorten(structured, lists))
    whole = false;
  return whole;
}

}  // namespace

time_parameters::time_parameters(std::string_view prefix_of_baseline, baseline need)
    : selection_start(time_parameter("selectionTimeRangeStart", "Start of the time to look into")),
      selection_end(time_parameter("selectionTimeRangeEnd", "End of it, not included")),
      baseline_start(baseline_parameter(std::string(prefix_of_baseline) + "TimeRangeStart",
                                        "Start of the time to compare it with", need)),
      baseline_end(
          baseline_parameter(std::string(prefix_of_baseline) + "TimeRangeEnd", "End of it, not included", need)),
      field("timeField", "The field with the documents' time, e.g. @timestamp") {}

parameter<std::string> skill_index() {
  return required_index_parameter("Name or pattern of the indices to look into, e.g. logs-*");
}

parameter<std::int64_t> sample_size(std::int64_t unless_said) {
  return parameter<std::int64_t>("size", "How many documents of each range of time to look at, at most")
      .range(1, sample_documents_max)
      .or_else(unless_said);
}

base::result<skill_question> read_question(const call& c, const time_parameters& times, search_bounds within) {
  const auto selection = read_range(c.arguments(), {times.selection_start.name(), times.selection_end.name()});
  if (!selection) return selection.error();
  if (!*selection)
    return base::fail(base::error_kind::invalid_params, times.selection_start.name() + " and its end are missing");
  const auto baseline = read_range(c.arguments(), {times.baseline_start.name(), times.baseline_end.name()});
  if (!baseline) return baseline.error();
  if (!*baseline && times.baseline_start.required())
    return base::fail(base::error_kind::invalid_params, times.baseline_start.name() + " and its end are missing");
  skill_question out;
  out.index = std::move(within.index);
  out.documents_max = within.documents_max;
  out.time_field = c[times.field];
  out.selection = **selection;
  out.baseline = *baseline;
  return out;
}

asio::awaitable<base::result<evidence>> gather(access& on, skill_question asked, plan_detail detail) {
  auto index = co_await on.narrow(asked.index);
  if (!index) co_return index.error();
  auto fields = co_await read_fields(on, *index);
  if (!fields) co_return fields.error();
  if (auto fine = check_time_field(*fields, asked.time_field, asked.index); !fine) co_return fine.error();
  auto plan = plan_of(asked, *index);
  detail(plan, *fields);
  evidence out{.index = std::move(*index), .fields = std::move(*fields), .selection = {}, .baseline = {}, .span = {}};
  auto selection = co_await take_sample(on, plan, asked.selection);
  if (!selection) co_return selection.error();
  out.selection = std::move(*selection);
  if (asked.baseline) {
    auto baseline = co_await take_sample(on, plan, *asked.baseline);
    if (!baseline) co_return baseline.error();
    out.baseline = std::move(*baseline);
  }
  if (lacks_documents(out)) {
    auto span = co_await span_sentence(on, out.index, asked.time_field);
    out.span = std::move(span);
  }
  co_return out;
}

json source_without(const index_fields& fields, const std::function<bool(std::string_view type)>& unused) {
  json excluded = json::array();
  for (const auto& [path, facts] : fields)
    if (!facts.type.empty() && unused(facts.type) && source_path(fields, path) == path &&
        excluded.size() < excluded_fields_max)
      excluded.push_back(path);
  if (excluded.empty()) return true;
  return {{"excludes", std::move(excluded)}};
}

json sample_json(const evidence& found) {
  json out = {{"selection", range_json(found.selection)}};
  if (found.baseline) out["baseline"] = range_json(*found.baseline);
  return out;
}

json sample_schema() {
  const json text = {{"type", "string"}};
  const json count = {{"type", "integer"}};
  const json range = {{"type", "object"},
                      {"properties", {{"start", text}, {"end", text}, {"sampled", count}, {"matching", count}}},
                      {"required", {"start", "end", "sampled", "matching"}}};
  return {{"type", "object"},
          {"properties", {{"selection", range}, {"baseline", range}}},
          {"required", {"selection"}},
          {"description", "How many documents of each time were looked at, out of how many"}};
}

std::string sample_note(const evidence& found) {
  auto out = taken_sentence("Selection", found.selection);
  if (found.baseline) out += " " + taken_sentence("Baseline", *found.baseline);
  if (!found.span.empty()) out += " " + found.span;
  return out;
}

tool_result skill_result(const evidence& found, std::string text, json structured,
                         std::initializer_list<const char*> lists, std::size_t bytes_max) {
  auto note = sample_note(found);
  structured["sample"] = sample_json(found);
  const auto room = bytes_max > room_for_notes_bytes ? bytes_max - room_for_notes_bytes : 0;
  if (!fit(structured, lists, room)) note += " The ends of lists were left out of the structured content.";
  structured["note"] = note;
  const auto part = bytes_max > note.size() + 2 ? bytes_max - note.size() - 2 : 0;
  if (!text.empty()) text = limit_text(std::move(text), part) + "\n\n";
  return told_result(text + note, std::move(structured));
}

}  // namespace hydrant::providers::opensearch

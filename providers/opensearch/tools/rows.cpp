#include "providers/opensearch/tools/rows.hpp"

#include "providers/opensearch/render/text_limit.hpp"

#include <algorithm>

namespace hydrant::providers::opensearch {
namespace {

// The cluster decides what a cell holds, and null is for what it does not know.
json cell_schema(column_kind kind) {
  switch (kind) {
    case column_kind::integer: return {{"type", {"integer", "string", "null"}}};
    case column_kind::number: return {{"type", {"number", "string", "null"}}};
    case column_kind::text: break;
  }
  return json::object();
}

}  // namespace

json rows_schema(const table_form& form) {
  json cells = json::object();
  for (const auto& one : form.columns)
    cells[one.member] = cell_schema(one.kind);
  const json integer = {{"type", "integer"}};
  return {{"type", "object"},
          {"properties",
           {{form.member, {{"type", "array"}, {"items", {{"type", "object"}, {"properties", std::move(cells)}}}}},
            {"total", integer},
            {"offset", integer},
            {"returned", integer},
            {"note", {{"type", "string"}, {"description", "What was left out, and how to get it"}}}}},
          {"required", {form.member, "total", "offset", "returned"}}};
}

tool_result rows_result(const json& rows, const table_form& form, page wanted, std::string headline) {
  auto table = render_table(rows, form, wanted);
  if (!headline.empty()) headline += "\n\n";
  return told_result(headline + table.text, std::move(table.structured));
}

tool_result text_result_within(std::string text, const std::string& member, std::size_t bytes_max,
                               std::string_view advice) {
  constexpr std::size_t frame_bytes = 50;
  const auto room = bytes_max - std::min(bytes_max, frame_bytes + member.size());
  // Line ends and quotes take more in JSON.
  const auto bytes = std::max<std::size_t>(protocol::to_text(json(text)).size(), 1);
  const auto kept_max = bytes <= room ? text.size() : text.size() * room / bytes;
  auto kept = limit_text(std::move(text), kept_max, advice);
  json structured = {{member, kept}};
  return told_result(std::move(kept), std::move(structured));
}

tool_result told_result(std::string text, json structured) {
  auto result = protocol::text_result(std::move(text));
  result.structured = std::move(structured);
  return result;
}

}  // namespace hydrant::providers::opensearch

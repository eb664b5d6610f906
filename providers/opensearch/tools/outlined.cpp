#include "providers/opensearch/tools/outlined.hpp"

#include "providers/opensearch/render/text_limit.hpp"
#include "providers/opensearch/tools/rows.hpp"

#include <algorithm>

namespace hydrant::providers::opensearch {
namespace {

// What the note, the advice and the brackets around them take at most.
constexpr std::size_t frame_bytes = 400;

fitted fit(json tree, const outline_form& form) {
  const auto bytes = form.bytes_max - std::min(form.bytes_max, frame_bytes + form.advice.size());
  auto out = fit_json(tree.is_object() ? std::move(tree) : json::object(), bytes);
  if (!out.note.empty() && !form.advice.empty()) out.note += " " + form.advice;
  return out;
}

tool_result result_of(fitted kept, const outline_form& form, std::string text) {
  json structured = {{form.member, std::move(kept.value)}};
  if (!kept.note.empty()) structured["note"] = std::move(kept.note);
  return told_result(limit_text(std::move(text), form.bytes_max, form.advice), std::move(structured));
}

std::string below(std::string headline, const std::string& text) {
  return headline.empty() ? text : std::move(headline) + "\n\n" + text;
}

}  // namespace

json outlined_schema(const outline_form& form) {
  return {{"type", "object"},
          {"properties",
           {{form.member, {{"type", "object"}}},
            {"note", {{"type", "string"}, {"description", "What was left out, and how to get it"}}}}},
          {"required", {form.member}}};
}

tool_result outlined_result(json tree, const outline_form& form, std::string headline) {
  auto kept = fit(std::move(tree), form);
  auto text = outline(kept.value);
  // The note comes first: an outline that is cut would lose it.
  if (!kept.note.empty()) text = kept.note + "\n" + text;
  return result_of(std::move(kept), form, below(std::move(headline), text));
}

tool_result outlined_result(json tree, const outline_form& form, std::string headline, std::string text) {
  return result_of(fit(std::move(tree), form), form, below(std::move(headline), text));
}

}  // namespace hydrant::providers::opensearch

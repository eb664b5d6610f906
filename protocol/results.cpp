#include "protocol/results.hpp"

#include <algorithm>

namespace hydrant::protocol {
namespace {

constexpr std::size_t completion_values_max = 100;  // server/utilities/completion

}  // namespace

content content::text(std::string value) {
  content out;
  out.text_ = std::move(value);
  return out;
}

content content::image(std::string base64, std::string mime_type) {
  content out;
  out.object_ = {{"type", "image"}, {"data", std::move(base64)}, {"mimeType", std::move(mime_type)}};
  return out;
}

content content::audio(std::string base64, std::string mime_type) {
  content out;
  out.object_ = {{"type", "audio"}, {"data", std::move(base64)}, {"mimeType", std::move(mime_type)}};
  return out;
}

content content::resource(json contents) {
  content out;
  out.object_ = {{"type", "resource"}, {"resource", std::move(contents)}};
  return out;
}

content content::link(json resource_object) {
  content out;
  out.object_ = std::move(resource_object);
  out.object_["type"] = "resource_link";
  return out;
}

void content::write(std::string& out) const {
  if (!object_.is_null()) return append_text(out, object_);
  out += R"({"type":"text","text":)";
  append_json_string(out, text_);
  out += '}';
}

tool_result text_result(std::string text) {
  tool_result result;
  result.blocks.push_back(content::text(std::move(text)));
  return result;
}

tool_result error_result(std::string text) {
  tool_result result = text_result(std::move(text));
  result.is_error = true;
  return result;
}

tool_result structured_result(json value) {
  tool_result result = text_result(to_text(value));
  result.structured = std::move(value);
  return result;
}

json resource_contents::to_json() const {
  json out = {{"uri", uri}};
  if (!mime_type.empty()) out["mimeType"] = mime_type;
  if (blob)
    out["blob"] = *blob;
  else
    out["text"] = text;
  return out;
}

void append_result_head(std::string& out, revision r) {
  if (has_result_type(r)) out += R"("resultType":"complete",)";
}

void append_cache_hint(std::string& out, revision r, cache_hint hint) {
  if (!has_cache_hints(r)) return;
  out.append(R"("ttlMs":)").append(std::to_string(hint.ttl_ms));
  out.append(hint.shared ? R"(,"cacheScope":"public",)" : R"(,"cacheScope":"private",)");
}

std::string empty_result(revision r) {
  return has_result_type(r) ? R"({"resultType":"complete"})" : "{}";
}

std::string write(const tool_result& result, revision r) {
  std::string out = "{";
  append_result_head(out, r);
  out += R"("content":[)";
  for (std::size_t i = 0; i < result.blocks.size(); ++i) {
    if (i > 0) out += ',';
    result.blocks[i].write(out);
  }
  out += ']';
  if (result.structured && has_structured_content(r)) {
    out += R"(,"structuredContent":)";
    append_text(out, *result.structured);
  }
  if (result.is_error) out += R"(,"isError":true)";
  out += '}';
  return out;
}

std::string write(const resource_result& result, revision r, cache_hint hint) {
  std::string out = "{";
  append_result_head(out, r);
  append_cache_hint(out, r, hint);
  out += R"("contents":[)";
  for (std::size_t i = 0; i < result.contents.size(); ++i) {
    if (i > 0) out += ',';
    append_text(out, result.contents[i].to_json());
  }
  return out.append("]}");
}

std::string write(const prompt_result& result, revision r) {
  std::string out = "{";
  append_result_head(out, r);
  if (!result.description.empty()) {
    out += R"("description":)";
    append_json_string(out, result.description);
    out += ',';
  }
  out += R"("messages":[)";
  for (std::size_t i = 0; i < result.messages.size(); ++i) {
    if (i > 0) out += ',';
    out.append(R"({"role":")").append(result.messages[i].role).append(R"(","content":)");
    result.messages[i].block.write(out);
    out += '}';
  }
  return out.append("]}");
}

std::string write(const completion_result& result, revision r) {
  const auto sent = std::min(result.values.size(), completion_values_max);
  json body = {{"values", std::vector<std::string>(result.values.begin(),
                                                   result.values.begin() + static_cast<std::ptrdiff_t>(sent))},
               {"hasMore", result.total.value_or(result.values.size()) > sent},
               {"total", result.total.value_or(result.values.size())}};
  std::string out = "{";
  append_result_head(out, r);
  out += R"("completion":)";
  append_text(out, body);
  return out.append("}");
}

}  // namespace hydrant::protocol

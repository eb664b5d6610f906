#include "providers/opensearch/render/failure_cause.hpp"

#include "providers/opensearch/client/reply_json.hpp"
#include "providers/opensearch/policy/glob.hpp"
#include "providers/opensearch/render/text_limit.hpp"

#include <array>

namespace hydrant::providers::opensearch {
namespace {

using protocol::json;

constexpr std::size_t reason_bytes_max = 500;
constexpr int causes_max = 10;  // how deep a chain of causes is followed

// What is larger or deeper is taken for a text, of which the beginning is told.
constexpr std::size_t parsed_bytes_max = std::size_t{256} * 1024;
constexpr std::size_t depth_max = 64;

const json* find_object(const json& in, const char* member) {
  const auto found = in.find(member);
  return found != in.end() && found->is_object() ? &*found : nullptr;
}

std::string text_of(const json& in, const char* member) {
  const auto found = in.find(member);
  return found != in.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const json* first_object(const json& in, const char* list) {
  const auto found = in.find(list);
  if (found == in.end() || !found->is_array() || found->empty() || !found->front().is_object()) return nullptr;
  return &found->front();
}

// The failure of one shard says what that of the search as a whole does not.
const json& most_telling(const json& error) {
  const auto* shard = first_object(error, "failed_shards");
  const auto* of_shard = shard ? find_object(*shard, "reason") : nullptr;
  if (of_shard) return *of_shard;
  const auto* root = first_object(error, "root_cause");
  return root && text_of(error, "reason") == "all shards failed" ? *root : error;
}

// But a script's own failure says more than what its compiler stumbled on.
const json& innermost(const json& error) {
  const auto* at = &error;
  for (int i = 0; i < causes_max; ++i) {
    const auto* cause = find_object(*at, "caused_by");
    if (cause == nullptr || at->contains("script_stack")) return *at;
    at = cause;
  }
  return *at;
}

void append_new(std::string& reason, const std::string& more) {
  if (more.empty() || reason.find(more) != std::string::npos) return;
  reason.append(reason.empty() ? "" : ": ").append(more);
}

std::string script_stack(const json& error) {
  std::string stack;
  const auto found = error.find("script_stack");
  if (found == error.end() || !found->is_array()) return stack;
  for (const auto& line : *found) {
    if (line.is_string()) stack.append(stack.empty() ? "" : " ").append(line.get_ref<const std::string&>());
  }
  return stack;
}

// Lists of what a parser would have liked better are long and help nobody; so are places in a source that is not shown.
std::string without_parser_talk(std::string text) {
  constexpr std::string_view hidden_source =
      "Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); ";
  for (auto at = text.find(hidden_source); at != std::string::npos; at = text.find(hidden_source))
    text.erase(at, hidden_source.size());
  return text.substr(0, text.find("\nWas expecting"));
}

std::string position_of(const json& error) {
  const auto line = error.find("line");
  const auto column = error.find("col");
  if (line == error.end() || column == error.end() || !line->is_number_integer() || !column->is_number_integer()) {
    return {};
  }
  return "line " + line->dump() + ", column " + column->dump();
}

std::string index_of(const json& error, const json& telling) {
  auto index = text_of(telling, "index");
  const auto* shard = first_object(error, "failed_shards");
  return index.empty() && shard ? text_of(*shard, "index") : index;
}

std::string reason_of(const json& error) {
  const auto& telling = most_telling(error);
  const auto& inner = innermost(telling);
  auto reason = without_parser_talk(text_of(telling, "reason"));
  // A parser's cause says the same again.
  if (position_of(telling).empty()) append_new(reason, without_parser_talk(text_of(inner, "reason")));
  append_new(reason, script_stack(inner));
  append_new(reason, text_of(error, "details"));  // of the PPL and SQL plugins
  return reason;
}

std::string between(std::string_view text, std::string_view before, std::string_view after) {
  const auto begin = text.find(before);
  if (begin == std::string_view::npos) return {};
  const auto rest = text.substr(begin + before.size());
  return std::string(rest.substr(0, rest.find(after)));
}

failure_cause cause_of(const json& error) {
  const auto& telling = most_telling(error);
  const auto& inner = innermost(telling);
  failure_cause cause;
  const auto reason = reason_of(error);
  cause.type = clean_reason(text_of(&telling == &error ? error : inner, "type"), 100);
  cause.index = clean_reason(index_of(error, telling), 255);
  cause.permission = clean_reason(between(reason, "no permissions for [", "]"), 200);
  cause.position = position_of(telling);
  cause.reason = clean_reason(reason, reason_bytes_max);
  return cause;
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}

bool is_space(char c) {
  return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
}

std::string in_one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (!is_space(c)) line += c;
    if (is_space(c) && !line.empty() && line.back() != ' ') line += ' ';
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

// Replaces what follows each of the marks, to the next character that can be no part of it.
void hide_after(std::string& text, std::string_view mark, std::string_view ends) {
  for (auto at = lower_case(text).find(mark); at != std::string::npos; at = lower_case(text).find(mark, at)) {
    at += mark.size();
    const auto end = std::min(text.find_first_of(ends, at), text.size());
    text.replace(at, end - at, "…");
  }
}

// The name and password of https://name:password@host.
void hide_user_of_urls(std::string& text) {
  for (auto at = text.find("://"); at != std::string::npos; at = text.find("://", at)) {
    at += 3;
    const auto end = text.find_first_of("/ ]\"'", at);
    const auto user_end = text.substr(0, end).rfind('@');
    if (user_end != std::string::npos && user_end >= at) text.replace(at, user_end - at, "…");
  }
}

}  // namespace

std::string clean_reason(std::string_view text, std::size_t bytes_max) {
  // More is not looked at: what is replaced below makes texts shorter, but not by that much.
  auto line = in_one_line(cut_utf8(text, 4 * bytes_max));
  line = line.substr(0, line.find(" and User ["));
  line = line.substr(0, line.find("User [name="));
  for (const std::string_view mark : {"bearer ", "basic ", "password=", "password\":\"", "token=", "api_key="})
    hide_after(line, mark, " ,;]}\"'&");
  hide_user_of_urls(line);
  const auto kept = cut_utf8(line, bytes_max);
  return std::string(kept) + (kept.size() < line.size() ? "…" : "");
}

failure_cause read_cause(const json& body) {
  const auto error = body.is_object() ? body.find("error") : body.end();
  if (body.is_object() && error != body.end()) {
    if (error->is_object()) return cause_of(*error);
    failure_cause cause;
    if (error->is_string()) cause.reason = clean_reason(error->get_ref<const std::string&>(), reason_bytes_max);
    return cause;
  }
  failure_cause cause;
  if (body.is_object()) cause.reason = clean_reason(text_of(body, "message"), reason_bytes_max);
  return cause;
}

failure_cause read_cause(std::string_view body) {
  const bool readable = body.size() <= parsed_bytes_max && !nests_deeper(body, depth_max);
  const auto parsed = readable ? json::parse(body, nullptr, false) : json();
  if (parsed.is_structured()) return read_cause(parsed);
  failure_cause cause;
  const auto text = trimmed(body);
  cause.is_html = text.substr(0, 1) == "<";
  // Bytes that are not UTF-8 could not be sent on.
  const auto plain = json(std::string(cut_utf8(text, 800))).dump(-1, ' ', false, json::error_handler_t::ignore);
  if (!cause.is_html) cause.reason = clean_reason(json::parse(plain).get<std::string>(), 200);
  return cause;
}

}  // namespace hydrant::providers::opensearch

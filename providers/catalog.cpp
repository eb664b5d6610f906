#include "providers/catalog.hpp"

#include <algorithm>
#include <stdexcept>

namespace hydrant::providers {
namespace {

using protocol::revision;

constexpr std::array revisions{revision::r2024_11_05, revision::r2025_03_26, revision::r2025_06_18,
                               revision::r2025_11_25, revision::r2026_07_28};

// Older clients may validate strictly, so members that their revision does not know stay out of their lists.
json in_shape_of(json descriptor, revision r) {
  if (!protocol::has_structured_content(r)) {
    descriptor.erase("title");
    descriptor.erase("outputSchema");
    descriptor.erase("_meta");
  }
  if (!protocol::has_annotations(r) && descriptor.contains("inputSchema")) descriptor.erase("annotations");
  return descriptor;
}

[[noreturn]] void reject(const std::string& what, const std::string& why) {
  throw std::invalid_argument(what + ": " + why);
}

template <class T>
T or_reject(base::result<T> made, const std::string& what) {
  if (!made) reject(what, made.error().message + " " + made.error().detail);
  return std::move(*made);
}

template <class Map, class Key>
auto* find_in(Map& map, Key key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

}  // namespace

void listing::add(const json& descriptor) {
  for (const auto r : revisions)
    items_[static_cast<std::size_t>(r)].push_back(protocol::to_text(in_shape_of(descriptor, r)));
}

base::result<std::string> listing::page(std::string_view method, std::string_view member, std::string_view cursor,
                                        revision r) const {
  std::size_t first = 0;
  const auto& items = items_[static_cast<std::size_t>(r)];
  if (!cursor.empty()) {
    auto place = protocol::decode_page_cursor(cursor, method);
    if (!place) return place.error();
    if (place->offset > items.size()) return base::fail(base::error_kind::invalid_params, "the cursor is out of date");
    first = place->offset;
  }
  const auto last = std::min(items.size(), first + page_items_max);
  std::string out;
  out.append("\"").append(member).append("\":[");
  for (auto i = first; i < last; ++i) {
    if (i > first) out += ',';
    out += items[i];
  }
  out += ']';
  if (last < items.size())
    protocol::append_json_string(out.append(R"(,"nextCursor":)"), protocol::encode({std::string(method), last, 0}));
  return out;
}

void catalog::add(tool definition) {
  const auto name = definition.name();
  const auto what = "tool " + name;
  if (tools_.contains(name)) reject(what, "the name is taken");
  const auto& descriptor = definition.descriptor();
  auto input = or_reject(protocol::schema::compile(descriptor.at("inputSchema")), what + " inputSchema");
  auto mirrored = or_reject(protocol::mirrored_parameters(descriptor.at("inputSchema")), what + " x-mcp-header");
  std::optional<protocol::schema> output;
  if (descriptor.contains("outputSchema"))
    output = or_reject(protocol::schema::compile(descriptor.at("outputSchema")), what + " outputSchema");
  tool_list_.add(descriptor);
  tools_.emplace(name, tool_entry{std::move(definition), std::move(input), std::move(output), std::move(mirrored)});
}

void catalog::add(resource definition) {
  const auto uri = definition.uri();
  if (resources_.contains(uri)) reject("resource " + uri, "the URI is taken");
  resource_list_.add(definition.descriptor());
  resources_.emplace(uri, std::move(definition));
}

void catalog::add(resource_template definition) {
  auto pattern =
      or_reject(protocol::uri_template::compile(definition.uri_template()), "template " + definition.uri_template());
  template_list_.add(definition.descriptor());
  templates_.push_back({std::move(definition), std::move(pattern)});
}

void catalog::add(prompt definition) {
  const auto name = definition.name();
  if (prompts_.contains(name)) reject("prompt " + name, "the name is taken");
  prompt_list_.add(definition.descriptor());
  prompts_.emplace(name, std::move(definition));
}

const tool_entry* catalog::find_tool(std::string_view name) const {
  return find_in(tools_, name);
}
const prompt* catalog::find_prompt(std::string_view name) const {
  return find_in(prompts_, name);
}

std::optional<resource_match> catalog::find_resource(std::string_view uri) const {
  if (const auto* fixed = find_in(resources_, uri)) return resource_match{&fixed->run(), json::object(), fixed->hint()};
  for (const auto& entry : templates_)
    if (auto variables = entry.pattern.match(uri)) return resource_match{&entry.definition.run(), json(*variables), {}};
  return std::nullopt;
}

const completer* catalog::find_prompt_completer(std::string_view prompt_name, std::string_view argument) const {
  const auto* found = find_prompt(prompt_name);
  return found == nullptr ? nullptr : find_in(found->completers(), argument);
}

const completer* catalog::find_template_completer(std::string_view uri_template, std::string_view variable) const {
  for (const auto& entry : templates_)
    if (entry.definition.uri_template() == uri_template) return find_in(entry.definition.completers(), variable);
  return nullptr;
}

bool catalog::has_template(std::string_view uri_template) const {
  return std::ranges::any_of(templates_, [&](const auto& e) { return e.definition.uri_template() == uri_template; });
}

}  // namespace hydrant::providers

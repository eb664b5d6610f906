#include "protocol/json_schema/keyword_reader.hpp"

#include "protocol/json_schema/number.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

namespace hydrant::protocol::json_schema {
namespace {

constexpr std::size_t pattern_instructions_min = 100;

bool is_deeper(const json& value, std::size_t levels) {
  if (!value.is_structured()) return false;
  if (levels == 0) return true;
  return std::any_of(value.begin(), value.end(), [&](const json& child) { return is_deeper(child, levels - 1); });
}

}  // namespace

node& compile_state::node_of(const json& schema) {
  auto& found = nodes[&schema];
  if (!found) found = &out.nodes.emplace_back();
  return *found;
}

std::size_t compile_state::anchor_number(std::string_view name) {
  return anchor_numbers.emplace(name, anchor_numbers.size()).first->second;
}

void keyword_reader::reject(std::string_view where, std::string_view reason) {
  if (!fault_) fault_ = ill_formed(at_.pointer() + "/" + std::string{where}, reason);
}

const json* keyword_reader::find(std::string_view keyword) const {
  const auto found = at_.schema->find(keyword);
  return found == at_.schema->end() ? nullptr : &*found;
}

const json* keyword_reader::number(std::string_view keyword) {
  const auto* found = find(keyword);
  if (!found || found->is_number()) return found;
  reject(keyword, "must be a number");
  return nullptr;
}

std::optional<std::size_t> keyword_reader::count(std::string_view keyword) {
  const auto* found = find(keyword);
  if (!found) return std::nullopt;
  if (!found->is_number() || !is_integral(*found) || compare_numbers(*found, 0) < 0) {
    reject(keyword, "must be a non-negative integer");
    return std::nullopt;
  }
  constexpr auto max = std::numeric_limits<std::size_t>::max();
  return compare_numbers(*found, max) < 0 ? found->get<std::size_t>() : max;
}

const std::string* keyword_reader::text(std::string_view keyword) {
  const auto* found = find(keyword);
  if (!found) return nullptr;
  const auto* value = found->get_ptr<const std::string*>();
  if (!value) reject(keyword, "must be a string");
  return value;
}

bool keyword_reader::flag(std::string_view keyword) {
  const auto* found = find(keyword);
  if (!found) return false;
  if (!found->is_boolean()) reject(keyword, "must be true or false");
  return *found == true;
}

std::vector<std::string> keyword_reader::names(const json& list, std::string_view where) {
  const auto* items = list.get_ptr<const json::array_t*>();
  const auto is_text = [](const json& item) { return item.is_string(); };
  if (!items || !std::all_of(items->begin(), items->end(), is_text)) {
    reject(where, "must be an array of strings");
    return {};
  }
  std::vector<std::string> out;
  std::set<std::string_view> seen;
  for (const auto& item : *items) {
    out.push_back(item.get_ref<const std::string&>());
    if (!seen.insert(item.get_ref<const std::string&>()).second) reject(where, "names something twice");
  }
  return out;
}

json keyword_reader::constant(const json& value, std::string_view where) {
  if (!is_deeper(value, state_.options.limits.depth_max)) return value;
  reject(where, "is nested too deep");
  return {};
}

const node* keyword_reader::subschema(std::string_view keyword) {
  const auto* found = find(keyword);
  return found ? &state_.node_of(*found) : nullptr;
}

std::vector<const node*> keyword_reader::subschemas(std::string_view keyword) {
  std::vector<const node*> out;
  const auto* list = find(keyword);
  if (list && list->is_array()) {
    for (const auto& each : *list)
      out.push_back(&state_.node_of(each));
  }
  return out;
}

const json::object_t* keyword_reader::object(std::string_view keyword) {
  const auto* found = find(keyword);
  if (!found) return nullptr;
  const auto* members = found->get_ptr<const json::object_t*>();
  if (!members) reject(keyword, "must be an object");
  return members;
}

std::optional<pattern> keyword_reader::regular_expression(std::string_view ecma, std::string_view where) {
  auto compiled = pattern::compile(ecma);
  if (!compiled) {
    reject(where, "is not a supported pattern: " + compiled.error().message);
    return std::nullopt;
  }
  // However small a pattern, its automaton takes memory while it runs.
  state_.pattern_instructions += std::max(compiled->size(), pattern_instructions_min);
  if (state_.pattern_instructions > state_.options.limits.pattern_instructions_max) {
    reject(where, "is one pattern too many");
  }
  return std::move(*compiled);
}

const node* keyword_reader::referenced(std::string_view reference) {
  const auto found = state_.sources.resolve(at_, reference);
  if (found) return &state_.node_of(*(*found)->schema);
  if (!fault_) fault_ = found.error();
  return nullptr;
}

std::optional<std::size_t> keyword_reader::dynamic_anchor(const std::string& reference) {
  const auto name = state_.sources.dynamic_anchor(at_, reference);
  return name ? std::optional{state_.anchor_number(*name)} : std::nullopt;
}

}  // namespace hydrant::protocol::json_schema

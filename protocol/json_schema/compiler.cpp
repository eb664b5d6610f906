#include "protocol/json_schema/compiler.hpp"

#include "protocol/json_schema/keyword_reader.hpp"

#include <utility>

namespace hydrant::protocol::json_schema {
namespace {

using scope_map = std::unordered_map<const resource*, resource_scope*>;

resource_scope* scope_of(compile_state& state, scope_map& scopes, const resource& home) {
  auto& found = scopes[&home];
  if (!found) found = &state.out.scopes.emplace_back();
  return found;
}

std::optional<base::error> compile_keywords(compile_state& state, const position& at) {
  keyword_reader reader{state, at};
  const auto wanted = static_cast<std::uint8_t>(at.home->rules);
  for (const auto& row : keyword_rows()) {
    if ((row.dialects & wanted) == 0) continue;
    if (auto compiled = row.compile(reader)) reader.target().checks.push_back(std::move(compiled));
    if (reader.fault()) break;
    // Draft-07 ignores what stands beside a reference, which is the first row.
    if (reader.is_draft_07() && reader.find("$ref")) break;
  }
  return reader.fault();
}

std::optional<base::error> compile_one(compile_state& state, scope_map& scopes, const position& at) {
  auto& target = state.node_of(*at.schema);
  target.home = scope_of(state, scopes, *at.home);
  if (at.schema->is_object()) return compile_keywords(state, at);
  target.fixed = *at.schema == true ? verdict::valid : verdict::invalid;
  return std::nullopt;
}

void link_dynamic_anchors(compile_state& state, scope_map& scopes) {
  for (const auto& home : state.sources.resources()) {
    auto* const scope = scope_of(state, scopes, home);
    for (const auto& [name, schema] : home.dynamic_anchors) {
      scope->dynamic_anchors.emplace_back(state.anchor_number(name), &state.node_of(*schema));
    }
  }
}

}  // namespace

base::result<std::shared_ptr<const program>> compile_program(const json& document, const schema_options& options) {
  auto out = std::make_shared<program>();
  out->limits = options.limits;
  compile_state state{options, documents{options}, *out, {}, {}, 0};
  scope_map scopes;
  const auto root = state.sources.add_root(document);
  if (!root) return root.error();
  // References may find further subschemas, so the list grows on the way.
  for (std::size_t i = 0; i < state.sources.positions().size(); ++i) {
    if (auto fault = compile_one(state, scopes, state.sources.positions()[i])) return std::move(*fault);
  }
  link_dynamic_anchors(state, scopes);
  out->root = &state.node_of(document);
  return std::shared_ptr<const program>{std::move(out)};
}

}  // namespace hydrant::protocol::json_schema

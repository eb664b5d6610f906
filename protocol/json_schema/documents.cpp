#include "protocol/json_schema/documents.hpp"

#include "protocol/json_schema/uri.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace hydrant::protocol::json_schema {
namespace {

constexpr std::string_view default_base = "schema:///";

constexpr std::uint8_t only_07 = static_cast<std::uint8_t>(dialect::draft_07);
constexpr std::uint8_t only_2020 = static_cast<std::uint8_t>(dialect::draft_2020_12);
constexpr std::uint8_t both = only_07 | only_2020;

enum class holds : std::uint8_t { schema, list, map, schema_or_list, map_of_schemas_or_names };

struct subschema_keyword {
  std::string_view name;
  std::uint8_t dialects;
  holds shape;
};

/// The keywords that hold subschemas.
constexpr std::array subschema_keywords = std::to_array<subschema_keyword>({
    {"$defs", only_2020, holds::map},
    {"definitions", both, holds::map},  // 2020-12 keeps the place reserved for it
    {"properties", both, holds::map},
    {"patternProperties", both, holds::map},
    {"additionalProperties", both, holds::schema},
    {"propertyNames", both, holds::schema},
    {"dependentSchemas", only_2020, holds::map},
    {"dependencies", both, holds::map_of_schemas_or_names},  // 2020-12 allows to go on reading it
    {"prefixItems", only_2020, holds::list},
    {"items", only_2020, holds::schema},
    {"items", only_07, holds::schema_or_list},
    {"additionalItems", only_07, holds::schema},
    {"contains", both, holds::schema},
    {"allOf", both, holds::list},
    {"anyOf", both, holds::list},
    {"oneOf", both, holds::list},
    {"not", both, holds::schema},
    {"if", both, holds::schema},
    {"then", both, holds::schema},
    {"else", both, holds::schema},
    {"unevaluatedItems", only_2020, holds::schema},
    {"unevaluatedProperties", only_2020, holds::schema},
    {"contentSchema", only_2020, holds::schema},
});

std::string escaped(std::string_view token) {
  std::string out;
  for (const char c : token)
    out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return out;
}

std::string under(std::string_view token) {
  return "/" + std::string{token};
}

std::string quoted(std::string_view reference) {
  return "refers to \"" + std::string{reference} + "\", which";
}

std::string unescaped(std::string_view token) {
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const bool code = token[i] == '~' && i + 1 < token.size() && (token[i + 1] == '0' || token[i + 1] == '1');
    out += code ? (token[++i] == '0' ? '~' : '/') : token[i];
  }
  return out;
}

std::optional<dialect> dialect_named(std::string_view uri) {
  if (uri.ends_with('#')) uri.remove_suffix(1);
  if (uri.starts_with("https://")) uri.remove_prefix(8);
  if (uri.starts_with("http://")) uri.remove_prefix(7);
  if (uri == "json-schema.org/draft/2020-12/schema") return dialect::draft_2020_12;
  if (uri == "json-schema.org/draft-07/schema") return dialect::draft_07;
  return std::nullopt;
}

/// `$anchor`'s syntax, from the 2020-12 core's section 8.2.2.
bool is_anchor_name(std::string_view name) {
  constexpr std::string_view first = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
  constexpr std::string_view others = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789-.";
  return !name.empty() && first.find(name.front()) != first.npos && name.find_first_not_of(others) == name.npos;
}

const json* child_named(const json& value, const std::string& token) {
  if (const auto* members = value.get_ptr<const json::object_t*>()) {
    const auto found = members->find(token);
    return found == members->end() ? nullptr : &found->second;
  }
  const auto* items = value.get_ptr<const json::array_t*>();
  std::size_t index = 0;
  const auto [end, code] = std::from_chars(token.data(), token.data() + token.size(), index);
  const bool formed =
      code == std::errc{} && end == token.data() + token.size() && (token[0] != '0' || token.size() == 1);
  return items && formed && index < items->size() ? &(*items)[index] : nullptr;
}

}  // namespace

base::error ill_formed(std::string_view pointer, std::string_view reason) {
  std::string message = "not a valid JSON Schema: ";
  message.append(pointer.empty() ? "the root" : pointer).append(" ").append(reason);
  return base::fail(base::error_kind::invalid_params, std::move(message));
}

std::string position::pointer() const {
  std::string out;
  for (const auto* at = this; at; at = at->parent)
    out.insert(0, at->step);
  return out;
}

const position* documents::position_of(const json& schema) const {
  const auto found = by_schema_.find(&schema);
  return found == by_schema_.end() ? nullptr : found->second;
}

base::result<const position*> documents::add_root(const json& document) {
  return add_document(std::string{default_base}, dialect::draft_2020_12, document, {});
}

base::result<const position*> documents::add_document(const std::string& uri, dialect rules, const json& document,
                                                      std::string step) {
  auto& home = resources_.emplace_back();
  home.base = uri;
  home.root = &document;
  home.rules = rules;
  by_uri_[uri] = &home;
  if (const auto scanned = scan({&document, &home, nullptr, std::move(step)}); !scanned) return scanned.error();
  return position_of(document);
}

base::result<void> documents::scan(position first) {
  queue_.clear();
  queue_.push_back({std::move(first), 0});
  while (!queue_.empty()) {
    auto next = std::move(queue_.back());
    queue_.pop_back();
    if (const auto scanned = scan_one(std::move(next)); !scanned) return scanned.error();
  }
  return {};
}

base::result<void> documents::scan_one(pending next) {
  const auto& schema = *next.at.schema;
  if (by_schema_.contains(&schema)) return {};
  const auto refuse = [&](std::string_view reason) { return ill_formed(next.at.pointer(), reason); };
  if (!schema.is_object() && !schema.is_boolean()) return refuse("must be an object or a boolean");
  if (next.depth > options_.limits.depth_max) return refuse("is nested too deep");
  if (positions_.size() >= options_.limits.subschemas_max) return refuse("is one subschema too many");
  auto& at = positions_.emplace_back(std::move(next.at));
  by_schema_[&schema] = &at;
  if (schema.is_boolean()) return {};
  if (const auto entered = enter_resource(at); !entered) return entered.error();
  if (const auto named = name_anchors(at); !named) return named.error();
  return queue_children(at, next.depth + 1);
}

base::result<void> documents::enter_resource(position& at) {
  const auto id = at.schema->find("$id");
  const auto named = at.schema->find("$schema");
  const bool has_id = id != at.schema->end();
  const bool is_root = at.home->root == at.schema;
  if (has_id && !id->is_string()) return ill_formed(at.pointer() + "/$id", "must be a string");
  auto rules = at.home->rules;
  if (named != at.schema->end() && (has_id || is_root)) {
    const auto* uri = named->get_ptr<const std::string*>();
    if (!uri) return ill_formed(at.pointer() + "/$schema", "must be a string");
    const auto known = dialect_named(*uri);
    if (!known) return base::fail(base::error_kind::invalid_params, "unsupported dialect: " + *uri);
    rules = *known;
  }
  if (is_root) at.home->rules = rules;
  // Draft-07 ignores what stands beside a reference.
  if (!has_id || (rules == dialect::draft_07 && at.schema->contains("$ref"))) return {};
  return take_id(at, id->get_ref<const std::string&>(), rules);
}

base::result<void> documents::take_id(position& at, const std::string& id, dialect rules) {
  const auto target = resolve_uri(at.home->base, id);
  if (!target.fragment.empty() && rules == dialect::draft_2020_12) {
    return ill_formed(at.pointer() + "/$id", "must not have a fragment");
  }
  if (target.document != at.home->base) {
    auto& home = at.home->root == at.schema ? *at.home : resources_.emplace_back();
    home.base = target.document;
    home.root = at.schema;
    home.rules = rules;
    if (!by_uri_.emplace(target.document, &home).second) return ill_formed(at.pointer() + "/$id", "is not unique");
    at.home = &home;
  }
  if (!target.fragment.empty()) at.home->anchors.emplace(target.fragment, at.schema);
  return {};
}

base::result<void> documents::name_anchors(const position& at) {
  if (at.home->rules != dialect::draft_2020_12) return {};
  for (const char* const keyword : {"$anchor", "$dynamicAnchor"}) {
    const auto found = at.schema->find(keyword);
    if (found == at.schema->end()) continue;
    const auto* name = found->get_ptr<const std::string*>();
    if (!name || !is_anchor_name(*name)) return ill_formed(at.pointer() + "/" + keyword, "must be a plain name");
    const auto owner = at.home->anchors.emplace(*name, at.schema).first->second;
    if (owner != at.schema) return ill_formed(at.pointer() + "/" + keyword, "is not unique");
    if (std::string_view{keyword} == "$dynamicAnchor") at.home->dynamic_anchors.emplace(*name, at.schema);
  }
  return {};
}

base::result<void> documents::queue_children(const position& at, std::size_t depth) {
  for (const auto& [keyword, dialects, shape] : subschema_keywords) {
    if ((dialects & static_cast<std::uint8_t>(at.home->rules)) == 0) continue;
    const auto found = at.schema->find(keyword);
    if (found == at.schema->end()) continue;
    if (shape == holds::list && found->empty()) return ill_formed(at.pointer() + under(keyword), "must not be empty");
    if (shape == holds::list || (shape == holds::schema_or_list && found->is_array())) {
      if (const auto queued = queue_list(at, keyword, *found, depth); !queued) return queued.error();
    } else if (shape == holds::schema || shape == holds::schema_or_list) {
      queue_.push_back({{&*found, at.home, &at, under(keyword)}, depth});
    } else {
      const auto* members = found->get_ptr<const json::object_t*>();
      if (!members) return ill_formed(at.pointer() + under(keyword), "must be an object");
      for (const auto& [name, child] : *members) {
        const bool names = shape == holds::map_of_schemas_or_names && child.is_array();
        if (!names) queue_.push_back({{&child, at.home, &at, under(keyword) + under(escaped(name))}, depth});
      }
    }
  }
  return {};
}

base::result<void> documents::queue_list(const position& at, std::string_view keyword, const json& list,
                                         std::size_t depth) {
  const auto* items = list.get_ptr<const json::array_t*>();
  if (!items) return ill_formed(at.pointer() + under(keyword), "must be an array");
  for (std::size_t i = 0; i < items->size(); ++i) {
    queue_.push_back({{&(*items)[i], at.home, &at, under(keyword) + under(std::to_string(i))}, depth});
  }
  return {};
}

/// Null: nobody knows this document. One that does not name its dialect is read by the `rules` of who refers to it.
base::result<resource*> documents::resource_at(const std::string& uri, dialect rules) {
  if (const auto known = by_uri_.find(uri); known != by_uri_.end()) return known->second;
  if (!options_.documents) return nullptr;
  const auto found = options_.documents->find(uri);
  if (found == options_.documents->end()) return nullptr;
  if (const auto added = add_document(uri, rules, found->second, uri + "#"); !added) return added.error();
  return by_uri_.at(uri);
}

base::result<const position*> documents::resolve(const position& from, std::string_view reference) {
  const auto target = resolve_uri(from.home->base, reference);
  const auto home = resource_at(target.document, from.home->rules);
  if (!home) return home.error();
  if (!*home) return ill_formed(from.pointer(), quoted(reference) + " leads out of the schema, and nothing is fetched");
  const auto found = find_in(**home, target.fragment);
  if (found && !*found) return ill_formed(from.pointer(), quoted(reference) + " leads nowhere");
  return found;
}

/// Null: there is no such place.
base::result<const position*> documents::find_in(resource& home, std::string_view fragment) {
  if (fragment.empty() || fragment.front() == '/') return follow_pointer(home, fragment);
  const auto anchor = home.anchors.find(fragment);
  return anchor == home.anchors.end() ? nullptr : position_of(*anchor->second);
}

base::result<const position*> documents::follow_pointer(resource& home, std::string_view pointer) {
  const auto* at = home.root;
  const auto* nearest = position_of(*at);
  auto rest = pointer;
  while (!pointer.empty()) {
    const auto end = std::min(pointer.find('/', 1), pointer.size());
    at = child_named(*at, unescaped(pointer.substr(1, end - 1)));
    if (!at) return nullptr;
    pointer.remove_prefix(end);
    if (const auto* known = position_of(*at)) {
      nearest = known;
      rest = pointer;
    }
  }
  if (nearest->schema == at) return nearest;
  if (const auto scanned = scan({at, nearest->home, nearest, std::string{rest}}); !scanned) return scanned.error();
  return position_of(*at);
}

std::optional<std::string> documents::dynamic_anchor(const position& from, std::string_view reference) const {
  auto target = resolve_uri(from.home->base, reference);
  const auto home = by_uri_.find(target.document);
  if (home == by_uri_.end() || !home->second->dynamic_anchors.contains(target.fragment)) return std::nullopt;
  return std::move(target.fragment);
}

}  // namespace hydrant::protocol::json_schema

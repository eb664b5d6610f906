#include "providers/opensearch/render/field_list.hpp"

#include "providers/opensearch/policy/glob.hpp"
#include "providers/opensearch/render/outline.hpp"
#include "providers/opensearch/render/text_limit.hpp"

#include <utility>

namespace hydrant::providers::opensearch {

using protocol::json;

namespace {

constexpr std::size_t trait_bytes_max = 120;

void collect(std::vector<mapped_field>& out, const json& properties, const std::string& above, std::string_view glob) {
  if (!properties.is_object()) return;
  for (auto at = properties.begin(); at != properties.end(); ++at) {
    const auto path = above + at.key();
    auto definition = at->is_object() ? *at : json::object();
    definition.erase("properties");
    if (const auto& inner = member(*at, "properties"); !inner.empty() && inner.is_object()) {
      if (!definition.empty() && definition != json{{"type", "object"}} && matches_glob(glob, path))
        out.push_back({path, std::move(definition)});
      collect(out, inner, path + ".", glob);
    } else if (matches_glob(glob, path)) {
      out.push_back({path, std::move(definition)});
    }
  }
}

std::string trait(const std::string& name, const json& value) {
  if (name == "index" && value == false) return "not indexed";
  if (name == "enabled" && value == false) return "not looked into";
  const auto text = value.is_string() ? value.get<std::string>() : protocol::to_text(value);
  const auto kept = cut_utf8(text, trait_bytes_max);
  return name + " " + std::string(kept) + (kept.size() < text.size() ? "…" : "");
}

void join(std::string& to, const std::string& with, const char* by) {
  if (!to.empty() && !with.empty()) to += by;
  to += with;
}

std::string subfields(const mapped_field& of) {
  std::string out;
  const auto& fields = member(of.definition, "fields");
  if (!fields.is_object()) return out;
  for (auto at = fields.begin(); at != fields.end(); ++at)
    join(out, of.path + "." + at.key() + " " + text_member(*at, "type"), ", ");
  return out.empty() ? out : "also " + out;
}

}  // namespace

std::vector<mapped_field> fields_of(const json& mappings, std::string_view glob) {
  std::vector<mapped_field> out;
  collect(out, member(mappings, "properties"), {}, glob);
  return out;
}

std::string field_line(const mapped_field& field) {
  const auto& type = member(field.definition, "type");
  std::string traits;
  for (auto at = field.definition.begin(); at != field.definition.end(); ++at)
    if (at.key() != "type" && at.key() != "fields" && at.key() != "ignore_above")
      join(traits, trait(at.key(), *at), "; ");
  join(traits, subfields(field), "; ");
  auto line = field.path + ": " + (type.is_string() ? type.get<std::string>() : "object");
  return traits.empty() ? line : line + " (" + traits + ")";
}

std::string mapping_traits(const json& mappings) {
  std::string out;
  if (!mappings.is_object()) return out;
  for (auto at = mappings.begin(); at != mappings.end(); ++at)
    if (at.key() != "properties") join(out, trait(at.key(), *at), "; ");
  return out;
}

}  // namespace hydrant::providers::opensearch

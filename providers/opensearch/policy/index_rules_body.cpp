// The part of index_rules that looks into bodies and parameters.

#include "providers/opensearch/policy/index_rules.hpp"
#include "providers/opensearch/render/text_limit.hpp"

#include <algorithm>
#include <array>

namespace hydrant::providers::opensearch {
namespace {

using protocol::json;

constexpr int depth_max = 100;

constexpr std::array<std::string_view, 8> index_members{"index",        "_index",       "indices",    "_indices",
                                                        "source_index", "target_index", "index_name", "remove_index"};

// Handles of searches that were begun elsewhere, by anybody.
constexpr std::array<std::string_view, 4> handles{"pit", "pit_id", "scroll", "scroll_id"};

template <std::size_t Count>
bool is_among(const std::array<std::string_view, Count>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

base::error refuse(const std::string& what) {
  return base::fail(base::error_kind::forbidden, "the rules of this server about indices do not allow " + what);
}

base::error refuse_name(const std::string& member, const std::string& name) {
  return refuse("\"" + member + "\": \"" + std::string(cut_utf8(name, 200)) +
                "\" in a body: name indices in the argument for them, and fields otherwise");
}

// Where in a body a member is, as far as it makes a difference.
enum class place { top, inside };

// One walk over one body.
class body_walk {
 public:
  explicit body_walk(std::span<const std::string> vetted) : vetted_(vetted) {}

  base::result<> check(const json& value, place where, int depth = 0) const {
    if (depth > depth_max) return refuse("a body that is nested this deeply");
    if (value.is_array()) return check_list(value, where, depth);
    if (!value.is_object()) return {};
    for (auto member = value.begin(); member != value.end(); ++member) {
      const auto good = check_member(member.key(), member.value(), where);
      if (!good) return good.error();
      const auto inside = check(member.value(), place::inside, depth + 1);
      if (!inside) return inside.error();
    }
    return {};
  }

 private:
  base::result<> check_list(const json& list, place where, int depth) const {
    for (const auto& value : list) {
      const auto good = check(value, where, depth + 1);
      if (!good) return good.error();
    }
    return {};
  }

  base::result<> check_member(const std::string& name, const json& value, place where) const {
    if (is_among(index_members, name)) return check_names(name, value);
    if (is_among(handles, name)) return refuse("\"" + name + "\" in a body");
    // Left out, its index is "shapes".
    if (name == "indexed_shape" && !value.contains("index")) return refuse("\"indexed_shape\" without an index");
    if (name == "wrapper" && value.is_object()) return refuse("\"wrapper\" queries");
    return check_text_forms(name, value, where);
  }

  // What OpenSearch reads as another body, or as a query in another language, once it has it.
  static base::result<> check_text_forms(const std::string& name, const json& value, place where) {
    constexpr std::array<std::string_view, 4> top_forms{"template", "templates", "inline", "search_pipeline"};
    if (name == "template" && value.is_object() && (value.contains("source") || value.contains("inline")))
      return refuse("templates in a body");
    if (where == place::inside) return {};
    if (is_among(top_forms, name)) return refuse("\"" + name + "\" in a body");
    // Its answer tells whether an index exists.
    if (name == "indices_boost") return refuse("\"indices_boost\" in a body");
    if (name == "source" && (value.is_string() || value.is_object())) return refuse("\"source\" in a body");
    if (name == "query" && value.is_string()) return refuse("queries in another language than the query DSL");
    return {};
  }

  base::result<> check_names(const std::string& member, const json& value) const {
    if (!value.is_array()) return check_one_name(member, value);
    for (const auto& name : value) {
      const auto good = check_one_name(member, name);
      if (!good) return good.error();
    }
    return {};
  }

  // OpenSearch takes a number or true for the name that it looks like. What is inside an object is looked at anyway.
  base::result<> check_one_name(const std::string& member, const json& value) const {
    if (value.is_string()) return check_name(member, value.get_ref<const std::string&>());
    if (value.is_null() || value.is_object()) return {};
    return refuse_name(member, protocol::to_text(value));
  }

  base::result<> check_name(const std::string& member, const std::string& name) const {
    if (std::find(vetted_.begin(), vetted_.end(), name) != vetted_.end()) return {};
    return refuse_name(member, name);
  }

  std::span<const std::string> vetted_;
};

// A pipeline can send a document to another index.
base::result<> check_no_pipeline(const json& value, int depth) {
  if (depth > depth_max) return refuse("a body that is nested this deeply");
  if (!value.is_object()) return {};
  for (auto member = value.begin(); member != value.end(); ++member) {
    const auto& name = member.key();
    if (name.ends_with("default_pipeline") || name.ends_with("final_pipeline"))
      return refuse("\"" + std::string(cut_utf8(name, 200)) + "\" in the body of a change");
    const auto inside = check_no_pipeline(member.value(), depth + 1);
    if (!inside) return inside.error();
  }
  return {};
}

}  // namespace

base::result<> index_rules::check_body(const json& body, std::span<const std::string> vetted) const {
  if (!any()) return {};
  if (body.is_string()) return refuse("a body that is not JSON");
  return body_walk(vetted).check(body, place::top);
}

base::result<> index_rules::check_change(const json& body) const {
  if (!any() || !body.is_object()) return {};
  for (const char* made : {"alias", "aliases"})
    if (body.contains(made)) return refuse("\"" + std::string(made) + "\" in the body of a change");
  return check_no_pipeline(body, 0);
}

base::result<> index_rules::check_parameter(std::string_view name) const {
  constexpr std::array<std::string_view, 5> bodies{"source", "source_content_type", "new_index", "pipeline",
                                                   "search_pipeline"};
  if (!any()) return {};
  if (!is_among(bodies, name) && !is_among(handles, name) && !is_among(index_members, name)) return {};
  return refuse("the parameter \"" + std::string(name) + "\"");
}

}  // namespace hydrant::providers::opensearch

// The rules of "Schema Extension": where an `x-mcp-header` annotation may stand, and what it may say.

#include "protocol/json.hpp"
#include "protocol/mirrored_header.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace hydrant::protocol {

namespace {

constexpr std::string_view annotation = "x-mcp-header";

// Schemas may come from upstream servers; the walk recurses.
constexpr std::size_t schema_depth_max = 64;

constexpr std::array<std::string_view, 6> maps_of_schemas = {"properties",  "patternProperties", "$defs",
                                                             "definitions", "dependentSchemas",  "dependencies"};

// Their values are instances: an object in them that looks annotated is data.
constexpr std::array<std::string_view, 4> instance_keywords = {"default", "const", "enum", "examples"};

bool one_of(std::string_view keyword, const auto& keywords) {
  return std::find(keywords.begin(), keywords.end(), keyword) != keywords.end();
}

bool token_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}

std::string lower_case(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return text;
}

std::optional<mirrored_type> primitive_type(const json& schema) {
  const auto type = schema.find("type");
  if (type == schema.end()) return std::nullopt;
  if (*type == "string") return mirrored_type::string;
  if (*type == "integer") return mirrored_type::integer;
  if (*type == "boolean") return mirrored_type::boolean;
  return std::nullopt;
}

/// Whether a schema is a property reached from the root through `properties` alone.
enum class place { root, property, elsewhere };

/// Walks one schema; lives for one call of mirrored_parameters(). Each step answers whether the walk may go on.
class annotation_reader {
 public:
  bool read(const json& schema, place where) {
    if (!schema.is_object()) return true;
    if (++depth_ > schema_depth_max) return refuse("schema is nested too deeply");
    bool sound = !schema.contains(annotation) || read_annotation(schema, where);
    for (auto member = schema.begin(); sound && member != schema.end(); ++member)
      sound = read_keyword(member.key(), member.value(), where);
    --depth_;
    return sound;
  }

  base::result<std::vector<mirrored_parameter>> result(bool sound) && {
    if (sound) return std::move(found_);
    return base::fail(base::error_kind::invalid_params, "The input schema has an invalid x-mcp-header annotation",
                      std::move(problem_));
  }

 private:
  bool refuse(std::string_view why) {
    problem_ = "at '";
    for (const std::string& name : path_)
      problem_.append("/").append(name);
    problem_.append("': ").append(why);
    return false;
  }

  bool read_annotation(const json& schema, place where) {
    if (where != place::property) return refuse("annotation is not on a property reached through properties alone");
    const json& name = schema.at(annotation);
    if (!name.is_string()) return refuse("header name is not a string");
    const auto& text = name.get_ref<const std::string&>();
    if (text.empty() || !std::all_of(text.begin(), text.end(), token_character))
      return refuse("header name is not a token");
    if (!names_.insert(lower_case(text)).second) return refuse("header name is used twice");
    const std::optional<mirrored_type> type = primitive_type(schema);
    if (!type) return refuse("type is not string, integer or boolean");
    found_.push_back({"Mcp-Param-" + text, path_, *type});
    return true;
  }

  bool read_keyword(std::string_view keyword, const json& value, place where) {
    if (one_of(keyword, instance_keywords)) return true;
    if (keyword == "properties" && value.is_object()) return read_properties(value, where);
    const bool map = one_of(keyword, maps_of_schemas);
    if (!map && value.is_object()) return read(value, place::elsewhere);
    if (!value.is_structured()) return true;
    return std::all_of(value.begin(), value.end(),
                       [this](const json& schema) { return read(schema, place::elsewhere); });
  }

  bool read_properties(const json& properties, place where) {
    const place inside = where == place::elsewhere ? place::elsewhere : place::property;
    for (auto member = properties.begin(); member != properties.end(); ++member) {
      path_.push_back(member.key());
      if (!read(member.value(), inside)) return false;
      path_.pop_back();
    }
    return true;
  }

  std::size_t depth_ = 0;
  std::vector<std::string> path_;
  std::set<std::string> names_;  // in lower case
  std::vector<mirrored_parameter> found_;
  std::string problem_;
};

}  // namespace

base::result<std::vector<mirrored_parameter>> mirrored_parameters(const json& input_schema) {
  annotation_reader reader;
  const bool sound = reader.read(input_schema, place::root);
  return std::move(reader).result(sound);
}

}  // namespace hydrant::protocol

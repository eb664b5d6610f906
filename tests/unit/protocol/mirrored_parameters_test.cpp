#include "protocol/json.hpp"
#include "protocol/mirrored_header.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hydrant::protocol {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

json annotated(std::string name, std::string type = "string") {
  return {{"type", type}, {"x-mcp-header", name}};
}

json object(json properties) {
  return {{"type", "object"}, {"properties", std::move(properties)}};
}

/// Why the annotations of a schema are refused; empty if they are not.
std::string refusal(const json& schema) {
  const auto read = mirrored_parameters(schema);
  if (read) return {};
  EXPECT_EQ(read.error().kind, base::error_kind::invalid_params);
  return read.error().detail;
}

TEST(mirrored_parameters, finds_annotations_at_every_depth_of_properties) {
  const json schema = object(
      {{"region", annotated("Region")},
       {"level", {{"type", "integer"}}},
       {"target", object({{"shard", annotated("Shard", "integer")}, {"dry", annotated("Dry-Run", "boolean")}})}});
  EXPECT_THAT(mirrored_parameters(schema).value(),
              UnorderedElementsAre(mirrored_parameter{"Mcp-Param-Region", {"region"}, mirrored_type::string},
                                   mirrored_parameter{"Mcp-Param-Shard", {"target", "shard"}, mirrored_type::integer},
                                   mirrored_parameter{"Mcp-Param-Dry-Run", {"target", "dry"}, mirrored_type::boolean}));
}

TEST(mirrored_parameters, are_none_without_annotations) {
  EXPECT_THAT(mirrored_parameters(object({{"a", {{"type", "string"}}}})).value(), IsEmpty());
  EXPECT_THAT(mirrored_parameters(json::object()).value(), IsEmpty());
  EXPECT_THAT(mirrored_parameters(json(true)).value(), IsEmpty());
}

TEST(mirrored_parameters, header_name_must_be_a_token) {
  for (const char* name : {"", "a b", "a:b", "a\r\nb", "a\n", "(a)", "caf\xC3\xA9", "a/b", "a,b"})
    EXPECT_THAT(refusal(object({{"p", annotated(name)}})), HasSubstr("token")) << name;
  EXPECT_THAT(refusal(object({{"p", annotated(std::string("a\0b", 3))}})), HasSubstr("token"));
  EXPECT_EQ(refusal(object({{"p", annotated("!#$%&'*+-.^_`|~09azAZ")}})), "");
}

TEST(mirrored_parameters, header_name_must_be_a_string) {
  for (const json& name : {json(1), json(nullptr), json(true), json::array({"Region"})})
    EXPECT_THAT(refusal(object({{"p", {{"type", "string"}, {"x-mcp-header", name}}}})), HasSubstr("not a string"))
        << name;
}

TEST(mirrored_parameters, header_names_are_unique_without_regard_to_case) {
  EXPECT_THAT(refusal(object({{"a", annotated("Region")}, {"b", object({{"c", annotated("REGION")}})}})),
              HasSubstr("twice"));
}

TEST(mirrored_parameters, type_must_be_one_primitive_type) {
  for (const char* type : {"number", "object", "array", "null"})
    EXPECT_THAT(refusal(object({{"p", annotated("Region", type)}})), HasSubstr("type")) << type;
  EXPECT_THAT(refusal(object({{"p", {{"x-mcp-header", "Region"}}}})), HasSubstr("type"));
  EXPECT_THAT(refusal(object({{"p", {{"type", {"string", "null"}}, {"x-mcp-header", "Region"}}}})), HasSubstr("type"));
}

TEST(mirrored_parameters, annotation_must_be_reached_through_properties_alone) {
  const json inside = object({{"p", annotated("Region")}});
  for (const char* keyword : {"items", "contains", "additionalProperties", "not", "if", "then", "else", "propertyNames",
                              "unevaluatedProperties"})
    EXPECT_THAT(refusal(object({{"outer", {{keyword, inside}}}})), HasSubstr("properties alone")) << keyword;
  for (const char* keyword : {"oneOf", "anyOf", "allOf", "prefixItems"})
    EXPECT_THAT(refusal({{keyword, json::array({json::object(), inside})}}), HasSubstr("properties alone")) << keyword;
  for (const char* keyword : {"$defs", "definitions", "patternProperties", "dependentSchemas"})
    EXPECT_THAT(refusal({{keyword, {{"name", inside}}}}), HasSubstr("properties alone")) << keyword;
  EXPECT_THAT(refusal(annotated("Region")), HasSubstr("properties alone"));
}

TEST(mirrored_parameters, refusal_names_the_place) {
  EXPECT_THAT(refusal(object({{"a", object({{"b", annotated("")}})}})), HasSubstr("'/a/b'"));
}

TEST(mirrored_parameters, a_property_may_be_called_like_the_annotation) {
  const json schema = object({{"x-mcp-header", {{"type", "string"}}},
                              {"list", {{"items", object({{"x-mcp-header", {{"type", "string"}}}})}}}});
  EXPECT_THAT(mirrored_parameters(schema).value(), IsEmpty());
}

TEST(mirrored_parameters, instances_in_a_schema_are_no_annotations) {
  const json value = {{"x-mcp-header", "Region"}};
  const json schema = object({{"p", {{"default", value}, {"const", value}, {"enum", {value}}, {"examples", {value}}}}});
  EXPECT_THAT(mirrored_parameters(schema).value(), IsEmpty());
}

TEST(mirrored_parameters, keywords_may_be_names_of_properties) {
  EXPECT_THAT(mirrored_parameters(object({{"items", annotated("Items")}, {"default", annotated("Default")}})).value(),
              UnorderedElementsAre(mirrored_parameter{"Mcp-Param-Items", {"items"}, mirrored_type::string},
                                   mirrored_parameter{"Mcp-Param-Default", {"default"}, mirrored_type::string}));
}

TEST(mirrored_parameters, nesting_is_bounded) {
  json schema = object({{"p", annotated("Deep")}});
  for (int i = 0; i < 30; ++i)
    schema = object({{"p", std::move(schema)}});
  EXPECT_EQ(refusal(schema), "");
  for (int i = 0; i < 100; ++i)
    schema = object({{"p", std::move(schema)}});
  EXPECT_THAT(refusal(schema), HasSubstr("too deeply"));
}

TEST(mirrored_argument, is_read_at_the_exact_path) {
  const mirrored_parameter parameter{"Mcp-Param-Shard", {"target", "shard"}, mirrored_type::integer};
  const json arguments = {{"target", {{"shard", 7}}}, {"shard", 8}};
  const json* found = find_mirrored_argument(arguments, parameter);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(*found, 7);
}

TEST(mirrored_argument, absent_and_null_expect_no_header) {
  const mirrored_parameter parameter{"Mcp-Param-Shard", {"target", "shard"}, mirrored_type::integer};
  for (const json& arguments : {json::object(), json({{"target", json::object()}}), json({{"target", 7}}),
                                json({{"target", {{"shard", nullptr}}}}), json(nullptr)})
    EXPECT_EQ(find_mirrored_argument(arguments, parameter), nullptr) << arguments;
}

}  // namespace
}  // namespace hydrant::protocol

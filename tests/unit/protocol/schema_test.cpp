#include "protocol/schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace hydrant::protocol {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

schema compiled(std::string_view text, const schema_options& options = {}) {
  return schema::compile(json::parse(text), options).value();
}

std::vector<violation> check(std::string_view text, std::string_view instance, const schema_options& options = {}) {
  return compiled(text, options).validate(json::parse(instance));
}

bool accepts(std::string_view text, std::string_view instance, const schema_options& options = {}) {
  return check(text, instance, options).empty();
}

/// The message of a compilation that is to fail.
std::string fault(std::string_view text, const schema_options& options = {}) {
  const auto result = schema::compile(json::parse(text), options);
  if (result) return "compiled";
  EXPECT_EQ(result.error().kind, base::error_kind::invalid_params);
  return result.error().message;
}

auto violation_of(const std::string& path, const std::string& keyword) {
  return AllOf(Field(&violation::instance_path, path), Field(&violation::keyword, keyword));
}

bool finds(std::string_view pattern, std::string_view text) {
  return schema::compile({{"pattern", pattern}}).value().validate(text).empty();
}

std::string pattern_fault(std::string_view pattern) {
  const auto result = schema::compile({{"pattern", pattern}});
  return result ? "compiled" : result.error().message;
}

TEST(schema, names_place_keyword_and_expectation_of_each_violation) {
  const auto found = check(R"({"type": "object", "required": ["id", "name"], "additionalProperties": false,
                               "properties": {"id": {"type": "integer"}, "tags": {"items": {"type": "string"}}}})",
                           R"({"id": "x", "tags": ["a", 1], "a/b~c": 0})");
  EXPECT_THAT(found,
              UnorderedElementsAre(violation_of("", "required"), violation_of("/id", "type"),
                                   violation_of("/tags/1", "type"), violation_of("/a~1b~0c", "additionalProperties")));
  EXPECT_THAT(
      describe(found),
      AllOf(HasSubstr("must have the property \"name\""), HasSubstr("/id: must be integer, not string"),
            HasSubstr("; /tags/1: must be string, not integer"), HasSubstr("/a~1b~0c: is not a known property")));
}

TEST(schema, describes_no_violations_with_nothing) {
  EXPECT_EQ(describe({}), "");
}

TEST(schema, stops_after_as_many_violations_as_were_asked_for) {
  const auto subject = compiled(R"({"items": {"type": "string"}})");
  const json instance = json::parse("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]");
  EXPECT_THAT(subject.validate(instance), SizeIs(8));
  EXPECT_THAT(subject.validate(instance, 3), SizeIs(3));
  EXPECT_THAT(subject.validate(instance, 0), SizeIs(1));
}

TEST(schema, shortens_messages_between_characters) {
  std::string name = "a";
  while (name.size() < 5000)
    name += "\u00e9";
  const auto found = schema::compile({{"const", name}}).value().validate(1);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_LT(found[0].message.size(), 300U);
  EXPECT_NO_THROW(json(found[0].message).dump());
}

TEST(schema, describes_what_each_keyword_expects) {
  struct expectation {
    const char* schema;
    const char* instance;
    const char* keyword;
    const char* message;
  };
  const std::vector<expectation> all = {
      {R"({"minimum": 1})", "0", "minimum", "must be at least 1"},
      {R"({"maximum": 1.5})", "2", "maximum", "must be at most 1.5"},
      {R"({"exclusiveMinimum": 1})", "1", "exclusiveMinimum", "must be greater than 1"},
      {R"({"exclusiveMaximum": 1})", "1", "exclusiveMaximum", "must be less than 1"},
      {R"({"multipleOf": 0.01})", "0.005", "multipleOf", "must be a multiple of 0.01"},
      {R"({"minLength": 2})", R"("é")", "minLength", "must have at least 2 characters"},
      {R"({"maxLength": 1})", R"("éé")", "maxLength", "must have at most 1 characters"},
      {R"({"pattern": "^a"})", R"("b")", "pattern", "must match the pattern \"^a\""},
      {R"({"enum": ["a", "b"]})", R"("c")", "enum", R"(must be one of ["a","b"])"},
      {R"({"enum": ["a", 1]})", "2", "enum", R"(must be one of ["a",1])"},
      {R"({"const": {"a": 1}})", "2", "const", R"(must be {"a":1})"},
      {R"({"type": ["string", "null"]})", "2", "type", "must be null or string, not integer"},
      {R"({"minItems": 2})", "[1]", "minItems", "must have at least 2 items"},
      {R"({"maxItems": 1})", "[1, 2]", "maxItems", "must have at most 1 items"},
      {R"({"uniqueItems": true})", "[1, 1.0]", "uniqueItems", "must not have an item twice"},
      {R"({"contains": {"type": "null"}})", "[1]", "contains", "must contain at least 1 items of a kind, has 0"},
      {R"({"contains": true, "maxContains": 1})", "[1, 2]", "maxContains", "must contain at most 1 items of a kind"},
      {R"({"minProperties": 1})", "{}", "minProperties", "must have at least 1 properties"},
      {R"({"maxProperties": 0})", R"({"a": 1})", "maxProperties", "must have at most 0 properties"},
      {R"({"propertyNames": {"maxLength": 1}})", R"({"ab": 1})", "propertyNames",
       "must not have a property named \"ab\""},
      {R"({"dependentRequired": {"a": ["b"]}})", R"({"a": 1})", "dependentRequired", "must have the property \"b\""},
      {R"({"anyOf": [{"type": "null"}, false]})", "1", "anyOf", "must match at least one of 2 alternatives"},
      {R"({"oneOf": [true, true]})", "1", "oneOf", "must match exactly one of 2 alternatives, matches several"},
      {R"({"oneOf": [false]})", "1", "oneOf", "must match exactly one of 1 alternatives, matches none"},
      {R"({"not": {}})", "1", "not", "must not match what \"not\" describes"},
      {"false", "1", "false", "must not be there"},
  };
  for (const auto& [text, instance, keyword, message] : all) {
    EXPECT_THAT(check(text, instance),
                ElementsAre(AllOf(Field(&violation::keyword, keyword), Field(&violation::message, message))))
        << text;
  }
}

TEST(schema, takes_2020_12_for_granted_and_draft_07_where_it_is_named) {
  constexpr auto tuple = R"([1, 2])";
  EXPECT_FALSE(accepts(R"({"prefixItems": [true, false]})", tuple));
  EXPECT_FALSE(accepts(R"({"$schema": "http://json-schema.org/draft-07/schema#", "items": [true, false]})", tuple));
  EXPECT_TRUE(accepts(R"({"$schema": "http://json-schema.org/draft-07/schema", "prefixItems": [false]})", tuple));
  EXPECT_FALSE(accepts(R"({"$schema": "https://json-schema.org/draft/2020-12/schema", "items": false})", tuple));
  EXPECT_THAT(fault(R"({"items": [true]})"), HasSubstr("/items must be an object or a boolean"));
}

TEST(schema, refuses_other_dialects) {
  EXPECT_EQ(fault(R"({"$schema": "http://json-schema.org/draft-04/schema#"})"),
            "unsupported dialect: http://json-schema.org/draft-04/schema#");
  EXPECT_THAT(fault(R"({"$schema": "https://json-schema.org/draft/2019-09/schema"})"),
              HasSubstr("unsupported dialect"));
  EXPECT_THAT(fault(R"({"$schema": 7})"), HasSubstr("/$schema must be a string"));
}

TEST(schema, refuses_ill_formed_schemas_and_says_where) {
  const std::vector<std::pair<const char*, const char*>> all = {
      {"7", "the root must be an object or a boolean"},
      {R"({"type": "strin"})", "/type must name JSON types"},
      {R"({"type": []})", "/type must name JSON types"},
      {R"({"properties": {"a/b": {"minimum": "1"}}})", "/properties/a~1b/minimum must be a number"},
      {R"({"properties": []})", "/properties must be an object"},
      {R"({"allOf": []})", "/allOf must not be empty"},
      {R"({"allOf": {"a": true}})", "/allOf must be an array"},
      {R"({"anyOf": [true, 3]})", "/anyOf/1 must be an object or a boolean"},
      {R"({"$defs": {"unused": {"maxLength": -1}}})", "/$defs/unused/maxLength must be a non-negative integer"},
      {R"({"minItems": 1.5})", "/minItems must be a non-negative integer"},
      {R"({"required": "a"})", "/required must be an array of strings"},
      {R"({"required": ["a", "a"]})", "/required names something twice"},
      {R"({"dependentRequired": {"a": [1]}})", "/dependentRequired must be an array of strings"},
      {R"({"enum": "a"})", "/enum must be an array"},
      {R"({"multipleOf": 0})", "/multipleOf must be greater than 0"},
      {R"({"uniqueItems": 1})", "/uniqueItems must be true or false"},
      {R"({"pattern": 1})", "/pattern must be a string"},
      {R"({"pattern": "("})", "/pattern is not a supported pattern: a group is not closed"},
      {R"({"patternProperties": {"[": true}})", "/patternProperties is not a supported pattern"},
      {R"({"$ref": 1})", "/$ref must be a string"},
      {R"({"$id": "http://x.test/#part"})", "/$id must not have a fragment"},
      {R"({"$anchor": "1a"})", "/$anchor must be a plain name"},
      {R"({"$anchor": "a", "items": {"$anchor": "a"}})", "/$anchor is not unique"},
      {R"({"$id": "http://x.test/a", "items": {"$id": "b", "items": {"$id": "a"}}})", "/$id is not unique"},
  };
  for (const auto& [text, message] : all)
    EXPECT_THAT(fault(text), HasSubstr(message)) << text;
}

TEST(schema, ignores_annotations_and_unknown_keywords_whatever_they_hold) {
  EXPECT_TRUE(
      accepts(R"({"title": 1, "default": {"a": 1}, "examples": 2, "enumNames": 3, "x-mcp-header": "Region"})", "1"));
}

TEST(schema, refuses_references_that_lead_out_or_nowhere) {
  EXPECT_THAT(
      fault(R"({"items": {"$ref": "https://x.test/y"}})"),
      HasSubstr("/items refers to \"https://x.test/y\", which leads out of the schema, and nothing is fetched"));
  EXPECT_THAT(fault(R"({"$ref": "https://json-schema.org/draft/2020-12/schema"})"), HasSubstr("nothing is fetched"));
  for (const char* const reference : {"#/$defs/b", "#b", "#/$defs/a/0", "#/allOf/1", "#/allOf/01", "#/$defs/a/~2"}) {
    EXPECT_THAT(fault(R"({"$defs": {"a": {}}, "allOf": [true], "$ref": ")" + std::string{reference} + "\"}"),
                HasSubstr("leads nowhere"))
        << reference;
  }
  EXPECT_THAT(fault(R"({"$ref": "#/required", "required": ["a"]})"),
              HasSubstr("/required must be an object or a boolean"));
}

TEST(schema, follows_references_into_registered_documents) {
  const schema_documents documents{{"https://x.test/types", json::parse(R"({"$defs": {"id": {"type": "integer"}}})")},
                                   {"https://x.test/broken", json::parse(R"({"items": {"type": 1}})")}};
  schema_options options;
  options.documents = &documents;
  constexpr auto text = R"({"$id": "https://x.test/main", "items": {"$ref": "types#/$defs/id"}})";
  EXPECT_TRUE(accepts(text, "[1]", options));
  EXPECT_FALSE(accepts(text, R"(["1"])", options));
  EXPECT_THAT(fault(R"({"$ref": "https://x.test/broken"})", options), HasSubstr("https://x.test/broken#/items/type"));
}

TEST(schema, outlives_its_document_and_is_shared_by_copies) {
  auto document = std::make_unique<json>(json::parse(R"({"properties": {"a": {"enum": ["x", 1]}}, "$defs": {}})"));
  const auto subject = schema::compile(*document).value();
  document.reset();
  const schema copy = subject;  // NOLINT(performance-unnecessary-copy-initialization): the copy is the point
  EXPECT_THAT(copy.validate({{"a", "x"}}), IsEmpty());
  EXPECT_THAT(copy.validate({{"a", "y"}}), ElementsAre(violation_of("/a", "enum")));
}

TEST(schema, may_be_used_by_many_threads_at_once) {
  const auto subject = compiled(R"({"properties": {"a": {"pattern": "^[a-z]+$"}}, "unevaluatedProperties": false})");
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (auto& count : wrong) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        count += subject.validate({{"a", "abc"}}).empty() ? 0 : 1;
        count += subject.validate({{"a", "A"}, {"b", 1}}).size() == 2 ? 0 : 1;
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  EXPECT_THAT(wrong, Each(0));
}

TEST(schema, compares_numbers_exactly) {
  EXPECT_FALSE(accepts(R"({"const": 9007199254740993})", "9007199254740992.0"));
  EXPECT_FALSE(accepts(R"({"maximum": 9007199254740992.0})", "9007199254740993"));
  EXPECT_TRUE(accepts(R"({"exclusiveMaximum": 18446744073709551616})", "18446744073709551615"));
  EXPECT_TRUE(accepts(R"({"minimum": -9223372036854775808})", "-9223372036854775808"));
  EXPECT_FALSE(accepts(R"({"minimum": 0})", "-0.5"));
  EXPECT_TRUE(accepts(R"({"exclusiveMinimum": -1})", "-0.5"));
  EXPECT_FALSE(accepts(R"({"uniqueItems": true})", "[[1, -0.0], [1.0, 0]]"));
}

TEST(schema, takes_multiples_by_their_decimals) {
  EXPECT_TRUE(accepts(R"({"multipleOf": 0.01})", "4.35"));
  EXPECT_TRUE(accepts(R"({"multipleOf": 0.1})", "1e300"));
  EXPECT_FALSE(accepts(R"({"multipleOf": 0.3})", "1e300"));
  EXPECT_TRUE(accepts(R"({"multipleOf": 2.5e-300})", "-7.5e-299"));
  EXPECT_FALSE(accepts(R"({"multipleOf": 10})", "9223372036854775807"));
  EXPECT_TRUE(accepts(R"({"multipleOf": 7})", "-9223372036854775807"));
  EXPECT_TRUE(accepts(R"({"multipleOf": 3})", "0"));
}

TEST(schema, finds_equal_items_in_long_arrays) {
  json items = json::array();
  for (int i = 0; i < 5000; ++i)
    items.push_back({{"id", i}, {"text", "same"}});
  const auto subject = compiled(R"({"uniqueItems": true})");
  EXPECT_THAT(subject.validate(items), IsEmpty());
  items.push_back({{"text", "same"}, {"id", 17.0}});
  EXPECT_THAT(subject.validate(items), ElementsAre(violation_of("", "uniqueItems")));
}

TEST(schema, keeps_formats_as_annotations_unless_asked) {
  schema_options asserted;
  asserted.formats = format_mode::asserted;
  for (const char* const format : {"email", "uri", "date", "date-time"}) {
    const auto text = json{{"format", format}}.dump();
    EXPECT_TRUE(accepts(text, R"("no such thing")")) << format;
    EXPECT_FALSE(accepts(text, R"("no such thing")", asserted)) << format;
    EXPECT_TRUE(accepts(text, "17", asserted)) << format;
  }
  EXPECT_TRUE(accepts(R"({"format": "ipv4"})", R"("no such thing")", asserted));
  EXPECT_THAT(check(R"({"format": "date"})", R"("2023-02-29")", asserted),
              ElementsAre(Field(&violation::message, "must have the format date")));
}

TEST(schema, reads_patterns_as_ecma_262_does) {
  EXPECT_TRUE(finds("b", "abc"));
  EXPECT_FALSE(finds("^a$", "a\n"));
  EXPECT_FALSE(finds("^.$", "\r"));
  EXPECT_FALSE(finds("^.$", "\u2028"));
  EXPECT_TRUE(finds("^.$", "\U0001F432"));
  EXPECT_TRUE(finds("^\\s\\S$", "\u00a0x"));
  EXPECT_FALSE(finds("\\S", "\ufeff\v\u3000"));
  EXPECT_TRUE(finds("^[\\s]$", "\u2003"));
  EXPECT_FALSE(finds("[^\\S]", "x"));
  EXPECT_FALSE(finds("^\\d$", "\u0663"));
  EXPECT_FALSE(finds("^\\w$", "\u00e9"));
  EXPECT_TRUE(finds("^\\cC\\t\\v\\0\\x41\\u00e9\\u{1F432}\\uD83D\\uDC32$",
                    std::string_view{"\x03\t\v\0A\u00e9\U0001F432\U0001F432", 15}));
  EXPECT_TRUE(finds("^[^]+$", "a\n"));
  EXPECT_FALSE(finds("[]", "a"));
  EXPECT_TRUE(finds("^[[:a]+]{$", "[a:]{"));
  EXPECT_TRUE(finds("^a{,2}b{1x$", "a{,2}b{1x"));
  EXPECT_TRUE(finds("^[\\w-.]+\\/\\-$", "a-./-"));
  EXPECT_TRUE(finds("^\\p{Letter}\\p{Script=Greek}\\P{Lu}$", "\u00e9\u03b1a"));
  EXPECT_TRUE(finds("^(?<year>\\d{4})(?:-\\d+?)??$", "2026-1"));
  EXPECT_TRUE(finds("^[\\b]$", "\b"));
}

TEST(schema, refuses_patterns_that_would_mean_something_else) {
  const std::vector<std::pair<const char*, const char*>> all = {
      {"(?=a)", "look-around"},    {"(?<!a)", "look-around"},  {"(a)\\1", "back references"},
      {"\\k<a>", "back ref"},      {"(?i)a", "inline flags"},  {"a\\Z", "unknown escape \\Z"},
      {"*a", "nothing to repeat"}, {"a**", "nothing to"},      {"a{2000}", "over 1000"},
      {"[z-a]", "wrong way"},      {"a)", "not opened"},       {"\\uD800", "surrogate"},
      {"[a", "not closed"},        {"a\\", "backslash"},       {"\\p{Nonsense}", "invalid character class range"},
      {"\\x4", "hexadecimal"},     {"\\c1", "needs a letter"}, {"\\u{110000}", "code point"},
  };
  for (const auto& [pattern, reason] : all)
    EXPECT_THAT(pattern_fault(pattern), HasSubstr(reason)) << pattern;
  EXPECT_THAT(pattern_fault(std::string(20'000, 'a')), HasSubstr("too long"));
  std::string large;
  for (int i = 0; i < 40; ++i)
    large += "[^a]{1000}";
  EXPECT_THAT(pattern_fault(large), HasSubstr("too large"));
}

TEST(schema, is_linear_in_the_text_for_patterns_that_make_others_explode) {
  EXPECT_FALSE(finds("^(a+)+$", std::string(50'000, 'a') + "!"));
}

TEST(schema, ends_recursion_that_gets_nowhere) {
  const auto is_limit = ElementsAre(violation_of("", "limit"));
  EXPECT_THAT(check(R"({"$ref": "#"})", "1"), is_limit);
  EXPECT_THAT(check(R"({"not": {"$ref": "#"}})", "1"), is_limit);
  EXPECT_THAT(check(R"({"anyOf": [{"$ref": "#"}, {"$ref": "#"}, true]})", "1"), is_limit);
  EXPECT_THAT(check(R"({"oneOf": [{"allOf": [{"$ref": "#"}, {"$ref": "#"}]}, true]})", "1"), is_limit);
  EXPECT_THAT(check(R"({"if": {"$ref": "#"}, "else": true})", "1"), is_limit);
  EXPECT_THAT(check(R"({"contains": {"$ref": "#/$defs/a"}, "$defs": {"a": {"$ref": "#/$defs/a"}}})", "[1]"), is_limit);
  EXPECT_THAT(check(R"({"$dynamicAnchor": "a", "$dynamicRef": "#a"})", "1"), is_limit);
}

TEST(schema, bounds_the_depth_of_instances_it_walks) {
  const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  constexpr auto tree = R"({"type": "array", "items": {"$ref": "#"}})";
  EXPECT_TRUE(accepts(tree, nested(100)));
  EXPECT_THAT(check(tree, nested(100'000)), ElementsAre(violation_of("", "limit")));
  EXPECT_THAT(check(R"({"uniqueItems": true})", "[" + nested(100'000) + "," + nested(100'000) + "]"),
              ElementsAre(violation_of("", "limit")));
  EXPECT_TRUE(accepts(R"({"type": "array"})", nested(100'000)));
}

TEST(schema, bounds_the_work_of_one_validation) {
  std::string branches = R"({"type": "null"})";
  for (int i = 0; i < 12; ++i)
    branches = R"({"anyOf": [)" + branches + "," + branches + "]}";
  schema_options options;
  options.limits.steps_max = 1000;
  EXPECT_THAT(check(branches, "1", options), ElementsAre(violation_of("", "limit")));
  EXPECT_THAT(check(branches, "1"), ElementsAre(violation_of("", "anyOf")));
  EXPECT_THAT(check(R"({"pattern": "a.*b.*c"})", '"' + std::string(1'000'000, 'a') + '"', options),
              ElementsAre(violation_of("", "limit")));
}

TEST(schema, bounds_the_size_of_schemas) {
  std::string deep = "true";
  for (int i = 0; i < 70; ++i)
    deep = R"({"not": )" + deep + "}";
  EXPECT_THAT(fault(deep), HasSubstr("is nested too deep"));
  const std::string deep_value = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_THAT(fault(R"({"const": )" + deep_value + "}"), HasSubstr("/const is nested too deep"));
  EXPECT_THAT(fault(R"({"enum": [)" + deep_value + "]}"), HasSubstr("/enum is nested too deep"));
  schema_options options;
  options.limits.subschemas_max = 3;
  EXPECT_THAT(fault(R"({"allOf": [true, true]})", options), "compiled");
  EXPECT_THAT(fault(R"({"allOf": [true, true, true]})", options), HasSubstr("one subschema too many"));
  options.limits.pattern_instructions_max = 250;
  EXPECT_THAT(fault(R"({"pattern": "a", "items": {"pattern": "b"}})", options), "compiled");
  EXPECT_THAT(fault(R"({"pattern": "a", "items": {"pattern": "b", "items": {"pattern": "c"}}})", options),
              HasSubstr("one pattern too many"));
}

TEST(schema, sees_through_references_and_branches_for_unevaluated_properties) {
  constexpr auto text = R"({"$ref": "#/$defs/base", "properties": {"b": true},
      "anyOf": [{"required": ["c"], "properties": {"c": true}}, {"properties": {"d": {"type": "null"}}}],
      "unevaluatedProperties": false, "$defs": {"base": {"properties": {"a": true}}}})";
  EXPECT_TRUE(accepts(text, R"({"a": 1, "b": 2, "c": 3, "d": null})"));
  EXPECT_THAT(check(text, R"({"a": 1, "c": 3, "d": 4})"), ElementsAre(violation_of("/d", "unevaluatedProperties")));
}

}  // namespace
}  // namespace hydrant::protocol

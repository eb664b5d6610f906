#include "protocol/uri_template.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hydrant::protocol {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

uri_template compiled(std::string_view text) {
  return uri_template::compile(text).value();
}

std::optional<template_variables> match(std::string_view text, std::string_view uri) {
  return compiled(text).match(uri);
}

template_variables variables(template_variables made) {
  return made;
}

TEST(uri_template, expands_the_vectors_of_rfc_6570) {
  const template_variables values = {{"var", "value"}, {"hello", "Hello World!"}, {"half", "50%"},
                                     {"empty", ""},    {"path", "/foo/bar"},      {"base", "http://example.com/home/"},
                                     {"x", "1024"}};
  const std::vector<std::pair<std::string, std::string>> vectors = {
      {"{var}", "value"},
      {"{hello}", "Hello%20World%21"},
      {"{half}", "50%25"},
      {"O{empty}X", "OX"},
      {"O{undef}X", "OX"},
      {"{+var}", "value"},
      {"{+hello}", "Hello%20World!"},
      {"{+half}", "50%25"},
      {"{base}index", "http%3A%2F%2Fexample.com%2Fhome%2Findex"},
      {"{+base}index", "http://example.com/home/index"},
      {"{+path}/here", "/foo/bar/here"},
      {"here?ref={+path}", "here?ref=/foo/bar"},
      {"map?{x}", "map?1024"}};
  for (const auto& [text, uri] : vectors)
    EXPECT_EQ(compiled(text).expand(values), uri) << text;
}

TEST(uri_template, expands_other_scripts_as_utf8_and_keeps_escapes_in_reserved_values) {
  EXPECT_EQ(compiled("x:{a}").expand({{"a", "ä"}}), "x:%C3%A4");
  EXPECT_EQ(compiled("x:{+a}").expand({{"a", "%2F%zz"}}), "x:%2F%25zz");
  EXPECT_EQ(compiled("x:{a}").expand({{"a", "%2F"}}), "x:%252F");
}

TEST(uri_template, matches_a_variable_within_one_segment) {
  EXPECT_EQ(match("test://template/{id}/data", "test://template/123/data"), variables({{"id", "123"}}));
  for (const char* uri :
       {"test://template//data", "test://template/1/2/data", "test://template/1?x/data", "test://template/1#x/data",
        "test://template/123/data/", "xtest://template/123/data", "test://template/123", "", "TEST://template/1/data"})
    EXPECT_EQ(match("test://template/{id}/data", uri), std::nullopt) << uri;
}

TEST(uri_template, matches_a_reserved_variable_across_segments) {
  EXPECT_EQ(match("file:///{+path}", "file:///a/b.txt?x#y"), variables({{"path", "a/b.txt?x#y"}}));
  EXPECT_EQ(match("file:///{+path}", "file:///"), std::nullopt);
}

TEST(uri_template, the_earlier_variable_is_the_shorter_one) {
  EXPECT_EQ(match("x:{a}-{b}", "x:1-2-3"), variables({{"a", "1"}, {"b", "2-3"}}));
}

TEST(uri_template, gives_way_where_the_shortest_choice_would_fail) {
  EXPECT_EQ(match("{+p}/x-{id}", "a/x-b/x-c"), variables({{"p", "a/x-b"}, {"id", "c"}}));
  EXPECT_EQ(match("{a}.txt", "a.txt.txt"), variables({{"a", "a.txt"}}));
}

TEST(uri_template, decodes_values_after_splitting) {
  EXPECT_EQ(match("x:{a}/{b}", "x:1%2F2/c%20d%C3%A4"), variables({{"a", "1/2"}, {"b", "c dä"}}));
  EXPECT_EQ(match("x:{a}", "x:%00"), variables({{"a", std::string(1, '\0')}}));
}

TEST(uri_template, never_splits_an_escape) {
  EXPECT_EQ(match("x:{a}3{b}", "x:p%3Aq3r"), variables({{"a", "p:q"}, {"b", "r"}}));
  EXPECT_EQ(match("x:{a}3{b}", "x:p%3Aq"), std::nullopt);
}

TEST(uri_template, refuses_values_that_are_not_escaped_utf8) {
  for (const char* uri : {"x:%", "x:%4", "x:%GG", "x:%FF", "x:%C3", "x:\xFF", "x:%ED%A0%80"})
    EXPECT_EQ(match("x:{a}", uri), std::nullopt) << uri;
}

TEST(uri_template, without_variables_matches_itself) {
  EXPECT_EQ(match("test://static", "test://static"), template_variables{});
  EXPECT_EQ(match("test://static", "test://static/"), std::nullopt);
}

TEST(uri_template, matches_what_it_expands_to) {
  const uri_template made = compiled("db://{table}/rows/{key}");
  const template_variables values = {{"table", "a b/c?d"}, {"key", "ü%2F"}};
  EXPECT_EQ(made.match(made.expand(values)), values);
}

TEST(uri_template, names_its_variables_in_order) {
  EXPECT_THAT(compiled("x:{b}/{+a_1.c}").variable_names(), ElementsAre("b", "a_1.c"));
  EXPECT_EQ(compiled("x:{b}").text(), "x:{b}");
}

TEST(uri_template, refuses_what_it_cannot_read_backwards) {
  for (const char* text : {"{a,b}", "{?a}", "{#a}", "{/a}", "{.a}", "{;a}", "{&a}", "{a*}", "{a:3}", "{}", "{+}",
                           "{a b}", "{a..b}", "{.}", "{{a}}"})
    EXPECT_FALSE(uri_template::compile(text)) << text;
  EXPECT_THAT(uri_template::compile("{a}{b}").error().message, HasSubstr("without text between"));
  EXPECT_THAT(uri_template::compile("{a}/{a}").error().message, HasSubstr("twice"));
}

TEST(uri_template, refuses_malformed_text) {
  for (const char* text : {"", "a{b", "a}b", "a b", "a\"b", "a<b", "a\\b", "a^b", "a`b", "a|b", "a%b", "a%4", "a%A4",
                           "\xC3\xA4", "a\nb"}) {
    const auto made = uri_template::compile(text);
    ASSERT_FALSE(made) << text;
    EXPECT_EQ(made.error().kind, base::error_kind::invalid_params);
  }
}

TEST(uri_template, is_bounded) {
  EXPECT_TRUE(uri_template::compile(std::string(2048, 'a')));
  EXPECT_FALSE(uri_template::compile(std::string(2049, 'a')));
  std::string many;
  for (int i = 0; i < 32; ++i)
    many += "/{v" + std::to_string(i) + "}";
  EXPECT_TRUE(uri_template::compile(many));
  EXPECT_FALSE(uri_template::compile(many + "/{more}"));
  EXPECT_TRUE(match("x:{+a}", "x:" + std::string(8190, 'a')));
  EXPECT_EQ(match("x:{+a}", "x:" + std::string(8191, 'a')), std::nullopt);
}

// With backtracking this would take longer than anyone waits.
TEST(uri_template, does_not_blow_up_on_ambiguous_input) {
  std::string text = "x:";
  for (int i = 0; i < 32; ++i)
    text += "{+v" + std::to_string(i) + "}a";
  EXPECT_EQ(match(text + "b", "x:" + std::string(8000, 'a')), std::nullopt);
}

}  // namespace
}  // namespace hydrant::protocol

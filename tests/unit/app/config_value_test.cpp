#include "app/config_value.hpp"

#include <gmock/gmock.h>

namespace hydrant::app {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const config_key& key(std::string_view name) {
  return *find_key(name);
}

std::string complaint(std::string_view name, const words& written) {
  const auto value = parse_value(key(name), written);
  return value ? "" : value.error().message;
}

TEST(split_words, divides_lists_only) {
  EXPECT_THAT(split_words(key("allowed-hosts"), " a , b,,c "), ElementsAre("a", "b", "c"));
  EXPECT_THAT(split_words(key("allowed-hosts"), " , "), IsEmpty());
  EXPECT_THAT(split_words(key("server.instructions"), "a, b"), ElementsAre("a, b"));
}

TEST(parse_value, allows_both_ends_of_a_range_and_nothing_beyond) {
  EXPECT_EQ(complaint("port", {"0"}), "");
  EXPECT_EQ(complaint("port", {"65535"}), "");
  EXPECT_EQ(complaint("port", {"65536"}), "\"65536\" is above 65535");
  EXPECT_EQ(complaint("port", {"-1"}), "\"-1\" is below 0");
  EXPECT_EQ(complaint("session.ttl", {"999ms"}), "\"999ms\" is below 1s");
  EXPECT_EQ(complaint("limits.body-bytes-max", {"2GiB"}), "\"2GiB\" is above 1GiB");
}

TEST(parse_value, says_of_what_kind_a_value_is_not) {
  EXPECT_EQ(complaint("port", {"http"}), "\"http\" is not a whole number");
  EXPECT_EQ(complaint("session.ttl", {"30x"}), "\"30x\" is not a duration");
  EXPECT_EQ(complaint("stateless", {"maybe"}), "\"maybe\" is neither true nor false");
  EXPECT_EQ(complaint("log.format", {"xml"}), "\"xml\" is not one of the choices");
}

TEST(parse_value, knows_the_customary_words_for_on_and_off) {
  for (const auto* on : {"true", "on", "yes", "1"}) {
    EXPECT_EQ(parse_value(key("stateless"), {on}).value(), setting_value(true));
  }
  for (const auto* off : {"false", "off", "no", "0"}) {
    EXPECT_EQ(parse_value(key("stateless"), {off}).value(), setting_value(false));
  }
}

TEST(parse_value, refuses_lists_that_are_empty_double_or_hold_a_stranger) {
  EXPECT_EQ(complaint("providers", {}), "the list is empty");
  EXPECT_EQ(complaint("providers", {"demo", "demo"}), "\"demo\" stands in the list twice");
  EXPECT_EQ(complaint("providers", {"demo", "dmeo"}), "\"dmeo\" is not one of the choices");
  EXPECT_EQ(complaint("allowed-hosts", words(1001, "a")), "the list is too long");
  EXPECT_EQ(complaint("providers", {"demo", "conformance"}), "");
}

TEST(parse_value, refuses_bytes_that_are_not_utf8) {
  EXPECT_THAT(complaint("server.title", {"\xff"}), HasSubstr("is not UTF-8"));
  EXPECT_EQ(complaint("server.title", {"H\xc3\xbc"
                                       "drant"}),
            "");
}

TEST(parse_value, never_repeats_a_secret) {
  const auto text = complaint("redis-url", {"http://user:hunter2@host"});
  EXPECT_THAT(text, Not(HasSubstr("hunter2")));
  EXPECT_THAT(text, HasSubstr("not shown"));
}

TEST(parse_value, shows_long_and_unprintable_values_on_one_short_line) {
  const auto text = complaint("port", {"1\n\x1b[31m" + std::string(10'000, 'x')});
  EXPECT_LT(text.size(), 120U);
  EXPECT_THAT(text, Not(HasSubstr("\n")));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(words_of_json, takes_the_type_that_fits) {
  EXPECT_THAT(words_of_json(key("port"), json(80)).value(), ElementsAre("80"));
  EXPECT_THAT(words_of_json(key("session.ttl"), json(90)).value(), ElementsAre("90"));
  EXPECT_THAT(words_of_json(key("session.ttl"), json("90s")).value(), ElementsAre("90s"));
  EXPECT_THAT(words_of_json(key("stateless"), json(true)).value(), ElementsAre("true"));
  EXPECT_THAT(words_of_json(key("providers"), json({"demo", "conformance"})).value(),
              ElementsAre("demo", "conformance"));
  EXPECT_THAT(words_of_json(key("providers"), json("demo,conformance")).value(), ElementsAre("demo", "conformance"));
}

TEST(words_of_json, refuses_the_type_that_does_not_fit) {
  EXPECT_FALSE(words_of_json(key("port"), json("80")));
  EXPECT_FALSE(words_of_json(key("port"), json(80.5)));
  EXPECT_FALSE(words_of_json(key("host"), json(80)));
  EXPECT_FALSE(words_of_json(key("host"), json::array({"a"})));
  EXPECT_FALSE(words_of_json(key("stateless"), json("true")));
  EXPECT_FALSE(words_of_json(key("stateless"), json(1)));
  EXPECT_FALSE(words_of_json(key("providers"), json::array({1})));
  EXPECT_FALSE(words_of_json(key("log.level"), json(nullptr)));
}

TEST(json_of_value, is_read_back_as_the_same_value) {
  for (const auto& row : config_table()) {
    if (row.fallback_from == fallback_kind::computed) continue;
    const auto value = parse_value(row, split_words(row, row.fallback)).value();
    const auto back = words_of_json(row, json(json_of_value(row, value)));
    ASSERT_TRUE(back) << row.name << ": " << back.error().message;
    EXPECT_EQ(parse_value(row, *back).value(), value) << row.name;
  }
}

TEST(expectation, names_kind_and_bounds) {
  EXPECT_EQ(expectation(key("port")), "a whole number from 0 to 65535");
  EXPECT_EQ(expectation(key("session.ttl")), "a duration from 1s to 30d");
  EXPECT_EQ(expectation(key("limits.body-bytes-max")), "a byte count from 1KiB to 1GiB");
  EXPECT_EQ(expectation(key("log.format")), "one of text, json");
}

}  // namespace
}  // namespace hydrant::app

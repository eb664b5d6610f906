#include "protocol/mirrored_header.hpp"

#include "protocol/json.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace hydrant::protocol {
namespace {

TEST(mirrored_value, speaks_the_examples_of_the_specification) {
  const std::vector<std::pair<std::string, std::string>> examples = {
      {"us-west1", "us-west1"},
      {"Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?="},
      {" padded ", "=?base64?IHBhZGRlZCA=?="},
      {"line1\nline2", "=?base64?bGluZTEKbGluZTI=?="},
      {"=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="}};
  for (const auto& [text, header] : examples) {
    EXPECT_EQ(encode_mirrored_value(std::string_view(text)), header);
    EXPECT_EQ(decode_mirrored_value(header).value(), text);
  }
}

TEST(mirrored_value, loses_white_space_around_it) {
  EXPECT_EQ(decode_mirrored_value(" \t a b\t ").value(), "a b");
  EXPECT_EQ(decode_mirrored_value("  =?base64?SGVsbG8=?= ").value(), "Hello");
  EXPECT_EQ(decode_mirrored_value(" ").value(), "");
}

TEST(mirrored_value, is_literal_without_both_markers) {
  for (const char* value :
       {"SGVsbG8=", "=?base64?SGVsbG8=", "SGVsbG8=?=", "=?BASE64?SGVsbG8=?=", "=?base64?=", "=?base64?"})
    EXPECT_EQ(decode_mirrored_value(value).value(), value);
}

TEST(mirrored_value, may_encode_the_empty_text) {
  EXPECT_EQ(decode_mirrored_value("=?base64?"
                                  "?=")
                .value(),
            "");
}

TEST(mirrored_value, refuses_what_is_not_canonical_base64_of_utf8) {
  for (const char* value :
       {"=?base64?SGVsbG8?=", "=?base64?SGVs!!!bG8=?=", "=?base64?SGVsbG9=?=", "=?base64?/w==?=", "=?base64?7aCA?="}) {
    const auto decoded = decode_mirrored_value(value);
    ASSERT_FALSE(decoded) << value;
    EXPECT_EQ(decoded.error().kind, base::error_kind::header_mismatch);
  }
}

TEST(mirrored_value, refuses_characters_that_no_header_may_hold) {
  for (const std::string value : {"a\nb", "a\rb", "caf\xC3\xA9", "a\x7F", "a\x01", "=?base64?\x80?="})
    EXPECT_FALSE(decode_mirrored_value(value)) << value;
  EXPECT_FALSE(decode_mirrored_value(std::string_view("a\0b", 3)));
}

TEST(mirrored_value, encodes_primitive_body_values_only) {
  EXPECT_EQ(encode_mirrored_value(json("a b")), "a b");
  EXPECT_EQ(encode_mirrored_value(json(-7)), "-7");
  EXPECT_EQ(encode_mirrored_value(json(42.0)), "42");
  EXPECT_EQ(encode_mirrored_value(json(false)), "false");
  for (const json& value :
       {json(nullptr), json(1.5), json::array(), json::object(), json(9007199254740992), json(-9007199254740992)})
    EXPECT_EQ(encode_mirrored_value(value), std::nullopt) << value;
}

TEST(mirrored_match, compares_text_after_decoding_and_with_regard_to_case) {
  EXPECT_TRUE(matches("us-west1", json("us-west1")));
  EXPECT_TRUE(matches("  us-west1 ", json("us-west1")));
  EXPECT_TRUE(matches("=?base64?SGVsbG8=?=", json("Hello")));
  EXPECT_TRUE(matches("SGVsbG8=", json("SGVsbG8=")));
  EXPECT_TRUE(matches("=?base64?SGVsbG8=", json("=?base64?SGVsbG8=")));
  EXPECT_FALSE(matches("US-WEST1", json("us-west1")));
  EXPECT_FALSE(matches("=?base64?SGVsbG8=?=", json("=?base64?SGVsbG8=?=")));
  EXPECT_FALSE(matches("=?base64?SGVsbG8?=", json("Hello")));
  EXPECT_FALSE(matches("caf\xC3\xA9", json("caf\xC3\xA9")));
  EXPECT_FALSE(matches("42.0", json("42")));
}

TEST(mirrored_match, compares_integers_by_value) {
  for (const char* header : {"42", "42.0", "42.000", " 42 ", "=?base64?NDI=?="})
    EXPECT_TRUE(matches(header, json(42))) << header;
  EXPECT_TRUE(matches("42", json(42.0)));
  EXPECT_TRUE(matches("-7", json(-7)));
  EXPECT_TRUE(matches("-0", json(0)));
  EXPECT_TRUE(matches("9007199254740991", json(9007199254740991)));
  for (const char* header :
       {"43", "+42", "042", "42.", ".42", "42.5", "42.00000000000000000001", "4 2", "0x2A", "42a", "", "-", "true"})
    EXPECT_FALSE(matches(header, json(42))) << header;
}

TEST(mirrored_match, integers_beyond_the_safe_range_match_nothing) {
  EXPECT_FALSE(matches("9007199254740992", json(9007199254740992)));
  EXPECT_FALSE(matches("-9007199254740992", json(-9007199254740992)));
  EXPECT_FALSE(matches("18446744073709551615", json(18446744073709551615U)));
  EXPECT_FALSE(matches("99999999999999999999", json(1)));
}

TEST(mirrored_match, compares_booleans_as_lower_case_words) {
  EXPECT_TRUE(matches("true", json(true)));
  EXPECT_TRUE(matches("false", json(false)));
  for (const char* header : {"false", "True", "1", ""})
    EXPECT_FALSE(matches(header, json(true))) << header;
}

TEST(mirrored_match, what_cannot_be_mirrored_matches_nothing) {
  EXPECT_FALSE(matches("null", json(nullptr)));
  EXPECT_FALSE(matches("", json(nullptr)));
  EXPECT_FALSE(matches("1.5", json(1.5)));
  EXPECT_FALSE(matches("[]", json::array()));
  EXPECT_FALSE(matches("{}", json::object()));
}

}  // namespace
}  // namespace hydrant::protocol

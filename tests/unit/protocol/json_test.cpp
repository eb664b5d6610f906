#include "protocol/json.hpp"

#include <gtest/gtest.h>

namespace hydrant::protocol {
namespace {

constexpr const char* replacement = "\xEF\xBF\xBD";

TEST(json_string, quotes_plain_text) {
  EXPECT_EQ(json_string(""), R"("")");
  EXPECT_EQ(json_string("plain"), R"("plain")");
  EXPECT_EQ(json_string("grüß 🚀"), "\"grüß 🚀\"");
}

TEST(json_string, escapes_quotes_backslashes_and_the_named_controls) {
  EXPECT_EQ(json_string("\"\\\b\f\n\r\t"), R"("\"\\\b\f\n\r\t")");
  EXPECT_EQ(json_string("a\"b"), R"("a\"b")");
  EXPECT_EQ(json_string("/"), R"("/")");
}

TEST(json_string, reads_back_for_every_ascii_byte_in_every_place) {
  for (int byte = 0; byte < 0x80; ++byte) {
    const std::string one(1, static_cast<char>(byte));
    for (const std::string& text : {one, "x" + one, one + "x", one + one, "x" + one + "y" + one + "z"})
      EXPECT_EQ(json::parse(json_string(text)), text) << byte;
  }
}

TEST(json_string, writes_control_bytes_as_four_digits) {
  EXPECT_EQ(json_string(std::string_view("\0\x01\x1f\x7f", 4)), "\"\\u0000\\u0001\\u001f\x7f\"");
}

TEST(json_string, appends_to_what_is_there) {
  std::string out = "[";
  append_json_string(out, "a");
  append_json_string(out, "b");
  EXPECT_EQ(out, R"(["a""b")");
}

// A tool's mistake must not make a message that no client can parse.
TEST(json_string, replaces_what_is_not_utf8) {
  EXPECT_EQ(json_string("a\xFFz"), std::string("\"a") + replacement + "z\"");
  for (const char* text : {"\x80", "\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80", "ok\n\xE2\x82"}) {
    const auto written = json_string(text);
    EXPECT_TRUE(json::accept(written)) << written;
    EXPECT_NE(written.find(replacement), std::string::npos) << written;
  }
}

TEST(json_text, replaces_what_is_not_utf8) {
  EXPECT_EQ(to_text({{"a", "\xFF"}}), std::string(R"({"a":")") + replacement + "\"}");
}

TEST(json_text, has_sorted_members_and_no_spaces) {
  EXPECT_EQ(to_text(json::parse(R"({ "b" : [1, 2.5], "a" : null })")), R"({"a":null,"b":[1,2.5]})");
  std::string out = "x";
  append_text(out, true);
  EXPECT_EQ(out, "xtrue");
}

}  // namespace
}  // namespace hydrant::protocol

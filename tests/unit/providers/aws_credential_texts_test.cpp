#include "providers/opensearch/aws/credential_texts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace hydrant::providers::opensearch {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using testing::UnorderedElementsAre;

profile_entries in_credentials(std::string_view text, std::string_view name = "default") {
  return find_profile(text, name, profile_file::credentials).value_or(profile_entries{{"there is", "none"}});
}

TEST(aws_credential_profile, has_the_entries_of_its_section) {
  const char* text =
      "# mine\n[default]\naws_access_key_id = A\r\nAWS_SECRET_ACCESS_KEY=s/+=e#c;r==\n\n[ other "
      "]\naws_access_key_id=B\n";
  EXPECT_THAT(in_credentials(text),
              UnorderedElementsAre(Pair("aws_access_key_id", "A"), Pair("aws_secret_access_key", "s/+=e#c;r==")));
  EXPECT_THAT(in_credentials(text, "other"), UnorderedElementsAre(Pair("aws_access_key_id", "B")));
  EXPECT_FALSE(find_profile(text, "third", profile_file::credentials));
}

TEST(aws_credential_profile, may_have_comments_nested_settings_and_several_sections) {
  const char* text =
      "[default] # first\na = 1 # one\nb = 2 ; two\n;c = 3\ns3 =\n  d = 4\n\te = 5\nnonsense\n[x]\na = 9\n[default]\na "
      "= 6";
  EXPECT_THAT(in_credentials(text), UnorderedElementsAre(Pair("a", "6"), Pair("b", "2"), Pair("s3", "")));
}

TEST(aws_credential_profile, is_named_otherwise_in_the_config_file) {
  const char* text =
      "[default]\na=1\n[profile dev]\na=2\n[profile \"two words\"]\na=3\n[dev2]\na=4\n[profiledev3]\na=5\n";
  const auto value = [text](std::string_view name) {
    return find_profile(text, name, profile_file::config).value_or(profile_entries{})["a"];
  };
  EXPECT_EQ(value("default"), "1");
  EXPECT_EQ(value("dev"), "2");
  EXPECT_EQ(value("two words"), "3");
  EXPECT_EQ(value("dev2"), "");
  EXPECT_EQ(value("dev3"), "");
}

TEST(aws_credential_profile, survives_damaged_files) {
  for (const char* text : {"", "[", "[default", "]", "=\n[default]\n=", "[default]\n=x\n==", "\xEF\xBB\xBF[default]"})
    EXPECT_LE(in_credentials(text).size(), 1U) << text;
  EXPECT_TRUE(find_profile("\xEF\xBB\xBF[default]", "default", profile_file::credentials));
}

TEST(aws_credential_reply, holds_temporary_keys) {
  const auto keys = parse_credentials_reply(
      R"({"Code":"Success","AccessKeyId":"A","SecretAccessKey":"s","Token":"t","Expiration":"1970-01-02T00:00:01Z"})");
  ASSERT_TRUE(keys);
  EXPECT_EQ(*keys, (aws_credentials{"A", "s", "t", base::wall_time() + std::chrono::seconds(86401)}));
}

TEST(aws_credential_reply, that_is_none_is_refused_and_not_shown) {
  for (const char* text : {"", "hush", "[]", "{}", R"({"AccessKeyId":"hush"})", R"({"SecretAccessKey":"hush"})",
                           R"({"AccessKeyId":1,"SecretAccessKey":"hush"})",
                           R"({"AccessKeyId":"A","SecretAccessKey":"hush","Expiration":"hush"})",
                           R"({"Code":"hush","AccessKeyId":"A","SecretAccessKey":"hush"})"}) {
    const auto keys = parse_credentials_reply(text);
    ASSERT_TRUE(keys.has_error()) << text;
    EXPECT_EQ(keys.error().kind, base::error_kind::unavailable);
    EXPECT_THAT(keys.error().message + keys.error().detail, Not(HasSubstr("hush")));
  }
}

TEST(aws_credential_time, is_read_in_utc) {
  const auto seconds = [](std::string_view text) {
    const auto time = parse_utc_time(text);
    return time ? std::chrono::floor<std::chrono::seconds>(time->time_since_epoch()).count() : -1;
  };
  EXPECT_EQ(seconds("2015-08-30T12:36:00Z"), 1440938160);
  EXPECT_EQ(seconds("2024-02-29T23:59:59.123456Z"), 1709251199);
  EXPECT_EQ(seconds("9999-12-31T23:59:59Z"), 7258204799);  // the latest that is told apart from "never"
  for (const char* text :
       {"", "Z", "2015-08-30T12:36:00", "2015-08-30 12:36:00Z", "2015-02-29T12:36:00Z", "2015-13-01T00:00:00Z",
        "2015-08-30T24:00:00Z", "2015-08-30T12:36:00.Z", "2015-08-30T12:36:00+02:00", "2015-08-30T12:36:0xZ",
        "-015-08-30T12:36:00Z", "2015-08-30T12:36:00ZZ", "2015-08-30T-1:36:00Z", "1015-08-30T12:36:00Z",
        "0000-01-01T00:00:00Z"})
    EXPECT_FALSE(parse_utc_time(text)) << text;
}

}  // namespace
}  // namespace hydrant::providers::opensearch

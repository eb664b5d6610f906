#include "providers/opensearch/aws/sts_texts.hpp"
#include "tests/unit/providers/sts_replies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace hydrant::providers::opensearch {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string arn = "arn:aws:iam::123456789012:role/reader";

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i)
    all += text;
  return all;
}

/// In place of the AccessKeyId in an otherwise good reply.
std::string reply_with(const std::string& key_id) {
  return sts_reply("AssumeRole", key_id);
}

TEST(sts_reply_text, holds_temporary_keys) {
  for (const auto action : {sts_action::assume_role, sts_action::assume_role_with_web_identity}) {
    const auto keys = parse_sts_reply(action, sts_reply(std::string(name_of(action)), "A", "1970-01-02T00:00:01Z"));
    ASSERT_TRUE(keys);
    EXPECT_EQ(*keys,
              (aws_credentials{"A", "hush/of+role", "hush-token==", base::wall_time() + std::chrono::seconds(86401)}));
  }
}

TEST(sts_reply_text, that_is_none_is_refused_and_not_shown) {
  const std::string good = reply_with("A");
  std::vector<std::string> bad{"",
                               "hush",
                               "{\"hush\":1}",
                               "<",
                               "<hush>",
                               "</hush>",
                               "<hush/>",
                               "<hush a=",
                               "<AssumeRoleResponse/>",
                               sts_reply("AssumeRoleWithWebIdentity"),
                               sts_refusal("AccessDenied"),
                               reply_with(""),
                               reply_with("&#x110000;"),
                               sts_reply("AssumeRole", "A", ""),
                               sts_reply("AssumeRole", "A", "hush"),
                               sts_reply("AssumeRole", "A", "2030-01-01"),
                               good + std::string(1, '\0') + "<hush/>"};
  for (std::size_t size = 1; size < good.find("</AssumeRoleResponse>"); size += 7)
    bad.push_back(good.substr(0, size));
  for (const std::string& xml : bad) {
    const auto keys = parse_sts_reply(sts_action::assume_role, xml);
    ASSERT_TRUE(keys.has_error()) << xml;
    EXPECT_EQ(keys.error().kind, base::error_kind::unavailable);
    EXPECT_THAT(keys.error().message + keys.error().detail, Not(HasSubstr("hush")));
  }
}

TEST(sts_reply_text, is_refused_unparsed_if_it_is_meant_to_do_harm) {
  const auto why = [](const std::string& xml) {
    const auto keys = parse_sts_reply(sts_action::assume_role, xml);
    return keys ? "it was read" : keys.error().message;
  };
  const std::string good = reply_with("A");
  const auto unread = HasSubstr("no XML that can be read");
  EXPECT_THAT(why(repeated("<a>", 20'000)), unread);
  EXPECT_THAT(why(repeated("<a>", 150) + repeated("</a>", 150)), unread) << "deeper than any reply";
  EXPECT_THAT(why(good + "<x>" + repeated("</x><x>", 150) + "</x>"), unread) << "more than any reply has";
  EXPECT_THAT(why(good + std::string(sts_reply_bytes_max, ' ')), unread);
  EXPECT_THAT(why("<!DOCTYPE a [<!ENTITY b \"A\">]>" + reply_with("&b;")), unread);
  EXPECT_THAT(why("<!DOCTYPE a SYSTEM \"file:///etc/passwd\">" + good), unread);
  EXPECT_THAT(why("<!--" + repeated("<a>", 10) + "-->" + good), unread);
  EXPECT_THAT(why(reply_with("<![CDATA[A]]>")), unread);
}

TEST(sts_reply_text, knows_no_entities_but_those_of_xml) {
  const auto keys = parse_sts_reply(sts_action::assume_role, reply_with("&amp;&#65;&b;"));
  ASSERT_TRUE(keys);
  EXPECT_EQ(keys->access_key_id, "&A&b;");
}

TEST(sts_error, has_a_code) {
  EXPECT_EQ(sts_error_code(sts_refusal("ExpiredTokenException")), "ExpiredTokenException");
  EXPECT_THAT(std::string(sts_advice("ExpiredTokenException")), HasSubstr("expired"));
  EXPECT_EQ(sts_advice("SomethingNew"), "");
}

TEST(sts_error, code_that_may_be_a_secret_is_not_shown) {
  for (const std::string& code : {std::string("wJalrXUtnFEMI/K7"), std::string("AKIA1234"), std::string("two words"),
                                  std::string("a\nb"), std::string(65, 'a'), std::string("&lt;b&gt;"), std::string()})
    EXPECT_EQ(sts_error_code(sts_refusal(code)), "") << code;
  for (const std::string& xml : {std::string("hush"), repeated("<a>", 20'000), sts_reply("AssumeRole"), std::string()})
    EXPECT_EQ(sts_error_code(xml), "");
}

TEST(sts_role_arn, has_a_form) {
  for (const char* good : {"arn:aws:iam::123456789012:role/reader", "arn:aws-cn:iam::123456789012:role/a/path/r@x+=,._",
                           "arn:aws-us-gov:iam::123456789012:role/r"})
    EXPECT_TRUE(is_role_arn(good)) << good;
  for (const std::string& bad :
       {std::string(), std::string("reader"), std::string("arn:aws:iam::123456789012:user/reader"),
        std::string("arn:aws:iam::12345678901:role/reader"), std::string("arn:aws:iam::12345678901x:role/reader"),
        std::string("arn:aws:iam::123456789012:role/"), std::string("arn:aws:iam::123456789012:role/a/"),
        std::string("arn:aws:iam:eu:123456789012:role/a"), std::string("arn:aws:sts::123456789012:role/a"),
        std::string("arn:gcp:iam::123456789012:role/a"), std::string(" arn:aws:iam::123456789012:role/a"),
        std::string("arn:aws:iam::123456789012:role/a b"), std::string("arn:aws:iam::123456789012:role/a\r\n"),
        "arn:aws:iam::123456789012:role/" + std::string(2048, 'a')})
    EXPECT_FALSE(is_role_arn(bad)) << bad;
}

TEST(sts_role_request, is_checked) {
  EXPECT_FALSE(wrong_with({arn, "", ""}));
  EXPECT_FALSE(wrong_with({arn, "ann@example.com", "a:b/c-1"}));
  EXPECT_TRUE(wrong_with({"reader", "", ""}));
  for (const std::string& name : {std::string("a"), std::string("a b"), std::string("a/b"), std::string(65, 'a')})
    EXPECT_TRUE(wrong_with({arn, name, ""})) << name;
  for (const std::string& id : {std::string("a"), std::string("a b"), std::string("a&b"), std::string(1225, 'a')})
    EXPECT_TRUE(wrong_with({arn, "", id})) << id;
}

TEST(sts_role_request, is_a_form) {
  const std::string encoded = "arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Freader";
  EXPECT_EQ(sts_form(sts_action::assume_role, {arn, "", ""}, ""),
            "Action=AssumeRole&Version=2011-06-15&RoleArn=" + encoded + "&RoleSessionName=hydrant");
  EXPECT_EQ(sts_form(sts_action::assume_role, {arn, "a=b", "x:1"}, ""),
            "Action=AssumeRole&Version=2011-06-15&RoleArn=" + encoded + "&RoleSessionName=a%3Db&ExternalId=x%3A1");
  EXPECT_EQ(sts_form(sts_action::assume_role_with_web_identity, {arn, "", ""}, "t&+ "),
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=" + encoded +
                "&RoleSessionName=hydrant&WebIdentityToken=t%26%2B%20");
}

TEST(sts_region, may_stand_in_a_hosts_name) {
  for (const char* good : {"eu-central-1", "cn-north-1", "us-gov-west-1"})
    EXPECT_TRUE(is_aws_region(good)) << good;
  for (const std::string& bad : {std::string(), std::string("eu.evil.test/"), std::string("-eu"), std::string("eu-"),
                                 std::string("eu central"), std::string("eu@x"), std::string(64, 'a')})
    EXPECT_FALSE(is_aws_region(bad)) << bad;
}

}  // namespace
}  // namespace hydrant::providers::opensearch

#include "providers/opensearch/aws/credentials.hpp"
#include "providers/opensearch/aws/sigv4.hpp"
#include "providers/opensearch/aws/sts_texts.hpp"
#include "tests/unit/providers/sts_scene.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace hydrant::providers::opensearch {
namespace {

using std::chrono::minutes;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

TEST_F(aws_sts_keys, are_given_for_a_web_identity_without_a_signature) {
  has_web_identity();
  const auto keys = found();
  ASSERT_TRUE(keys) << why_not();
  EXPECT_EQ(keys->source, key_source::web_identity);
  EXPECT_EQ(keys->keys.session_token, "hush-token==");
  EXPECT_TRUE(keys->keys.expires);
  EXPECT_EQ(last().method, "POST");
  EXPECT_EQ(last().url, frankfurt);
  EXPECT_EQ(last().body,
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&"
            "RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Freader&RoleSessionName=hydrant&"
            "WebIdentityToken=hush.j%2Bw%2Ft");
  EXPECT_EQ(header(last(), "Content-Type"), "application/x-www-form-urlencoded; charset=utf-8");
  EXPECT_EQ(header(last(), "Authorization"), "none");
  EXPECT_FALSE(last().direct) << "it may go through a proxy";
  EXPECT_FALSE(last().tls) << "the system's trust";
  EXPECT_LE(last().body_bytes_max, sts_reply_bytes_max);
}

TEST_F(aws_sts_keys, of_a_web_identity_stand_between_the_environment_and_profiles) {
  has_web_identity();
  settings_.environment["AWS_ROLE_SESSION_NAME"] = "pod-7";
  profile("aws_access_key_id=P\naws_secret_access_key=hush\n");
  EXPECT_EQ(key_id(), "ASIA1");
  EXPECT_THAT(last().body, HasSubstr("RoleSessionName=pod-7"));
  environment_has_keys();
  EXPECT_EQ(key_id(), "E");
  settings_.profile = "default";
  EXPECT_EQ(key_id(), "P") << "a profile of the settings stands before the environment";
}

TEST_F(aws_sts_keys, are_asked_for_with_the_token_that_the_file_has_now) {
  has_web_identity();
  endpoints_.replies["POST " + frankfurt].second =
      sts_reply("AssumeRoleWithWebIdentity", "ASIA1", "2019-12-20T01:00:00Z");
  aws_credentials_source source(settings_, endpoints_.sender(), clock_);
  EXPECT_EQ(run_now(source.get())->access_key_id, "ASIA1");
  files_.texts["/var/token"] = "hush2";
  endpoints_.replies["POST " + frankfurt].second =
      sts_reply("AssumeRoleWithWebIdentity", "ASIA2", "2019-12-20T02:00:00Z");
  clock_.advance(minutes(55) - std::chrono::seconds(1));
  EXPECT_EQ(run_now(source.get())->access_key_id, "ASIA1");
  clock_.advance(std::chrono::seconds(1));
  EXPECT_EQ(run_now(source.get())->access_key_id, "ASIA2") << "five minutes before the first ones expire";
  EXPECT_THAT(last().body, HasSubstr("WebIdentityToken=hush2"));
}

TEST_F(aws_sts_keys, are_not_found_with_half_a_web_identity) {
  has_web_identity();
  settings_.environment.erase("AWS_ROLE_ARN");
  EXPECT_THAT(why_not(), HasSubstr("AWS_WEB_IDENTITY_TOKEN_FILE is set without AWS_ROLE_ARN"));
  settings_.environment["AWS_ROLE_ARN"] = "reader";
  EXPECT_THAT(why_not(), HasSubstr("ARN is not of the form"));
  settings_.environment["AWS_ROLE_ARN"] = arn;
  settings_.environment["AWS_ROLE_SESSION_NAME"] = "hush hush";
  EXPECT_THAT(why_not(), HasSubstr("session name"));
  settings_.environment.erase("AWS_ROLE_SESSION_NAME");
  for (const std::string& token : {std::string("\n"), std::string("hush hush"), std::string("hush\r\nX: 1"),
                                   std::string("hush\xc3\xa4"), "hush" + std::string(20'000, 'a')}) {
    files_.texts["/var/token"] = token;
    EXPECT_THAT(why_not(), HasSubstr("the web identity token is empty or too long"));
  }
  files_.texts.erase("/var/token");
  EXPECT_THAT(why_not(), AllOf(HasSubstr("cannot be read"), HasSubstr("/var/token")));
  EXPECT_TRUE(endpoints_.asked.empty());
}

TEST_F(aws_sts_keys, of_the_role_in_the_settings_are_asked_for_with_what_is_found) {
  environment_has_keys();
  settings_.environment["AWS_SESSION_TOKEN"] = "hush-session";
  settings_.role_arn = arn;
  answers("AssumeRole");
  const auto keys = found();
  ASSERT_TRUE(keys) << why_not();
  EXPECT_EQ(keys->keys.access_key_id, "ASIA1");
  EXPECT_EQ(last().url, frankfurt);
  EXPECT_EQ(last().body,
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Freader&"
            "RoleSessionName=hydrant");
  EXPECT_EQ(header(last(), "X-Amz-Security-Token"), "hush-session");
  EXPECT_EQ(header(last(), "X-Amz-Content-SHA256"), sha256_hex(last().body));
}

TEST_F(aws_sts_keys, are_asked_for_with_a_signature_for_sts) {
  environment_has_keys();
  settings_.role_arn = arn;
  answers("AssumeRole");
  ASSERT_EQ(key_id(), "ASIA1");
  const net::header_list type = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
  const sigv4_request signed_part{.method = "POST",
                                  .host = "sts.eu-central-1.amazonaws.com",
                                  .path = "/",
                                  .query = "",
                                  .headers = type,
                                  .body = last().body};
  const auto expected =
      sign_sigv4(signed_part, {"E", "hush", "", std::nullopt}, {"eu-central-1", "sts"}, clock_.wall_now());
  EXPECT_EQ(header(last(), "Authorization"), expected.back().second);
  EXPECT_THAT(header(last(), "Authorization"),
              AllOf(HasSubstr("Credential=E/"), HasSubstr("/eu-central-1/sts/aws4_request")));
}

TEST_F(aws_sts_keys, of_a_web_identity_may_assume_a_further_role) {
  has_web_identity();
  settings_.role_arn = "arn:aws:iam::210987654321:role/other";
  EXPECT_THAT(why_not(), HasSubstr("AssumeRole of AWS STS: the reply has no credentials")) << "both get the same reply";
  ASSERT_EQ(endpoints_.asked.size(), 2U);
  EXPECT_THAT(header(endpoints_.asked[1], "Authorization"), HasSubstr("Credential=ASIA1/"));
  EXPECT_THAT(endpoints_.asked[1].body, HasSubstr("210987654321"));
}

TEST_F(aws_sts_keys, are_not_asked_for_without_keys_or_with_a_role_of_bad_form) {
  settings_.role_arn = arn;
  EXPECT_THAT(why_not(), StartsWith("there are no AWS credentials to sign requests with: set AWS_ACCESS_KEY_ID"));
  environment_has_keys();
  settings_.role_arn = "arn:aws:iam::1:role/reader";
  EXPECT_THAT(why_not(), HasSubstr("ARN is not of the form"));
  settings_.role_arn = arn;
  settings_.environment["AWS_SESSION_TOKEN"] = "hush\r\nX-Other: 1";
  EXPECT_THAT(why_not(), HasSubstr("has a character that no key has"));
  EXPECT_TRUE(endpoints_.asked.empty());
}

TEST_F(aws_sts_keys, are_asked_for_in_the_region_of_the_cluster) {
  environment_has_keys();
  settings_.role_arn = "arn:aws-cn:iam::123456789012:role/reader";
  settings_.region = "cn-north-1";
  answers("AssumeRole", "https://sts.cn-north-1.amazonaws.com.cn/");
  EXPECT_EQ(key_id(), "ASIA1");
  for (const char* bad : {"", "eu.evil.test/", "eu@evil.test"}) {
    settings_.region = bad;
    EXPECT_THAT(why_not(), HasSubstr("no region's name")) << bad;
  }
  EXPECT_EQ(endpoints_.asked.size(), 1U);
}

TEST_F(aws_sts_keys, are_asked_for_where_the_environment_says) {
  environment_has_keys();
  settings_.role_arn = arn;
  settings_.environment["AWS_ENDPOINT_URL_STS"] = "http://localhost:4566";
  answers("AssumeRole", "http://localhost:4566/");
  EXPECT_EQ(key_id(), "ASIA1");
  EXPECT_TRUE(last().direct) << "without TLS nothing goes through a proxy";
  settings_.environment["AWS_ENDPOINT_URL_STS"] = "https://vpce.example:443/sts/";
  answers("AssumeRole", "https://vpce.example:443/sts", "ASIA2");
  EXPECT_EQ(key_id(), "ASIA2");
  EXPECT_FALSE(last().direct);
}

TEST_F(aws_sts_keys, are_asked_for_at_no_endpoint_that_others_can_listen_to) {
  has_web_identity();
  for (const char* url : {"http://sts.example/", "sts.example", "ftp://127.0.0.1/", "https://", "https://a@b/",
                          "http://127.0.0.1.example/", "https://sts.example/?x=y", "https://sts.example/ x"}) {
    settings_.environment["AWS_ENDPOINT_URL_STS"] = url;
    EXPECT_THAT(why_not(), HasSubstr("AWS_ENDPOINT_URL_STS is neither an https URL")) << url;
  }
  EXPECT_TRUE(endpoints_.asked.empty());
}

TEST_F(aws_sts_keys, that_are_refused_are_told_by_the_error_code) {
  has_web_identity();
  auto& reply = endpoints_.replies["POST " + frankfurt];
  reply = {400, sts_refusal("ExpiredTokenException")};
  EXPECT_THAT(why_not(), StartsWith("there are no AWS credentials to sign requests with: AssumeRoleWithWebIdentity of "
                                    "AWS STS answered with status 400, ExpiredTokenException: the web identity token"));
  reply = {403, sts_refusal("AccessDenied")};
  EXPECT_THAT(why_not(), HasSubstr("status 403, AccessDenied: the role's trust policy"));
  reply = {400, sts_refusal("hush.j+w/t")};
  EXPECT_THAT(why_not(), HasSubstr("answered with status 400 |"));
  reply = {503, "hush"};
  EXPECT_THAT(why_not(), HasSubstr("answered with status 503 |"));
  reply = {200, "hush"};
  EXPECT_THAT(why_not(), HasSubstr("no XML that can be read"));
  for (const char* id : {"A&#0;", "A&#10;X-Other: 1", "A&#233;"}) {
    reply = {200, sts_reply("AssumeRoleWithWebIdentity", id)};
    EXPECT_THAT(why_not(), HasSubstr("has a character that no key has")) << id;
  }
  endpoints_.replies.clear();
  EXPECT_THAT(why_not(), HasSubstr("AssumeRoleWithWebIdentity of AWS STS: no connection"));
}

}  // namespace
}  // namespace hydrant::providers::opensearch

#include "providers/opensearch/aws/credential_chain.hpp"
#include "providers/opensearch/aws/credential_endpoints.hpp"
#include "tests/unit/providers/fake_sender.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace hydrant::providers::opensearch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

constexpr const char* reply =
    R"({"AccessKeyId":"R","SecretAccessKey":"hush","Token":"t","Expiration":"2030-01-01T00:00:00Z"})";
const std::string metadata = "http://169.254.169.254/latest/";

class aws_credential_chain : public testing::Test {
 protected:
  aws_credential_chain() {
    settings_.read_file = files_.reader();
    settings_.home = "/home/ann";
  }

  base::result<found_credentials> found() {
    const net::http_sender send = endpoints_.sender();
    return run_now(find_aws_credentials(settings_, send, clock_));
  }

  std::string key_id() {
    const auto keys = found();
    return keys ? keys->keys.access_key_id : "failed: " + keys.error().detail;
  }

  /// What was tried in vain. It shows none of the secrets of these tests, which all begin with "hush".
  std::string why_not() {
    const auto keys = found();
    if (keys) return "found " + keys->keys.access_key_id;
    EXPECT_EQ(keys.error().kind, base::error_kind::unavailable);
    EXPECT_THAT(keys.error().message, HasSubstr("set AWS_ACCESS_KEY_ID"));
    EXPECT_THAT(keys.error().message + keys.error().detail, Not(HasSubstr("hush")));
    return keys.error().detail;
  }

  void environment_has_keys() {
    settings_.environment["AWS_ACCESS_KEY_ID"] = "E";
    settings_.environment["AWS_SECRET_ACCESS_KEY"] = "hush";
  }
  void files_have_keys() {
    files_.texts["/home/ann/.aws/credentials"] =
        "[default]\naws_access_key_id=P\naws_secret_access_key=hush\naws_session_token=hush2\n"
        "[dev]\naws_access_key_id=D\naws_secret_access_key=hush\n[half]\naws_access_key_id=H\n";
    files_.texts["/home/ann/.aws/config"] =
        "[profile dev]\nregion=x\naws_access_key_id=C\naws_secret_access_key=hush\n[profile sso]\nsso_session=s\n"
        "[profile plain]\nregion=x\n[profile conf]\naws_access_key_id=C\naws_secret_access_key=hush\n";
  }
  void container_has_keys() {
    settings_.environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/x";
    endpoints_.replies["GET http://169.254.170.2/v2/x"] = {200, reply};
  }
  void instance_has_keys(const std::string& base = metadata) {
    endpoints_.replies["PUT " + base + "api/token"] = {200, "session"};
    endpoints_.replies["GET " + base + "meta-data/iam/security-credentials/"] = {200, "role-1\n"};
    endpoints_.replies["GET " + base + "meta-data/iam/security-credentials/role-1"] = {200, reply};
  }

  fake_files files_;
  fake_endpoints endpoints_;
  base::manual_clock clock_;
  aws_credentials_settings settings_;
};

TEST_F(aws_credential_chain, goes_from_the_settings_to_the_instance) {
  settings_.keys = aws_credentials{"S", "hush", "", std::nullopt};
  environment_has_keys();
  files_have_keys();
  container_has_keys();
  instance_has_keys();
  EXPECT_EQ(found()->source, key_source::settings);
  settings_.keys.reset();
  EXPECT_EQ(found()->source, key_source::environment);
  settings_.environment.erase("AWS_ACCESS_KEY_ID");
  settings_.environment.erase("AWS_SECRET_ACCESS_KEY");
  EXPECT_EQ(found()->source, key_source::profile);
  EXPECT_TRUE(endpoints_.asked.empty());
  files_.texts.clear();
  EXPECT_EQ(found()->source, key_source::container);
  settings_.environment.clear();
  EXPECT_EQ(found()->source, key_source::instance);
}

TEST_F(aws_credential_chain, says_what_was_tried) {
  EXPECT_THAT(why_not(), AllOf(HasSubstr("no keys in the settings"), HasSubstr("no AWS_ACCESS_KEY_ID"),
                               HasSubstr("profile \"default\""), HasSubstr("/home/ann/.aws/credentials"),
                               HasSubstr("no container's endpoint"), HasSubstr("metadata service")));
}

TEST_F(aws_credential_chain, takes_a_session_token_from_the_environment) {
  environment_has_keys();
  settings_.environment["AWS_SESSION_TOKEN"] = "t";
  EXPECT_EQ(found()->keys, (aws_credentials{"E", "hush", "t", std::nullopt}));
}

TEST_F(aws_credential_chain, stops_at_half_a_key) {
  instance_has_keys();
  settings_.environment["AWS_SECRET_ACCESS_KEY"] = "hush";
  EXPECT_THAT(why_not(), HasSubstr("the environment has a secret access key without"));
  settings_.environment = {{"AWS_ACCESS_KEY_ID", "E"}};
  EXPECT_THAT(why_not(), HasSubstr("the environment has an access key id without"));
  files_have_keys();
  settings_.environment = {{"AWS_PROFILE", "half"}};
  EXPECT_THAT(why_not(), HasSubstr("profile \"half\""));
}

TEST_F(aws_credential_chain, refuses_what_would_break_a_header) {
  environment_has_keys();
  settings_.environment["AWS_SESSION_TOKEN"] = "hush\r\nX-Other: 1";
  EXPECT_THAT(why_not(), HasSubstr("has a character that no key has"));
}

TEST_F(aws_credential_chain, finds_the_profile_that_is_named) {
  files_have_keys();
  EXPECT_EQ(key_id(), "P");
  settings_.environment["AWS_PROFILE"] = "dev";
  EXPECT_EQ(key_id(), "D") << "keys in the credentials file come before those in the config file";
  settings_.environment["AWS_PROFILE"] = "conf";
  EXPECT_EQ(key_id(), "C");
  environment_has_keys();
  EXPECT_EQ(key_id(), "E") << "keys in the environment come before AWS_PROFILE";
  settings_.profile = "dev";
  EXPECT_EQ(key_id(), "D") << "and after a profile of the settings";
}

TEST_F(aws_credential_chain, takes_a_named_profile_at_its_word) {
  files_have_keys();
  instance_has_keys();
  settings_.environment["AWS_PROFILE"] = "nobody";
  EXPECT_THAT(why_not(), HasSubstr("profile \"nobody\" (/home/ann/.aws/credentials, /home/ann/.aws/config) does not"));
  settings_.environment["AWS_PROFILE"] = "sso";
  EXPECT_THAT(why_not(), HasSubstr("sso_session, which is not supported"));
  settings_.environment["AWS_PROFILE"] = "plain";
  EXPECT_EQ(key_id(), "R") << "a profile with nothing but a region leaves the keys to the places after it";
  settings_.profile = "plain";
  EXPECT_THAT(why_not(), HasSubstr("has no keys"));
}

TEST_F(aws_credential_chain, finds_the_files_where_the_environment_says) {
  files_have_keys();
  files_.texts["/etc/keys"] = "[default]\naws_access_key_id=K\naws_secret_access_key=hush\n";
  files_.texts["/home/ann/conf"] = "[default]\naws_access_key_id=L\naws_secret_access_key=hush\n";
  settings_.environment["AWS_SHARED_CREDENTIALS_FILE"] = "/etc/keys";
  EXPECT_EQ(key_id(), "K");
  settings_.environment["AWS_SHARED_CREDENTIALS_FILE"] = "/nowhere";
  settings_.environment["AWS_CONFIG_FILE"] = "~/conf";
  EXPECT_EQ(key_id(), "L");
}

TEST_F(aws_credential_chain, asks_a_container_with_its_token) {
  settings_.environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://169.254.170.23/v1/credentials";
  settings_.environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "Basic hush";
  endpoints_.replies["GET http://169.254.170.23/v1/credentials"] = {200, reply};
  EXPECT_TRUE(found()->keys.expires);
  EXPECT_TRUE(endpoints_.asked[0].direct);
  EXPECT_THAT(endpoints_.asked[0].headers, ElementsAre(Pair("Authorization", "Basic hush")));
  settings_.environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = "/token";
  EXPECT_THAT(why_not(), HasSubstr("/token"));
  files_.texts["/token"] = "from-file\n";
  EXPECT_EQ(key_id(), "R");
  EXPECT_THAT(endpoints_.asked[1].headers, ElementsAre(Pair("Authorization", "from-file")));
  files_.texts["/token"] = "hush\r\nX-Other: 1";
  EXPECT_THAT(why_not(), HasSubstr("authorization token"));
}

TEST_F(aws_credential_chain, says_how_a_container_failed) {
  container_has_keys();
  auto& answer = endpoints_.replies["GET http://169.254.170.2/v2/x"];
  answer = {500, "hush"};
  EXPECT_THAT(why_not(), HasSubstr("status 500"));
  answer = {200, "hush"};
  EXPECT_THAT(why_not(), HasSubstr("no JSON object"));
  settings_.environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "@elsewhere/v2/x";
  EXPECT_THAT(why_not(), HasSubstr("begin with a slash"));
  settings_.environment.clear();
  settings_.environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://elsewhere/";
  EXPECT_THAT(why_not(), HasSubstr("neither https"));
}

TEST_F(aws_credential_chain, asks_an_instance_in_a_session) {
  instance_has_keys();
  EXPECT_EQ(key_id(), "R");
  ASSERT_EQ(endpoints_.asked.size(), 3U);
  EXPECT_THAT(endpoints_.asked[0].headers, ElementsAre(Pair("X-aws-ec2-metadata-token-ttl-seconds", "300")));
  for (const int i : {1, 2})
    EXPECT_THAT(endpoints_.asked[i].headers, ElementsAre(Pair("X-aws-ec2-metadata-token", "session")));
  for (const auto& request : endpoints_.asked)
    EXPECT_TRUE(request.direct && request.timeout <= std::chrono::seconds(5));
}

TEST_F(aws_credential_chain, asks_the_instance_that_the_environment_names_or_none) {
  instance_has_keys("http://[fd00:ec2::254]/latest/");
  settings_.environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://[fd00:ec2::254]/";
  EXPECT_EQ(key_id(), "R");
  endpoints_.asked.clear();
  settings_.environment["AWS_EC2_METADATA_DISABLED"] = "True";
  EXPECT_THAT(why_not(), HasSubstr("AWS_EC2_METADATA_DISABLED"));
  EXPECT_TRUE(endpoints_.asked.empty());
}

TEST_F(aws_credential_chain, says_how_an_instance_failed) {
  instance_has_keys();
  auto& session = endpoints_.replies["PUT " + metadata + "api/token"];
  session = {403, "hush"};
  EXPECT_THAT(why_not(), HasSubstr("status 403"));
  session = {200, "hush\r\nX: 1"};
  EXPECT_THAT(why_not(), HasSubstr("it gave none"));
  session = {200, "session"};
  auto& role = endpoints_.replies["GET " + metadata + "meta-data/iam/security-credentials/"];
  role = {404, ""};
  EXPECT_THAT(why_not(), HasSubstr("has no role"));
  role = {200, "../../hush"};
  EXPECT_THAT(why_not(), HasSubstr("names no role"));
  role = {200, "role-1"};
  endpoints_.replies["GET " + metadata + "meta-data/iam/security-credentials/role-1"] = {200, R"({"Code":"hush"})"};
  EXPECT_THAT(why_not(), HasSubstr("there are no credentials"));
}

TEST(aws_credential_endpoint, is_encrypted_or_near) {
  for (const char* url : {"https://any.example/x", "https://any.example:8443", "http://127.0.0.1/",
                          "http://127.9.9.9:80", "http://localhost:51679/get", "http://[::1]/", "http://[::1]:8080/x?y",
                          "http://169.254.170.2", "http://169.254.170.23/v1", "http://[fd00:ec2::23]/v1"})
    EXPECT_TRUE(may_give_credentials(url)) << url;
  for (const char* url : {"",
                          "http://",
                          "https://",
                          "ftp://127.0.0.1/",
                          "http://any.example/",
                          "http://127.0.0.1.example/",
                          "http://127.0.0.1@any.example/",
                          "http://any.example#@127.0.0.1/",
                          "http://127.0.0.1\\@any.example/",
                          "http://any.example\\.127.0.0.1/",
                          "http://127.0.0.1:80@any.example/",
                          "http://[::1]any.example/",
                          "http://[::1].any.example/",
                          "http://[::1/",
                          "http://169.254.169.254/",
                          "http://127.0.0.1:8o/",
                          "http://0.0.0.0/",
                          "http://10.0.0.1/",
                          "http://127.0.0.1 /",
                          "http://127.0.0.1/\r\nX: 1",
                          "http://2130706433/",
                          "http://localhost.example/",
                          "http://[fd00:ec2::24]/",
                          "http://:80/",
                          "//127.0.0.1/"})
    EXPECT_FALSE(may_give_credentials(url)) << url;
}

}  // namespace
}  // namespace hydrant::providers::opensearch

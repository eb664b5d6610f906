#include "tests/unit/providers/sts_scene.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace hydrant::providers::opensearch {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// Keys of roles that a profile asks for.
class aws_sts_profile : public aws_sts_keys {};

TEST_F(aws_sts_profile, keys_are_asked_for_with_its_source_profile) {
  answers("AssumeRole");
  files_.texts["/home/ann/.aws/credentials"] =
      "[base]\naws_access_key_id=B\naws_secret_access_key=hush\n[half]\naws_access_key_id=H\n";
  const std::string role = "role_arn=" + arn + "\n";
  profile(role + "source_profile=base\nexternal_id=x:7\nrole_session_name=ann\n");
  EXPECT_EQ(found()->source, key_source::profile);
  EXPECT_THAT(last().body, AllOf(HasSubstr("RoleSessionName=ann"), HasSubstr("ExternalId=x%3A7")));
  EXPECT_THAT(header(last(), "Authorization"), HasSubstr("Credential=B/"));
  profile(role + "source_profile=default\naws_access_key_id=P\naws_secret_access_key=hush\n");
  EXPECT_EQ(key_id(), "ASIA1") << "a role stands before the keys beside it, and these may be what it is asked for with";
  EXPECT_THAT(header(last(), "Authorization"), HasSubstr("Credential=P/"));
  endpoints_.asked.clear();
  profile(role + "source_profile=nobody\n");
  EXPECT_THAT(why_not(), HasSubstr("source_profile \"nobody\" of profile \"default\""));
  profile(role + "source_profile=half\n");
  EXPECT_THAT(why_not(), HasSubstr("profile \"half\""));
  profile(role + "source_profile=two\n[profile two]\nrole_arn=" + arn + "\nsource_profile=base\n");
  EXPECT_THAT(why_not(), HasSubstr("one that asks for a role itself is not supported"));
  EXPECT_TRUE(endpoints_.asked.empty());
}

TEST_F(aws_sts_profile, keys_are_asked_for_with_keys_of_a_place) {
  answers("AssumeRole");
  settings_.profile = "default";
  const std::string role = "role_arn=" + arn + "\ncredential_source=";
  profile(role + "Environment\n");
  EXPECT_THAT(why_not(), HasSubstr("no AWS_ACCESS_KEY_ID in the environment, for a profile's role"));
  environment_has_keys();
  EXPECT_EQ(key_id(), "ASIA1");
  EXPECT_THAT(header(last(), "Authorization"), HasSubstr("Credential=E/"));
  profile(role + "EcsContainer\n");
  EXPECT_THAT(why_not(), HasSubstr("no container's endpoint is named"));
  settings_.environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/x";
  endpoints_.replies["GET http://169.254.170.2/v2/x"] = {200, R"({"AccessKeyId":"C","SecretAccessKey":"hush"})"};
  EXPECT_EQ(key_id(), "ASIA1");
  EXPECT_THAT(header(last(), "Authorization"), HasSubstr("Credential=C/"));
  profile(role + "Ec2InstanceMetadata\n");
  EXPECT_THAT(why_not(), HasSubstr("AWS_EC2_METADATA_DISABLED"));
  profile(role + "Elsewhere\n");
  EXPECT_THAT(why_not(), HasSubstr("credential_source is none of Environment"));
}

TEST_F(aws_sts_profile, keys_are_asked_for_with_its_web_identity) {
  answers("AssumeRoleWithWebIdentity");
  files_.texts["/home/ann/token"] = "hush.jwt";
  profile("role_arn=" + arn + "\nweb_identity_token_file=~/token\n");
  EXPECT_EQ(found()->source, key_source::profile);
  EXPECT_THAT(last().body, HasSubstr("WebIdentityToken=hush.jwt"));
  EXPECT_EQ(header(last(), "Authorization"), "none");
}

TEST_F(aws_sts_profile, keys_need_to_be_described_as_a_whole) {
  const std::string role = "role_arn=" + arn + "\n";
  for (const std::string& lines : {role, role + "source_profile=a\ncredential_source=Environment\n",
                                   role + "source_profile=a\nweb_identity_token_file=/t\n",
                                   role + "aws_access_key_id=A\naws_secret_access_key=hush"}) {
    profile(lines);
    EXPECT_THAT(why_not(), HasSubstr("needs one of source_profile, credential_source and web_identity_token_file"));
  }
  profile("web_identity_token_file=/t\n");
  EXPECT_THAT(why_not(), HasSubstr("ARN is not of the form"));
  profile(role + "source_profile=a\nmfa_serial=1\n");
  EXPECT_THAT(why_not(), HasSubstr("mfa_serial, which is not supported"));
  profile(role + "source_profile=a\nexternal_id=a b\n");
  EXPECT_THAT(why_not(), HasSubstr("external id"));
  EXPECT_TRUE(endpoints_.asked.empty());
}

}  // namespace
}  // namespace hydrant::providers::opensearch

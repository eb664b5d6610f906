#pragma once

// A search for keys whose STS answers from a table.

#include "providers/opensearch/aws/sts_texts.hpp"
#include "tests/unit/providers/fake_sender.hpp"
#include "tests/unit/providers/sts_replies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace hydrant::providers::opensearch {

inline const std::string arn = "arn:aws:iam::123456789012:role/reader";
inline const std::string frankfurt = "https://sts.eu-central-1.amazonaws.com/";

/// Keys of roles. All secrets of these tests begin with "hush".
class aws_sts_keys : public testing::Test {
 protected:
  aws_sts_keys() {
    settings_.read_file = files_.reader();
    settings_.home = "/home/ann";
    settings_.region = "eu-central-1";
    settings_.environment["AWS_EC2_METADATA_DISABLED"] = "true";
  }

  base::result<found_credentials> found() {
    const net::http_sender send = endpoints_.sender();
    return run_now(find_aws_credentials(settings_, send, clock_));
  }

  std::string key_id() {
    const auto keys = found();
    return keys ? keys->keys.access_key_id : "failed: " + keys.error().message + " | " + keys.error().detail;
  }

  /// What whoever asks is told, and the log.
  std::string why_not() {
    const auto keys = found();
    if (keys) return "found " + keys->keys.access_key_id;
    EXPECT_EQ(keys.error().kind, base::error_kind::unavailable);
    const std::string all = keys.error().message + " | " + keys.error().detail;
    EXPECT_THAT(all, testing::Not(testing::HasSubstr("hush")));
    return all;
  }

  void answers(const std::string& action, const std::string& url = frankfurt, const std::string& id = "ASIA1") {
    endpoints_.replies["POST " + url] = {200, sts_reply(action, id)};
  }
  void environment_has_keys() {
    settings_.environment["AWS_ACCESS_KEY_ID"] = "E";
    settings_.environment["AWS_SECRET_ACCESS_KEY"] = "hush";
  }
  void has_web_identity() {
    settings_.environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/var/token";
    settings_.environment["AWS_ROLE_ARN"] = arn;
    files_.texts["/var/token"] = "hush.j+w/t\n";
    answers("AssumeRoleWithWebIdentity");
  }
  void profile(const std::string& lines) { files_.texts["/home/ann/.aws/config"] = "[default]\n" + lines; }

  const net::http_request& last() const { return endpoints_.asked.back(); }

  static std::string header(const net::http_request& of, std::string_view name) {
    for (const auto& [key, value] : of.headers)
      if (key == name) return value;
    return "none";
  }

  fake_files files_;
  fake_endpoints endpoints_;
  aws_credentials_settings settings_;
  base::manual_clock clock_;
};

}  // namespace hydrant::providers::opensearch

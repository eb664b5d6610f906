#pragma once

// Replies in the shape that AWS' documentation gives them.

#include <string>

namespace hydrant::providers::opensearch {

inline std::string sts_reply(const std::string& action, const std::string& key_id = "ASIA1",
                             const std::string& expiration = "2030-01-01T00:00:00Z") {
  return "<" + action + R"(Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <)" + action +
         R"(Result>
    <SourceIdentity>Ann</SourceIdentity>
    <AssumedRoleUser>
      <Arn>arn:aws:sts::123456789012:assumed-role/reader/hydrant</Arn>
      <AssumedRoleId>AROAEXAMPLE:hydrant</AssumedRoleId>
    </AssumedRoleUser>
    <Credentials>
      <AccessKeyId>)" +
         key_id + R"(</AccessKeyId>
      <SecretAccessKey>hush/of+role</SecretAccessKey>
      <SessionToken>hush-token==</SessionToken>
      <Expiration>)" +
         expiration + R"(</Expiration>
    </Credentials>
    <PackedPolicySize>6</PackedPolicySize>
  </)" + action +
         R"(Result>
  <ResponseMetadata>
    <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>
  </ResponseMetadata>
</)" + action +
         "Response>\n";
}

inline std::string sts_refusal(const std::string& code) {
  return R"(<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error>
    <Type>Sender</Type>
    <Code>)" +
         code + R"(</Code>
    <Message>hush: what the request said</Message>
  </Error>
  <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>
</ErrorResponse>
)";
}

}  // namespace hydrant::providers::opensearch

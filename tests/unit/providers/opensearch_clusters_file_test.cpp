#include "providers/opensearch/clusters_file.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace hydrant::providers::opensearch {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

using variables = std::map<std::string, std::string, std::less<>>;
const variables some_env{{"PROD_PASSWORD", "s3cret"}, {"PROD_URL", "https://joe:s3cret@a"}};

cluster_settings defaults() {
  cluster_settings out;
  out.url = "http://default.test";
  out.auth = auth_kind::basic;
  out.username = "admin";
  out.password = "s3cret";
  out.bearer_token = "s3cret";
  out.aws.access_key_id = "s3cret";
  out.aws.role_arn = "arn:aws:iam::123456789012:role/of-another-cluster";
  out.tls = {.verify_peer = false, .ca_file = "/ca.pem", .certificate_file = "/cert.pem", .key_file = "/key.pem"};
  out.timeout = std::chrono::seconds(7);
  return out;
}

base::result<std::vector<cluster_settings>> read(std::string_view text, const cluster_settings& from = defaults()) {
  return parse_clusters(text, from, some_env);
}

/// The settings of one cluster `c` with these members, besides its URL.
cluster_settings one(const std::string& members, const cluster_settings& from = defaults()) {
  return read(R"({"c":{"url":"https://c.test")" + (members.empty() ? "" : "," + members) + "}}", from).value().at(0);
}

std::string refused(const std::string& text) {
  const auto clusters = read(text);
  if (clusters) throw std::logic_error("it was read");
  EXPECT_EQ(clusters.error().kind, base::error_kind::invalid_params);
  EXPECT_THAT(clusters.error().message, Not(HasSubstr("s3cret")));
  return clusters.error().message;
}
std::string refused_member(const std::string& members) {
  return refused(R"({"c":{"url":"https://c.test",)" + members + "}}");
}

TEST(opensearch_clusters_file, keeps_the_order_of_the_file) {
  const auto clusters = read(R"({"z":{"url":"http://z"}, /* a comment */ "a":{"url":"http://a"}})");
  ASSERT_TRUE(clusters);
  EXPECT_EQ(clusters->at(0).name, "z");
  EXPECT_EQ(clusters->at(1).name, "a");
}

TEST(opensearch_clusters_file, takes_over_what_is_no_identity) {
  const auto c = one("");
  EXPECT_EQ(c.timeout, std::chrono::seconds(7));
  EXPECT_FALSE(c.tls.verify_peer);
  EXPECT_EQ(c.tls.ca_file, "/ca.pem");
}

TEST(opensearch_clusters_file, never_takes_over_who_we_are_elsewhere) {
  const auto c = one("");
  EXPECT_EQ(c.auth, auth_kind::none);
  EXPECT_EQ(c.username + c.password + c.bearer_token + c.tls.certificate_file + c.tls.key_file, "");
  EXPECT_EQ(c.aws, aws_settings());
}

TEST(opensearch_clusters_file, whoever_calls_stays_who_is_asked_for) {
  auto callers = defaults();
  callers.auth = auth_kind::caller;
  EXPECT_EQ(one("", callers).auth, auth_kind::caller);
  EXPECT_EQ(one(R"("auth":"none")", callers).auth, auth_kind::none);
  EXPECT_EQ(one(R"("username":"u")", callers).auth, auth_kind::basic);
}

TEST(opensearch_clusters_file, finds_out_how_to_authenticate) {
  EXPECT_EQ(one(R"("username":"u","password":"p")").auth, auth_kind::basic);
  EXPECT_EQ(one(R"("username":"u","bearer_token":"t","aws_region":"r")").auth, auth_kind::bearer);
  EXPECT_EQ(one(R"("aws_region":"r")").auth, auth_kind::aws);
  EXPECT_EQ(one(R"("auth":"auto","aws_region":"r")").auth, auth_kind::aws);
  EXPECT_EQ(one(R"("auth":"none","username":"u")").auth, auth_kind::none);
  EXPECT_EQ(one(R"("auth":"caller")").auth, auth_kind::caller);
  EXPECT_EQ(one(R"("aws_serverless":true,"aws_region":"r")").aws.service, "aoss");
  EXPECT_EQ(one(R"("aws_region":"r")").aws.service, "es");
}

TEST(opensearch_clusters_file, a_role_to_assume_is_an_identity_in_aws) {
  const auto c = one(R"("username":"u","aws_region":"r","aws_role_arn":"arn:aws:iam::123456789012:role/reader")");
  EXPECT_EQ(c.auth, auth_kind::aws);
  EXPECT_EQ(c.aws.role_arn, "arn:aws:iam::123456789012:role/reader");
  EXPECT_THAT(refused_member(R"("aws_region":"r","aws_role_arn":"arn:aws:iam::123456789012:user/ann")"),
              HasSubstr("c.aws_role_arn must be"));
  EXPECT_THAT(refused_member(R"("aws_role_arn":"arn:aws:iam::123456789012:role/reader")"), HasSubstr("c.aws_region"));
}

TEST(opensearch_clusters_file, refuses_half_an_identity) {
  EXPECT_THAT(refused_member(R"("auth":"basic")"), HasSubstr("c.username is missing"));
  EXPECT_THAT(refused_member(R"("auth":"bearer")"), HasSubstr("c.bearer_token is missing"));
  EXPECT_THAT(refused_member(R"("auth":"aws")"), HasSubstr("c.aws_region is missing"));
  EXPECT_THAT(refused_member(R"("aws_region":"r","aws_access_key_id":"s3cret")"), HasSubstr("go together"));
  EXPECT_THAT(refused_member(R"("aws_region":"r","aws_secret_access_key":"s3cret")"), HasSubstr("go together"));
}

TEST(opensearch_clusters_file, a_text_may_come_from_the_environment) {
  EXPECT_EQ(one(R"("username":"u","password":{"env":"PROD_PASSWORD"})").password, "s3cret");
  EXPECT_THAT(refused_member(R"("password":{"env":"NOT_SET"})"),
              AllOf(HasSubstr("c.password"), HasSubstr("not set"), Not(HasSubstr("NOT_SET"))));
  refused_member(R"("password":{"env":"PROD_PASSWORD","or":"s3cret"})");
  refused_member(R"("password":{"env":1})");
  refused_member(R"("password":7)");
}

TEST(opensearch_clusters_file, numbers_have_bounds) {
  EXPECT_EQ(one(R"("timeout":"20s")").timeout, std::chrono::seconds(20));
  EXPECT_EQ(one(R"("timeout":20)").timeout, std::chrono::seconds(20));
  EXPECT_EQ(one(R"("max_response_size":"1MiB")").reply_bytes_max, 1024u * 1024);
  for (const auto* bad : {R"("timeout":0)", R"("timeout":-1)", R"("timeout":1.5)", R"("timeout":"2d")",
                          R"("timeout":null)", R"("max_response_size":1)", R"("max_response_size":"2GiB")",
                          R"("ssl_verify":"false")", R"("aws_serverless":1)"})
    refused_member(bad);
}

TEST(opensearch_clusters_file, names_what_is_wrong_and_no_value) {
  EXPECT_THAT(refused(R"({"prod":{}})"), HasSubstr("prod.url is missing"));
  EXPECT_THAT(refused(R"({"prod":{"url":"https://joe:s3cret@a"}})"), HasSubstr("prod.url"));
  EXPECT_THAT(refused(R"({"prod":{"url":{"env":"PROD_URL"}}})"), HasSubstr("prod.url"));
  EXPECT_THAT(refused_member(R"("pasword":"s3cret")"), HasSubstr("c.pasword is not a setting"));
  EXPECT_THAT(refused_member(R"("auth":"s3cret")"), HasSubstr("c.auth must be"));
  EXPECT_THAT(refused(R"({"a b":{"url":"http://a"}})"), HasSubstr("no name for a cluster"));
  EXPECT_THAT(refused(R"({"":{"url":"http://a"}})"), HasSubstr("no name for a cluster"));
  EXPECT_THAT(refused(R"({"a":"http://a"})"), HasSubstr("must be an object"));
  for (const auto* none : {"", "{", "[]", "{}", "null"})
    EXPECT_THAT(refused(none), HasSubstr("must hold a JSON object"));
}

TEST(opensearch_clusters_file, holds_up_to_a_hundred) {
  nlohmann::json many = nlohmann::json::object();
  for (int i = 0; i < 100; ++i)
    many["c" + std::to_string(i)] = {{"url", "http://a"}};
  EXPECT_EQ(read(many.dump())->size(), 100u);
  many["one-more"] = {{"url", "http://a"}};
  refused(many.dump());
}

}  // namespace
}  // namespace hydrant::providers::opensearch

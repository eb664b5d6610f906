// From flags, variables and the file of clusters to what the OpenSearch provider is told.

#include "app/config_print.hpp"
#include "app/opensearch_wiring.hpp"
#include "tests/unit/app/fake_surroundings.hpp"

#include <gmock/gmock.h>

#include <cstdio>
#include <fstream>

namespace hydrant::app {
namespace {

using providers::opensearch::auth_kind;
using providers::opensearch::readiness;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using variables = std::map<std::string, std::string, std::less<>>;

config configured(environment env, flag_words flags = {}) {
  flags.try_emplace("providers", std::vector<std::string>{"opensearch"});
  const auto loaded = load_config(flags, fake_surroundings(std::move(env)));
  EXPECT_THAT(loaded.problems, IsEmpty());
  return loaded.settings;
}

base::result<providers::opensearch::settings> told(environment env, flag_words flags = {}) {
  env.try_emplace("OPENSEARCH_URL", "https://search.example.com:9200");
  return opensearch_settings_of(configured(std::move(env), std::move(flags)), {});
}

auth_kind auth(environment env, flag_words flags = {}) {
  return told(std::move(env), std::move(flags)).value().clusters.at(0).auth;
}

TEST(opensearch_settings, a_url_is_enough) {
  const auto wanted = told({});
  ASSERT_TRUE(wanted);
  ASSERT_EQ(wanted->clusters.size(), 1u);
  const auto& one = wanted->clusters[0];
  EXPECT_EQ(one.name, "default");
  EXPECT_EQ(one.url, "https://search.example.com:9200");
  EXPECT_EQ(one.auth, auth_kind::none);
  EXPECT_EQ(one.timeout, std::chrono::seconds(30));
  EXPECT_EQ(one.reply_bytes_max, 10u * 1024 * 1024);
  EXPECT_TRUE(one.tls.verify_peer);
  EXPECT_FALSE(wanted->several);
  EXPECT_EQ(wanted->ready, readiness::alone);
  EXPECT_THAT(wanted->allow_write, ElementsAre("false"));
  EXPECT_EQ(wanted->limits.text_bytes_max, 48u * 1024);
  EXPECT_EQ(wanted->limits.hits_max, 100u);
  EXPECT_EQ(wanted->watch_every, std::chrono::seconds(5));
}

TEST(opensearch_settings, without_a_cluster_there_is_an_error_that_says_what_to_set) {
  const auto none = opensearch_settings_of(configured({}), {});
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("OPENSEARCH_URL"));
}

TEST(opensearch_settings, variables_bear_the_names_of_the_python_server) {
  const auto wanted = told({{"OPENSEARCH_USERNAME", "u"},
                            {"OPENSEARCH_PASSWORD", "p"},
                            {"OPENSEARCH_TIMEOUT", "20"},
                            {"OPENSEARCH_MAX_RESPONSE_SIZE", "1048576"},
                            {"OPENSEARCH_SSL_VERIFY", "false"},
                            {"OPENSEARCH_CA_CERT_PATH", "/ca.pem"},
                            {"OPENSEARCH_CLIENT_CERT_PATH", "/c.pem"},
                            {"OPENSEARCH_CLIENT_KEY_PATH", "/k.pem"},
                            {"OPENSEARCH_ENABLED_CATEGORIES", "cluster_tools,generic"},
                            {"OPENSEARCH_DISABLED_TOOLS", "nodes_*"},
                            {"OPENSEARCH_SETTINGS_ALLOW_WRITE", "documents"}});
  ASSERT_TRUE(wanted);
  const auto& one = wanted->clusters[0];
  EXPECT_EQ(one.username, "u");
  EXPECT_EQ(one.password, "p");
  EXPECT_EQ(one.timeout, std::chrono::seconds(20));
  EXPECT_EQ(one.reply_bytes_max, 1048576u);
  EXPECT_EQ(one.tls, (net::tls_settings{false, "/ca.pem", "/c.pem", "/k.pem"}));
  EXPECT_THAT(wanted->enabled_categories, ElementsAre("cluster_tools", "generic"));
  EXPECT_THAT(wanted->disabled_tools, ElementsAre("nodes_*"));
  EXPECT_THAT(wanted->allow_write, ElementsAre("documents"));
}

TEST(opensearch_settings, authentication_is_found_by_what_is_set) {
  EXPECT_EQ(auth({{"OPENSEARCH_USERNAME", "u"}}), auth_kind::basic);
  EXPECT_EQ(auth({{"OPENSEARCH_USERNAME", "u"}, {"OPENSEARCH_BEARER_TOKEN", "t"}, {"AWS_REGION", "r"}}),
            auth_kind::bearer);
  EXPECT_EQ(auth({{"AWS_REGION", "r"}}), auth_kind::aws);
  EXPECT_EQ(auth({{"OPENSEARCH_USERNAME", "u"}, {"OPENSEARCH_NO_AUTH", "true"}}), auth_kind::none);
  EXPECT_EQ(auth({{"OPENSEARCH_USERNAME", "u"}}, {{"opensearch.auth", {"none"}}}), auth_kind::none);
  EXPECT_EQ(auth({{"OPENSEARCH_USERNAME", "u"}}, {{"opensearch.auth", {"caller"}}}), auth_kind::caller);
  EXPECT_EQ(auth({{"OPENSEARCH_USERNAME", "u"}, {"AWS_REGION", "r"}}, {{"opensearch.auth", {"aws"}}}), auth_kind::aws);
}

TEST(opensearch_settings, a_role_to_assume_is_an_identity_in_aws) {
  const std::string arn = "arn:aws:iam::123456789012:role/reader";
  const auto wanted = told({{"AWS_IAM_ARN", arn}, {"AWS_REGION", "r"}, {"OPENSEARCH_USERNAME", "u"}});
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->clusters[0].auth, auth_kind::aws) << "as in the Python server, a role comes before a user";
  EXPECT_EQ(wanted->clusters[0].aws.role_arn, arn);
  EXPECT_EQ(auth({{"AWS_IAM_ARN", arn}, {"OPENSEARCH_BEARER_TOKEN", "t"}}), auth_kind::bearer);
  EXPECT_THAT(told({{"AWS_IAM_ARN", arn}}).error().message, HasSubstr("opensearch.aws-region"));
  const std::string user = "arn:aws:iam::123456789012:user/ann";
  EXPECT_THAT(told({{"AWS_IAM_ARN", user}, {"AWS_REGION", "r"}}).error().message, HasSubstr("AWS_IAM_ARN"));
  EXPECT_EQ(auth({{"AWS_IAM_ARN", user}}, {{"opensearch.auth", {"none"}}}), auth_kind::none);
}

TEST(opensearch_settings, serverless_is_another_service) {
  EXPECT_EQ(told({{"AWS_REGION", "r"}})->clusters[0].aws.service, "es");
  EXPECT_EQ(told({{"AWS_REGION", "r"}, {"AWS_OPENSEARCH_SERVERLESS", "true"}})->clusters[0].aws.service, "aoss");
}

TEST(opensearch_settings, half_an_identity_is_refused) {
  const auto refused = [](const char* kind) { return told({}, {{"opensearch.auth", {kind}}}).error().message; };
  EXPECT_THAT(refused("basic"), HasSubstr("opensearch.username"));
  EXPECT_THAT(refused("bearer"), HasSubstr("opensearch.bearer-token"));
  EXPECT_THAT(refused("aws"), HasSubstr("opensearch.aws-region"));
}

TEST(opensearch_settings, the_authorization_of_callers_is_passed_only_where_it_may_be_needed) {
  const flag_words caller{{"opensearch.auth", {"caller"}}};
  EXPECT_TRUE(passes_authorization(configured({}, caller)));
  EXPECT_TRUE(passes_authorization(configured({{"OPENSEARCH_CLUSTERS_FILE", "c.json"}})));
  EXPECT_FALSE(passes_authorization(configured({})));
  EXPECT_FALSE(passes_authorization(configured({{"OPENSEARCH_NO_AUTH", "true"}}, caller)));
  EXPECT_FALSE(passes_authorization(configured({}, {{"opensearch.auth", {"caller"}}, {"providers", {"demo"}}})));
}

TEST(opensearch_settings, secrets_are_in_no_message_and_not_printed) {
  const auto loaded =
      load_config({{"providers", {"opensearch"}}}, fake_surroundings({{"OPENSEARCH_URL", "https://joe:s3cret@a"},
                                                                      {"OPENSEARCH_PASSWORD", "s3cret"},
                                                                      {"OPENSEARCH_BEARER_TOKEN", "s3cret"}}));
  ASSERT_EQ(loaded.problems.size(), 1u);
  const auto& wrong = loaded.problems[0];
  EXPECT_EQ(wrong.key, "opensearch.url");
  EXPECT_THAT(wrong.where + wrong.what + wrong.remedy, Not(HasSubstr("s3cret")));
  EXPECT_THAT(print_config(loaded), Not(HasSubstr("s3cret")));
}

// --- the file of clusters

class file_of_clusters {
 public:
  explicit file_of_clusters(const std::string& text) { std::ofstream(path_) << text; }
  ~file_of_clusters() { std::remove(path_.c_str()); }
  file_of_clusters(const file_of_clusters&) = delete;
  file_of_clusters& operator=(const file_of_clusters&) = delete;

  base::result<providers::opensearch::settings> read(const variables& env = {}, flag_words flags = {}) const {
    return opensearch_settings_of(configured({{"OPENSEARCH_CLUSTERS_FILE", path_}}, std::move(flags)), env);
  }

 private:
  const std::string path_ =
      testing::TempDir() + "clusters-" + testing::UnitTest::GetInstance()->current_test_info()->name() + ".json";
};

TEST(opensearch_settings, a_file_describes_several_clusters) {
  const file_of_clusters file(
      R"({"prod":{"url":"https://a","username":"u","password":{"env":"P"}},"test":{"url":"http://b"}})");
  const auto wanted = file.read({{"P", "s3cret"}}, {{"opensearch.timeout", {"9s"}}});
  ASSERT_TRUE(wanted);
  EXPECT_TRUE(wanted->several);
  ASSERT_EQ(wanted->clusters.size(), 2u);
  EXPECT_EQ(wanted->clusters[0].password, "s3cret");
  EXPECT_EQ(wanted->clusters[1].timeout, std::chrono::seconds(9));
  EXPECT_EQ(wanted->clusters[1].auth, auth_kind::none);
}

TEST(opensearch_settings, callers_are_asked_for_their_credentials_in_every_cluster_of_the_file) {
  const file_of_clusters file(R"({"a":{"url":"https://a"},"b":{"url":"http://b","auth":"none"}})");
  const auto wanted = file.read({}, {{"opensearch.auth", {"caller"}}});
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->clusters[0].auth, auth_kind::caller);
  EXPECT_EQ(wanted->clusters[1].auth, auth_kind::none);
}

TEST(opensearch_settings, what_is_wrong_with_the_file_names_it) {
  const file_of_clusters file(R"({"prod":{"url":"https://a","password":7}})");
  EXPECT_THAT(file.read().error().message, HasSubstr("prod.password"));
  const file_of_clusters large(std::string(1024 * 1024 + 1, ' '));
  EXPECT_THAT(large.read().error().message, HasSubstr("larger than"));
  const auto missing = opensearch_settings_of(configured({{"OPENSEARCH_CLUSTERS_FILE", "/does/not/exist"}}), {});
  EXPECT_THAT(missing.error().message, HasSubstr("/does/not/exist cannot be read"));
  const auto folder = opensearch_settings_of(configured({{"OPENSEARCH_CLUSTERS_FILE", "/"}}), {});
  EXPECT_FALSE(folder);
}

}  // namespace
}  // namespace hydrant::app

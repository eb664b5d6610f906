#include "bus/nats_settings.hpp"

#include "bus/nats_nkey.hpp"
#include "tests/support/server_parts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace hydrant::bus {
namespace {

using testing::HasSubstr;
using testing::Not;

// A pair made for these tests.
constexpr const char* user_seed = "SUAAAAICAMCAKBQHBAEQUCYMBUHA6EARCIJRIFIWC4MBSGQ3DQOR4H776Y";

class nats_settings_files : public testing::Test {
 protected:
  nats_settings_files() : directory_(support::new_directory("hydrant-settings-")) {}
  ~nats_settings_files() override { std::filesystem::remove_all(directory_); }

  std::string file(const std::string& name, const std::string& text) const {
    const auto path = directory_ / name;
    std::ofstream(path) << text;
    return path;
  }

  std::filesystem::path directory_;
};

std::string why_not(std::string_view url) {
  const auto parsed = parse_nats_url(url);
  if (parsed) return "it was accepted";
  EXPECT_EQ(parsed.error().kind, base::error_kind::invalid_params);
  return parsed.error().message;
}

std::string why_not(const nats_settings& settings) {
  const auto checked = check_nats_settings(settings);
  if (checked) return "it was accepted";
  EXPECT_EQ(checked.error().kind, base::error_kind::invalid_params);
  return checked.error().message;
}

nats_settings local() {
  nats_settings settings;
  settings.servers = {{"127.0.0.1", 4222}};
  return settings;
}

TEST(nats_url, names_one_server) {
  const auto settings = parse_nats_url("nats://nats.example").value();
  EXPECT_EQ(settings.servers, (std::vector<nats_address>{{"nats.example", 4222}}));
  EXPECT_EQ(settings.wire, nats_wire::plain);
  EXPECT_TRUE(settings.user.empty() && settings.password.empty() && settings.token.empty());
}

TEST(nats_url, names_several_servers_with_one_login) {
  const auto settings = parse_nats_url("tls://ann:s3cret@a:1,b:2,tls://[::1]:3/,ann:s3cret@d").value();
  EXPECT_EQ(settings.servers, (std::vector<nats_address>{{"a", 1}, {"b", 2}, {"::1", 3}, {"d", 4222}}));
  EXPECT_EQ(settings.wire, nats_wire::tls);
  EXPECT_EQ(settings.user, "ann");
  EXPECT_EQ(settings.password, "s3cret");
  EXPECT_EQ(text_of(settings.servers[2]), "[::1]:3");
  EXPECT_EQ(text_of(settings.servers[0]), "a:1");
}

TEST(nats_url, takes_a_user_without_password_as_a_token) {
  const auto settings = parse_nats_url("nats://t0ken@a").value();
  EXPECT_EQ(settings.token, "t0ken");
  EXPECT_EQ(settings.user, "");
}

TEST(nats_url, decodes_percent_signs_in_the_login) {
  const auto settings = parse_nats_url("nats://a%40b:%2f%3A%25%2C@host").value();
  EXPECT_EQ(settings.user, "a@b");
  EXPECT_EQ(settings.password, "/:%,");
}

TEST(nats_url, says_what_is_wrong) {
  EXPECT_THAT(why_not(""), HasSubstr("host"));
  EXPECT_THAT(why_not("host:4222"), HasSubstr("must begin with nats:// or tls://"));
  EXPECT_THAT(why_not("http://host"), HasSubstr("must begin with nats:// or tls://"));
  EXPECT_THAT(why_not("nats://a,tls://b"), HasSubstr("either all"));
  EXPECT_THAT(why_not("nats://a:1@b,c:2@d"), HasSubstr("same login"));
  EXPECT_THAT(why_not("nats://a,"), HasSubstr("host"));
  for (const char* port : {"0", "65536", "-1", "x", "", "99999999999999999999"})
    EXPECT_THAT(why_not(std::string("nats://a:") + port), HasSubstr("port")) << port;
  EXPECT_THAT(why_not("nats://::1:4222"), HasSubstr("brackets"));
  EXPECT_THAT(why_not("nats://:pw@a"), HasSubstr("no user name"));
  EXPECT_THAT(why_not("nats://u:100%@a"), HasSubstr("%25"));
  EXPECT_THAT(why_not("nats://u:a%0ab@a"), HasSubstr("control character"));
}

TEST(nats_url, never_shows_a_secret_in_an_error) {
  for (const char* url : {"nats://joe:hunter2@h:x", "nats://joe:hunter2@h/x", "nats://joe:hunter2%@h",
                          "x://joe:hunter2@h", "nats://joe:hunter2/h", "nats://joe:hunter2@h@", "joe:hunter2@h",
                          "nats://joe:hunter2@h,h:x", "nats://joe:hunter2@a,joe:hunter2x@b", "nats://hunter2 @"}) {
    EXPECT_THAT(why_not(url), Not(HasSubstr("accepted"))) << url;
    EXPECT_THAT(why_not(url), Not(HasSubstr("hunter2"))) << url;
    EXPECT_THAT(why_not(url), Not(HasSubstr("joe"))) << url;
  }
}

TEST(nats_url, has_a_bound_for_servers) {
  std::string url = "nats://a";
  for (int i = 0; i < 100; ++i)
    url += ",a";
  EXPECT_THAT(why_not(url), HasSubstr("64"));
}

TEST(nkey, of_a_seed_is_its_public_key) {
  EXPECT_EQ(nkey_of_seed(user_seed).value(), "UAB2CB576PHBBPQ5ODORRZ2LYCMWPZGWGCN2KDK7DXOIMZASKUY3RLKK");
}

TEST_F(nats_settings_files, that_fit_are_accepted) {
  nats_settings settings = local();
  EXPECT_TRUE(check_nats_settings(settings));
  settings.nkey_seed_file = file("seed", "# mine\n" + std::string(user_seed) + "\r\n");
  EXPECT_TRUE(check_nats_settings(settings));
  settings.nkey_seed_file.clear();
  settings.wire = nats_wire::tls;
  settings.ca_file = file("ca.pem", "x");
  EXPECT_TRUE(check_nats_settings(settings));
}

TEST_F(nats_settings_files, that_cannot_be_read_are_named) {
  const std::string nowhere = directory_ / "nowhere";
  nats_settings settings = local();
  settings.credentials_file = nowhere;
  EXPECT_THAT(why_not(settings), HasSubstr("credentials file " + nowhere));
  settings = local();
  settings.nkey_seed_file = file("empty", "");
  EXPECT_THAT(why_not(settings), HasSubstr("nkey seed file"));
  settings = local();
  settings.wire = nats_wire::tls;
  settings.ca_file = directory_;
  EXPECT_THAT(why_not(settings), HasSubstr("CA file"));
}

TEST_F(nats_settings_files, that_contradict_each_other_are_refused) {
  EXPECT_THAT(why_not(nats_settings{}), HasSubstr("no server"));
  nats_settings settings = local();
  settings.user = "u";
  settings.token = "t";
  EXPECT_THAT(why_not(settings), HasSubstr("one way to log in"));
  settings = local();
  settings.ca_file = file("ca.pem", "x");
  EXPECT_THAT(why_not(settings), HasSubstr("use tls://"));
}

TEST_F(nats_settings_files, a_damaged_seed_is_refused_and_not_shown) {
  std::string damaged = user_seed;
  damaged[20] = damaged[20] == 'A' ? 'B' : 'A';
  nats_settings settings = local();
  for (const std::string& seed :
       {damaged, std::string(user_seed, 57), std::string(user_seed) + "A", std::string("SU")}) {
    settings.nkey_seed_file = file("seed", seed + "\n");
    EXPECT_THAT(why_not(settings), HasSubstr("user seed")) << seed;
    EXPECT_THAT(why_not(settings), Not(HasSubstr(seed.size() > 2 ? seed : "no such text"))) << seed;
  }
  settings.nkey_seed_file = file("seed", "nothing\n");
  EXPECT_THAT(why_not(settings), HasSubstr("no line with a user seed"));
}

}  // namespace
}  // namespace hydrant::bus

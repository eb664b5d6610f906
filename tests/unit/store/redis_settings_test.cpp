#include "store/redis/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hydrant::store::redis {
namespace {

using testing::HasSubstr;
using testing::Not;

settings good(std::string_view url) {
  return parse_url(url).value();
}

std::string complaint(std::string_view url) {
  const auto read = parse_url(url);
  if (read) return "it was accepted";
  EXPECT_EQ(read.error().kind, base::error_kind::invalid_params);
  EXPECT_EQ(read.error().detail, "");
  return read.error().message;
}

TEST(redis_url, takes_host_port_and_database) {
  const settings found = good("redis://cache.example:7000/3");
  EXPECT_EQ(found.host, "cache.example");
  EXPECT_EQ(found.port, 7000);
  EXPECT_EQ(found.database, 3U);
  EXPECT_FALSE(found.tls);
  EXPECT_EQ(found.user, "");
  EXPECT_EQ(found.password, "");
}

TEST(redis_url, has_defaults_for_all_but_the_host) {
  for (const char* url : {"redis://h", "redis://h/", "redis://h:6379", "redis://h/0"}) {
    EXPECT_EQ(good(url).host, "h") << url;
    EXPECT_EQ(good(url).port, 6379) << url;
    EXPECT_EQ(good(url).database, 0U) << url;
  }
}

TEST(redis_url, asks_for_tls_by_its_scheme) {
  EXPECT_TRUE(good("rediss://h").tls);
}

TEST(redis_url, decodes_user_and_password) {
  const settings found = good("redis://us%65r:p%40%2f%3A%25@h:1");
  EXPECT_EQ(found.user, "user");
  EXPECT_EQ(found.password, "p@/:%");
  EXPECT_EQ(good("redis://:secret@h").user, "");
  EXPECT_EQ(good("redis://:secret@h").password, "secret");
  EXPECT_EQ(good("redis://:a:b@h").password, "a:b");
  EXPECT_EQ(good("redis://:a@b@h").password, "a@b");
}

TEST(redis_url, takes_ipv6_addresses_in_brackets) {
  EXPECT_EQ(good("redis://[::1]").host, "::1");
  EXPECT_EQ(good("redis://:x@[2001:db8::1]:7000/2").host, "2001:db8::1");
  EXPECT_EQ(good("redis://:x@[2001:db8::1]:7000/2").port, 7000);
}

TEST(redis_url, says_what_to_write_instead) {
  EXPECT_THAT(complaint("http://h"), HasSubstr("redis://"));
  EXPECT_THAT(complaint(""), HasSubstr("redis://"));
  EXPECT_THAT(complaint("redis://"), HasSubstr("host"));
  EXPECT_THAT(complaint("redis://:6379"), HasSubstr("host"));
  EXPECT_THAT(complaint("redis://h:"), HasSubstr("1 to 65535"));
  EXPECT_THAT(complaint("redis://h:0"), HasSubstr("1 to 65535"));
  EXPECT_THAT(complaint("redis://h:65536"), HasSubstr("1 to 65535"));
  EXPECT_THAT(complaint("redis://h:12x"), HasSubstr("1 to 65535"));
  EXPECT_THAT(complaint("redis://h/one"), HasSubstr("database"));
  EXPECT_THAT(complaint("redis://h/-1"), HasSubstr("database"));
  EXPECT_THAT(complaint("redis://h/1/2"), HasSubstr("database"));
  EXPECT_THAT(complaint("redis://h?timeout=3"), HasSubstr("no parameters"));
  EXPECT_THAT(complaint("redis://user@h"), HasSubstr("user:password@host"));
  EXPECT_THAT(complaint("redis://user:@h"), HasSubstr("password is empty"));
  EXPECT_THAT(complaint("redis://:p%4@h"), HasSubstr("%25"));
  EXPECT_THAT(complaint("redis://:p%zz@h"), HasSubstr("%25"));
  EXPECT_THAT(complaint("redis://::1:6379"), HasSubstr("brackets"));
  EXPECT_THAT(complaint("redis://[::1"), HasSubstr("brackets"));
  EXPECT_THAT(complaint("redis://[::1]6379"), HasSubstr("brackets"));
  EXPECT_THAT(complaint("redis://[host]"), HasSubstr("brackets"));
}

TEST(redis_url, is_never_shown_in_an_error) {
  for (const char* url :
       {"redis://:pa/secret@h", "redis://:secret%@h", "redis://secret@h", "redis://:x?secret@h", "redis://u:secret:h",
        "rds://:secret@h", "redis://:y@[secret]", "redis://h:secret", "redis://h/secret", "redis://u:secret @"})
    EXPECT_THAT(complaint(url), Not(HasSubstr("secret"))) << url;
}

TEST(redis_url, is_shown_without_user_and_password) {
  EXPECT_EQ(shown(good("rediss://user:secret@[::1]:7000/3")), "rediss://[::1]:7000/3");
  EXPECT_EQ(shown(good("redis://:secret@h")), "redis://h:6379/0");
}

}  // namespace
}  // namespace hydrant::store::redis

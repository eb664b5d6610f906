#include "store/redis/resp.hpp"
#include "store/redis/script.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hydrant::store::redis {
namespace {

using testing::HasSubstr;
using namespace std::string_literals;

std::optional<reply> read_one(std::string_view bytes) {
  reply_reader reader;
  reader.feed(bytes);
  return reader.next();
}

TEST(redis_commands, are_binary_safe) {
  std::string sent = "before";
  append_command(sent, {"SET", std::string_view("a\0\r\n", 4), ""});
  EXPECT_EQ(sent, "before*3\r\n$3\r\nSET\r\n$4\r\na\0\r\n\r\n$0\r\n\r\n"s);
}

TEST(redis_replies, have_the_kinds_of_the_protocol) {
  EXPECT_EQ(read_one("+OK\r\n")->kind, reply::type::status);
  EXPECT_EQ(read_one("+OK\r\n")->text, "OK");
  EXPECT_EQ(read_one("-ERR no\r\n")->kind, reply::type::error);
  EXPECT_EQ(read_one("-ERR no\r\n")->text, "ERR no");
  EXPECT_EQ(read_one(":-42\r\n")->kind, reply::type::integer);
  EXPECT_EQ(read_one(":-42\r\n")->integer, -42);
  EXPECT_EQ(read_one("$-1\r\n")->kind, reply::type::nil);
  EXPECT_EQ(read_one("*-1\r\n")->kind, reply::type::nil);
  EXPECT_EQ(read_one("$3\r\n\r\na\r\n")->kind, reply::type::text);
  EXPECT_EQ(read_one("$3\r\n\r\na\r\n")->text, "\r\na");
  EXPECT_EQ(read_one("*0\r\n")->kind, reply::type::array);
}

TEST(redis_replies, hold_arrays_in_arrays) {
  const auto found = read_one("*3\r\n:1\r\n*2\r\n$1\r\nx\r\n*0\r\n$-1\r\n");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->items.size(), 3U);
  EXPECT_EQ(found->items[0].integer, 1);
  ASSERT_EQ(found->items[1].items.size(), 2U);
  EXPECT_EQ(found->items[1].items[0].text, "x");
  EXPECT_EQ(found->items[1].items[1].kind, reply::type::array);
  EXPECT_EQ(found->items[2].kind, reply::type::nil);
}

TEST(redis_replies, name_their_error) {
  EXPECT_EQ(error_code_of(*read_one("-WRONGTYPE Operation\r\n")), "WRONGTYPE");
  EXPECT_EQ(error_code_of(*read_one("-LOADING\r\n")), "LOADING");
  EXPECT_EQ(error_code_of(*read_one("+LOADING it\r\n")), "");
}

TEST(redis_replies, tell_a_server_that_cannot_serve_from_a_wrong_command) {
  for (const char* code :
       {"LOADING", "READONLY", "MASTERDOWN", "OOM", "CLUSTERDOWN", "TRYAGAIN", "BUSY", "NOREPLICAS", "MISCONF"})
    EXPECT_TRUE(means_unavailable(code)) << code;
  for (const char* code : {"", "ERR", "WRONGTYPE", "BUSYGROUP", "BUSYKEY", "NOSCRIPT", "NOPERM"})
    EXPECT_FALSE(means_unavailable(code)) << code;
}

TEST(redis_replies, may_come_in_any_pieces) {
  const std::string bytes = "*2\r\n$5\r\nhello\r\n:7\r\n+OK\r\n";
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
    reply_reader reader;
    std::vector<reply> found;
    for (const std::string& piece : {bytes.substr(0, cut), bytes.substr(cut)}) {
      reader.feed(piece);
      while (auto next = reader.next())
        found.push_back(std::move(*next));
    }
    ASSERT_EQ(found.size(), 2U) << cut;
    EXPECT_EQ(found[0].items[0].text, "hello") << cut;
    EXPECT_EQ(found[0].items[1].integer, 7) << cut;
    EXPECT_EQ(found[1].text, "OK") << cut;
  }
}

TEST(redis_replies, stop_where_the_protocol_is_broken) {
  reply_reader reader;
  reader.feed("+OK\r\nHTTP/1.1 400 Bad Request\r\n");
  EXPECT_TRUE(reader.next());
  EXPECT_FALSE(reader.next());
  EXPECT_THAT(reader.broken(), HasSubstr("cannot be read"));
  reader.feed("+OK\r\n");
  EXPECT_FALSE(reader.next());
}

TEST(redis_replies, have_bounded_sizes) {
  reply_reader wide({.bytes = 1000, .items = 3});
  wide.feed("*2\r\n*3\r\n:1\r\n:2\r\n:3\r\n*4\r\n");
  EXPECT_FALSE(wide.next());
  EXPECT_NE(wide.broken(), "");

  reply_reader large({.bytes = 1000, .items = 3});
  large.feed("$100000\r\n" + std::string(900, 'x'));
  EXPECT_FALSE(large.next());
  EXPECT_EQ(large.broken(), "");
  large.feed(std::string(900, 'x'));
  EXPECT_FALSE(large.next());
  EXPECT_THAT(large.broken(), HasSubstr("too large"));
}

TEST(redis_replies, count_towards_the_bound_each_for_itself) {
  reply_reader reader({.bytes = 100, .items = 3});
  for (int i = 0; i < 50; ++i) {
    reader.feed("$60\r\n" + std::string(60, 'x') + "\r\n+O");
    ASSERT_TRUE(reader.next());
    ASSERT_FALSE(reader.next());
    reader.feed("K\r\n");
    ASSERT_TRUE(reader.next()) << reader.broken();
  }
}

TEST(redis_scripts, are_known_by_their_sha1) {
  EXPECT_EQ(script("return 1").digest(), "e0e1f9fabfc9d4800c877a703b823ac0578ff8db");
}

}  // namespace
}  // namespace hydrant::store::redis

#include "bus/nats_envelope.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace hydrant::bus {
namespace {

std::string encoded(const nats_envelope& envelope) {
  std::string out = "what was there before";
  encode(envelope, out);
  return out;
}

nats_envelope message(std::string_view payload) {
  return {nats_kind::message, "boot_-1.2", 17, payload};
}

TEST(nats_envelope, is_one_line_and_the_payload) {
  EXPECT_EQ(encoded(message("{}")), "hydrant1 m boot_-1.2 17\n{}");
  EXPECT_EQ(encoded(message("")), "hydrant1 m boot_-1.2 17\n");
  EXPECT_EQ(encoded({nats_kind::heartbeat, "b.1", 9223372036854775807U, {}}), "hydrant1 h b.1 9223372036854775807\n");
}

TEST(nats_envelope, reads_what_it_wrote) {
  const std::string binary("\0\n\xff hydrant1 m", 14);
  const std::string bytes = encoded(message(binary));
  const auto read = decode(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->kind, nats_kind::message);
  EXPECT_EQ(read->sender, "boot_-1.2");
  EXPECT_EQ(read->number, 17U);
  EXPECT_EQ(read->payload, binary);
}

TEST(nats_envelope, may_have_the_longest_line) {
  const std::string sender(48, 's');
  const std::string bytes = encoded({nats_kind::message, sender, 9223372036854775807U, "x"});
  ASSERT_TRUE(decode(bytes));
  EXPECT_EQ(decode(bytes)->payload, "x");
}

TEST(nats_envelope, refuses_whatever_else_comes_in) {
  const std::string long_sender(49, 's');
  for (const std::string& bytes : {std::string(),
                                   std::string("{}"),
                                   std::string("hydrant1 "),
                                   std::string("hydrant1 m"),
                                   std::string("hydrant2 m b.1 1\n"),
                                   std::string("hydrant1 x b.1 1\n"),
                                   std::string("hydrant1 mm b.1 1\n"),
                                   std::string("hydrant1  b.1 1\n"),
                                   std::string("hydrant1 m  1\n"),
                                   std::string("hydrant1 m b.1 \n"),
                                   std::string("hydrant1 m b.1\n"),
                                   std::string("hydrant1 m b.1 1 \n"),
                                   std::string("hydrant1 m b.1 1 -\n"),
                                   std::string("hydrant1 m b.1 1"),
                                   std::string("hydrant1 m b.1 0\n"),
                                   std::string("hydrant1 m b.1 01\n"),
                                   std::string("hydrant1 m b.1 -1\n"),
                                   std::string("hydrant1 m b.1 +1\n"),
                                   std::string("hydrant1 m b.1 1x\n"),
                                   std::string("hydrant1 m b.1 9223372036854775808\n"),
                                   std::string("hydrant1 m b.1 99999999999999999999\n"),
                                   std::string("hydrant1 m b,1 1\n"),
                                   "hydrant1 m " + long_sender + " 1\n",
                                   std::string("hydrant1 h b.1 1\npayload"),
                                   std::string("hydrant1 m b.1 1\0\n", 18),
                                   "hydrant1 m b.1 1" + std::string(300, '0') + "\n"})
    EXPECT_FALSE(decode(bytes)) << bytes;
}

// With sanitizers this also shows that nothing is read outside.
TEST(nats_envelope, takes_any_bytes) {
  std::mt19937 random(7);
  const std::string good = encoded(message("payload"));
  int accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = good.substr(0, random() % (good.size() + 1));
    for (std::size_t changes = random() % 4; changes > 0 && !bytes.empty(); --changes)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    if (const auto read = decode(bytes)) {
      ++accepted;
      EXPECT_TRUE(read->number > 0 && !read->sender.empty());
    }
  }
  EXPECT_GT(accepted, 0);
}

TEST(traceparents, are_letters_digits_and_dashes) {
  EXPECT_TRUE(is_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
  for (const std::string& bad : {std::string(), std::string("a b"), std::string("a\r\nb: c"), std::string(129, '0')})
    EXPECT_FALSE(is_traceparent(bad)) << bad;
}

TEST(subjects, are_words_between_dots) {
  for (const char* good : {"a", "a.b", "hydrant.node.n-1_X", "0"})
    EXPECT_TRUE(is_subject(good)) << good;
  for (const char* bad : {"", ".", "a.", ".a", "a..b", "a b", "a.*", "a.>", "a\r\nPUB", "\xc3\xa4"})
    EXPECT_FALSE(is_subject(bad)) << bad;
  EXPECT_FALSE(is_subject(std::string(201, 'a')));
}

}  // namespace
}  // namespace hydrant::bus

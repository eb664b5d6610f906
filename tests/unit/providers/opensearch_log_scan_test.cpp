#include "providers/opensearch/analysis/log_tokens.hpp"

#include <gtest/gtest.h>

#include <random>

namespace hydrant::providers::opensearch {
namespace {

std::string masked(std::string_view message) {
  return text_of(scan_message(message));
}

TEST(opensearch_log_scan, masks_numbers_but_not_their_units) {
  EXPECT_EQ(masked("took 12ms, 3.5% of -7 and 1e-9"), "took <NUM>ms, <NUM>% of <NUM> and <NUM>");
  EXPECT_EQ(masked("worker-17 of node3"), "worker-<NUM> of node<NUM>");
  EXPECT_EQ(masked("release v1.2.3"), "release v<NUM>.<NUM>");
}

TEST(opensearch_log_scan, masks_identities) {
  EXPECT_EQ(masked("id 550e8400-e29b-41d4-a716-446655440000 gone"), "id <UUID> gone");
  EXPECT_EQ(masked("req-550e8400-e29b-41d4-a716-446655440000"), "req-<UUID>");
  EXPECT_EQ(masked("at 0xDEADbeef and 5f2a9c1e77"), "at <HEX> and <HEX>");
  EXPECT_EQ(masked("defaced facade"), "defaced facade");
  EXPECT_EQ(masked("token a7f3kq9z"), "token <ID>");
  EXPECT_EQ(masked("pod web-7d9f8c6b5d-x2k4z"), "pod web-<HEX>-<ID>");
}

TEST(opensearch_log_scan, masks_addresses) {
  EXPECT_EQ(masked("from 10.0.0.1 to 192.168.1.20:8080, 10.1.0.0/16"), "from <IP> to <IP>, <IP>");
  EXPECT_EQ(masked("[::1] fe80::1ff:fe23:4567:890a"), "[<IP>] <IP>");
  EXPECT_EQ(masked("mac 00:1a:2b:3c:4d:5e"), "mac <HEX>");
  EXPECT_EQ(masked("mail to bob.o+x@example.com."), "mail to <EMAIL>.");
  EXPECT_EQ(masked("get https://example.com/a?b=1 now"), "get <URL> now");
  EXPECT_EQ(masked("999.1.1.1"), "<NUM>.<NUM>");
  EXPECT_EQ(masked("std::vector"), "std::vector");
}

TEST(opensearch_log_scan, masks_times) {
  for (const char* time : {"2026-02-01T09:30:00.123Z", "2026-02-01 09:30:00,123", "2026/02/01", "09:30:00",
                           "01/Feb/2026:09:30:00 +0100", "Feb  1 09:30:00", "2026-02-01T09:30+01:00"})
    EXPECT_EQ(masked(std::string(time) + " start"), "<TIME> start") << time;
  EXPECT_EQ(masked("[2026-02-01 09:30:00] x"), "[<TIME>] x");
}

TEST(opensearch_log_scan, masks_paths_and_quoted_texts) {
  EXPECT_EQ(masked("open /var/log/app.log: no"), "open <PATH>: no");
  EXPECT_EQ(masked("open C:\\Temp\\a.txt"), "open <PATH>");
  EXPECT_EQ(masked("GET /health 200"), "GET /health <NUM>");
  EXPECT_EQ(masked("user 'bob smith' and \"x y\""), "user <STR> and <STR>");
  EXPECT_EQ(masked("can't and won't"), "can't and won't");
}

TEST(opensearch_log_scan, reads_what_structured_messages_quote) {
  EXPECT_EQ(masked(R"({"level":"error","took":5})"), R"({"level":"error","took":<NUM>})");
  EXPECT_EQ(masked(R"(level=error msg="connection refused" host="a b" n=1)"),
            R"(level=error msg="connection refused" host="a b" n=<NUM>)");
}

TEST(opensearch_log_scan, bears_with_any_bytes) {
  EXPECT_EQ(masked(""), "");
  EXPECT_EQ(masked(" \t\n "), "");
  EXPECT_EQ(masked("\xff\xfe \x80"), "\xff\xfe \x80");
  EXPECT_EQ(masked(std::string_view("a\0b", 3)), std::string("a\0b", 3));
  for (const char unit : {'"', '\'', '0', 'a', ':', '/', '.', '-', '@', '{', '='})
    EXPECT_LE(scan_message(std::string(1'000'000, unit)).size(), log_bounds::tokens_max + 1) << unit;
  EXPECT_TRUE(masked(std::string(5000, 'x') + " y").ends_with("<...>"));
}

TEST(opensearch_log_scan, is_safe_for_what_chance_writes) {
  std::mt19937 random(7);
  const std::string_view alphabet = "09afzZ:./-+@=\"'{}<> \n\\_%T";
  for (int round = 0; round < 3000; ++round) {
    std::string message;
    for (std::size_t length = random() % 80; length > 0; --length)
      message += alphabet[random() % alphabet.size()];
    const auto tokens = scan_message(message);
    EXPECT_EQ(tokens.empty(), message.find_first_not_of(" \n") == std::string::npos) << message;
  }
}

TEST(opensearch_log_words, tell_what_went_wrong) {
  for (const char* word : {"ERROR", "Failed", "SocketTimeoutException", "java.io.IOError", "read-timeout", "refused"})
    EXPECT_TRUE(is_alarming(word)) << word;
  for (const char* word : {"info", "mirror", "terrorist", "opened", "", "-"})
    EXPECT_FALSE(is_alarming(word)) << word;
}

}  // namespace
}  // namespace hydrant::providers::opensearch

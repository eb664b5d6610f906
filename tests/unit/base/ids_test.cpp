#include "base/ids.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <stdexcept>
#include <string>

namespace hydrant::base {
namespace {

using testing::MatchesRegex;

TEST(random_token, has_six_bits_a_character_and_no_padding) {
  EXPECT_EQ(random_token(0), "");
  EXPECT_EQ(random_token(1).size(), 2U);
  EXPECT_EQ(random_token(2).size(), 3U);
  EXPECT_EQ(random_token(3).size(), 4U);
  EXPECT_EQ(random_token(64).size(), 86U);
}

TEST(random_token, uses_the_alphabet_of_base64url_only) {
  for (int i = 0; i < 50; ++i) {
    EXPECT_THAT(random_token(64), MatchesRegex("[A-Za-z0-9_-]+"));
  }
}

// The last character of 64 bytes holds two bits, of 1 byte too: only four of the 64 characters can end it.
TEST(random_token, pads_the_last_character_with_zero_bits) {
  for (int i = 0; i < 50; ++i) {
    EXPECT_THAT(random_token(1).substr(1), MatchesRegex("[AQgw]"));
  }
}

TEST(random_token, does_not_repeat) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(seen.insert(random_token(24)).second);
  }
}

TEST(random_token, draws_every_character_of_the_alphabet) {
  std::set<char> seen;
  for (int i = 0; i < 100; ++i) {
    for (const char c : random_token(63)) {
      seen.insert(c);
    }
  }
  EXPECT_EQ(seen.size(), 64U);  // 8400 characters: each one is missing with a chance of 10^-57
}

TEST(random_token, refuses_more_than_it_has_room_for) {
  EXPECT_THROW(random_token(65), std::invalid_argument);
}

TEST(session_id, is_32_visible_ascii_characters) {
  EXPECT_THAT(new_session_id(), MatchesRegex("[A-Za-z0-9_-]+"));
  EXPECT_EQ(new_session_id().size(), 32U);
}

TEST(boot_id, differs_from_start_to_start) {
  EXPECT_NE(new_boot_id(), new_boot_id());
}

}  // namespace
}  // namespace hydrant::base

#include "protocol/base64.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace hydrant::protocol {
namespace {

constexpr auto standard = base64_alphabet::standard;
constexpr auto url = base64_alphabet::url;

TEST(base64, speaks_the_vectors_of_rfc_4648) {
  const std::vector<std::pair<std::string, std::string>> vectors = {{"", ""},
                                                                    {"f", "Zg=="},
                                                                    {"fo", "Zm8="},
                                                                    {"foo", "Zm9v"},
                                                                    {"foob", "Zm9vYg=="},
                                                                    {"fooba", "Zm9vYmE="},
                                                                    {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(base64_encode(bytes, standard), text);
    EXPECT_EQ(base64_decode(text, standard), bytes) << text;
    const std::string unpadded = text.substr(0, text.find('='));
    EXPECT_EQ(base64_encode(bytes, url), unpadded);
    EXPECT_EQ(base64_decode(unpadded, url), bytes) << unpadded;
  }
}

TEST(base64, every_byte_survives_both_alphabets) {
  std::string bytes;
  for (int i = 0; i < 256; ++i)
    bytes += static_cast<char>(i);
  EXPECT_EQ(base64_decode(base64_encode(bytes, standard), standard), bytes);
  EXPECT_EQ(base64_decode(base64_encode(bytes, url), url), bytes);
}

TEST(base64, alphabets_differ_in_two_digits_only) {
  EXPECT_EQ(base64_encode("\xFB\xFF", standard), "+/8=");
  EXPECT_EQ(base64_encode("\xFB\xFF", url), "-_8");
  EXPECT_EQ(base64_decode("-_8=", standard), std::nullopt);
  EXPECT_EQ(base64_decode("+/8", url), std::nullopt);
}

TEST(base64, refuses_padding_that_is_not_canonical) {
  for (const char* text :
       {"SGVsbG8", "SGVsbG8==", "Zg=", "Zg", "Z===", "====", "=", "Zm9v=", "Zm9v====", "Zg==Zg==", "Z=g="})
    EXPECT_EQ(base64_decode(text, standard), std::nullopt) << text;
  for (const char* text : {"Zg==", "Zm8=", "Z", "Zm9vY"})
    EXPECT_EQ(base64_decode(text, url), std::nullopt) << text;
}

TEST(base64, refuses_characters_outside_the_alphabet) {
  for (const char* text : {"SGVs!!!bG8=", "Zm9v\n", "Zm 9", " Zm9", "Zm9\xC3", "Zm9\x7F"})
    EXPECT_EQ(base64_decode(text, standard), std::nullopt) << text;
  EXPECT_EQ(base64_decode(std::string_view("Zm9\0", 4), standard), std::nullopt);
}

TEST(base64, refuses_a_second_spelling_through_leftover_bits) {
  EXPECT_EQ(base64_decode("Zh==", standard), std::nullopt);
  EXPECT_EQ(base64_decode("Zm9=", standard), std::nullopt);
  EXPECT_EQ(base64_decode("Zh", url), std::nullopt);
}

}  // namespace
}  // namespace hydrant::protocol

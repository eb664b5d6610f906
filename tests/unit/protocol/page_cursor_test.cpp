#include "protocol/page_cursor.hpp"

#include "protocol/base64.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace hydrant::protocol {
namespace {

std::string raw(std::string_view plain) {
  return base64_encode(plain, base64_alphabet::url);
}

base::error_kind failure(std::string_view text, std::string_view list = "tools/list") {
  const auto decoded = decode_page_cursor(text, list);
  return decoded ? base::error_kind::internal : decoded.error().kind;
}

TEST(page_cursor, comes_back_as_it_went_out) {
  const std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
  for (const page_cursor& cursor : {page_cursor{"tools/list", 0, 0}, page_cursor{"tools/list", 100, 7},
                                    page_cursor{"tools/list", largest, largest}})
    EXPECT_EQ(decode_page_cursor(encode(cursor), "tools/list").value(), cursor);
}

TEST(page_cursor, is_opaque_url_safe_text) {
  EXPECT_EQ(encode({"tools/list", 50, 3})
                .find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
            std::string::npos);
}

TEST(page_cursor, of_another_list_is_an_invalid_parameter) {
  EXPECT_EQ(failure(encode({"prompts/list", 50, 3})), base::error_kind::invalid_params);
  EXPECT_EQ(failure(encode({"resources/list", 1, 1}), "resources/templates/list"), base::error_kind::invalid_params);
}

TEST(page_cursor, refuses_what_it_did_not_make) {
  for (const std::string& text :
       {std::string(), std::string("!!"), std::string("invalid-cursor"), raw(""), raw("tools/list"),
        raw("tools/list:1"), raw("tools/list:1:"), raw("tools/list::1"), raw("tools/list:01:1"), raw("tools/list:1:+1"),
        raw("tools/list:1:-1"), raw("tools/list:1:1 "), raw("tools/list:1:18446744073709551616"), raw("1:1"),
        raw("tools/list:x:1"), raw("tools/list:1:1") + "=", std::string(10'000, 'A')})
    EXPECT_EQ(failure(text), base::error_kind::invalid_params) << text;
}

TEST(page_cursor, failures_share_one_public_message) {
  const auto malformed = decode_page_cursor("!!", "tools/list");
  const auto foreign = decode_page_cursor(encode({"prompts/list", 1, 1}), "tools/list");
  EXPECT_EQ(malformed.error().message, foreign.error().message);
  EXPECT_NE(malformed.error().detail, foreign.error().detail);
}

}  // namespace
}  // namespace hydrant::protocol

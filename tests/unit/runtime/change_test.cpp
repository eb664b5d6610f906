#include "runtime/change.hpp"

#include "protocol/json.hpp"

#include <gtest/gtest.h>

namespace hydrant::runtime {
namespace {

TEST(change, comes_back_from_its_text) {
  for (const auto& what : {change{change_kind::tools, ""}, change{change_kind::prompts, ""},
                           change{change_kind::resources, ""}, change{change_kind::resource, "demo://counter"},
                           change{change_kind::resource, "a b resource \n\"c\""}, change{change_kind::resource, ""}}) {
    const auto back = parse_change(to_text(what));
    ASSERT_TRUE(back) << to_text(what);
    EXPECT_EQ(back->kind, what.kind);
    EXPECT_EQ(back->uri, what.uri);
  }
}

TEST(change, other_texts_are_none) {
  for (const char* text : {"", "tool", "tools ", "Tools", "resource", "resourcesx", "unknown x"})
    EXPECT_FALSE(parse_change(text)) << text;
}

TEST(change, has_a_notification_of_its_own) {
  EXPECT_EQ(notification_method(change_kind::tools), "notifications/tools/list_changed");
  EXPECT_EQ(notification_method(change_kind::prompts), "notifications/prompts/list_changed");
  EXPECT_EQ(notification_method(change_kind::resources), "notifications/resources/list_changed");
  EXPECT_EQ(notification_method(change_kind::resource), "notifications/resources/updated");
}

TEST(change, of_one_resource_names_it) {
  EXPECT_EQ(notification_members({change_kind::tools, ""}), "");
  EXPECT_EQ(protocol::json::parse("{" + notification_members({change_kind::resource, "a\"b"}) + "}"),
            protocol::json({{"uri", "a\"b"}}));
}

}  // namespace
}  // namespace hydrant::runtime

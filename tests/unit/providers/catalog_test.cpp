#include "providers/catalog.hpp"

#include "tests/unit/providers/recording.hpp"

#include <gmock/gmock.h>

#include <functional>

namespace hydrant::providers {
namespace {

using protocol::revision;
using protocol::text_result;
using testing::HasSubstr;

outcome<tool_result> nothing(call&) {
  return tool_result{};
}
tool plain(std::string name) {
  return tool(std::move(name)).describe("d").immediate(nothing);
}

resource text_at(std::string uri) {
  return resource(std::move(uri), "r", "text/plain").immediate([](call&) -> outcome<resource_result> {
    return resource_result{};
  });
}
resource_template family(std::string uri_template) {
  return resource_template(std::move(uri_template), "t", "text/plain").immediate([](call&) -> outcome<resource_result> {
    return resource_result{};
  });
}

// The defect that a catalog finds in an entry; empty if it finds none.
std::string defect(const std::function<void(catalog&)>& add) {
  catalog into;
  try {
    add(into);
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return {};
}

TEST(catalog, rejects_a_name_that_is_taken) {
  EXPECT_THAT(defect([](catalog& to) { to.add(plain("twice")), to.add(plain("twice")); }), HasSubstr("tool twice"));
  EXPECT_THAT(defect([](catalog& to) { to.add(prompt("p")), to.add(prompt("p")); }), HasSubstr("prompt p"));
  EXPECT_THAT(defect([](catalog& to) { to.add(text_at("a://b")), to.add(text_at("a://b")); }),
              HasSubstr("resource a://b"));
}

TEST(catalog, lets_a_tool_and_a_prompt_share_a_name) {
  EXPECT_EQ(defect([](catalog& to) { to.add(plain("x")), to.add(prompt("x")); }), "");
}

TEST(catalog, rejects_a_malformed_schema_and_names_the_tool) {
  const json malformed = {{"type", "nonsense"}};
  EXPECT_THAT(defect([&](catalog& to) { to.add(plain("broken").input_schema(malformed)); }),
              HasSubstr("tool broken inputSchema"));
  EXPECT_THAT(defect([&](catalog& to) { to.add(plain("broken").output_schema(malformed)); }),
              HasSubstr("tool broken outputSchema"));
}

TEST(catalog, rejects_a_header_annotation_that_breaks_the_rules) {
  const auto spaced = parameter<std::string>("region", "d").with("x-mcp-header", "two words");
  EXPECT_THAT(defect([&](catalog& to) { to.add(plain("mirrored").takes(spaced)); }),
              HasSubstr("tool mirrored x-mcp-header"));
}

TEST(catalog, rejects_a_template_that_cannot_be_matched) {
  EXPECT_THAT(defect([](catalog& to) { to.add(family("a://{x}{y}")); }), HasSubstr("template a://{x}{y}"));
}

TEST(catalog, compiles_what_a_tool_declares) {
  catalog offered;
  const auto region = parameter<std::string>("region", "d").with("x-mcp-header", "Region");
  const auto count = parameter<std::int64_t>("count", "d").range(1, 5).or_else(2);
  offered.add(plain("t").takes(region, count));
  const auto* found = offered.find_tool("t");
  ASSERT_NE(found, nullptr);
  EXPECT_TRUE(found->input.validate({{"region", "eu"}}).empty());
  EXPECT_FALSE(found->input.validate({{"count", 3}}).empty()) << "region is required";
  EXPECT_FALSE(found->input.validate({{"region", "eu"}, {"count", 6}}).empty()) << "count is at most 5";
  EXPECT_FALSE(found->input.validate({{"region", "eu"}, {"other", 1}}).empty()) << "nothing else is taken";
  ASSERT_EQ(found->mirrored.size(), 1u);
  EXPECT_EQ(found->mirrored[0].header_name, "Mcp-Param-Region");
  EXPECT_FALSE(found->output);
}

TEST(catalog, knows_nothing_by_a_name_that_was_not_added) {
  const catalog empty;
  EXPECT_EQ(empty.find_tool("t"), nullptr);
  EXPECT_EQ(empty.find_prompt("p"), nullptr);
  EXPECT_FALSE(empty.find_resource("a://b"));
  EXPECT_EQ(empty.find_prompt_completer("p", "a"), nullptr);
  EXPECT_EQ(empty.find_template_completer("a://{b}", "b"), nullptr);
}

TEST(catalog, finds_a_templates_variables_in_a_uri) {
  catalog offered;
  offered.add(family("shop://{section}/item/{id}"));
  const auto found = offered.find_resource("shop://books/item/a%2Fb");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->variables, json::parse(R"({"section":"books","id":"a/b"})"));
  EXPECT_FALSE(offered.find_resource("shop://books/item/"));
  EXPECT_FALSE(offered.find_resource("shop://books/item/a/b"));
  EXPECT_TRUE(offered.has_template("shop://{section}/item/{id}"));
  EXPECT_FALSE(offered.has_template("shop://books/item/1"));
}

TEST(catalog, prefers_the_fixed_resource_to_a_template_that_also_matches) {
  catalog offered;
  offered.add(family("shop://{id}"));
  offered.add(text_at("shop://front").cached_for({.ttl_ms = 500, .shared = true}));
  EXPECT_EQ(offered.find_resource("shop://front")->hint.ttl_ms, 500);
  EXPECT_TRUE(offered.find_resource("shop://front")->variables.empty());
  EXPECT_EQ(offered.find_resource("shop://back")->hint.ttl_ms, 0);
}

TEST(catalog, lists_tools_in_the_order_in_which_they_came) {
  catalog offered;
  for (const char* name : {"zebra", "ant", "mule"})
    offered.add(plain(name));
  const auto tools = listed(offered.tools(), "tools");
  ASSERT_EQ(tools.size(), 3u);
  EXPECT_EQ(tools[0]["name"], "zebra");
  EXPECT_EQ(tools[2]["name"], "mule");
}

TEST(catalog, leaves_out_of_a_list_what_the_clients_revision_does_not_know) {
  catalog offered;
  offered.add(plain("t").title("T").read_only().output_schema({{"type", "object"}}));
  const auto shown = [&](revision r) { return listed(offered.tools(), "tools", r)[0]; };
  for (const auto r : {revision::r2025_06_18, revision::r2025_11_25, revision::r2026_07_28}) {
    EXPECT_TRUE(shown(r).contains("title") && shown(r).contains("outputSchema") && shown(r).contains("annotations"));
  }
  EXPECT_FALSE(shown(revision::r2025_03_26).contains("title"));
  EXPECT_FALSE(shown(revision::r2025_03_26).contains("outputSchema"));
  EXPECT_TRUE(shown(revision::r2025_03_26).contains("annotations"));
  EXPECT_FALSE(shown(revision::r2024_11_05).contains("annotations"));
}

TEST(catalog, says_which_tools_may_run_twice) {
  EXPECT_TRUE(plain("t").read_only().repeatable());
  EXPECT_TRUE(plain("t").idempotent().repeatable());
  EXPECT_FALSE(plain("t").destructive().repeatable());
  EXPECT_FALSE(plain("t").repeatable());
}

listing numbered(int count) {
  listing list;
  for (int i = 0; i < count; ++i)
    list.add({{"name", std::to_string(i)}});
  return list;
}

base::result<std::string> page(const listing& list, std::string_view cursor, std::string_view method = "tools/list") {
  return list.page(method, "tools", cursor, revision::r2026_07_28);
}

TEST(listing, shows_every_entry_once_over_its_pages) {
  const auto list = numbered(250);
  std::vector<std::string> seen;
  std::vector<std::size_t> sizes;
  std::string cursor;
  do {
    const auto text = page(list, cursor);
    ASSERT_TRUE(text);
    const auto members = json::parse("{" + *text + "}");
    for (const auto& entry : members["tools"])
      seen.push_back(entry["name"]);
    sizes.push_back(members["tools"].size());
    cursor = members.value("nextCursor", "");
  } while (!cursor.empty() && sizes.size() < 10);
  EXPECT_THAT(sizes, testing::ElementsAre(100, 100, 50));
  ASSERT_EQ(seen.size(), 250u);
  for (int i = 0; i < 250; ++i)
    EXPECT_EQ(seen[static_cast<std::size_t>(i)], std::to_string(i));
}

TEST(listing, fits_a_hundred_entries_on_its_only_page) {
  const auto members = json::parse("{" + page(numbered(100), "").value() + "}");
  EXPECT_EQ(members["tools"].size(), 100u);
  EXPECT_FALSE(members.contains("nextCursor"));
}

TEST(listing, is_an_empty_array_when_nothing_was_added) {
  EXPECT_EQ(page(listing(), "").value(), R"("tools":[])");
}

TEST(listing, refuses_a_cursor_that_is_not_its_own) {
  const auto list = numbered(150);
  const auto next = json::parse("{" + page(list, "").value() + "}")["nextCursor"].get<std::string>();
  for (const auto& refused : {page(list, "nonsense"), page(list, next, "prompts/list"), page(numbered(50), next)}) {
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, base::error_kind::invalid_params);
  }
  EXPECT_TRUE(page(list, next));
}

}  // namespace
}  // namespace hydrant::providers

#include "protocol/results.hpp"

#include <gtest/gtest.h>

#include <array>

namespace hydrant::protocol {
namespace {

constexpr std::array revisions{revision::r2024_11_05, revision::r2025_03_26, revision::r2025_06_18,
                               revision::r2025_11_25, revision::r2026_07_28};

json written(const tool_result& result, revision r) {
  return json::parse(write(result, r));
}

/// What the newest revision adds to every result.
json with_type(json result) {
  result["resultType"] = "complete";
  return result;
}

TEST(tool_result, of_text_is_one_block_in_every_revision) {
  const json expected = {{"content", {{{"type", "text"}, {"text", "hello \"world\"\n"}}}}};
  for (const auto r : revisions)
    EXPECT_EQ(written(text_result("hello \"world\"\n"), r), has_result_type(r) ? with_type(expected) : expected)
        << name_of(r);
}

TEST(tool_result, of_an_error_says_so) {
  for (const auto r : revisions) {
    EXPECT_EQ(written(error_result("no"), r)["isError"], true) << name_of(r);
    EXPECT_FALSE(written(text_result("yes"), r).contains("isError")) << name_of(r);
  }
}

TEST(tool_result, with_structured_content_also_carries_its_text) {
  const json value = {{"time", "12:00"}, {"zones", {1, 2}}};
  for (const auto r : revisions) {
    const auto result = written(structured_result(value), r);
    EXPECT_EQ(json::parse(result["content"][0]["text"].get<std::string>()), value) << name_of(r);
    EXPECT_EQ(result.value("structuredContent", json()), r >= revision::r2025_06_18 ? value : json()) << name_of(r);
  }
}

TEST(tool_result, keeps_its_blocks_in_order) {
  tool_result result;
  result.blocks.push_back(content::text("a"));
  result.blocks.push_back(content::image("aWo=", "image/png"));
  result.blocks.push_back(content::audio("aWo=", "audio/wav"));
  result.blocks.push_back(content::resource({{"uri", "test://x"}, {"text", "y"}}));
  result.blocks.push_back(content::link({{"uri", "test://z"}, {"name", "z"}}));
  EXPECT_EQ(written(result, revision::r2025_11_25)["content"],
            json({{{"type", "text"}, {"text", "a"}},
                  {{"type", "image"}, {"data", "aWo="}, {"mimeType", "image/png"}},
                  {{"type", "audio"}, {"data", "aWo="}, {"mimeType", "audio/wav"}},
                  {{"type", "resource"}, {"resource", {{"uri", "test://x"}, {"text", "y"}}}},
                  {{"type", "resource_link"}, {"uri", "test://z"}, {"name", "z"}}}));
}

TEST(tool_result, without_blocks_has_an_empty_list) {
  EXPECT_EQ(written({}, revision::r2025_11_25), json({{"content", json::array()}}));
}

TEST(tool_result, is_json_whatever_bytes_a_tool_gave) {
  const auto text = write(text_result("a\xFFz"), revision::r2025_11_25);
  EXPECT_EQ(json::parse(text)["content"][0]["text"], "a\xEF\xBF\xBDz");
}

TEST(resource_result, carries_text_or_a_blob) {
  const resource_result result{{{.uri = "a://1", .mime_type = "text/plain", .text = "t", .blob = {}},
                                {.uri = "a://2", .mime_type = "", .text = "unused", .blob = "aWo="},
                                {.uri = "a://3", .mime_type = "", .text = "", .blob = {}}}};
  EXPECT_EQ(json::parse(write(result, revision::r2025_11_25, {})),
            json({{"contents",
                   {{{"uri", "a://1"}, {"mimeType", "text/plain"}, {"text", "t"}},
                    {{"uri", "a://2"}, {"blob", "aWo="}},
                    {{"uri", "a://3"}, {"text", ""}}}}}));
}

TEST(resource_result, says_how_long_it_is_good_in_the_newest_revision_only) {
  const resource_result result{{{.uri = "a://1", .mime_type = "", .text = "t", .blob = {}}}};
  for (const auto r : revisions) {
    const auto got = json::parse(write(result, r, {.ttl_ms = 1500, .shared = true}));
    EXPECT_EQ(got.contains("ttlMs"), r == revision::r2026_07_28) << name_of(r);
    EXPECT_EQ(got.contains("cacheScope"), r == revision::r2026_07_28) << name_of(r);
  }
  const auto shared = json::parse(write(result, revision::r2026_07_28, {.ttl_ms = 1500, .shared = true}));
  EXPECT_EQ(shared["ttlMs"], 1500);
  EXPECT_EQ(shared["cacheScope"], "public");
  EXPECT_EQ(shared["resultType"], "complete");
  EXPECT_EQ(json::parse(write(result, revision::r2026_07_28, {}))["cacheScope"], "private");
  EXPECT_EQ(json::parse(write(result, revision::r2026_07_28, {}))["ttlMs"], 0);
}

TEST(prompt_result, carries_its_messages) {
  const prompt_result result{"a \"plan\"",
                             {{"user", content::text("go")}, {"assistant", content::image("aWo=", "image/png")}}};
  const json expected = {
      {"description", "a \"plan\""},
      {"messages",
       {{{"role", "user"}, {"content", {{"type", "text"}, {"text", "go"}}}},
        {{"role", "assistant"}, {"content", {{"type", "image"}, {"data", "aWo="}, {"mimeType", "image/png"}}}}}}};
  for (const auto r : revisions)
    EXPECT_EQ(json::parse(write(result, r)), has_result_type(r) ? with_type(expected) : expected) << name_of(r);
}

TEST(prompt_result, without_a_description_has_none) {
  EXPECT_EQ(json::parse(write(prompt_result{}, revision::r2025_11_25)), json({{"messages", json::array()}}));
}

TEST(completion_result, sends_a_hundred_values_at_most_and_says_that_there_are_more) {
  completion_result result;
  for (int i = 0; i < 150; ++i)
    result.values.push_back(std::to_string(i));
  const auto sent = json::parse(write(result, revision::r2025_11_25))["completion"];
  EXPECT_EQ(sent["values"].size(), 100U);
  EXPECT_EQ(sent["values"][99], "99");
  EXPECT_EQ(sent["total"], 150);
  EXPECT_EQ(sent["hasMore"], true);
}

TEST(completion_result, of_few_values_is_complete) {
  for (const auto r : revisions) {
    const json expected = {{"completion", {{"values", {"a", "b"}}, {"total", 2}, {"hasMore", false}}}};
    EXPECT_EQ(json::parse(write(completion_result{{"a", "b"}, {}}, r)),
              has_result_type(r) ? with_type(expected) : expected);
  }
  EXPECT_EQ(json::parse(write(completion_result{}, revision::r2025_11_25)),
            json({{"completion", {{"values", json::array()}, {"total", 0}, {"hasMore", false}}}}));
}

TEST(completion_result, may_know_of_more_values_than_it_has) {
  const auto sent = json::parse(write(completion_result{{"a"}, 7}, revision::r2025_11_25))["completion"];
  EXPECT_EQ(sent["total"], 7);
  EXPECT_EQ(sent["hasMore"], true);
}

// The official suite checks that older revisions see no further member, not even metadata.
TEST(empty_result, is_empty_but_for_what_the_newest_revision_demands) {
  for (const auto r : revisions)
    EXPECT_EQ(empty_result(r), r == revision::r2026_07_28 ? R"({"resultType":"complete"})" : "{}") << name_of(r);
}

}  // namespace
}  // namespace hydrant::protocol

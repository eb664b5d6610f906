#include "protocol/version.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace hydrant::protocol {
namespace {

constexpr std::array revisions{revision::r2024_11_05, revision::r2025_03_26, revision::r2025_06_18,
                               revision::r2025_11_25, revision::r2026_07_28};

std::vector<std::string_view> where(bool (*question)(revision)) {
  std::vector<std::string_view> out;
  for (const auto r : revisions)
    if (question(r)) out.push_back(name_of(r));
  return out;
}

using names = std::vector<std::string_view>;

TEST(version, names_parse_back) {
  for (const auto r : revisions)
    EXPECT_EQ(parse_revision(name_of(r)), r);
}

TEST(version, parses_exact_names_only) {
  for (const char* name :
       {"", "2025-11", "2025-11-25 ", " 2025-11-25", "2025-11-26", "2024-10-07", "v2025-11-25", "draft"})
    EXPECT_EQ(parse_revision(name), std::nullopt) << name;
}

TEST(version, initialize_gets_the_revision_it_asks_for_if_that_has_sessions) {
  for (const auto r : revisions)
    EXPECT_EQ(negotiate(name_of(r)) == r, uses_sessions(r)) << name_of(r);
}

TEST(version, initialize_gets_the_newest_revision_with_sessions_otherwise) {
  for (const char* name : {"2026-07-28", "2099-01-01", "1.0", ""})
    EXPECT_EQ(negotiate(name), revision::r2025_11_25) << name;
}

TEST(version, only_revisions_that_carry_their_own_metadata_are_advertised) {
  for (const auto name : stateless_revisions) {
    const auto r = parse_revision(name);
    ASSERT_TRUE(r) << name;
    EXPECT_TRUE(carries_request_metadata(*r)) << name;
  }
  EXPECT_EQ(stateless_revisions.size(), where(carries_request_metadata).size());
}

TEST(version, a_revision_is_of_one_era) {
  for (const auto r : revisions)
    EXPECT_NE(uses_sessions(r), carries_request_metadata(r)) << name_of(r);
  EXPECT_EQ(where(carries_request_metadata), names({"2026-07-28"}));
}

TEST(version, each_question_has_its_revisions) {
  EXPECT_EQ(where(allows_batch), names({"2025-03-26"}));
  EXPECT_EQ(where(has_priming_event), names({"2025-11-25"}));
  EXPECT_EQ(where(has_null_response_id), names({"2024-11-05", "2025-03-26", "2025-06-18"}));
  EXPECT_EQ(where(has_result_type), names({"2026-07-28"}));
  EXPECT_EQ(where(has_cache_hints), names({"2026-07-28"}));
  EXPECT_EQ(where(has_structured_content), names({"2025-06-18", "2025-11-25", "2026-07-28"}));
  EXPECT_EQ(where(has_annotations), names({"2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"}));
  EXPECT_EQ(where(has_elicitation), names({"2025-06-18", "2025-11-25", "2026-07-28"}));
  EXPECT_EQ(where(has_url_elicitation), names({"2025-11-25", "2026-07-28"}));
  EXPECT_EQ(where(has_resource_not_found_code), names({"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"}));
  EXPECT_EQ(where(reports_bad_arguments_as_result), names({"2025-11-25", "2026-07-28"}));
}

}  // namespace
}  // namespace hydrant::protocol

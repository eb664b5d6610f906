#include "protocol/capabilities.hpp"

#include "protocol/logging_level.hpp"

#include <gtest/gtest.h>

namespace hydrant::protocol {
namespace {

const json empty = json::object();
constexpr auto newest = revision::r2026_07_28;

client_capabilities from(const json& declared, revision r = newest) {
  return client_capabilities::from(declared, r);
}

TEST(capabilities, are_none_unless_declared) {
  for (const auto& declared : {json(), empty, json::array(), json("sampling"), json(1)}) {
    const auto got = from(declared);
    EXPECT_FALSE(got.sampling || got.roots || got.elicitation_form || got.elicitation_url) << declared;
  }
}

TEST(capabilities, count_only_as_objects) {
  EXPECT_TRUE(from({{"sampling", empty}}).sampling);
  EXPECT_TRUE(from({{"roots", {{"listChanged", true}}}}).roots);
  for (const auto& value : {json(), json(true), json("yes"), json::array(), json(1)}) {
    EXPECT_FALSE(from({{"sampling", value}}).sampling) << value;
    EXPECT_FALSE(from({{"roots", value}}).roots) << value;
    EXPECT_FALSE(from({{"elicitation", value}}).elicitation_form) << value;
  }
}

TEST(capabilities, a_bare_elicitation_means_forms) {
  EXPECT_TRUE(from({{"elicitation", empty}}).elicitation_form);
  EXPECT_FALSE(from({{"elicitation", empty}}).elicitation_url);
}

TEST(capabilities, elicitation_may_name_its_modes) {
  const auto both = from({{"elicitation", {{"form", empty}, {"url", empty}}}});
  EXPECT_TRUE(both.elicitation_form && both.elicitation_url);
  const auto url_only = from({{"elicitation", {{"url", empty}}}});
  EXPECT_FALSE(url_only.elicitation_form);
  EXPECT_TRUE(url_only.elicitation_url);
}

TEST(capabilities, a_revision_without_elicitation_has_none) {
  EXPECT_FALSE(from({{"elicitation", empty}}, revision::r2025_03_26).elicitation_form);
  EXPECT_TRUE(from({{"elicitation", empty}}, revision::r2025_06_18).elicitation_form);
  EXPECT_FALSE(from({{"elicitation", {{"form", empty}, {"url", empty}}}}, revision::r2025_06_18).elicitation_url);
}

TEST(logging_level, names_parse_back_in_order_of_severity) {
  for (std::size_t i = 0; i < logging_level_names.size(); ++i) {
    const auto level = parse_logging_level(logging_level_names[i]);
    ASSERT_TRUE(level) << logging_level_names[i];
    EXPECT_EQ(name_of(*level), logging_level_names[i]);
    EXPECT_EQ(static_cast<std::size_t>(*level), i);
  }
  EXPECT_LT(logging_level::debug, logging_level::emergency);
}

TEST(logging_level, other_names_are_none) {
  for (const char* name : {"", "DEBUG", "warn", "fatal", "info "})
    EXPECT_FALSE(parse_logging_level(name)) << name;
}

}  // namespace
}  // namespace hydrant::protocol

#include "protocol/methods.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>

namespace hydrant::protocol {
namespace {

constexpr std::array both_eras{
    "tools/call",  "tools/list",   "resources/read",     "resources/list", "resources/templates/list",
    "prompts/get", "prompts/list", "completion/complete"};
constexpr std::array session_eras{"ping", "initialize", "logging/setLevel", "resources/subscribe",
                                  "resources/unsubscribe"};
constexpr std::array metadata_era{"server/discover", "subscriptions/listen"};
constexpr std::array session_revisions{revision::r2024_11_05, revision::r2025_03_26, revision::r2025_06_18,
                                       revision::r2025_11_25};

TEST(methods, some_exist_in_both_eras) {
  for (const auto* name : both_eras) {
    EXPECT_TRUE(find_method(name, revision::r2026_07_28)) << name;
    for (const auto r : session_revisions)
      EXPECT_EQ(find_method(name, r), find_method(name, revision::r2026_07_28)) << name;
  }
}

TEST(methods, the_handshake_and_what_needs_a_session_exist_with_sessions_only) {
  for (const auto* name : session_eras) {
    EXPECT_FALSE(find_method(name, revision::r2026_07_28)) << name;
    for (const auto r : session_revisions)
      EXPECT_TRUE(find_method(name, r)) << name << " in " << name_of(r);
  }
}

TEST(methods, discovery_and_listening_exist_without_sessions_only) {
  for (const auto* name : metadata_era) {
    EXPECT_TRUE(find_method(name, revision::r2026_07_28)) << name;
    for (const auto r : session_revisions)
      EXPECT_FALSE(find_method(name, r)) << name << " in " << name_of(r);
  }
}

TEST(methods, names_are_exact) {
  for (const char* name :
       {"", "tools", "Tools/call", "tools/call ", "tools/list/", "notifications/initialized", "tasks/list"}) {
    EXPECT_FALSE(find_method(name, revision::r2026_07_28)) << name;
    EXPECT_FALSE(find_method(name, revision::r2025_11_25)) << name;
  }
}

TEST(methods, no_two_names_mean_the_same) {
  std::set<method> seen;
  for (const auto* name : both_eras)
    EXPECT_TRUE(seen.insert(*find_method(name, revision::r2025_11_25)).second) << name;
  for (const auto* name : session_eras)
    EXPECT_TRUE(seen.insert(*find_method(name, revision::r2025_11_25)).second) << name;
  for (const auto* name : metadata_era)
    EXPECT_TRUE(seen.insert(*find_method(name, revision::r2026_07_28)).second) << name;
}

TEST(methods, three_of_them_mirror_a_name_into_a_header) {
  EXPECT_EQ(mirrored_name_parameter(method::tools_call), "name");
  EXPECT_EQ(mirrored_name_parameter(method::prompts_get), "name");
  EXPECT_EQ(mirrored_name_parameter(method::resources_read), "uri");
  for (const auto m : {method::tools_list, method::initialize, method::ping, method::discover, method::listen,
                       method::complete, method::resources_list, method::resources_subscribe, method::set_level})
    EXPECT_EQ(mirrored_name_parameter(m), "");
}

}  // namespace
}  // namespace hydrant::protocol

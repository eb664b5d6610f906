#include "app/config_table.hpp"

#include "app/config_value.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

namespace hydrant::app {
namespace {

using testing::MatchesRegex;

setting_value parsed(std::string_view name, const std::string& text) {
  const auto& key = *find_key(name);
  return parse_value(key, split_words(key, text)).value();
}

bool accepts(std::string_view name, const std::string& text) {
  const auto& key = *find_key(name);
  return parse_value(key, split_words(key, text)).has_value();
}

TEST(config_table, every_row_has_a_default_that_validates_and_fits_its_member) {
  config settings;
  for (const auto& key : config_table()) {
    if (key.fallback_from == fallback_kind::computed) continue;
    const auto value = parse_value(key, split_words(key, key.fallback));
    ASSERT_TRUE(value) << key.name << ": " << value.error().message;
    ASSERT_NE(key.assign, nullptr) << key.name;
    EXPECT_NO_THROW(key.assign(settings, *value)) << key.name;
  }
}

TEST(config_table, every_row_sets_a_member_of_its_own) {
  const auto sample = [](value_kind kind) -> setting_value {
    switch (kind) {
      case value_kind::flag: return true;
      case value_kind::duration: return std::chrono::milliseconds(1);
      case value_kind::list: return std::vector<std::string>{"x"};
      case value_kind::text: return std::string("x");
      case value_kind::integer:
      case value_kind::bytes:
      case value_kind::choice: break;
    }
    return std::int64_t{1};
  };
  config none;
  none.opensearch.cluster.tls.verify_peer = false;  // the one flag that is not false by itself
  std::vector<config> outcomes{none};
  for (const auto& key : config_table()) {
    auto settings = none;
    key.assign(settings, sample(key.kind));
    EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), settings), 0) << key.name;
    outcomes.push_back(settings);
  }
}

TEST(config_table, every_default_is_named) {
  for (const auto& key : config_table())
    EXPECT_FALSE(key.fallback.empty() && key.fallback_note.empty()) << key.name;
}

TEST(config_table, no_two_rows_share_a_name_a_flag_or_a_variable) {
  std::set<std::string> names;
  std::set<std::string> flags;
  std::set<std::string> variables;
  for (const auto& key : config_table()) {
    EXPECT_TRUE(names.emplace(key.name).second) << key.name;
    EXPECT_TRUE(flags.insert(flag_name(key)).second) << key.name;
    EXPECT_TRUE(variables.insert(variable_name(key)).second) << key.name;
  }
}

TEST(config_table, no_setting_is_a_section_as_well) {
  for (const auto& key : config_table()) {
    for (const auto& other : config_table())
      EXPECT_FALSE(other.name.starts_with(std::string(key.name) + "."));
  }
}

TEST(config_table, rows_of_a_section_stand_together) {
  std::set<std::string_view> ended;
  std::string_view current;
  for (const auto& key : config_table()) {
    if (key.section == current) continue;
    EXPECT_TRUE(ended.insert(key.section).second) << key.section;
    current = key.section;
  }
}

TEST(config_table, every_number_has_bounds_and_every_choice_choices) {
  for (const auto& key : config_table()) {
    const bool bounded = key.kind == value_kind::integer || key.kind == value_kind::duration ||
                         key.kind == value_kind::bytes || key.kind == value_kind::list;
    EXPECT_EQ(key.range.has_value(), bounded) << key.name;
    EXPECT_TRUE(!key.range || key.range->min < key.range->max) << key.name;
    EXPECT_TRUE(key.kind != value_kind::choice || key.choices.size() > 1) << key.name;
  }
}

TEST(config_table, names_are_dotted_lower_case_and_prose_ends_a_sentence) {
  for (const auto& key : config_table()) {
    EXPECT_THAT(std::string(key.name), MatchesRegex("[a-z]+(-[a-z]+)*(\\.[a-z]+(-[a-z]+)*)?"));
    EXPECT_TRUE(key.prose.ends_with('.')) << key.name;
  }
}

TEST(config_table, a_flag_and_a_variable_follow_from_the_name) {
  EXPECT_EQ(flag_name(*find_key("session.passivate-after")), "--session-passivate-after");
  EXPECT_EQ(variable_name(*find_key("session.passivate-after")), "HYDRANT_SESSION_PASSIVATE_AFTER");
}

TEST(config_table, keeps_the_customary_variables) {
  const std::vector<std::pair<std::string, std::string>> customary{{"host", "HOST"},
                                                                   {"port", "PORT"},
                                                                   {"node-id", "NODE_ID"},
                                                                   {"session.ttl", "SESSION_TTL"},
                                                                   {"stateless", "MCP_STATELESS"},
                                                                   {"redis-url", "REDIS_URL"},
                                                                   {"nats-url", "NATS_URL"}};
  for (const auto& [name, variable] : customary)
    EXPECT_EQ(variable_name(*find_key(name)), variable);
}

TEST(config_table, choices_stand_in_the_order_of_their_enumerators) {
  config settings;
  const auto assign = [&](std::string_view name, const std::string& text) {
    find_key(name)->assign(settings, parsed(name, text));
  };
  assign("log.format", "json");
  EXPECT_EQ(settings.log.format, base::log_format::json);
  const std::vector<std::pair<std::string, base::log_level>> levels{
      {"trace", base::log_level::trace}, {"debug", base::log_level::debug}, {"info", base::log_level::info},
      {"warn", base::log_level::warn},   {"error", base::log_level::error}, {"off", base::log_level::off}};
  for (const auto& [text, level] : levels) {
    assign("log.level", text);
    EXPECT_EQ(settings.log.level, level) << text;
  }
  const auto place = [](std::string_view name, std::string_view choice) {
    const auto& choices = find_key(name)->choices;
    return std::find(choices.begin(), choices.end(), choice) - choices.begin();
  };
  EXPECT_EQ(place("store", "redis"), static_cast<long>(store_kind::redis));
  EXPECT_EQ(place("bus", "nats"), static_cast<long>(bus_kind::nats));
}

TEST(config_table, paths_start_with_a_slash_and_do_not_end_with_one) {
  for (const auto* good : {"/mcp", "/ossserver-stateless/ossmcp", "/v1.0/~x"})
    EXPECT_TRUE(accepts("endpoint", good));
  for (const auto* bad : {"mcp", "/", "/mcp/", "//mcp", "/a//b", "/a/../b", "/.", "/a?b", "/a b", "/%41"}) {
    EXPECT_FALSE(accepts("endpoint", bad)) << bad;
    EXPECT_FALSE(accepts("path-prefix", bad)) << bad;
  }
  EXPECT_TRUE(accepts("path-prefix", ""));
  EXPECT_FALSE(accepts("endpoint", ""));
}

TEST(config_table, hosts_have_no_port_and_no_scheme) {
  for (const auto* good : {"localhost", "127.0.0.1", "::1", "fe80::1%eth0", "mcp.example.com"}) {
    EXPECT_TRUE(accepts("host", good)) << good;
  }
  for (const auto* bad : {"", "localhost:80", "http://localhost", "[::1]", "a b", "a/b"}) {
    EXPECT_FALSE(accepts("host", bad)) << bad;
  }
}

TEST(config_table, origins_have_a_scheme_and_no_path) {
  for (const auto* good :
       {"https://app.example.com", "http://localhost:3000", "http://[::1]:80", "vscode-webview://x"}) {
    EXPECT_TRUE(accepts("allowed-origins", good)) << good;
  }
  for (const auto* bad : {"app.example.com", "https://", "https://a/", "https://a:0", "https://a:b", "null", "*",
                          "http://[::1", "http://[::1]x", "://a"}) {
    EXPECT_FALSE(accepts("allowed-origins", bad)) << bad;
  }
}

TEST(config_table, node_ids_are_safe_in_subjects_and_labels) {
  EXPECT_TRUE(accepts("node-id", "web-1.example_7"));
  for (const auto* bad : {"", "a b", "a/b", "a*", "a>b"})
    EXPECT_FALSE(accepts("node-id", bad)) << bad;
  EXPECT_FALSE(accepts("node-id", std::string(129, 'a')));
}

}  // namespace
}  // namespace hydrant::app

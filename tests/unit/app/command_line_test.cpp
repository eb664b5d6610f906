#include "app/command_line.hpp"

#include "app/config_print.hpp"
#include "tests/unit/app/fake_surroundings.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace hydrant::app {
namespace {

using action = invocation::action;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

invocation run(std::vector<const char*> arguments, const surroundings& around = fake_surroundings()) {
  arguments.insert(arguments.begin(), "hydrant");
  return parse_command_line(static_cast<int>(arguments.size()), arguments.data(), around);
}

TEST(command_line, serves_with_defaults) {
  const auto answer = run({"serve"});
  EXPECT_EQ(answer.what, action::serve);
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.text, "");
  EXPECT_EQ(answer.settings, load_config({}, fake_surroundings()).settings);
}

TEST(command_line, takes_values_after_a_space_or_an_equals_sign) {
  EXPECT_EQ(run({"serve", "--port", "8080"}).settings.listen.port, 8080);
  EXPECT_EQ(run({"serve", "--port=8080"}).settings.listen.port, 8080);
  EXPECT_EQ(run({"serve", "--path-prefix", ""}).what, action::serve);
  EXPECT_EQ(run({"serve", "--path-prefix=", "--port", "1"}).settings.listen.port, 1);
  EXPECT_EQ(run({"serve", "--server-instructions", "-a [b]"}).settings.identity.instructions, "-a [b]");
  EXPECT_EQ(run({"serve", "--node-id", "serve"}).settings.node_id, "serve");
}

TEST(command_line, every_setting_has_a_flag_that_overrides_its_variable) {
  const auto defaults = run({"serve"}).settings;
  for (const auto& key : config_table()) {
    if (key.name == "config" || key.fallback.empty()) continue;
    const auto flag = flag_name(key) + "=" + std::string(key.fallback);
    const auto answer = run({"serve", flag.c_str()}, fake_surroundings({{variable_name(key), "\x01"}}));
    EXPECT_EQ(answer.what, action::serve) << answer.text;
    EXPECT_EQ(answer.settings, defaults) << key.name;
  }
}

TEST(command_line, a_switch_needs_no_value) {
  EXPECT_TRUE(run({"serve", "--stateless"}).settings.listen.stateless);
  EXPECT_TRUE(run({"serve", "--stateless", "--port", "1"}).settings.listen.stateless);
  EXPECT_FALSE(
      run({"serve", "--stateless=false"}, fake_surroundings({{"MCP_STATELESS", "1"}})).settings.listen.stateless);
  EXPECT_FALSE(run({"serve", "--legacy-sse", "off"}).settings.listen.legacy_sse);
}

TEST(command_line, a_list_may_be_divided_or_repeated) {
  EXPECT_THAT(run({"serve", "--providers", "demo,conformance"}).settings.providers, ElementsAre("demo", "conformance"));
  EXPECT_THAT(run({"serve", "--providers", "demo", "--providers=conformance"}).settings.providers,
              ElementsAre("demo", "conformance"));
  EXPECT_THAT(run({"serve", "--allowed-hosts="}, fake_surroundings({{"HYDRANT_ALLOWED_HOSTS", "a"}}))
                  .settings.listen.allowed_hosts,
              IsEmpty());
}

TEST(command_line, reports_every_problem_of_flags_environment_and_file_at_once) {
  const auto around = fake_surroundings({{"SESSION_TTL", "x"}}, {{"h.json", R"({"log": {"levl": "info"}})"}});
  const auto answer = run({"serve", "--config", "h.json", "--port", "-1", "--prot", "33", "--endpoint", "--host", "a",
                           "--host", "b", "--ttl=5", "word"},
                          around);
  EXPECT_EQ(answer.what, action::show_text);
  EXPECT_EQ(answer.exit_code, 2);
  EXPECT_THAT(answer.text, AllOf(HasSubstr("8 problems"), HasSubstr("port (flag --port): \"-1\" is below 0"),
                                 HasSubstr("--prot (command line): is not a flag\n      Did you mean --port?"),
                                 HasSubstr("endpoint (flag --endpoint): has no value"),
                                 HasSubstr("host (flag --host): is given twice"),
                                 HasSubstr("--ttl (command line): is not a flag\n      Did you mean --session-ttl?"),
                                 HasSubstr("word (command line): is not expected"),
                                 HasSubstr("session.ttl (environment SESSION_TTL): \"x\" is not a duration"),
                                 HasSubstr("log.levl (file h.json): is not a setting\n      Did you mean log.level?")));
}

TEST(command_line, does_not_show_a_secret_after_a_mistyped_flag) {
  EXPECT_THAT(run({"serve", "--redis-ulr", "redis://:hunter2@r"}).text, Not(HasSubstr("hunter2")));
  EXPECT_THAT(run({"serve", "--redis-ulr=redis://:hunter2@r"}).text, Not(HasSubstr("hunter2")));
}

TEST(command_line, prints_the_settings_in_effect) {
  const auto answer = run({"serve", "--print-config", "--port", "1"});
  EXPECT_EQ(answer.what, action::print_config);
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_THAT(answer.text, HasSubstr("\"port\": 1,  // flag --port"));
  EXPECT_EQ(run({"serve", "--print-config", "--port", "x"}).exit_code, 2);
}

TEST(command_line, prints_the_reference_whatever_the_settings_are) {
  const auto answer = run({"serve", "--print-config-reference"}, fake_surroundings({{"PORT", "x"}}));
  EXPECT_EQ(answer.what, action::print_reference);
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.text, config_reference());
}

TEST(command_line, prints_the_version) {
  const auto answer = run({"--version"});
  EXPECT_EQ(answer.what, action::show_text);
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.text, "hydrant 1.2.3\n");
}

TEST(command_line, prints_help_without_a_command_and_calls_that_an_error) {
  const auto asked = run({"--help"});
  EXPECT_EQ(asked.exit_code, 0);
  EXPECT_THAT(asked.text, AllOf(HasSubstr("Usage: hydrant"), HasSubstr("serve"), HasSubstr("Examples:")));
  const auto bare = run({});
  EXPECT_EQ(bare.exit_code, 2);
  EXPECT_EQ(bare.text, asked.text);
}

TEST(command_line, help_mentions_every_flag_variable_and_default) {
  for (const auto* help : {"--help", "-h"}) {
    const auto answer = run({"serve", help}, fake_surroundings({{"PORT", "x"}}));
    ASSERT_EQ(answer.exit_code, 0);
    EXPECT_THAT(answer.text,
                AllOf(HasSubstr("Usage: hydrant serve"), HasSubstr("Examples:"), HasSubstr("--print-config\n")));
    for (const auto& key : config_table()) {
      EXPECT_THAT(answer.text, AllOf(HasSubstr("\n  " + flag_name(key) + " "), HasSubstr(variable_name(key) + "]")));
    }
  }
}

TEST(command_line, help_hides_what_is_for_the_documentation_and_stays_within_80_columns) {
  const auto text = run({"serve", "--help"}).text;
  EXPECT_THAT(text, Not(HasSubstr("--print-config-reference")));
  EXPECT_THAT(text, Not(HasSubstr("\n\n\n")));
  std::vector<std::size_t> widths;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    widths.push_back(line.size());
  EXPECT_THAT(widths, Each(testing::Le(80U)));
}

TEST(command_line, suggests_the_command_that_was_meant) {
  for (const auto& answer : {run({"srve"}), run({"--port", "1"}), run({"--port=1"})}) {
    EXPECT_EQ(answer.what, action::show_text);
    EXPECT_EQ(answer.exit_code, 2);
    EXPECT_THAT(answer.text, HasSubstr("Did you mean: hydrant serve"));
  }
  EXPECT_THAT(run({"frobnicate"}).text, HasSubstr("hydrant --help"));
}

TEST(command_line, never_throws_for_odd_words) {
  for (const auto* word :
       {"", "-", "--", "---", "=", "--=", "-1", "-p", "/port", "serve", "{}", "[", "++", "%%", "--port"}) {
    const auto answer = run({"serve", word});
    EXPECT_TRUE(answer.exit_code == 0 || answer.exit_code == 2) << word;
    EXPECT_NO_THROW(run({word, "serve", word, word})) << word;
  }
}

TEST(command_line, passes_warnings_on) {
  EXPECT_THAT(run({"serve", "--host", "0.0.0.0"}).warnings, ElementsAre(HasSubstr("allowed-hosts")));
}

}  // namespace
}  // namespace hydrant::app

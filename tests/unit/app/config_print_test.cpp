#include "app/config_print.hpp"

#include "tests/support/source_folder.hpp"
#include "tests/unit/app/fake_surroundings.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

namespace hydrant::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Every setting that a file can hold, away from its default.
const flag_words changed{{"drain-timeout", {"1500ms"}},
                         {"host", {"::1"}},
                         {"port", {"0"}},
                         {"path-prefix", {"/tools"}},
                         {"endpoint", {"/x/y"}},
                         {"legacy-sse", {"false"}},
                         {"stateless", {"true"}},
                         {"allowed-origins", {"https://a.example.com", "http://b:1"}},
                         {"allowed-hosts", {"a.example.com"}},
                         {"providers", {"conformance", "demo"}},
                         {"session.ttl", {"1h"}},
                         {"stream.log-bytes-max", {"5MB"}},
                         {"server.title", {"say \"hi\" // not a comment\n"}},
                         {"server.instructions", {"/* nor this */ {"}},
                         {"log.format", {"json"}},
                         {"log.level", {"off"}}};

TEST(print_config, is_read_back_as_the_same_settings) {
  for (const auto& flags : {flag_words{}, changed}) {
    const auto first = load_config(flags, fake_surroundings());
    ASSERT_THAT(first.problems, IsEmpty());
    auto second = load_config({{"config", {"p.json"}}}, fake_surroundings({}, {{"p.json", print_config(first)}}));
    EXPECT_THAT(second.problems, IsEmpty());
    second.settings.file = first.settings.file;
    EXPECT_EQ(second.settings, first.settings);
  }
}

TEST(print_config, shows_every_setting_with_its_origin) {
  const auto around = fake_surroundings({{"SESSION_TTL", "1h"}}, {{"h.json", R"({"endpoint": "/x"})"}});
  const auto text = print_config(load_config({{"config", {"h.json"}}, {"port", {"3"}}}, around));
  EXPECT_THAT(text,
              AllOf(HasSubstr("\"port\": 3,  // flag --port\n"), HasSubstr("\"endpoint\": \"/x\",  // file h.json\n"),
                    HasSubstr("\"ttl\": \"1h\",  // environment SESSION_TTL\n"),
                    HasSubstr("\"host\": \"127.0.0.1\",  // default\n")));
  for (const auto& key : config_table()) {
    const auto name = key.name.substr(key.name.rfind('.') + 1);
    EXPECT_THAT(text, HasSubstr('"' + std::string(name) + "\": "));
  }
}

TEST(print_config, masks_secrets) {
  const auto around = fake_surroundings({{"REDIS_URL", "redis://me:hunter2@r"}, {"NATS_URL", "nats://hunter2@n"}});
  const auto text = print_config(load_config({}, around));
  EXPECT_THAT(text, Not(HasSubstr("hunter2")));
  EXPECT_THAT(text, HasSubstr("// \"redis-url\": \"***\"  // environment REDIS_URL\n"));
}

TEST(print_config, does_not_pin_the_node_id_that_was_made_up) {
  EXPECT_THAT(print_config(load_config({}, fake_surroundings())), HasSubstr("// \"node-id\": \"web-1-42\""));
  EXPECT_THAT(print_config(load_config({{"node-id", {"n"}}}, fake_surroundings())),
              HasSubstr("\n  \"node-id\": \"n\","));
}

TEST(config_reference, has_an_entry_for_every_setting) {
  const auto page = config_reference();
  for (const auto& key : config_table()) {
    EXPECT_THAT(page, AllOf(HasSubstr("### `" + std::string(key.name) + "`\n"), HasSubstr("`" + flag_name(key) + "`"),
                            HasSubstr("`" + variable_name(key) + "`"), HasSubstr(std::string(key.prose))));
  }
}

TEST(config_reference, is_what_the_documentation_holds) {
  std::ifstream file(tests::source_folder() + "/docs/configuration.md");
  std::stringstream page;
  page << file.rdbuf();
  EXPECT_EQ(page.str(), config_reference()) << "run scripts/generate-docs";
}

}  // namespace
}  // namespace hydrant::app

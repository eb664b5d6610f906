#include "app/config_load.hpp"

#include "tests/unit/app/fake_surroundings.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>

namespace hydrant::app {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

loaded_config load_file(const std::string& text) {
  return load_config({{"config", {"h.json"}}}, fake_surroundings({}, {{"h.json", text}}));
}

auto a_problem(const std::string& key, const std::string& where, const std::string& what, const std::string& remedy) {
  return AllOf(Field(&problem::key, key), Field(&problem::where, where), Field(&problem::what, HasSubstr(what)),
               Field(&problem::remedy, HasSubstr(remedy)));
}

TEST(load_config, needs_nothing) {
  const auto loaded = load_config({}, fake_surroundings());
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_THAT(loaded.warnings, IsEmpty());
  const auto& settings = loaded.settings;
  EXPECT_EQ(settings.node_id, "web-1-42");
  EXPECT_EQ(settings.listen.host, "127.0.0.1");
  EXPECT_EQ(settings.listen.port, 3000);
  EXPECT_EQ(settings.listen.endpoint, "/mcp");
  EXPECT_TRUE(settings.listen.legacy_sse);
  EXPECT_FALSE(settings.listen.stateless);
  EXPECT_THAT(settings.providers, ElementsAre("demo"));
  EXPECT_EQ(settings.session.ttl, milliseconds(1'800'000));
  EXPECT_EQ(settings.session.passivate_after, milliseconds(60'000));
  EXPECT_EQ(settings.session.sessions_max, 100'000U);
  EXPECT_EQ(settings.session.streams_max, 8U);
  EXPECT_EQ(settings.session.pending_max, 64U);
  EXPECT_EQ(settings.stream.streams_max, 50'000U);
  EXPECT_EQ(settings.stream.log_bytes_max, 4U << 20);
  EXPECT_EQ(settings.stream.log_events_max, 8192U);
  EXPECT_EQ(settings.stream.finished_grace, milliseconds(60'000));
  EXPECT_EQ(settings.stream.keep_alive, milliseconds(15'000));
  EXPECT_EQ(settings.stream.retry, milliseconds(1'000));
  EXPECT_EQ(settings.call.timeout, milliseconds(600'000));
  EXPECT_EQ(settings.call.ask_timeout, milliseconds(300'000));
  EXPECT_EQ(settings.call.request_state_ttl, milliseconds(600'000));
  EXPECT_EQ(settings.limits.connections_max, 20'000U);
  EXPECT_EQ(settings.limits.body_bytes_max, 4U << 20);
  EXPECT_EQ(settings.limits.header_bytes_max, 16U << 10);
  EXPECT_EQ(settings.limits.json_depth_max, 64U);
  EXPECT_EQ(settings.limits.header_timeout, milliseconds(10'000));
  EXPECT_EQ(settings.limits.body_timeout, milliseconds(30'000));
  EXPECT_EQ(settings.limits.idle_timeout, milliseconds(75'000));
  EXPECT_EQ(settings.limits.write_timeout, milliseconds(30'000));
  EXPECT_EQ(settings.threads.io, 0U);
  EXPECT_EQ(settings.threads.workers, 4U);
  EXPECT_EQ(settings.threads.worker_queue_max, 256U);
  EXPECT_EQ(settings.identity.name, "hydrant");
  EXPECT_EQ(settings.identity.title, "Hydrant");
  EXPECT_EQ(settings.drain_timeout, milliseconds(20'000));
}

TEST(load_config, takes_flag_before_environment_before_file_before_default) {
  const std::string file = R"({"port": 1, "endpoint": "/file", "path-prefix": "/file"})";
  const auto around = fake_surroundings({{"PORT", "2"}, {"HYDRANT_ENDPOINT", "/variable"}}, {{"h.json", file}});
  const auto loaded = load_config({{"config", {"h.json"}}, {"port", {"3"}}}, around);
  ASSERT_THAT(loaded.problems, IsEmpty());
  EXPECT_EQ(loaded.settings.listen.port, 3);
  EXPECT_EQ(loaded.settings.listen.endpoint, "/variable");
  EXPECT_EQ(loaded.settings.listen.path_prefix, "/file");
  EXPECT_EQ(loaded.settings.listen.host, "127.0.0.1");
}

TEST(load_config, tells_where_each_value_came_from) {
  const auto around = fake_surroundings({{"SESSION_TTL", "1h"}}, {{"h.json", R"({"endpoint": "/x"})"}});
  const auto loaded = load_config({{"config", {"h.json"}}, {"port", {"3"}}}, around);
  std::map<std::string, std::string> places;
  for (const auto& setting : loaded.effective)
    places.emplace(setting.key->name, describe(setting.where));
  EXPECT_EQ(places.at("port"), "flag --port");
  EXPECT_EQ(places.at("session.ttl"), "environment SESSION_TTL");
  EXPECT_EQ(places.at("endpoint"), "file h.json");
  EXPECT_EQ(places.at("host"), "default");
  EXPECT_EQ(places.size(), config_table().size());
}

TEST(load_config, finds_the_file_through_the_environment) {
  const auto loaded =
      load_config({}, fake_surroundings({{"HYDRANT_CONFIG", "h.json"}}, {{"h.json", R"({"port": 7})"}}));
  EXPECT_EQ(loaded.settings.listen.port, 7);
  EXPECT_EQ(loaded.settings.file, "h.json");
}

TEST(load_config, takes_an_empty_variable_for_none) {
  const auto loaded = load_config({}, fake_surroundings({{"PORT", ""}, {"HYDRANT_CONFIG", ""}}));
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_EQ(loaded.settings.listen.port, 3000);
}

TEST(load_config, reads_nested_and_dotted_names_and_comments) {
  const auto loaded = load_file(R"({
    // half an hour is too short
    "session": {"ttl": "1h", /* the rest stays */ "max": 5},
    "stream.retry": 3
  })");
  ASSERT_THAT(loaded.problems, IsEmpty());
  EXPECT_EQ(loaded.settings.session.ttl, milliseconds(3'600'000));
  EXPECT_EQ(loaded.settings.session.sessions_max, 5U);
  EXPECT_EQ(loaded.settings.stream.retry, milliseconds(3'000));
}

TEST(load_config, wants_the_url_of_what_it_shall_use) {
  const auto loaded = load_config({{"store", {"redis"}}, {"bus", {"nats"}}}, fake_surroundings());
  EXPECT_THAT(loaded.problems, ElementsAre(a_problem("redis-url", "default", "store is redis", "redis://"),
                                           a_problem("nats-url", "default", "bus is nats", "nats://")));
}

TEST(load_config, warns_of_a_shared_store_without_a_bus) {
  const auto loaded = load_config({{"store", {"redis"}}}, fake_surroundings({{"REDIS_URL", "redis://r"}}));
  EXPECT_THAT(loaded.warnings, ElementsAre(HasSubstr("bus is local")));
}

TEST(load_config, reports_all_problems_at_once_with_place_and_remedy) {
  const std::string file = R"({"session": {"ttl": "30x"}, "colour": "red"})";
  const auto around =
      fake_surroundings({{"PORT", "http"}, {"REDIS_URL", "http://me:hunter2@host"}}, {{"h.json", file}});
  const auto loaded = load_config({{"config", {"h.json"}}, {"store", {"disk"}}, {"endpoint", {"mcp/"}}}, around);
  EXPECT_THAT(loaded.problems,
              testing::UnorderedElementsAre(
                  a_problem("colour", "file h.json", "is not a setting", "Remove it"),
                  a_problem("session.ttl", "file h.json", "\"30x\" is not a duration", "a duration from 1s to 30d"),
                  a_problem("port", "environment PORT", "\"http\" is not a whole number", "from 0 to 65535"),
                  a_problem("store", "flag --store", "\"disk\" is not one of the choices", "one of memory, redis"),
                  a_problem("endpoint", "flag --endpoint", "\"mcp/\"", "starts with /"),
                  a_problem("redis-url", "environment REDIS_URL", "not shown", "redis://")));
  const auto text = format_problems(loaded.problems);
  EXPECT_THAT(text, HasSubstr("6 problems"));
  for (const auto& one : loaded.problems)
    EXPECT_THAT(text, AllOf(HasSubstr(one.key), HasSubstr(one.remedy)));
  EXPECT_THAT(text, Not(HasSubstr("hunter2")));
}

TEST(load_config, does_not_check_what_is_overridden) {
  const auto loaded = load_config({{"port", {"1"}}}, fake_surroundings({{"PORT", "http"}}));
  EXPECT_THAT(loaded.problems, IsEmpty());
}

TEST(load_config, suggests_the_nearest_name_for_an_unknown_one) {
  const auto loaded = load_file(R"({"prot": 1, "sesion": {}, "session": {"tll": 1}, "ttl": 1})");
  EXPECT_THAT(loaded.problems,
              testing::UnorderedElementsAre(
                  a_problem("prot", "file h.json", "is not a setting", "Did you mean port?"),
                  a_problem("sesion", "file h.json", "is not a setting", "Did you mean session?"),
                  a_problem("session.tll", "file h.json", "is not a setting", "Did you mean session.ttl?"),
                  a_problem("ttl", "file h.json", "is not a setting", "Did you mean session.ttl?")));
}

TEST(load_config, refuses_names_that_are_given_twice) {
  EXPECT_THAT(load_file(R"({"port": 1, "port": 2})").problems,
              ElementsAre(a_problem("port", "file h.json", "is given twice", "Keep one")));
  EXPECT_THAT(load_file(R"({"session": {"ttl": 1, "max": 1, "ttl": 2}})").problems,
              ElementsAre(a_problem("session.ttl", "file h.json", "is given twice", "Keep one")));
  EXPECT_THAT(load_file(R"({"session": {"ttl": 1}, "session.ttl": 2})").problems,
              ElementsAre(a_problem("session.ttl", "file h.json", "nested and with a dot", "Keep one")));
}

TEST(load_config, refuses_a_section_that_is_a_value_and_a_value_that_is_a_section) {
  EXPECT_THAT(load_file(R"({"session": 1})").problems,
              ElementsAre(a_problem("session", "file h.json", "is a section", "Give an object")));
  EXPECT_THAT(load_file(R"({"port": {"number": 1}})").problems,
              ElementsAre(a_problem("port", "file h.json", "a JSON object does not fit", "a whole number")));
}

TEST(load_config, refuses_a_file_that_names_a_file) {
  EXPECT_THAT(load_file(R"({"config": "x"})").problems,
              ElementsAre(a_problem("config", "file h.json", "cannot be set in a file", "--config")));
}

TEST(load_config, reports_a_file_that_is_missing_or_no_json_object) {
  EXPECT_THAT(load_config({{"config", {"none"}}}, fake_surroundings()).problems,
              ElementsAre(a_problem("config", "flag --config", "cannot read \"none\": No such file", "Name a file")));
  EXPECT_THAT(load_file("[1]").problems,
              ElementsAre(a_problem("config", "file h.json", "does not hold a JSON object", "between { and }")));
  EXPECT_THAT(load_file("").problems, ElementsAre(a_problem("config", "file h.json", "is not JSON", "Correct")));
}

TEST(load_config, places_a_syntax_error_without_repeating_the_line) {
  const auto problems = load_file("{\n  \"redis-url\": \"redis://:hunter2\\q\"\n}").problems;
  ASSERT_THAT(problems, ElementsAre(a_problem("config", "file h.json", "line 2", "Correct")));
  EXPECT_THAT(problems.front().what, Not(HasSubstr("hunter2")));
}

TEST(load_config, makes_a_node_id_of_any_host_name) {
  auto around = fake_surroundings();
  around.host_name = "w\xc3\xbc s/1";
  EXPECT_EQ(load_config({}, around).settings.node_id, "w---s-1-42");
  around.host_name = std::string(255, 'h');
  EXPECT_THAT(load_config({}, around).problems, IsEmpty());
  around.host_name = "";
  EXPECT_EQ(load_config({}, around).settings.node_id, "node-42");
}

TEST(load_config, warns_of_variables_that_look_like_a_slip) {
  const auto loaded = load_config({}, fake_surroundings({{"HYDRANT_SESION_MAX", "5"}}));
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_THAT(loaded.warnings, ElementsAre(AllOf(HasSubstr("HYDRANT_SESION_MAX"), HasSubstr("HYDRANT_SESSION_MAX?"))));
}

TEST(load_config, ignores_the_variables_of_a_kubernetes_service_named_hydrant) {
  const auto loaded = load_config({}, fake_surroundings({{"HYDRANT_PORT", "tcp://10.0.0.1:3000"},
                                                         {"HYDRANT_PORT_3000_TCP", "tcp://10.0.0.1:3000"},
                                                         {"HYDRANT_SERVICE_HOST", "10.0.0.1"},
                                                         {"HYDRANT_SERVICE_PORT", "3000"}}));
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_THAT(loaded.warnings, IsEmpty());
  EXPECT_EQ(loaded.settings.listen.port, 3000);
}

TEST(load_config, warns_of_urls_that_nothing_uses) {
  const auto loaded =
      load_config({}, fake_surroundings({{"REDIS_URL", "redis://:hunter2@r"}, {"NATS_URL", "nats://n:4222"}}));
  EXPECT_THAT(loaded.warnings, ElementsAre(HasSubstr("redis-url is set"), HasSubstr("nats-url is set")));
  EXPECT_THAT(loaded.warnings, Not(Contains(HasSubstr("hunter2"))));
}

TEST(load_config, warns_of_an_open_host_that_lets_nobody_in) {
  EXPECT_THAT(load_config({{"host", {"0.0.0.0"}}}, fake_surroundings()).warnings,
              ElementsAre(HasSubstr("allowed-hosts is empty")));
  EXPECT_THAT(load_config({{"host", {"::"}}, {"allowed-hosts", {"mcp.example.com"}}}, fake_surroundings()).warnings,
              IsEmpty());
}

TEST(this_process, reads_files_and_says_why_not) {
  const auto around = this_process("1.2.3");
  const auto path = testing::TempDir() + "hydrant_config_load_test.json";
  const std::string text(10'000, ' ');
  std::ofstream(path) << text;
  EXPECT_EQ(around.read_file(path).value(), text);
  EXPECT_EQ(std::remove(path.c_str()), 0);
  EXPECT_EQ(around.read_file(path).error().message, "No such file or directory");
  EXPECT_EQ(around.read_file(testing::TempDir()).error().message, "Is a directory");
}

TEST(this_process, knows_its_variables_and_its_name) {
  ASSERT_EQ(::setenv("HYDRANT_TEST_VARIABLE", "a=b", 1), 0);
  const auto around = this_process("1.2.3");
  EXPECT_EQ(around.variables.at("HYDRANT_TEST_VARIABLE"), "a=b");
  EXPECT_FALSE(around.host_name.empty());
  EXPECT_GT(around.process_id, 0);
}

}  // namespace
}  // namespace hydrant::app

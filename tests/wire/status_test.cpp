// What operators and their tools read: /health, /ready, /metrics.

#include "tests/support/source_folder.hpp"
#include "tests/wire/wire_fixture.hpp"

#include <fstream>
#include <set>
#include <sstream>

namespace hydrant::wire {
namespace {

using ::testing::MatchesRegex;

class wire_status : public wire_test {
 protected:
  void SetUp() override { start(); }
};

TEST_F(wire_status, health_tells_who_answers_and_how_it_is) {
  const auto session = open_session();
  const auto answer = ask(get("/health"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-type"), "application/json");
  const auto body = answer.json();
  EXPECT_EQ(body["status"], "healthy");
  EXPECT_EQ(body["nodeId"], "n");
  EXPECT_EQ(body["activeSessions"], 1);
  EXPECT_TRUE(body["uptimeSeconds"].is_number_unsigned());
  EXPECT_THAT(body["version"].get<std::string>(), MatchesRegex(R"([0-9]+\.[0-9]+\.[0-9]+.*)"));
  EXPECT_THAT(body["timestamp"].get<std::string>(),
              MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"));
  EXPECT_EQ(body["store"], (json{{"kind", "memory"}, {"status", "up"}}));
  EXPECT_EQ(body["bus"], (json{{"kind", "local"}, {"status", "up"}}));
  EXPECT_EQ(body.size(), 8U);
}

TEST_F(wire_status, ready_is_yes_or_no) {
  const auto answer = ask(get("/ready"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.json(), json::parse(R"({"ready":true})"));
}

// Dashboards and alerts hang on these names. A change here is one that operators must be told of.
TEST_F(wire_status, metrics_have_the_names_that_operators_know) {
  const auto answer = ask(get("/metrics"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  std::set<std::string> names;
  std::istringstream lines(answer.body);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("# TYPE ")) names.insert(line.substr(7));
  std::set<std::string> expected;
  std::ifstream golden(tests::source_folder() + "/tests/wire/metrics.golden");
  for (std::string line; std::getline(golden, line);)
    expected.insert(line);
  EXPECT_EQ(names, expected);
}

TEST_F(wire_status, metrics_explain_themselves_and_are_well_formed) {
  const std::string sample = R"(hydrant_[a-z_]+(\{([a-z]+="[^"]*",?)*\})? [-+0-9.e]+)";
  std::istringstream lines(ask(get("/metrics")).body);
  std::string helped;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# HELP ")) helped = line.substr(7, line.find(' ', 7) - 7);
    if (line.starts_with("#") || line.empty()) continue;
    EXPECT_THAT(line, MatchesRegex(sample));
    EXPECT_TRUE(line.starts_with(helped)) << line;
  }
}

TEST_F(wire_status, metrics_count_what_happens) {
  const auto session = open_session();
  expect_result(ask(session.post(call(1, "ping"))));
  expect_result(ask(modern(tool_call(1, "echo", {{"message", "m"}}))));
  ask(post_raw("{"));
  ask(get("/nothing"));
  EXPECT_EQ(metric("hydrant_sessions_active"), 1);
  EXPECT_EQ(metric("hydrant_sessions_created_total"), 1);
  EXPECT_EQ(metric("hydrant_requests_total"), 4);
  EXPECT_EQ(metric("hydrant_requests_refused_total"), 2);
  await_metric("hydrant_connections_open", 1);
  EXPECT_EQ(metric("hydrant_build_info"), 1);
}

TEST_F(wire_status, what_cannot_be_read_counts_as_refused) {
  ask_raw("nonsense\r\n\r\n");
  EXPECT_EQ(metric("hydrant_requests_refused_total"), 1);
}

}  // namespace
}  // namespace hydrant::wire

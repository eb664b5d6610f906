#include "base/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>

namespace hydrant::base {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

/// What `act` writes to standard error with a logger of this shape.
std::string logged(log_format format, log_level level, const std::function<void()>& act) {
  testing::internal::CaptureStderr();
  set_up_logging(format, level);
  act();
  return testing::internal::GetCapturedStderr();
}

std::string text_of(std::initializer_list<log_field> fields) {
  return logged(log_format::text, log_level::info, [&] { log(log_level::info, "event", fields); });
}

std::string json_of(std::initializer_list<log_field> fields) {
  return logged(log_format::json, log_level::info, [&] { log(log_level::info, "event", fields); });
}

TEST(log_text, is_time_level_event_and_fields_on_one_line) {
  EXPECT_THAT(text_of({{"port", "3000"}}),
              MatchesRegex("[0-9]+-[0-9]+-[0-9]+ [0-9]+:[0-9]+:[0-9]+\\.[0-9]+Z info +event port=3000\n"));
}

TEST(log_text, quotes_values_that_would_run_into_the_next_field) {
  EXPECT_THAT(text_of({{"why", "no route"}, {"to", "a"}}), EndsWith("why=\"no route\" to=a\n"));
  EXPECT_THAT(text_of({{"why", "a=b"}}), EndsWith("why=\"a=b\"\n"));
  EXPECT_THAT(text_of({{"why", ""}}), EndsWith("why=\"\"\n"));
}

// A client chooses some values: none may forge a record of its own or reach the terminal of the reader.
TEST(log_text, keeps_a_record_on_one_line_whatever_the_value_holds) {
  const auto line = text_of({{"agent", "x\n2020-01-01 error forged\r\x1b[31m\x7f"}});
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_THAT(line, HasSubstr("x\\u000a2020"));
  EXPECT_THAT(line, HasSubstr("\\u000d\\u001b[31m\\u007f"));
  EXPECT_THAT(line, Not(HasSubstr("\x1b")));
}

TEST(log_text, escapes_quotes_and_backslashes) {
  EXPECT_THAT(text_of({{"v", R"(say "a\b")"}}), EndsWith("v=\"say \\\"a\\\\b\\\"\"\n"));
}

TEST(log_text, takes_braces_and_percent_signs_as_they_are) {
  EXPECT_THAT(text_of({{"v", "{}%v{0}"}}), EndsWith("v={}%v{0}\n"));
}

TEST(log_json, is_one_object_a_line) {
  EXPECT_THAT(json_of({{"port", "3000"}, {"host", "a b"}}),
              MatchesRegex("\\{\"ts\":\"[0-9]+-[0-9]+-[0-9]+T[0-9]+:[0-9]+:[0-9]+\\.[0-9]+Z\",\"level\":\"info\","
                           "\"event\":\"event\",\"port\":\"3000\",\"host\":\"a b\"\\}\n"));
}

TEST(log_json, escapes_what_json_does_not_allow_in_a_string) {
  EXPECT_THAT(json_of({{"v", "\"\\\n\t\x01"}}), HasSubstr(R"("v":"\"\\\n\t\u0001"})"));
}

TEST(log_level, leaves_out_what_is_less_severe) {
  const auto written = logged(log_format::text, log_level::warn, [] {
    log(log_level::info, "too mild");
    log(log_level::warn, "severe enough");
    log(log_level::error, "worse");
  });
  EXPECT_THAT(written, Not(HasSubstr("too mild")));
  EXPECT_THAT(written, HasSubstr("severe enough"));
  EXPECT_THAT(written, HasSubstr("worse"));
}

TEST(log_level, off_writes_nothing_at_all) {
  EXPECT_EQ(logged(log_format::text, log_level::off, [] { log(log_level::error, "event"); }), "");
}

TEST(log_enabled, agrees_with_what_is_written) {
  set_up_logging(log_format::text, log_level::warn);
  EXPECT_FALSE(log_enabled(log_level::debug));
  EXPECT_FALSE(log_enabled(log_level::info));
  EXPECT_TRUE(log_enabled(log_level::warn));
  EXPECT_TRUE(log_enabled(log_level::error));
}

}  // namespace
}  // namespace hydrant::base

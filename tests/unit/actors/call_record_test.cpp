#include "actors/call_record.hpp"

#include <gtest/gtest.h>

namespace hydrant::actors {
namespace {

using protocol::json;

call_record a_record() {
  call_record out;
  out.method = "tools/call";
  out.params = {{"name", "confirm"}, {"arguments", {{"question", "Go?"}}}};
  out.progress_token = R"("t")";
  out.traceparent = "00-1-2-01";
  out.producer = {"p", 18'446'744'073'709'551'615U};
  out.rounds = 2;
  out.answers.emplace("first", json{{"action", "accept"}});
  out.memory = {{"seen", 3}};
  out.questions.push_back({R"("ask-1")", "second", "elicitation/create", {{"message", "Sure?"}}});
  return out;
}

TEST(call_record, comes_through_as_text) {
  const auto read = parse_call_record(to_text(a_record())).value();
  EXPECT_EQ(to_text(read), to_text(a_record()));
  EXPECT_EQ(read.producer, a_record().producer);
  EXPECT_EQ(read.questions.at(0).params, (json{{"message", "Sure?"}}));
}

TEST(call_record, gives_the_request_back) {
  const auto request = a_record().request("7");
  EXPECT_EQ(request.id, "7");
  EXPECT_EQ(request.method, "tools/call");
  EXPECT_EQ(request.params["name"], "confirm");
  EXPECT_EQ(request.meta.progress_token, R"("t")");
}

TEST(call_record, leaves_out_what_is_not_there_and_ignores_what_it_does_not_know) {
  const auto read = parse_call_record(R"({"method":"m","params":{},"producer":"p","sequence":1,"new":true})").value();
  EXPECT_TRUE(read.questions.empty());
  EXPECT_EQ(to_text(read), R"({"method":"m","params":{},"producer":"p","sequence":1})");
}

TEST(call_record, a_round_is_complete_with_its_last_answer_and_counts_its_questions) {
  auto record = a_record();
  record.producer.sequence = 4;
  EXPECT_FALSE(record.answer_is_complete());
  record.answers.emplace("second", json::object());
  EXPECT_TRUE(record.answer_is_complete());
  record.close_round();
  EXPECT_TRUE(record.questions.empty());
  EXPECT_EQ(record.producer.sequence, 5U);
}

TEST(call_record, what_is_none_is_an_error) {
  for (const char* text : {"", "1", "{}", R"({"method":1,"params":{},"producer":"p","sequence":1})",
                           R"({"method":"m","params":{},"producer":"p","sequence":1,"questions":[{}]})"})
    EXPECT_FALSE(parse_call_record(text)) << text;
}

}  // namespace
}  // namespace hydrant::actors

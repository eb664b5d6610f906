#include "protocol/sse.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hydrant::protocol {

// Found by GoogleTest when it prints a mismatch.
void PrintTo(const sse_event& value, std::ostream* out) {
  *out << "id=" << value.id << " event=" << value.event << " data=" << value.data;
  if (value.retry) *out << " retry=" << value.retry->count();
}

namespace {

using std::chrono::milliseconds;
using namespace std::string_view_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t ample = 1 << 20;

std::vector<sse_event> parse(std::string_view stream, std::size_t piece_bytes = ample) {
  sse_parser parser(ample);
  std::vector<sse_event> events;
  for (std::size_t i = 0; i < stream.size(); i += piece_bytes)
    EXPECT_TRUE(parser.feed(stream.substr(i, piece_bytes), events));
  return events;
}

sse_event message(std::string data, std::string id = {}) {
  return {std::move(id), "message", std::move(data), std::nullopt};
}

std::string written(std::string_view id, std::string_view event, std::string_view data) {
  std::string out;
  append_event(out, id, event, data);
  return out;
}

TEST(sse_writer, writes_all_three_fields_and_a_blank_line) {
  EXPECT_EQ(written("a_1-2", "message", "{}"), "id: a_1-2\nevent: message\ndata: {}\n\n");
}

TEST(sse_writer, leaves_out_an_empty_id_and_event) {
  EXPECT_EQ(written("", "", "{}"), "data: {}\n\n");
}

TEST(sse_writer, gives_every_line_of_data_its_own_field) {
  EXPECT_EQ(written("", "", "a\nb\r\nc\rd"), "data: a\ndata: b\ndata: c\ndata: d\n\n");
  EXPECT_EQ(written("", "", "a\n\nb\n"), "data: a\ndata: \ndata: b\ndata: \n\n");
}

TEST(sse_writer, appends_to_what_is_there) {
  std::string out = "data: 1\n\n";
  append_event(out, "", "", "2");
  EXPECT_EQ(out, "data: 1\n\ndata: 2\n\n");
}

TEST(sse_writer, priming_event_is_an_id_with_empty_data) {
  std::string out;
  append_priming_event(out, "s_1-0");
  EXPECT_EQ(out, "id: s_1-0\ndata: \n\n");
  EXPECT_THAT(parse(out), ElementsAre(message("", "s_1-0")));
}

TEST(sse_writer, no_value_can_forge_a_field) {
  EXPECT_EQ(written("1\ndata: forged", "e\r\nid: 2", "x"), "id: 1\nevent: e\ndata: x\n\n");
  EXPECT_EQ(written(std::string_view("1\0002", 3), "", "x"), "id: 1\ndata: x\n\n");
  std::string out;
  append_comment(out, "quiet\ndata: forged");
  EXPECT_THAT(parse(out), IsEmpty());
}

TEST(sse_writer, comments_and_retry_make_no_event) {
  std::string out;
  append_comment(out, "");
  append_comment(out, "keep-alive");
  append_retry(out, milliseconds(1500));
  EXPECT_EQ(out, ":\n\n: keep-alive\n\nretry: 1500\n\n");
  EXPECT_THAT(parse(out), IsEmpty());
}

TEST(sse_parser, reads_the_examples_of_the_standard) {
  EXPECT_THAT(parse("data: YHOO\ndata: +2\ndata: 10\n\n"), ElementsAre(message("YHOO\n+2\n10")));
  EXPECT_THAT(parse(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n"),
              ElementsAre(message("first event", "1"), message("second event"), message(" third event")));
  EXPECT_THAT(parse("data\n\ndata\ndata\n\ndata:"), ElementsAre(message(""), message("\n")));
  EXPECT_THAT(parse("data:test\n\ndata: test\n\n"), ElementsAre(message("test"), message("test")));
}

TEST(sse_parser, takes_every_kind_of_line_end) {
  for (const char* end : {"\n", "\r", "\r\n"}) {
    std::string stream;
    for (const char* line : {"event: e", "id: 7", "data: a", "data: b", "", "data: c", ""})
      stream.append(line).append(end);
    EXPECT_THAT(parse(stream), ElementsAre(sse_event{"7", "e", "a\nb", std::nullopt}, message("c", "7"))) << stream;
  }
}

TEST(sse_parser, cares_not_how_the_stream_is_cut) {
  const std::string stream =
      "\xEF\xBB\xBF"
      "id: 1\r\ndata: a\r\ndata: b\r\n\r\n: c\r\rretry: 10\nevent: e\rdata: \xC3\xA4\n\n\r\n\rdata: tail\n\n";
  const std::vector<sse_event> whole = parse(stream);
  ASSERT_EQ(whole.size(), 3U);
  for (std::size_t piece = 1; piece < stream.size(); ++piece)
    EXPECT_EQ(parse(stream, piece), whole) << piece;
}

TEST(sse_parser, reports_an_event_as_soon_as_its_blank_line_ends) {
  sse_parser parser(ample);
  std::vector<sse_event> events;
  ASSERT_TRUE(parser.feed("data: x\r\n\r", events));
  EXPECT_THAT(events, ElementsAre(message("x")));
  ASSERT_TRUE(parser.feed("\ndata: y\n\n", events));
  EXPECT_THAT(events, ElementsAre(message("x"), message("y")));
}

TEST(sse_parser, drops_one_byte_order_mark_at_the_start_only) {
  EXPECT_THAT(parse("\xEF\xBB\xBF"
                    "data: x\n\n"),
              ElementsAre(message("x")));
  EXPECT_THAT(parse("\xEF\xBB\xBF\xEF\xBB\xBF"
                    "data: x\n\ndata: y\n\n"),
              ElementsAre(message("y")));
  EXPECT_THAT(parse("data: x\n\n\xEF\xBB\xBF"
                    "data: y\n\n"),
              ElementsAre(message("x")));
}

TEST(sse_parser, puts_back_what_only_began_like_a_mark) {
  EXPECT_THAT(parse("\xEF\xBB"
                    "data: x\n\ndata: y\n\n",
                    1),
              ElementsAre(message("y")));
  EXPECT_THAT(parse("\xEF\n\ndata: y\n\n", 1), ElementsAre(message("y")));
}

TEST(sse_parser, keeps_the_last_id_for_later_events_and_for_reconnecting) {
  sse_parser parser(ample);
  std::vector<sse_event> events;
  ASSERT_TRUE(parser.feed("id: 1\ndata: a\n\ndata: b\n\nid: 2\n", events));
  EXPECT_THAT(events, ElementsAre(message("a", "1"), message("b", "1")));
  EXPECT_EQ(parser.last_event_id(), "1");
  ASSERT_TRUE(parser.feed("\n", events));
  EXPECT_EQ(parser.last_event_id(), "2");
  EXPECT_EQ(events.size(), 2U);
}

TEST(sse_parser, ignores_an_id_that_holds_a_nul) {
  EXPECT_THAT(parse("id: 1\nid: 2\0003\ndata: x\n\n"sv), ElementsAre(message("x", "1")));
}

TEST(sse_parser, hears_retry_in_digits_only) {
  sse_parser parser(ample);
  std::vector<sse_event> events;
  ASSERT_TRUE(parser.feed("retry: 1s\nretry: -5\nretry:\nretry: 99999999999999999999\n\n", events));
  EXPECT_EQ(parser.retry(), std::nullopt);
  ASSERT_TRUE(parser.feed("retry: 0250\n\ndata: a\n\ndata: b\n\n", events));
  EXPECT_EQ(parser.retry(), milliseconds(250));
  EXPECT_THAT(events, ElementsAre(sse_event{"", "message", "a", milliseconds(250)}, message("b")));
}

TEST(sse_parser, forgets_the_event_name_after_a_block_without_data) {
  EXPECT_THAT(parse("event: e\n\ndata: x\n\n"), ElementsAre(message("x")));
}

TEST(sse_parser, ignores_unknown_fields_and_field_names_with_spaces) {
  EXPECT_THAT(parse("foo: 1\ndata : no\n data: no\nDATA: no\ndata: x\n\n"), ElementsAre(message("x")));
}

TEST(sse_parser, drops_an_event_that_the_end_cuts_off) {
  EXPECT_THAT(parse("data: a\n\ndata: b\n"), ElementsAre(message("a")));
}

TEST(sse_parser, fails_at_the_bound_and_stays_failed) {
  sse_parser parser(16);
  std::vector<sse_event> events;
  EXPECT_TRUE(parser.feed("data: 0123456789\n\n", events));
  const auto outcome = parser.feed("data: ok\n\ndata: 0123456789A\n\ndata: late\n\n", events);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, base::error_kind::too_large);
  EXPECT_THAT(events, ElementsAre(message("0123456789"), message("ok")));
  EXPECT_FALSE(parser.feed("\n\ndata: x\n\n", events));
  EXPECT_EQ(events.size(), 2U);
}

TEST(sse_parser, counts_all_lines_of_an_event_and_an_unfinished_line) {
  std::vector<sse_event> events;
  sse_parser many_lines(16);
  EXPECT_FALSE(many_lines.feed("data: 012345\ndata: 012345\n", events));
  sse_parser no_line_end(16);
  EXPECT_TRUE(no_line_end.feed("0123456789", events));
  EXPECT_FALSE(no_line_end.feed("0123456", events));
  sse_parser endless_comments(16);
  for (int i = 0; i < 1000; ++i)
    ASSERT_TRUE(endless_comments.feed(": keep-alive\n", events));
}

}  // namespace
}  // namespace hydrant::protocol

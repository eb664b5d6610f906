// Streams of a session: the main stream, resumption, taking over, the way between two nodes.

#include "tests/unit/actors/session_fixture.hpp"

#include <gmock/gmock.h>

namespace hydrant::actors {
namespace {

using testing::HasSubstr;

constexpr int an_hour_ms = 3'600'000;

std::string cursor(const std::string& stream, std::uint64_t generation, std::uint64_t sequence) {
  return protocol::to_string(protocol::event_id{stream, {generation, sequence}});
}

/// The progress that a stream's reports tell of.
std::vector<int> reports(const recorded_stream& stream) {
  std::vector<int> out;
  for (const auto& message : stream.messages())
    if (message.contains("method")) out.push_back(message["params"]["progress"].get<int>());
  return out;
}

std::vector<int> from_to(int first, int last) {
  std::vector<int> out;
  for (int i = first; i <= last; ++i)
    out.push_back(i);
  return out;
}

class session_streams : public session_test {
 protected:
  using session_test::session_test;

  static std::string message(int number) {
    return json({{"jsonrpc", "2.0"}, {"method", "n"}, {"params", {{"progress", number}}}}).dump();
  }
  void append_main(int first, int last) {
    for (int i = first; i <= last; ++i)
      append(main_stream, message(i));
  }
};

TEST_F(session_streams, the_main_stream_opens_and_stays) {
  const auto stream = get()->stream();
  EXPECT_FALSE(stream->closed());
  EXPECT_EQ(stream->messages().size(), 0U);
  EXPECT_EQ(stream->events().size(), 1U);  // the one that gives the client its first cursor
  EXPECT_TRUE(stream->events()[0].retry);
  EXPECT_EQ(open_streams(), 1);
  finish(stream);
  EXPECT_EQ(open_streams(), 0);
}

TEST_F(session_streams, the_main_stream_carries_what_belongs_to_no_request) {
  const auto stream = get()->stream();
  take([](session& self) { self.announce({runtime::change_kind::tools, {}}); }, turn_kind::push);
  append_main(1, 2);
  ASSERT_EQ(stream->messages().size(), 3U);
  EXPECT_EQ(stream->messages()[0]["method"], "notifications/tools/list_changed");
  EXPECT_EQ(stream->messages()[2]["params"]["progress"], 2);
}

TEST_F(session_streams, a_change_of_a_list_is_for_those_who_listen) {
  take([](session& self) { self.announce({runtime::change_kind::tools, {}}); }, turn_kind::push);
  EXPECT_TRUE(get()->stream()->messages().empty());
}

TEST_F(session_streams, a_resource_that_changed_is_told_to_its_subscriber) {
  const auto stream = get()->stream();
  post(request(1, "resources/subscribe", {{"uri", "demo://counter"}}));
  for (const auto& id : subscribers("demo://counter")) {
    EXPECT_EQ(id, session_id);
    append(main_stream, notification("notifications/resources/updated", {{"uri", "demo://counter"}}).dump());
  }
  ASSERT_EQ(stream->messages().size(), 1U);
  EXPECT_EQ(stream->messages()[0]["params"]["uri"], "demo://counter");
}

TEST_F(session_streams, what_came_before_the_first_reader_waits_for_it) {
  append_main(1, 3);
  EXPECT_EQ(reports(*get()->stream()), from_to(1, 3));
}

TEST_F(session_streams, a_later_reader_without_a_cursor_gets_what_comes_next) {
  finish(get()->stream());
  append_main(1, 3);
  const auto stream = get()->stream();
  EXPECT_TRUE(reports(*stream).empty());
  append_main(4, 4);
  EXPECT_EQ(reports(*stream), from_to(4, 4));
}

TEST_F(session_streams, a_reader_with_a_cursor_gets_what_it_missed) {
  const auto first = get()->stream();
  append_main(1, 3);
  const auto seen = first->last_event_id();
  finish(first);
  append_main(4, 6);
  const auto second = get(seen)->stream();
  EXPECT_EQ(reports(*second), from_to(4, 6));
  append_main(7, 7);
  EXPECT_EQ(reports(*second), from_to(4, 7));
  EXPECT_FALSE(second->closed());
}

// Wherever the connection broke, the rest comes and nothing else.
TEST_F(session_streams, resumption_replays_exactly_the_rest_from_any_event) {
  const auto original = post(countdown(1, 20))->stream();
  const auto all = original->events();
  ASSERT_EQ(all.size(), 22U);
  finish(original);
  for (std::size_t seen = 0; seen < all.size(); ++seen) {
    const auto resumed = get(all[seen].id)->stream();
    std::vector<std::string> rest;
    for (const auto& event : resumed->events())
      if (!event.data.empty()) rest.push_back(event.data);
    std::vector<std::string> expected;
    for (auto i = seen + 1; i < all.size(); ++i)
      expected.push_back(all[i].data);
    EXPECT_EQ(rest, expected) << "after event " << seen;
    EXPECT_TRUE(resumed->closed()) << "after event " << seen;
    finish(resumed);
  }
  EXPECT_TRUE(self_.idle());
}

TEST_F(session_streams, a_call_goes_on_without_its_reader_and_the_reader_finds_the_rest) {
  const auto first = post(tool_call(1, "send", {{"reports", 100}, {"wait_ms", an_hour_ms}}))->stream();
  first->read(10);
  const auto all = first->events();
  finish(first);
  const auto second = get(all[40].id)->stream();
  EXPECT_EQ(reports(*second), from_to(41, 100));
  EXPECT_FALSE(second->closed());
  post(cancelled(1));
  EXPECT_TRUE(second->closed());
}

TEST_F(session_streams, a_reader_that_breaks_off_again_and_again_gets_all_in_the_end) {
  auto stream = post(tool_call(1, "send", {{"reports", 2000}}))->stream();
  std::vector<int> got;
  std::string last;
  for (int round = 0; round < 200 && last.empty(); ++round) {
    stream->read(37);
    pump();
    for (const auto seen : reports(*stream))
      got.push_back(seen);
    if (!stream->messages().empty() && stream->messages().back().contains("result"))
      last = text_of(stream->messages().back());
    const auto id = stream->last_event_id();
    finish(stream);
    if (last.empty()) stream = get(id)->stream();
  }
  EXPECT_EQ(got, from_to(1, 2000));
  EXPECT_EQ(last, "sent 2000");
}

TEST_F(session_streams, a_question_reaches_the_client_that_comes_back) {
  const auto first = post(tool_call(1, "confirm", {{"question", "Go?"}}))->stream();
  const auto before = ids(*first)[0];
  finish(first);
  const auto second = get(before)->stream();
  ASSERT_EQ(second->messages().size(), 1U);
  post(answer_to(second->messages()[0], {{"action", "decline"}}));
  EXPECT_EQ(text_of(second->messages().at(1)), "no answer: decline");
  EXPECT_TRUE(second->closed());
}

TEST_F(session_streams, a_handler_may_send_its_client_away_and_answer_later) {
  e_.catalog.add(runtime::tool("release").async([](runtime::call& c) -> runtime::tool_task {
    c.release_stream();
    co_await c.room();
    co_return protocol::text_result("welcome back");
  }));
  const auto first = post(tool_call(1, "release"))->stream();
  EXPECT_TRUE(first->closed());
  EXPECT_TRUE(first->messages().empty());
  EXPECT_THAT(first->bytes(), HasSubstr("retry:"));
  const auto second = get(first->last_event_id())->stream();
  ASSERT_EQ(second->messages().size(), 1U);
  EXPECT_EQ(text_of(second->messages()[0]), "welcome back");
  EXPECT_TRUE(second->closed());
  finish(first);
  finish(second);
  EXPECT_TRUE(self_.idle());
}

TEST_F(session_streams, a_cursor_of_no_stream_of_this_session_is_not_found) {
  for (const auto& id : {cursor("none", 1, 1), cursor(main_stream, 1, 1), cursor("~.", 0, 0)}) {
    const auto http = get(id);
    EXPECT_EQ(http->status(), 404) << id;
    EXPECT_EQ(http->body()["error"]["code"], -32600) << id;
  }
}

TEST_F(session_streams, a_cursor_of_another_session_reads_nothing) {
  store::session_record other;
  other.id = "session-2";
  store_.sessions().create(other, e_.bounds.session_ttl, [](const base::result<>&) {});
  store_.events().append({"session-2", "theirs"}, {}, message(1), [](const base::result<store::appended>&) {});
  EXPECT_EQ(get(cursor("theirs", 0, 0))->status(), 404);
}

TEST_F(session_streams, what_is_no_cursor_is_refused) {
  for (const char* id : {"x", "main", "main_1", "main_x-1", "_1-1", "main_1-1 "})
    EXPECT_EQ(get(id)->status(), 400) << id;
}

TEST_F(session_streams, the_newer_connection_takes_the_stream_over) {
  const auto older = get()->stream();
  append_main(1, 1);
  const auto newer = get(older->last_event_id())->stream();
  EXPECT_TRUE(older->closed());
  EXPECT_FALSE(newer->closed());
  append_main(2, 3);
  EXPECT_EQ(reports(*newer), from_to(2, 3));
  EXPECT_EQ(reports(*older), from_to(1, 1));
  EXPECT_EQ(open_streams(), 1);
  EXPECT_EQ(e_.measured.takeovers.Value(), 1);
}

TEST_F(session_streams, the_end_of_the_older_connection_does_not_concern_the_newer) {
  const auto older = get()->stream();
  const auto newer = get()->stream();
  finish(older);
  EXPECT_EQ(open_streams(), 1);
  append_main(1, 1);
  EXPECT_EQ(reports(*newer), from_to(1, 1));
  older->read_all();
  pump();
  EXPECT_FALSE(newer->closed());
}

TEST_F(session_streams, a_stream_of_a_call_can_be_taken_over_too) {
  const auto older = post(tool_call(1, "confirm", {{"question", "Go?"}}))->stream();
  const auto newer = get(older->last_event_id())->stream();
  EXPECT_TRUE(older->closed());
  finish(older);
  post(answer_to(older->messages()[0], {{"action", "decline"}}));
  EXPECT_EQ(newer->messages().size(), 1U);
  EXPECT_TRUE(newer->closed());
}

TEST_F(session_streams, one_stream_more_than_the_node_may_hold_is_refused) {
  e_.bounds.streams_max = 1;
  get();
  const auto http = get(cursor(main_stream, 0, 0));
  EXPECT_EQ(http->status(), 503);
}

TEST_F(session_streams, a_node_that_drains_sends_its_readers_away_with_a_hint) {
  const auto main = get()->stream();
  const auto before = main->bytes().size();
  take([](session& self) { self.close_streams(farewell::drained); }, turn_kind::housekeeping);
  EXPECT_TRUE(main->closed());
  EXPECT_THAT(main->bytes().substr(before), HasSubstr("retry:"));
}

TEST_F(session_streams, a_node_that_drains_still_sends_the_responses_that_are_under_way) {
  const auto stream = post(tool_call(1, "confirm", {{"question", "Go?"}}))->stream();
  take([](session& self) { self.close_streams(farewell::drained); }, turn_kind::housekeeping);
  EXPECT_FALSE(stream->closed());
  post(answer_to(stream->messages()[0], {{"action", "decline"}}));
  EXPECT_EQ(stream->messages().size(), 2U);
  EXPECT_TRUE(stream->closed());
}

TEST_F(session_streams, a_slow_reader_is_fed_from_the_log) {
  const auto stream = get()->stream();
  append_main(1, 500);
  EXPECT_EQ(stream->writes(), 128U);
  read_to_the_end(stream);
  EXPECT_EQ(reports(*stream), from_to(1, 500));
  append_main(501, 501);
  EXPECT_EQ(reports(*stream), from_to(1, 501));
}

/// With a log that holds four events a stream.
class short_log : public session_streams {
 protected:
  static store::memory_limits limits() {
    store::memory_limits out;
    out.stream_events_max = 4;
    return out;
  }
  short_log() : session_streams(limits()) {}
};

TEST_F(short_log, a_cursor_before_what_is_kept_is_told_so) {
  const auto first = get()->stream();
  append_main(1, 1);
  const auto seen = first->last_event_id();
  finish(first);
  append_main(2, 4);
  EXPECT_EQ(reports(*get(seen)->stream()), from_to(2, 4));
  append_main(5, 9);
  const auto late = get(seen);
  EXPECT_EQ(late->status(), 404);
  EXPECT_EQ(e_.measured.gaps_found.Value(), 1);
}

// A hole in what a client gets must never be silent.
TEST_F(short_log, a_reader_that_fell_behind_the_log_is_cut_off) {
  const auto stream = get()->stream();
  append_main(1, 200);
  EXPECT_EQ(reports(*stream), from_to(1, 128));
  stream->read_all();
  pump();
  EXPECT_TRUE(stream->closed());
  EXPECT_EQ(reports(*stream), from_to(1, 128));
  EXPECT_EQ(get(stream->last_event_id())->status(), 404);
}

}  // namespace
}  // namespace hydrant::actors

// HTTP+SSE (2024-11-05): one stream for everything, POSTs that are merely accepted.

#include "tests/unit/actors/session_fixture.hpp"

#include <gmock/gmock.h>

namespace hydrant::actors {
namespace {

using testing::HasSubstr;

class legacy_session : public session_test {
 protected:
  legacy_session() { given_session(revision::r2024_11_05, json::object(), store::session_transport::http_sse); }

  exchange_ref open(const std::string& last_event_id = {}) {
    auto http = std::make_shared<recorded_exchange>();
    take([=](session& self) {
      self.open_legacy_stream(last_event_id, "event: endpoint\ndata: /messages?sessionId=session-1\n\n", http);
    });
    return http;
  }
  static json introduction(const char* version = "2024-11-05") {
    return request(1, "initialize",
                   {{"protocolVersion", version},
                    {"capabilities", {{"elicitation", json::object()}}},
                    {"clientInfo", {{"name", "c"}}}});
  }
};

TEST_F(legacy_session, a_stream_begins_with_the_place_to_post_to) {
  const auto stream = open()->stream();
  ASSERT_EQ(stream->events().size(), 1U);
  EXPECT_EQ(stream->events()[0].event, "endpoint");
  EXPECT_EQ(stream->events()[0].data, "/messages?sessionId=session-1");
  EXPECT_FALSE(stream->closed());
}

TEST_F(legacy_session, a_post_is_accepted_and_answered_on_the_stream) {
  const auto stream = open()->stream();
  const auto http = post(introduction());
  EXPECT_EQ(http->status(), 202);
  ASSERT_EQ(stream->messages().size(), 1U);
  EXPECT_EQ(stream->messages()[0]["id"], 1);
  EXPECT_EQ(stream->messages()[0]["result"]["protocolVersion"], "2024-11-05");
  EXPECT_EQ(post(request(2, "ping"))->status(), 202);
  EXPECT_EQ(post(tool_call(3, "echo", {{"message", "hi"}}))->status(), 202);
  EXPECT_EQ(text_of(stream->messages().at(2)), "hi");
  EXPECT_FALSE(stream->closed());
}

TEST_F(legacy_session, initialize_completes_its_record_once) {
  const auto stream = open()->stream();
  post(introduction("2025-06-18"));
  EXPECT_EQ(record().protocol_version, "2025-06-18");
  EXPECT_EQ(json::parse(record().client_info), json({{"name", "c"}}));
  post(introduction());
  EXPECT_EQ(stream->messages().at(1)["error"]["code"], -32600);
}

TEST_F(legacy_session, a_bad_initialize_is_answered_on_the_stream) {
  const auto stream = open()->stream();
  EXPECT_EQ(post(request(1, "initialize"))->status(), 202);
  EXPECT_EQ(stream->messages().at(0)["error"]["code"], -32602);
  EXPECT_EQ(json::parse(record().client_info), json::object());
}

TEST_F(legacy_session, a_post_without_a_stream_is_gone) {
  for (const auto& message : {introduction(), notification("notifications/initialized")}) {
    const auto http = post(message);
    EXPECT_EQ(http->status(), 410);
    EXPECT_THAT(http->body()["error"]["message"].get<std::string>(), HasSubstr("reconnect"));
  }
  finish(open()->stream());
  EXPECT_EQ(post(introduction())->status(), 410);
}

TEST_F(legacy_session, a_reader_at_a_node_that_nobody_knows_yet_is_waited_for) {
  others_.dead.insert("node-new");
  store_.events().attach({session_id, main_stream}, {"node-new", "boot-1"}, [](const auto&) {});
  const auto known_soon = post(introduction());
  EXPECT_EQ(known_soon->answers(), 0);
  others_.dead.clear();
  ASSERT_TRUE(pump_until([&] { return known_soon->answers() > 0; }));
  EXPECT_EQ(known_soon->status(), 202);
  others_.dead.insert("node-new");
  const auto never_known = post(notification("notifications/initialized"));
  ASSERT_TRUE(pump_until([&] { return never_known->answers() > 0; }));
  EXPECT_EQ(never_known->status(), 410);
}

TEST_F(legacy_session, calls_of_all_kinds_are_answered_on_the_stream) {
  const auto stream = open()->stream();
  post(introduction("2025-06-18"));
  post(countdown(2, 3));
  ASSERT_EQ(stream->messages().size(), 5U);
  EXPECT_EQ(text_of(stream->messages()[4]), "liftoff");
  post(tool_call(3, "confirm", {{"question", "Go?"}}));
  const auto question = stream->messages().at(5);
  EXPECT_EQ(question["method"], "elicitation/create");
  EXPECT_EQ(post(answer_to(question, {{"action", "decline"}}))->status(), 202);
  EXPECT_EQ(text_of(stream->messages().at(6)), "no answer: decline");
  EXPECT_FALSE(stream->closed());
}

TEST_F(legacy_session, an_id_that_is_in_use_is_refused_on_the_stream) {
  const auto stream = open()->stream();
  post(tool_call(1, "send", {{"wait_ms", 3'600'000}}));
  EXPECT_EQ(post(tool_call(1, "send"))->status(), 202);
  EXPECT_EQ(stream->messages().at(0)["error"]["code"], -32600);
  post(cancelled(1));
  EXPECT_EQ(running(), 0);
  EXPECT_FALSE(stream->closed());
}

TEST_F(legacy_session, a_client_that_comes_back_gets_what_it_missed) {
  const auto first = open()->stream();
  post(introduction());
  const auto seen = first->last_event_id();
  post(request(2, "ping"));
  finish(first);
  const auto second = open(seen)->stream();
  EXPECT_EQ(second->events()[0].event, "endpoint");
  ASSERT_EQ(second->messages().size(), 1U);
  EXPECT_EQ(second->messages()[0]["id"], 2);
  EXPECT_EQ(post(request(3, "ping"))->status(), 202);
  EXPECT_EQ(second->messages().size(), 2U);
}

TEST_F(legacy_session, a_client_that_comes_back_without_a_cursor_goes_on) {
  finish(open()->stream());
  const auto stream = open()->stream();
  EXPECT_EQ(post(request(2, "ping"))->status(), 202);
  EXPECT_EQ(stream->messages().size(), 1U);
}

// The places that a call's reports take in its window must not get lost with the connection.
TEST_F(legacy_session, a_slow_client_that_breaks_off_gets_all_in_the_end) {
  auto stream = open()->stream();
  post(tool_call(1, "send", {{"reports", 2000}}));
  std::vector<int> got;
  bool answered = false;
  for (int round = 0; round < 200 && !answered; ++round) {
    stream->read(50);
    pump();
    for (const auto& message : stream->messages()) {
      answered = answered || message.contains("result");
      if (message.contains("method")) got.push_back(message["params"]["progress"].get<int>());
    }
    const auto id = stream->last_event_id();
    finish(stream);
    stream = open(id)->stream();
  }
  EXPECT_TRUE(answered);
  ASSERT_EQ(got.size(), 2000U);
  for (int i = 0; i < 2000; ++i)
    ASSERT_EQ(got[static_cast<std::size_t>(i)], i + 1);
}

TEST_F(legacy_session, no_event_comes_without_data) {
  const auto stream = open()->stream();
  post(introduction("2025-11-25"));
  const auto again = open(stream->last_event_id())->stream();
  for (const auto& event : again->events())
    EXPECT_NE(event.data, "");
}

TEST_F(legacy_session, a_cursor_of_another_stream_is_refused) {
  for (const char* id : {"x", "other_1-1", "main_1"})
    EXPECT_EQ(open(id)->status(), 400) << id;
  EXPECT_EQ(open("main_1-1")->status(), 404);
}

TEST_F(legacy_session, the_two_transports_do_not_mix) {
  EXPECT_EQ(get()->status(), 400);
  given_session(revision::r2025_11_25);
  change_behind_its_back([](store::session_record&) {});
  EXPECT_EQ(open()->status(), 400);
}

TEST_F(legacy_session, an_unknown_session_is_not_found) {
  store_.sessions().remove(session_id, [](const base::result<bool>&) {});
  EXPECT_EQ(open()->status(), 404);
  EXPECT_EQ(post(request(1, "ping"))->status(), 404);
}

TEST_F(legacy_session, changes_of_lists_go_into_the_one_stream) {
  const auto stream = open()->stream();
  post(introduction());
  take([](session& self) { self.announce({runtime::change_kind::prompts, {}}); }, turn_kind::push);
  EXPECT_EQ(stream->messages().at(1)["method"], "notifications/prompts/list_changed");
}

}  // namespace
}  // namespace hydrant::actors

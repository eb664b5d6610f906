// The record of a session and what needs no call: plain requests, notifications, batches, its life and end.

#include "tests/unit/actors/session_fixture.hpp"

#include <algorithm>

namespace hydrant::actors {
namespace {

using base::error_kind;

TEST_F(session_test, answers_a_plain_request_as_json) {
  const auto http = post(request("a", "tools/list"));
  EXPECT_EQ(http->status(), 200);
  EXPECT_EQ(http->body()["id"], "a");
  EXPECT_FALSE(http->body()["result"].contains("resultType"));
  EXPECT_EQ(post(request(1, "ping"))->body(), json({{"jsonrpc", "2.0"}, {"id", 1}, {"result", json::object()}}));
}

TEST_F(session_test, an_unknown_method_is_an_error_of_the_request) {
  for (const char* method : {"none", "server/discover", "subscriptions/listen"}) {
    const auto http = post(request(1, method));
    EXPECT_EQ(http->status(), 200) << method;
    EXPECT_EQ(http->body()["error"]["code"], -32601) << method;
  }
}

TEST_F(session_test, accepts_notifications_and_responses_without_a_body) {
  for (const auto& message :
       {notification("notifications/initialized"), notification("notifications/roots/list_changed"),
        notification("none"), json({{"jsonrpc", "2.0"}, {"id", "x"}, {"result", json::object()}})}) {
    const auto http = post(message);
    EXPECT_EQ(http->status(), 202) << message;
    EXPECT_EQ(http->answered().body, "") << message;
  }
}

TEST_F(session_test, remembers_that_the_client_is_initialized) {
  EXPECT_FALSE(record().initialized);
  post(notification("notifications/initialized"));
  EXPECT_TRUE(record().initialized);
  const auto version = record().version;
  post(notification("notifications/initialized"));
  EXPECT_EQ(record().version, version);
}

TEST_F(session_test, cannot_be_initialized_twice) {
  const auto http = post(
      request(1, "initialize",
              {{"protocolVersion", "2025-11-25"}, {"capabilities", json::object()}, {"clientInfo", {{"name", "x"}}}}));
  EXPECT_EQ(http->body()["error"]["code"], -32600);
}

TEST_F(session_test, an_unknown_session_is_not_found) {
  store_.sessions().remove(session_id, [](const base::result<bool>&) {});
  for (const auto& http : {post(request(1, "ping")), get(), post(notification("notifications/initialized"))}) {
    EXPECT_EQ(http->status(), 404);
    EXPECT_EQ(http->body()["error"]["code"], -32600);
  }
  EXPECT_TRUE(self_.over());
}

TEST_F(session_test, an_expired_session_is_not_found_and_lets_go_of_everything) {
  const auto main = get()->stream();
  const auto http = post(tool_call(1, "send", {{"reports", 1}, {"wait_ms", 3'600'000}}));
  ASSERT_EQ(running(), 1);
  e_.time.advance(e_.bounds.session_ttl + std::chrono::milliseconds(1));
  EXPECT_EQ(post(request(2, "ping"))->status(), 404);
  EXPECT_TRUE(main->closed());
  EXPECT_TRUE(http->stream()->closed());
  EXPECT_EQ(running(), 0);
  EXPECT_EQ(open_streams(), 0);
  EXPECT_TRUE(pump_until([this] { return seen_.ended == 1; }));
  finish(main);
  finish(http->stream());
  EXPECT_TRUE(self_.idle());
}

TEST_F(session_test, hears_from_the_store_that_it_has_expired) {
  const auto main = get()->stream();
  take([](session& self) { self.expired(); }, turn_kind::housekeeping);
  EXPECT_TRUE(main->closed());
  EXPECT_TRUE(self_.over());
}

TEST_F(session_test, every_request_prolongs_it) {
  for (int i = 0; i < 5; ++i) {
    e_.time.advance(e_.bounds.session_ttl / 2);
    EXPECT_EQ(post(request(i, "ping"))->status(), 200);
  }
}

TEST_F(session_test, a_call_under_way_keeps_it_alive) {
  post(tool_call(1, "send", {{"reports", 1}, {"wait_ms", 3'600'000}}));
  for (int i = 0; i < 10; ++i) {
    e_.time.advance(e_.bounds.session_ttl / 2);
    take([](session& self) { self.keep_alive(); }, turn_kind::housekeeping);
  }
  EXPECT_EQ(post(request(2, "ping"))->status(), 200);
}

TEST_F(session_test, without_calls_nothing_keeps_it_alive) {
  const auto touches = sessions_.touches;
  e_.time.advance(e_.bounds.session_ttl / 2);
  take([](session& self) { self.keep_alive(); }, turn_kind::housekeeping);
  EXPECT_EQ(sessions_.touches, touches);
}

TEST_F(session_test, ends_at_the_clients_wish) {
  const auto main = get()->stream();
  const auto call = post(tool_call(1, "send", {{"reports", 1}, {"wait_ms", 3'600'000}}))->stream();
  const auto http = end_session();
  EXPECT_EQ(http->status(), 204);
  EXPECT_TRUE(main->closed());
  EXPECT_TRUE(call->closed());
  EXPECT_TRUE(pump_until([this] { return seen_.ended == 1; }));
  EXPECT_EQ(store_.statistics().sessions, 0U);
  EXPECT_EQ(store_.statistics().streams, 0U);
  EXPECT_EQ(post(request(2, "ping"))->status(), 404);
  EXPECT_EQ(end_session()->status(), 404);
}

TEST_F(session_test, is_idle_when_nothing_runs_and_nothing_is_open) {
  EXPECT_TRUE(self_.idle());
  post(request(1, "ping"));
  EXPECT_TRUE(self_.idle());
  const auto main = get()->stream();
  EXPECT_FALSE(self_.idle());
  finish(main);
  EXPECT_TRUE(self_.idle());

  const auto call = post(tool_call(2, "send", {{"reports", 1}, {"wait_ms", 3'600'000}}))->stream();
  EXPECT_FALSE(self_.idle());
  finish(call);
  EXPECT_FALSE(self_.idle());  // the handler goes on without its reader
  post(cancelled(2));
  EXPECT_TRUE(self_.idle());
  EXPECT_FALSE(self_.over());
}

TEST_F(session_test, sees_what_another_node_has_changed) {
  post(request(1, "ping"));
  change_behind_its_back([](store::session_record& changed) { changed.log_level = "error"; });
  EXPECT_EQ(text_of(post(tool_call(2, "log"))->body()), "logged");  // as JSON: nothing was sent before it
}

TEST_F(session_test, a_change_that_lost_against_another_node_is_made_again) {
  post(request(1, "ping"));
  int meddled = 0;
  sessions_.before_update = [&] {
    if (++meddled <= 2) change_behind_its_back([&](store::session_record& changed) { changed.initialized = true; });
  };
  EXPECT_EQ(post(request(2, "logging/setLevel", {{"level", "alert"}}))->body()["result"], json::object());
  EXPECT_EQ(sessions_.updates, 3);
  EXPECT_EQ(record().log_level, "alert");
  EXPECT_TRUE(record().initialized);
}

TEST_F(session_test, gives_a_change_up_that_loses_again_and_again) {
  sessions_.before_update = [&] { change_behind_its_back([](store::session_record&) {}); };
  const auto http = post(request(2, "logging/setLevel", {{"level", "alert"}}));
  EXPECT_EQ(http->status(), 409);
  EXPECT_EQ(http->body()["id"], 2);
  EXPECT_EQ(record().log_level, "");
  EXPECT_EQ(sessions_.updates, 5);
}

TEST_F(session_test, says_when_to_come_back_if_the_store_is_away) {
  sessions_.away = true;
  for (const auto& http : {post(request(1, "ping")), get()}) {
    EXPECT_EQ(http->status(), 503);
    const auto headers = http->answered().headers;
    EXPECT_EQ(
        std::count_if(headers.begin(), headers.end(), [](const auto& header) { return header.first == "Retry-After"; }),
        1);
  }
  EXPECT_FALSE(self_.over());
}

TEST_F(session_test, sets_the_level_of_logging) {
  post(request(1, "logging/setLevel", {{"level", "warning"}}));
  EXPECT_EQ(record().log_level, "warning");
  EXPECT_FALSE(post(tool_call(2, "log"))->streaming());
  post(request(3, "logging/setLevel", {{"level", "debug"}}));
  const auto messages = post(tool_call(4, "log"))->stream()->messages();
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0]["params"], json({{"level", "info"}, {"data", "said"}}));
}

TEST_F(session_test, refuses_a_level_that_does_not_exist) {
  for (const auto& level : {json("loud"), json(""), json(3), json()})
    EXPECT_EQ(post(request(1, "logging/setLevel", {{"level", level}}))->body()["error"]["code"], -32602) << level;
  EXPECT_EQ(post(request(1, "logging/setLevel"))->body()["error"]["code"], -32602);
}

TEST_F(session_test, subscribes_to_resources_and_unsubscribes) {
  EXPECT_EQ(post(request(1, "resources/subscribe", {{"uri", "demo://counter"}}))->body()["result"], json::object());
  EXPECT_EQ(subscribers("demo://counter"), std::vector<std::string>({session_id}));
  EXPECT_EQ(post(request(2, "resources/unsubscribe", {{"uri", "demo://counter"}}))->body()["result"], json::object());
  EXPECT_TRUE(subscribers("demo://counter").empty());
}

TEST_F(session_test, refuses_to_subscribe_to_what_is_no_uri) {
  for (const auto& uri : {json(), json(5), json(std::string(3000, 'u'))})
    for (const char* method : {"resources/subscribe", "resources/unsubscribe"})
      EXPECT_EQ(post(request(1, method, {{"uri", uri}}))->body()["error"]["code"], -32602) << method;
}

TEST_F(session_test, takes_batches_in_the_one_revision_that_has_them) {
  for (const auto r : {revision::r2024_11_05, revision::r2025_06_18, revision::r2025_11_25}) {
    given_session(r);
    change_behind_its_back([](store::session_record&) {});
    const auto http = post(json::array({request(1, "ping")}));
    EXPECT_EQ(http->status(), 400) << protocol::name_of(r);
    EXPECT_EQ(http->body()["error"]["code"], -32600) << protocol::name_of(r);
  }
}

class batching_session : public session_test {
 protected:
  batching_session() { given_session(revision::r2025_03_26); }
};

TEST_F(batching_session, answers_all_of_a_batch_in_one_stream) {
  const auto stream = post(json::array({request(1, "ping"), notification("notifications/initialized"),
                                        request(2, "none"), tool_call(3, "echo", {{"message", "hi"}})}))
                          ->stream();
  const auto messages = stream->messages();
  ASSERT_EQ(messages.size(), 3U);
  EXPECT_EQ(messages[0]["id"], 1);
  EXPECT_EQ(messages[1]["error"]["code"], -32601);
  EXPECT_EQ(text_of(messages[2]), "hi");
  EXPECT_TRUE(stream->closed());
  EXPECT_TRUE(record().initialized);
}

TEST_F(batching_session, a_stream_of_a_batch_ends_with_its_last_response) {
  const auto stream =
      post(json::array({countdown(1, 3), request(2, "ping"), tool_call(3, "send", {{"wait_ms", 3'600'000}})}))
          ->stream();
  EXPECT_EQ(stream->messages().size(), 5U);
  EXPECT_FALSE(stream->closed());
  post(cancelled(3));
  EXPECT_TRUE(stream->closed());
  EXPECT_EQ(stream->messages().size(), 5U);
  finish(stream);
  EXPECT_TRUE(self_.idle());
}

TEST_F(batching_session, a_batch_without_requests_is_accepted) {
  EXPECT_EQ(post(json::array({notification("notifications/initialized"),
                              json({{"jsonrpc", "2.0"}, {"id", 9}, {"result", json::object()}})}))
                ->status(),
            202);
}

TEST_F(batching_session, the_second_of_two_equal_ids_is_refused) {
  const auto stream =
      post(json::array({tool_call(1, "send", {{"wait_ms", 3'600'000}}), tool_call(1, "send")}))->stream();
  ASSERT_EQ(stream->messages().size(), 1U);
  EXPECT_EQ(stream->messages()[0]["error"]["code"], -32600);
  EXPECT_FALSE(stream->closed());
}

TEST_F(session_test, a_turn_that_throws_harms_no_other) {
  take([](session&) { throw std::runtime_error("a defect"); });
  EXPECT_EQ(post(request(1, "ping"))->status(), 200);
}

}  // namespace
}  // namespace hydrant::actors

// The whole of sessions on one node, on real threads: what the gateway asks, what changes bring.

#include "actors/session_service.hpp"

#include "bus/local_bus.hpp"
#include "store/memory_store.hpp"
#include "tests/support/recorded_exchange.hpp"
#include "tests/support/test_environment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace hydrant::actors {
namespace {

using protocol::json;
using support::recorded_exchange;
using testing::HasSubstr;
using testing::StartsWith;
using exchange_ref = std::shared_ptr<recorded_exchange>;

class service_test : public testing::Test {
 protected:
  service_test() : service_test(store::memory_limits{}) {}
  explicit service_test(store::memory_limits limits) : store_(e_.time, limits) {
    bus_.subscribe(session_service::changes_subject, [this](const bus::message_view& message) {
      service_->deliver(*runtime::parse_change(message.payload));
    });
    EXPECT_TRUE(bus_.start());
    e_.io.start();
    service_ = std::make_unique<session_service>(e_.env, store_.sessions(), store_.events(), bus_, hub_,
                                                 store::node_ref{"n", "b"}, scheduling::io_threads);
  }
  ~service_test() override { bus_.stop(); }

  static protocol::message message(const std::string& method, json params = json::object(), std::string id = "1") {
    protocol::message out;
    out.kind = id.empty() ? protocol::message_kind::notification : protocol::message_kind::request;
    out.id = std::move(id);
    out.method = method;
    out.params = std::move(params);
    return out;
  }
  static json introduction() {
    return {{"protocolVersion", "2025-11-25"}, {"capabilities", json::object()}, {"clientInfo", {{"name", "c"}}}};
  }
  exchange_ref initialize(const json& params = introduction()) {
    auto http = std::make_shared<recorded_exchange>();
    service_->initialize(message("initialize", params), http);
    EXPECT_TRUE(http->wait());
    return http;
  }
  static std::string session_of(const exchange_ref& http) {
    for (const auto& [name, value] : http->answered().headers)
      if (name == "Mcp-Session-Id") return value;
    return {};
  }
  exchange_ref post(const std::string& session, const protocol::message& sent) {
    auto http = std::make_shared<recorded_exchange>();
    service_->post(session, {{sent}, false}, http);
    EXPECT_TRUE(http->wait());
    return http;
  }
  exchange_ref get(const std::string& session, const std::string& last_event_id = {}) {
    auto http = std::make_shared<recorded_exchange>();
    service_->open_stream(session, last_event_id, http);
    EXPECT_TRUE(http->wait());
    return http;
  }
  exchange_ref end(const std::string& session) {
    auto http = std::make_shared<recorded_exchange>();
    service_->end(session, http);
    EXPECT_TRUE(http->wait());
    return http;
  }
  exchange_ref open_legacy(const std::string& session = {}, const std::string& last_event_id = {}) {
    auto http = std::make_shared<recorded_exchange>();
    service_->open_legacy(session, last_event_id, "/messages", http);
    EXPECT_TRUE(http->wait());
    return http;
  }

  support::test_environment e_{2};
  store::memory_store store_;
  bus::local_bus bus_;
  runtime::subscription_hub hub_{e_.env};
  std::unique_ptr<session_service> service_;
};

TEST_F(service_test, initialize_opens_a_session_and_names_it) {
  const auto http = initialize();
  EXPECT_EQ(http->status(), 200);
  EXPECT_EQ(http->body()["id"], 1);
  EXPECT_EQ(http->body()["result"]["protocolVersion"], "2025-11-25");
  const auto session = session_of(http);
  EXPECT_GE(session.size(), 32U);
  EXPECT_NE(session, session_of(initialize()));
  EXPECT_EQ(post(session, message("ping"))->body()["result"], json::object());
  EXPECT_EQ(e_.measured.sessions_created.Value(), 2);
}

TEST_F(service_test, finds_what_a_node_appended_that_died_before_it_said_so) {
  const auto session = session_of(initialize());
  const auto stream = get(session)->stream();
  const store::node_ref self{"n", "b"};
  service_->know_alive({self, {"other", "b"}});
  store_.events().append({session, main_stream}, {}, R"({"jsonrpc":"2.0","method":"notifications/x"})",
                         [](const auto& appended) { ASSERT_TRUE(appended); });
  EXPECT_TRUE(stream->messages().empty());
  service_->know_alive({self});
  EXPECT_TRUE(stream->wait_for_messages(1));
}

TEST_F(service_test, a_bad_initialize_opens_nothing) {
  const auto http = initialize(json::object());
  EXPECT_EQ(http->status(), 200);
  EXPECT_EQ(http->body()["error"]["code"], -32602);
  EXPECT_EQ(session_of(http), "");
  EXPECT_EQ(store_.statistics().sessions, 0U);
}

TEST_F(service_test, a_session_ends_once) {
  const auto session = session_of(initialize());
  const auto stream = get(session)->stream();
  EXPECT_EQ(end(session)->status(), 204);
  EXPECT_TRUE(stream->wait_until([&] { return stream->closed(); }));
  EXPECT_EQ(end(session)->status(), 404);
  EXPECT_EQ(post(session, message("ping"))->status(), 404);
  EXPECT_EQ(get(session)->status(), 404);
}

TEST_F(service_test, http_sse_opens_its_session_with_the_stream) {
  const auto stream = open_legacy()->stream();
  const auto endpoint = stream->events().at(0);
  EXPECT_EQ(endpoint.event, "endpoint");
  EXPECT_THAT(endpoint.data, StartsWith("/messages?sessionId="));
  const auto session = endpoint.data.substr(std::string("/messages?sessionId=").size());
  EXPECT_EQ(post(session, message("initialize", introduction()))->status(), 202);
  EXPECT_TRUE(stream->wait_for_messages(1));
  EXPECT_EQ(post(session, message("ping", json::object(), "2"))->status(), 202);
  EXPECT_TRUE(stream->wait_for_messages(2));
  const auto seen = stream->events().at(1).id;
  stream->finish();
  const auto again = open_legacy(session, seen)->stream();
  EXPECT_TRUE(again->wait_for_messages(1));
  EXPECT_EQ(again->messages()[0]["id"], 2);
}

TEST_F(service_test, a_changed_resource_is_told_to_its_subscribers_only) {
  const auto subscriber = session_of(initialize());
  const auto other = session_of(initialize());
  const auto told = get(subscriber)->stream();
  const auto not_told = get(other)->stream();
  post(subscriber, message("resources/subscribe", {{"uri", "a://1"}}));
  service_->announce({runtime::change_kind::resource, "a://2"});
  service_->announce({runtime::change_kind::resource, "a://1"});
  ASSERT_TRUE(told->wait_for_messages(1));
  EXPECT_EQ(told->messages()[0]["params"], json({{"uri", "a://1"}}));
  EXPECT_EQ(not_told->messages().size(), 0U);
}

TEST_F(service_test, a_changed_resource_is_told_to_a_subscriber_that_comes_later) {
  const auto session = session_of(initialize());
  post(session, message("resources/subscribe", {{"uri", "a://1"}}));
  service_->announce({runtime::change_kind::resource, "a://1"});
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (store_.statistics().events == 0 && std::chrono::steady_clock::now() < limit)
    std::this_thread::yield();
  const auto stream = get(session)->stream();
  ASSERT_TRUE(stream->wait_for_messages(1));
  EXPECT_EQ(stream->messages()[0]["method"], "notifications/resources/updated");
}

TEST_F(service_test, a_changed_list_is_told_to_all_who_listen) {
  const auto first = get(session_of(initialize()))->stream();
  const auto second = get(session_of(initialize()))->stream();
  const auto listening = std::make_shared<recorded_exchange>();
  hub_.listen(message("subscriptions/listen", {{"notifications", {{"toolsListChanged", true}}}}), listening);
  service_->announce({runtime::change_kind::tools, {}});
  for (const auto& stream : {first, second}) {
    ASSERT_TRUE(stream->wait_for_messages(1));
    EXPECT_EQ(stream->messages()[0]["method"], "notifications/tools/list_changed");
  }
  EXPECT_TRUE(listening->stream()->wait_for_messages(2));
}

TEST_F(service_test, sessions_that_the_store_gave_up_let_go_of_their_streams) {
  const auto session = session_of(initialize());
  const auto stream = get(session)->stream();
  service_->expired({session, "unknown"});
  EXPECT_TRUE(stream->wait_until([&] { return stream->closed(); }));
  EXPECT_EQ(e_.measured.sessions_ended.Value(), 2);
}

TEST_F(service_test, draining_sends_all_readers_away_with_a_hint) {
  const auto session = session_of(initialize());
  const auto stream = get(session)->stream();
  service_->drain();
  EXPECT_TRUE(stream->wait_until([&] { return stream->closed(); }));
  EXPECT_THAT(stream->bytes().substr(stream->bytes().size() / 2), HasSubstr("retry:"));
}

TEST_F(service_test, many_sessions_are_served_at_once) {
  std::vector<std::string> sessions;
  for (int i = 0; i < 50; ++i)
    sessions.push_back(session_of(initialize()));
  std::vector<exchange_ref> asked;
  for (int round = 0; round < 20; ++round)
    for (const auto& session : sessions) {
      asked.push_back(std::make_shared<recorded_exchange>());
      service_->post(session, {{message("ping", json::object(), std::to_string(round))}, false}, asked.back());
    }
  for (std::size_t i = 0; i < asked.size(); ++i) {
    ASSERT_TRUE(asked[i]->wait());
    EXPECT_EQ(asked[i]->body()["id"], static_cast<int>(i / sessions.size()));
  }
}

class full_service : public service_test {
 protected:
  static store::memory_limits limits() {
    store::memory_limits out;
    out.sessions_max = 1;
    return out;
  }
  full_service() : service_test(limits()) {}
};

TEST_F(full_service, says_when_to_come_back_if_there_is_no_room_for_a_session) {
  initialize();
  for (const auto& http : {initialize(), open_legacy()}) {
    EXPECT_EQ(http->status(), 503);
    EXPECT_EQ(http->answered().headers.at(0).first, "Retry-After");
  }
}

}  // namespace
}  // namespace hydrant::actors

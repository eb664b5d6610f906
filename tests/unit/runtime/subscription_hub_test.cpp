#include "runtime/subscription_hub.hpp"

#include "tests/support/recorded_exchange.hpp"
#include "tests/support/test_environment.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace hydrant::runtime {
namespace {

using protocol::json;
using support::recorded_exchange;
using support::recorded_stream;

const change tools{change_kind::tools, ""};
const change prompts{change_kind::prompts, ""};
const change resources{change_kind::resources, ""};

change updated(std::string uri) {
  return {change_kind::resource, std::move(uri)};
}

class subscription_hub_test : public testing::Test {
 protected:
  std::shared_ptr<recorded_exchange> ask(json params, std::string id = "7") {
    protocol::message request;
    request.id = std::move(id);
    request.method = "subscriptions/listen";
    request.params = std::move(params);
    auto http = std::make_shared<recorded_exchange>();
    hub_.listen(request, http);
    return http;
  }
  std::shared_ptr<recorded_stream> listen(const json& notifications, std::string id = "7") {
    return ask({{"notifications", notifications}}, std::move(id))->stream();
  }
  /// The methods of what came after the acknowledgement.
  static std::vector<std::string> heard(const recorded_stream& stream) {
    std::vector<std::string> out;
    for (const auto& message : stream.messages())
      if (message.contains("method") && message["method"] != "notifications/subscriptions/acknowledged")
        out.push_back(message["method"]);
    return out;
  }
  double listeners() { return e_.measured.listeners_open.Value(); }

  support::test_environment e_;
  subscription_hub hub_{e_.env};
};

TEST_F(subscription_hub_test, acknowledges_first_what_will_be_honoured) {
  const auto stream = listen({{"toolsListChanged", true},
                              {"promptsListChanged", false},
                              {"unknown", true},
                              {"resourceSubscriptions", {"a://1"}}});
  ASSERT_EQ(stream->messages().size(), 1U);
  EXPECT_EQ(stream->messages()[0],
            json({{"jsonrpc", "2.0"},
                  {"method", "notifications/subscriptions/acknowledged"},
                  {"params",
                   {{"_meta", {{"io.modelcontextprotocol/subscriptionId", 7}}},
                    {"notifications", {{"toolsListChanged", true}, {"resourceSubscriptions", {"a://1"}}}}}}}));
  EXPECT_FALSE(stream->closed());
}

TEST_F(subscription_hub_test, keeps_the_type_of_the_id) {
  const auto id_of = [](const recorded_stream& stream) {
    return stream.messages()[0]["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"];
  };
  EXPECT_EQ(id_of(*listen({{"toolsListChanged", true}}, "9007199254740993")), 9007199254740993);
  EXPECT_EQ(id_of(*listen({{"toolsListChanged", true}}, R"("9")")), "9");
}

TEST_F(subscription_hub_test, tells_each_listener_what_it_asked_for) {
  const auto for_tools = listen({{"toolsListChanged", true}});
  const auto for_prompts = listen({{"promptsListChanged", true}});
  const auto for_resources = listen({{"resourcesListChanged", true}});
  const auto for_one = listen({{"resourceSubscriptions", {"a://1"}}});
  for (const auto& what : {tools, prompts, resources, updated("a://1"), updated("a://2")})
    hub_.deliver(what);
  EXPECT_EQ(heard(*for_tools), std::vector<std::string>({"notifications/tools/list_changed"}));
  EXPECT_EQ(heard(*for_prompts), std::vector<std::string>({"notifications/prompts/list_changed"}));
  EXPECT_EQ(heard(*for_resources), std::vector<std::string>({"notifications/resources/list_changed"}));
  EXPECT_EQ(heard(*for_one), std::vector<std::string>({"notifications/resources/updated"}));
}

TEST_F(subscription_hub_test, a_notification_names_its_subscription_and_its_resource) {
  const auto stream = listen({{"resourceSubscriptions", {"a://\"1\""}}}, R"("s")");
  hub_.deliver(updated("a://\"1\""));
  EXPECT_EQ(stream->messages().at(1)["params"],
            json({{"uri", "a://\"1\""}, {"_meta", {{"io.modelcontextprotocol/subscriptionId", "s"}}}}));
}

TEST_F(subscription_hub_test, merges_what_a_slow_listener_has_not_taken) {
  const auto stream = listen({{"toolsListChanged", true}, {"promptsListChanged", true}});
  for (int i = 0; i < 200; ++i)
    hub_.deliver(tools);
  EXPECT_EQ(stream->writes(), 64U);
  hub_.deliver(prompts);
  EXPECT_EQ(stream->writes(), 64U);
  stream->read_all();
  EXPECT_EQ(stream->writes(), 66U);
  const auto all = heard(*stream);
  EXPECT_EQ(std::count(all.begin(), all.end(), "notifications/prompts/list_changed"), 1);
  stream->read_all();
  EXPECT_EQ(stream->writes(), 66U);
}

TEST_F(subscription_hub_test, a_slow_listener_holds_up_no_other) {
  const auto slow = listen({{"toolsListChanged", true}});
  const auto fast = listen({{"toolsListChanged", true}});
  for (int i = 0; i < 100; ++i) {
    hub_.deliver(tools);
    fast->read_all();
  }
  EXPECT_EQ(fast->writes(), 100U);
  EXPECT_EQ(slow->writes(), 64U);
}

TEST_F(subscription_hub_test, refuses_a_malformed_filter) {
  for (const auto& params :
       {json::object(), json({{"notifications", nullptr}}), json({{"notifications", json::array()}}),
        json({{"notifications", true}}), json({{"notifications", {{"toolsListChanged", 1}}}}),
        json({{"notifications", {{"promptsListChanged", nullptr}}}}),
        json({{"notifications", {{"resourceSubscriptions", "a://1"}}}}),
        json({{"notifications", {{"resourceSubscriptions", {1}}}}})}) {
    const auto http = ask(params);
    EXPECT_EQ(http->body()["error"]["code"], -32602) << params;
    EXPECT_EQ(http->body()["id"], 7) << params;
  }
  EXPECT_EQ(listeners(), 0);
}

TEST_F(subscription_hub_test, refuses_one_more_than_it_may_serve) {
  e_.bounds.streams_max = 2;
  const auto first = listen({{"toolsListChanged", true}});
  listen({{"toolsListChanged", true}});
  EXPECT_EQ(ask({{"notifications", {{"toolsListChanged", true}}}})->status(), 503);
  EXPECT_EQ(listeners(), 2);
  first->finish();
  EXPECT_EQ(listeners(), 1);
  EXPECT_TRUE(ask({{"notifications", {{"toolsListChanged", true}}}})->streaming());
}

TEST_F(subscription_hub_test, an_empty_filter_is_acknowledged_and_ended) {
  for (const auto& notifications :
       {json::object(), json({{"toolsListChanged", false}}), json({{"resourceSubscriptions", json::array()}})}) {
    const auto stream = listen(notifications);
    ASSERT_EQ(stream->messages().size(), 2U);
    EXPECT_EQ(stream->messages()[0]["params"]["notifications"], json::object());
    EXPECT_EQ(stream->messages()[1]["id"], 7);
    EXPECT_EQ(stream->messages()[1]["result"]["resultType"], "complete");
    EXPECT_TRUE(stream->closed());
    stream->finish();
  }
  EXPECT_EQ(listeners(), 0);
}

TEST_F(subscription_hub_test, closing_ends_every_stream_with_its_result) {
  const auto first = listen({{"toolsListChanged", true}}, "1");
  const auto second = listen({{"promptsListChanged", true}}, R"("two")");
  hub_.close_all();
  for (const auto& stream : {first, second}) {
    EXPECT_TRUE(stream->closed());
    EXPECT_EQ(stream->messages().size(), 2U);
  }
  EXPECT_EQ(first->messages()[1]["result"],
            json({{"resultType", "complete"}, {"_meta", {{"io.modelcontextprotocol/subscriptionId", 1}}}}));
  EXPECT_EQ(second->messages()[1]["id"], "two");
  hub_.deliver(tools);
  EXPECT_EQ(first->messages().size(), 2U);
}

TEST_F(subscription_hub_test, a_listener_that_went_away_is_forgotten) {
  const auto stream = listen({{"toolsListChanged", true}});
  stream->finish();
  hub_.deliver(tools);
  EXPECT_EQ(stream->writes(), 0U);
  EXPECT_EQ(listeners(), 0);
  hub_.close_all();
}

TEST_F(subscription_hub_test, names_of_resources_are_bounded) {
  json uris = json::array();
  for (int i = 0; i < 1500; ++i)
    uris.push_back("a://" + std::to_string(i));
  const auto stream = listen({{"resourceSubscriptions", uris}});
  EXPECT_EQ(stream->messages()[0]["params"]["notifications"]["resourceSubscriptions"].size(), 1000U);
}

}  // namespace
}  // namespace hydrant::runtime

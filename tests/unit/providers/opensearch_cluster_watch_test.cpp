#include "providers/opensearch/cluster_watch.hpp"
#include "tests/unit/providers/opensearch_scene.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>

#include <latch>
#include <thread>

namespace hydrant::providers::opensearch {
namespace {

using contact = cluster_state::contact;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// A watch on an io_context that the test takes forward by hand.
struct opensearch_cluster_watch : testing::Test {
  void watch(cluster_settings of = {}, index_rules which = {}) {
    of.url = "http://c.test";
    rules = std::move(which);
    watched = std::make_unique<cluster>(std::move(of), upstream.sender(), aws_credentials_getter(), time, meter);
    one = std::make_shared<cluster_watch>(*watched, rules, io, std::chrono::hours(1));
  }
  void SetUp() override {
    upstream.answer = [this](const std::string& what, const json&) -> fake_cluster::reply {
      const auto found = replies.find(what);
      return found == replies.end() ? fake_cluster::reply{0, "away"} : found->second;
    };
  }
  cluster_state looked() {
    one->start();
    io.poll();
    return one->state();
  }
  std::vector<std::string> asked() const {
    std::vector<std::string> out;
    for (const auto& [what, body] : upstream.asked)
      out.push_back(what);
    return out;
  }

  std::map<std::string, fake_cluster::reply> replies{
      {"GET /", {200, R"({"cluster_name":"c-1","version":{"number":"2.19.4"}})"}},
      {"GET /_cluster/health", {200, R"({"status":"green"})"}},
      {"GET /_resolve/index/*",
       {200, R"({"indices":[{"name":"logs"},{"name":"films"},{"name":".hidden"},{"name":"secret"}],
                                          "aliases":[{"name":"movies"}],"data_streams":[{"name":"events"}]})"}}};
  fake_cluster upstream;
  base::manual_clock time;
  silent_meter meter;
  index_rules rules;
  boost::asio::io_context io;
  std::unique_ptr<cluster> watched;
  std::shared_ptr<cluster_watch> one;
};

TEST_F(opensearch_cluster_watch, knows_nothing_before_its_first_look) {
  watch();
  EXPECT_EQ(one->state().standing, contact::unknown);
  EXPECT_EQ(name_of(one->state().standing), "unknown");
  EXPECT_THAT(one->names(), IsEmpty());
}

TEST_F(opensearch_cluster_watch, tells_how_a_cluster_is) {
  watch();
  const auto seen = looked();
  EXPECT_EQ(name_of(seen.standing), "connected");
  EXPECT_EQ(seen.cluster_name, "c-1");
  EXPECT_EQ(seen.version, "2.19.4");
  EXPECT_EQ(seen.health, "green");
  EXPECT_EQ(seen.trouble, "");
}

TEST_F(opensearch_cluster_watch, tells_why_there_is_no_contact) {
  watch();
  replies.clear();
  const auto away = looked();
  EXPECT_EQ(name_of(away.standing), "disconnected");
  EXPECT_NE(away.trouble, "");
  EXPECT_EQ(asked().size(), 1u);
}

TEST_F(opensearch_cluster_watch, a_server_error_is_no_contact) {
  watch();
  replies["GET /"] = {503, "OpenSearch Security not initialized."};
  const auto seen = looked();
  EXPECT_EQ(seen.standing, contact::none);
  EXPECT_THAT(seen.trouble, HasSubstr("503"));
}

TEST_F(opensearch_cluster_watch, refused_credentials_are_contact_all_the_same) {
  watch();
  replies["GET /"] = {401, "Unauthorized"};
  const auto seen = looked();
  EXPECT_EQ(name_of(seen.standing), "unauthorized");
  EXPECT_THAT(seen.trouble, HasSubstr("refuses this server's credentials"));
}

TEST_F(opensearch_cluster_watch, replies_of_any_shape_end_no_watch) {
  for (const auto* odd :
       {"[]", "<html>", R"({"cluster_name":7,"version":"x","status":[]})", R"({"indices":[1,{"name":2}]})"}) {
    watch();
    for (auto& [what, reply] : replies)
      reply.second = odd;
    EXPECT_EQ(looked().standing, odd[0] == '{' ? contact::connected : contact::none) << odd;
    EXPECT_THAT(one->names(), IsEmpty());
  }
}

TEST_F(opensearch_cluster_watch, what_is_no_opensearch_is_no_contact) {
  for (const auto& [status, text] : {fake_cluster::reply{200, "<html>Welcome</html>"}, {404, "<html>"}, {302, ""}}) {
    watch();
    replies["GET /"] = {status, text};
    const auto seen = looked();
    EXPECT_EQ(seen.standing, contact::none) << status;
    EXPECT_THAT(seen.trouble, HasSubstr("no OpenSearch (HTTP " + std::to_string(status)));
  }
}

TEST_F(opensearch_cluster_watch, a_cluster_that_is_busy_is_there) {
  watch();
  replies["GET /"] = {429, "Too Many Requests"};
  EXPECT_EQ(looked().standing, contact::connected);
}

TEST_F(opensearch_cluster_watch, a_data_stream_is_named_if_each_of_its_indices_is_allowed) {
  watch({}, index_rules({}, {".ds-audit*"}));
  replies["GET /_resolve/index/*"] = {200, R"({"indices":[],"aliases":[],"data_streams":[
        {"name":"audit","backing_indices":[".ds-audit-000001"]},{"name":"events","backing_indices":".ds-events-000001"}]})"};
  looked();
  EXPECT_THAT(one->names(), ElementsAre("events"));
}

TEST_F(opensearch_cluster_watch, a_serverless_collection_need_not_say_what_it_is) {
  cluster_settings serverless;
  serverless.aws.service = "aoss";
  watch(serverless);
  replies["GET /"] = {404, ""};
  EXPECT_EQ(looked().standing, contact::connected);
}

TEST_F(opensearch_cluster_watch, names_are_those_that_the_rules_allow) {
  watch({}, index_rules({}, {"secret"}));
  looked();
  EXPECT_THAT(one->names(), ElementsAre("events", "films", "logs", "movies"));
}

TEST_F(opensearch_cluster_watch, callers_of_their_own_rights_get_no_names_of_the_servers) {
  cluster_settings callers;
  callers.auth = auth_kind::caller;
  watch(callers);
  looked();
  EXPECT_THAT(one->names(), IsEmpty());
  EXPECT_THAT(asked(), ElementsAre("GET /", "GET /_cluster/health"));
}

TEST_F(opensearch_cluster_watch, with_callers_credentials_a_refusal_is_no_fault_of_the_servers) {
  cluster_settings callers;
  callers.auth = auth_kind::caller;
  watch(callers);
  replies["GET /"] = {401, "Unauthorized"};
  const auto seen = looked();
  EXPECT_EQ(seen.standing, contact::refused);
  EXPECT_THAT(seen.trouble, Not(HasSubstr("this server's credentials")));
}

// --- its end

TEST_F(opensearch_cluster_watch, that_was_never_started_stops_at_once) {
  watch();
  one->stop();
}

struct running_io {
  explicit running_io(boost::asio::io_context& io) : guard(io.get_executor()), thread([&io] { io.run(); }) {}
  ~running_io() {
    guard.reset();
    thread.join();
  }
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard;
  std::thread thread;
};

TEST_F(opensearch_cluster_watch, stops_between_two_looks_and_only_once) {
  watch();
  looked();
  running_io run(io);
  one->stop();
  one->stop();
}

TEST_F(opensearch_cluster_watch, breaks_off_a_look_when_it_stops) {
  std::latch looking(1);
  bool cut = false;
  watched = std::make_unique<cluster>(
      cluster_at("http://c.test"),
      [&](net::http_request) -> boost::asio::awaitable<net::http_outcome> {
        const auto here = co_await boost::asio::this_coro::executor;
        boost::asio::steady_timer never(here, boost::asio::steady_timer::time_point::max());
        looking.count_down();
        try {
          co_await never.async_wait(boost::asio::use_awaitable);
        } catch (const boost::system::system_error&) {
          cut = true;
          throw;
        }
        co_return no_connection();
      },
      aws_credentials_getter(), time, meter);
  one = std::make_shared<cluster_watch>(*watched, rules, io, std::chrono::hours(1));
  running_io run(io);
  one->start();
  looking.wait();
  one->stop();
  EXPECT_TRUE(cut) << "the look has ended when stop() returns";
}

}  // namespace
}  // namespace hydrant::providers::opensearch

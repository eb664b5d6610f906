// What handlers see of a cluster, and the toolbox that hands it to them.

#include "providers/opensearch/client/access.hpp"
#include "providers/opensearch/client/progress_ticker.hpp"
#include "tests/unit/providers/opensearch_scene.hpp"

#include <gmock/gmock.h>

namespace hydrant::providers::opensearch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct opensearch_access : testing::Test {
  void SetUp() override {
    on.upstream.answer = [this](const std::string& what, const json&) {
      asked.push_back(what);
      return reply;
    };
  }
  access seen() { return on.with.for_call(*on.with.clusters.front(), open.c); }

  scene on;
  open_call open;
  fake_cluster::reply reply{200, "{}"};
  std::vector<std::string> asked;
};

TEST_F(opensearch_access, a_failure_is_told_in_words) {
  reply = {
      403,
      R"({"error":{"type":"security_exception","reason":"no permissions for [x] and User [name=joe]"},"status":403})"};
  auto a = seen();
  const auto failed = run_now(a.ask({.path = "/films"}, "read films"));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, base::error_kind::forbidden);
  EXPECT_THAT(failed.error().message, HasSubstr("read films"));
  EXPECT_THAT(failed.error().message, Not(HasSubstr("joe")));
}

TEST_F(opensearch_access, a_redirect_is_no_success) {
  reply = {302, ""};
  auto a = seen();
  EXPECT_FALSE(run_now(a.ask_text({.path = "/films"}, "read films")));
  EXPECT_EQ(run_now(a.ask_any({.path = "/films"}))->status, 302);
}

TEST_F(opensearch_access, large_replies_are_read_as_small_ones_are) {
  json large = json::array();
  for (int i = 0; i < 40'000; ++i)
    large.push_back("element");
  auto a = seen();
  for (const json& wanted : {json({{"a", 1}}), large}) {
    reply = {200, wanted.dump()};
    EXPECT_EQ(*run_now(a.ask({.path = "/x"}, "read")), wanted);
  }
  reply = {200, large.dump() + "x"};
  EXPECT_EQ(run_now(a.ask({.path = "/x"}, "read")).error().kind, base::error_kind::unavailable);
}

TEST_F(opensearch_access, without_rules_an_expression_stays_as_it_is) {
  auto a = seen();
  for (const auto* expression : {"", "films", "films-*,-films-old", "_all", "<films-{now/d}>", "other:films"})
    EXPECT_EQ(*run_now(a.narrow(expression)), expression);
  EXPECT_THAT(asked, IsEmpty());
}

TEST_F(opensearch_access, no_expression_names_an_api) {
  auto a = seen();
  for (const auto* expression : {"_scripts", "_snapshot", "_cluster", "_all,x", "_"})
    EXPECT_FALSE(run_now(a.narrow(expression))) << expression;
}

TEST_F(opensearch_access, with_rules_names_are_looked_up_and_a_missing_one_is_told_from_a_failure) {
  on.with.rules = index_rules({"films*"}, {});
  auto a = seen();
  reply = {200, R"({"indices":[{"name":"films"},{"name":"logs"}],"aliases":[],"data_streams":[]})"};
  EXPECT_EQ(*run_now(a.narrow("")), "films");
  reply = {404, R"({"error":{"type":"index_not_found_exception"},"status":404})"};
  EXPECT_EQ(run_now(a.narrow("films-x")).error().kind, base::error_kind::resource_not_found);
  EXPECT_EQ(run_now(a.narrow("logs")).error().kind, base::error_kind::forbidden);
  reply = {403, ""};
  EXPECT_EQ(run_now(a.narrow("films")).error().kind, base::error_kind::forbidden);
  EXPECT_THAT(asked, ElementsAre("GET /_resolve/index/*", "GET /_resolve/index/films-x", "GET /_resolve/index/logs",
                                 "GET /_resolve/index/films"));
}

// --- progress

TEST(opensearch_progress_ticker, ends_with_its_scope) {
  call_setup setup;
  setup.progress_token = "7";
  open_call open(std::move(setup));
  boost::asio::io_context io;
  int seconds = 41;
  { const progress_ticker ticker(io.get_executor(), open.c, seconds, "waiting"); }
  io.run();  // at once: nothing is waited for
  EXPECT_EQ(seconds, 41);
  EXPECT_THAT(open.sink->sent(), IsEmpty());
}

// --- toolbox

tool_work telling_the_cluster() {
  return [](access& on, call&) -> boost::asio::awaitable<outcome<tool_result>> {
    const auto name = on.cluster_name();
    co_return protocol::text_result(name);
  };
}

TEST(opensearch_toolbox, where_there_are_several_clusters_tools_ask_which_one) {
  scene on({"a", "b"});
  on.tools.offer({category::core_tools, "OldName"}, tool("x"), telling_the_cluster());
  const auto* found = on.offered.find_tool("x");
  ASSERT_NE(found, nullptr);
  EXPECT_FALSE(found->input.validate(json::object()).empty());
  EXPECT_FALSE(found->input.validate({{"opensearch_cluster_name", "c"}}).empty());
  EXPECT_TRUE(found->input.validate({{"opensearch_cluster_name", "b"}}).empty());
  EXPECT_EQ(only_text(on.run("x", {{"opensearch_cluster_name", "b"}})), "b");
}

TEST(opensearch_toolbox, one_cluster_is_not_asked_for) {
  scene on;
  on.tools.offer({category::core_tools, ""}, tool("x"), telling_the_cluster());
  EXPECT_TRUE(on.offered.find_tool("x")->input.validate(json::object()).empty());
  EXPECT_EQ(only_text(on.run("x", json::object())), "default");
}

TEST(opensearch_toolbox, a_failure_becomes_a_result_that_the_model_reads) {
  scene on;
  on.tools.offer({category::core_tools, ""}, tool("x"),
                 [](access&, call&) -> boost::asio::awaitable<outcome<tool_result>> {
                   co_return base::fail(base::error_kind::timeout, "it took too long", "a detail");
                 });
  const auto result = written(on.run("x", json::object()));
  EXPECT_TRUE(result["isError"]);
  EXPECT_EQ(result["content"][0]["text"], "it took too long");
}

TEST(opensearch_toolbox, with_index_rules_tools_that_show_all_indices_are_not_offered) {
  scene on({"default"}, index_rules({"films"}, {}));
  on.tools.offer({category::core_tools, "", index_reach::by_name}, tool("x"), telling_the_cluster());
  on.tools.offer({category::core_tools, "", index_reach::none}, tool("y"), telling_the_cluster());
  on.tools.offer({category::core_tools, "", index_reach::all}, tool("z"), telling_the_cluster());
  EXPECT_THAT(on.tools.added(), ElementsAre("x", "y"));
  EXPECT_EQ(on.tools.known().size(), 3u);
}

TEST(opensearch_toolbox, what_the_lists_keep_out_is_known_and_not_offered) {
  tool_lists lists;
  lists.disabled_tools = {"OldName"};
  scene on({"default"}, {}, lists);
  on.tools.offer({category::core_tools, "OldName"}, tool("x"), telling_the_cluster());
  EXPECT_THAT(on.tools.added(), IsEmpty());
  EXPECT_EQ(on.offered.find_tool("x"), nullptr);
  EXPECT_EQ(on.tools.known().front().second, "OldName");
}

}  // namespace
}  // namespace hydrant::providers::opensearch

#include "runtime/plain_methods.hpp"

#include "tests/unit/runtime/calls.hpp"

#include <array>
#include <set>

namespace hydrant::runtime {
namespace {

using base::error_kind;

constexpr std::array session_revisions{revision::r2024_11_05, revision::r2025_03_26, revision::r2025_06_18,
                                       revision::r2025_11_25};

class plain_methods : public runtime_test {
 protected:
  std::optional<base::result<std::string>> answer(method m, const protocol::message& asked,
                                                  revision r = revision::r2026_07_28) {
    return answer_plainly(m, asked, e_.catalog, e_.self, r);
  }
  json result(method m, const protocol::message& asked, revision r = revision::r2026_07_28) {
    return json::parse(answer(m, asked, r)->value());
  }
  json completed(json ref, const std::string& argument, const std::string& typed) {
    return result(method::complete,
                  request("completion/complete", {{"ref", std::move(ref)},
                                                  {"argument", {{"name", argument}, {"value", typed}}}}))["completion"];
  }
  std::optional<error_kind> failure(method m, const protocol::message& asked) {
    const auto got = answer(m, asked);
    return got && !*got ? std::optional(got->error().kind) : std::nullopt;
  }
};

TEST_F(plain_methods, are_not_those_that_run_something) {
  for (const auto m : {method::tools_call, method::resources_read, method::prompts_get, method::initialize,
                       method::set_level, method::resources_subscribe, method::resources_unsubscribe, method::listen})
    EXPECT_FALSE(answer(m, request("any")));
}

TEST_F(plain_methods, ping_answers_nothing) {
  EXPECT_EQ(result(method::ping, request("ping"), revision::r2025_11_25), json::object());
}

TEST_F(plain_methods, every_list_says_how_long_it_is_good_in_the_newest_revision_only) {
  const std::vector<std::tuple<method, std::string, std::string>> lists = {
      {method::tools_list, "tools/list", "tools"},
      {method::resources_list, "resources/list", "resources"},
      {method::resources_templates_list, "resources/templates/list", "resourceTemplates"},
      {method::prompts_list, "prompts/list", "prompts"}};
  for (const auto& [m, name, member] : lists) {
    const auto modern_list = result(m, request(name));
    EXPECT_EQ(modern_list["resultType"], "complete") << name;
    EXPECT_GE(modern_list["ttlMs"], 0) << name;
    EXPECT_EQ(modern_list["cacheScope"], "public") << name;
    EXPECT_FALSE(modern_list[member].empty()) << name;
    for (const auto r : session_revisions) {
      const auto list = result(m, request(name), r);
      EXPECT_EQ(list.size(), 1U) << name << " in " << protocol::name_of(r);
      EXPECT_EQ(list[member].size(), modern_list[member].size()) << name;
    }
  }
}

TEST_F(plain_methods, a_long_list_comes_in_pages) {
  for (int i = 0; i < 250; ++i)
    e_.catalog.add(tool("extra_" + std::to_string(i)).immediate([](call&) -> outcome<tool_result> {
      return protocol::text_result("");
    }));
  std::set<std::string> names;
  json params = json::object();
  int pages = 0;
  for (bool more = true; more && pages < 10; ++pages) {
    const auto page = result(method::tools_list, request("tools/list", params));
    for (const auto& one : page["tools"])
      EXPECT_TRUE(names.insert(one["name"]).second);
    more = page.contains("nextCursor");
    if (more) params = {{"cursor", page["nextCursor"]}};
  }
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(names.size(), e_.catalog.tools().size());
}

TEST_F(plain_methods, refuse_a_cursor_that_is_not_theirs) {
  for (const auto& cursor : {json(5), json(nullptr), json(""), json("x"), json(json::object())})
    EXPECT_EQ(failure(method::tools_list, request("tools/list", {{"cursor", cursor}})), error_kind::invalid_params)
        << cursor;
}

TEST_F(plain_methods, discovery_tells_versions_capabilities_and_who_answers) {
  const auto got = result(method::discover, request("server/discover"));
  EXPECT_EQ(got["resultType"], "complete");
  EXPECT_EQ(got["supportedVersions"], json({"2026-07-28"}));
  EXPECT_EQ(got["capabilities"]["resources"], json({{"subscribe", true}, {"listChanged", true}}));
  EXPECT_TRUE(got["capabilities"]["tools"]["listChanged"]);
  EXPECT_TRUE(got["capabilities"]["prompts"]["listChanged"]);
  EXPECT_EQ(got["_meta"]["io.modelcontextprotocol/serverInfo"],
            json({{"name", "hydrant-test"}, {"title", "Test"}, {"version", "1.2.3"}}));
  EXPECT_EQ(got["instructions"], "Be kind.");
  EXPECT_GE(got["ttlMs"], 0);
}

TEST_F(plain_methods, initialize_tells_the_revision_agreed_on) {
  for (const auto r : session_revisions) {
    const auto got = json::parse(initialize_result(e_.self, r));
    EXPECT_EQ(got["protocolVersion"], protocol::name_of(r));
    EXPECT_EQ(got["serverInfo"]["name"], "hydrant-test");
    EXPECT_EQ(got["serverInfo"].contains("title"), r >= revision::r2025_06_18);
    EXPECT_EQ(got["capabilities"].contains("completions"), r >= revision::r2025_03_26);
    EXPECT_EQ(got["capabilities"]["logging"], json::object());
    EXPECT_EQ(got["instructions"], "Be kind.");
    EXPECT_FALSE(got.contains("resultType"));
  }
}

TEST_F(plain_methods, instructions_are_left_out_where_there_are_none) {
  e_.self.instructions.clear();
  EXPECT_FALSE(json::parse(initialize_result(e_.self, revision::r2025_11_25)).contains("instructions"));
  EXPECT_FALSE(result(method::discover, request("server/discover")).contains("instructions"));
}

TEST_F(plain_methods, completion_suggests_for_prompts_and_templates) {
  EXPECT_EQ(completed({{"type", "ref/prompt"}, {"name", "plan_launch"}}, "timezone", "Europe/Berl")["values"],
            json({"Europe/Berlin"}));
  EXPECT_EQ(completed({{"type", "ref/resource"}, {"uri", "demo://time/{zone}"}}, "zone", "Europe/Berl")["values"],
            json({"Europe/Berlin"}));
}

TEST_F(plain_methods, completion_of_what_has_no_suggestions_is_empty) {
  EXPECT_EQ(completed({{"type", "ref/prompt"}, {"name", "plan_launch"}}, "rocket", "")["values"], json::array());
  EXPECT_EQ(completed({{"type", "ref/prompt"}, {"name", "plan_launch"}}, "unknown", "")["values"], json::array());
  EXPECT_EQ(completed({{"type", "ref/resource"}, {"uri", "demo://counter"}}, "x", "")["values"], json::array());
}

TEST_F(plain_methods, completion_refuses_malformed_requests) {
  const json ref = {{"type", "ref/prompt"}, {"name", "plan_launch"}};
  const json argument = {{"name", "timezone"}, {"value", "E"}};
  const std::vector<json> bad = {json::object(),
                                 {{"ref", ref}},
                                 {{"argument", argument}},
                                 {{"ref", 1}, {"argument", argument}},
                                 {{"ref", ref}, {"argument", "timezone"}},
                                 {{"ref", ref}, {"argument", {{"name", "timezone"}}}},
                                 {{"ref", ref}, {"argument", {{"name", "timezone"}, {"value", 1}}}},
                                 {{"ref", ref}, {"argument", {{"name", 1}, {"value", "E"}}}},
                                 {{"ref", {{"type", "ref/tool"}, {"name", "echo"}}}, {"argument", argument}},
                                 {{"ref", {{"type", 4}, {"name", "echo"}}}, {"argument", argument}},
                                 {{"ref", {{"type", "ref/prompt"}}}, {"argument", argument}},
                                 {{"ref", {{"type", "ref/prompt"}, {"name", "none"}}}, {"argument", argument}},
                                 {{"ref", {{"type", "ref/resource"}, {"name", "plan_launch"}}}, {"argument", argument}},
                                 {{"ref", {{"type", "ref/resource"}, {"uri", "none://x"}}}, {"argument", argument}}};
  for (const auto& params : bad)
    EXPECT_EQ(failure(method::complete, request("completion/complete", params)), error_kind::invalid_params) << params;
}

TEST_F(plain_methods, completion_sees_what_was_chosen_before) {
  e_.catalog.add(providers::prompt("chained").argument(
      "city", "", providers::argument_need::required, [](std::string_view typed, const json& chosen) {
        return protocol::completion_result{{std::string(typed) + chosen.value("country", "?")}, {}};
      }));
  const auto ask = [&](const json& context) {
    return result(method::complete,
                  request("completion/complete", {{"ref", {{"type", "ref/prompt"}, {"name", "chained"}}},
                                                  {"argument", {{"name", "city"}, {"value", "x"}}},
                                                  {"context", context}}))["completion"]["values"][0];
  };
  EXPECT_EQ(ask({{"arguments", {{"country", "fr"}}}}), "xfr");
  EXPECT_EQ(ask(json::object()), "x?");
}

}  // namespace
}  // namespace hydrant::runtime

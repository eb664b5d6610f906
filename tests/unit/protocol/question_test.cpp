#include "protocol/question.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hydrant::protocol {
namespace {

using base::error_kind;
using testing::HasSubstr;

const json empty = json::object();

question name_form() {
  return elicit_form("Who are you?", {{"name", {{"type", "string"}}}, {"age", {{"type", "integer"}}}}, {"name"});
}
question page() {
  return elicit_url("Sign in", "https://example.com/in", "e-1");
}

std::optional<error_kind> complaint(const question& q, const json& answer) {
  const auto failure = q.check_answer(answer);
  return failure ? std::optional(failure->kind) : std::nullopt;
}

TEST(question, has_the_method_of_its_kind) {
  EXPECT_EQ(name_form().method(), "elicitation/create");
  EXPECT_EQ(page().method(), "elicitation/create");
  EXPECT_EQ(sample(empty).method(), "sampling/createMessage");
  EXPECT_EQ(list_roots().method(), "roots/list");
}

TEST(question, a_form_asks_by_an_object_schema) {
  EXPECT_EQ(name_form().params,
            json({{"message", "Who are you?"},
                  {"requestedSchema",
                   {{"type", "object"},
                    {"properties", {{"name", {{"type", "string"}}}, {"age", {{"type", "integer"}}}}},
                    {"required", {"name"}}}}}));
  EXPECT_FALSE(elicit_form("x", empty).params["requestedSchema"].contains("required"));
}

TEST(question, a_page_is_asked_for_by_url) {
  EXPECT_EQ(
      page().params,
      json({{"mode", "url"}, {"message", "Sign in"}, {"url", "https://example.com/in"}, {"elicitationId", "e-1"}}));
}

TEST(question, becomes_an_input_request) {
  EXPECT_EQ(to_input_request(name_form())["method"], "elicitation/create");
  EXPECT_EQ(to_input_request(name_form())["params"]["mode"], "form");
  EXPECT_EQ(to_input_request(page())["params"],
            json({{"mode", "url"}, {"message", "Sign in"}, {"url", "https://example.com/in"}}));
  EXPECT_EQ(to_input_request(list_roots()), json({{"method", "roots/list"}, {"params", empty}}));
  EXPECT_EQ(to_input_request(sample({{"maxTokens", 5}})),
            json({{"method", "sampling/createMessage"}, {"params", {{"maxTokens", 5}}}}));
}

TEST(question, refuses_a_client_that_declared_nothing_and_names_what_is_missing) {
  const std::vector<std::pair<question, json>> expected = {{name_form(), {{"elicitation", {{"form", empty}}}}},
                                                           {page(), {{"elicitation", {{"url", empty}}}}},
                                                           {sample(empty), {{"sampling", empty}}},
                                                           {list_roots(), {{"roots", empty}}}};
  for (const auto& [asked, required] : expected) {
    const auto failure = asked.refusal({});
    ASSERT_TRUE(failure) << asked.method();
    EXPECT_EQ(failure->kind, error_kind::missing_capability);
    EXPECT_EQ(json::parse(failure->data), json({{"requiredCapabilities", required}}));
  }
}

TEST(question, accepts_a_client_that_declared_just_what_it_needs) {
  EXPECT_FALSE(name_form().refusal({.elicitation_form = true}));
  EXPECT_FALSE(page().refusal({.elicitation_url = true}));
  EXPECT_FALSE(sample(empty).refusal({.sampling = true}));
  EXPECT_FALSE(list_roots().refusal({.roots = true}));
  EXPECT_TRUE(name_form().refusal({.elicitation_url = true, .sampling = true, .roots = true}));
  EXPECT_TRUE(page().refusal({.elicitation_form = true, .sampling = true, .roots = true}));
}

TEST(answer, must_be_an_object_whatever_was_asked) {
  for (const auto& asked : {name_form(), page(), sample(empty), list_roots()})
    for (const auto& answer : {json(), json(12345), json("accept"), json::array(), json(true)})
      EXPECT_EQ(complaint(asked, answer), error_kind::invalid_params) << asked.method() << answer;
}

TEST(answer, to_an_elicitation_names_what_the_user_did) {
  for (const auto& asked : {name_form(), page()}) {
    EXPECT_EQ(complaint(asked, {{"action", "decline"}}), std::nullopt);
    EXPECT_EQ(complaint(asked, {{"action", "cancel"}}), std::nullopt);
    for (const auto& answer : {empty, json({{"action", "maybe"}}), json({{"action", 1}}), json({{"action", nullptr}})})
      EXPECT_EQ(complaint(asked, answer), error_kind::invalid_params) << answer;
  }
}

TEST(answer, to_a_form_fits_its_schema_when_it_is_accepted) {
  EXPECT_EQ(complaint(name_form(), {{"action", "accept"}, {"content", {{"name", "Ada"}}}}), std::nullopt);
  EXPECT_EQ(complaint(name_form(), {{"action", "accept"}, {"content", {{"name", "Ada"}, {"age", 36}}}}), std::nullopt);
  for (const auto& content :
       {json(), json(1), json::array(), empty, json({{"name", 1}}), json({{"name", "Ada"}, {"age", "old"}})})
    EXPECT_EQ(complaint(name_form(), {{"action", "accept"}, {"content", content}}), error_kind::invalid_params)
        << content;
  EXPECT_EQ(complaint(name_form(), {{"action", "accept"}}), error_kind::invalid_params);
  EXPECT_THAT(name_form().check_answer({{"action", "accept"}, {"content", {{"name", 1}}}})->message,
              HasSubstr("/name"));
}

TEST(answer, to_a_form_that_was_declined_needs_no_content) {
  EXPECT_EQ(complaint(name_form(), {{"action", "decline"}, {"content", 5}}), std::nullopt);
}

TEST(answer, to_a_page_needs_no_content) {
  EXPECT_EQ(complaint(page(), {{"action", "accept"}}), std::nullopt);
}

TEST(answer, to_a_sampling_has_role_and_content) {
  EXPECT_EQ(complaint(sample(empty), {{"role", "assistant"}, {"content", {{"type", "text"}, {"text", "x"}}}}),
            std::nullopt);
  EXPECT_EQ(complaint(sample(empty), {{"role", "assistant"}}), error_kind::invalid_params);
  EXPECT_EQ(complaint(sample(empty), {{"content", "x"}}), error_kind::invalid_params);
}

TEST(answer, to_a_roots_request_is_a_list) {
  EXPECT_EQ(complaint(list_roots(), {{"roots", json::array()}}), std::nullopt);
  EXPECT_EQ(complaint(list_roots(), {{"roots", {{{"uri", "file:///a"}}}}}), std::nullopt);
  for (const auto& answer : {empty, json({{"roots", nullptr}}), json({{"roots", empty}}), json({{"roots", "x"}})})
    EXPECT_EQ(complaint(list_roots(), answer), error_kind::invalid_params) << answer;
}

}  // namespace
}  // namespace hydrant::protocol

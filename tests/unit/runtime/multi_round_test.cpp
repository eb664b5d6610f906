#include "runtime/multi_round.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hydrant::runtime {
namespace {

using base::error_kind;
using protocol::json;
using std::chrono::minutes;

const base::wall_time now{std::chrono::hours(24 * 365 * 50)};

class multi_round : public testing::Test {
 protected:
  static round_binding asked(json params = {{"name", "t"}, {"arguments", {{"a", 1}, {"b", 2}}}}) {
    return {"ada", "tools/call", std::move(params)};
  }

  /// The result that asks, as the client sees it.
  json ask(const round_binding& binding, const answer_map& answers = {}, const json& memory = {}) {
    run_questions open{{{"q", protocol::elicit_form("Q?", {{"v", {{"type", "string"}}}})}}, memory};
    return json::parse(input_required(keys_, now + minutes(10), binding, open, answers).value());
  }
  /// The same request again with a state and answers.
  static round_binding again(round_binding binding, const json& state, const json& responses = json::object()) {
    binding.params["requestState"] = state;
    binding.params["inputResponses"] = responses;
    return binding;
  }
  std::optional<base::error> restore(const round_binding& binding, base::wall_time at = now) {
    setup_ = {};
    const auto restored = restore_round(keys_, at, binding, setup_);
    nonce_ = restored ? *restored : "";
    return restored ? std::nullopt : std::optional(restored.error());
  }
  void expect_refused(const round_binding& binding, base::wall_time at = now) {
    const auto failure = restore(binding, at);
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->kind, error_kind::invalid_params);
    EXPECT_TRUE(setup_.answers.empty());
    EXPECT_TRUE(setup_.memory.is_null());
  }

  protocol::keyring keys_ = protocol::keyring::random();
  providers::call_setup setup_;
  std::string nonce_;
};

TEST_F(multi_round, the_first_request_brings_nothing) {
  EXPECT_FALSE(restore(asked()));
  EXPECT_TRUE(setup_.answers.empty());
  EXPECT_TRUE(setup_.memory.is_null());
}

TEST_F(multi_round, every_state_is_told_from_every_other) {
  restore(asked());
  EXPECT_TRUE(nonce_.empty());
  std::set<std::string> seen;
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(restore(again(asked(), ask(asked())["requestState"])));
    seen.insert(nonce_);
  }
  EXPECT_EQ(seen.size(), 3U);
}

TEST_F(multi_round, asks_with_the_questions_and_a_state) {
  const auto result = ask(asked());
  EXPECT_EQ(result["resultType"], "input_required");
  EXPECT_EQ(result["inputRequests"]["q"]["method"], "elicitation/create");
  EXPECT_TRUE(result["requestState"].is_string());
}

TEST_F(multi_round, memory_and_answers_come_back) {
  const auto state = ask(asked(), {{"old", {{"action", "accept"}}}}, {{"step", 3}})["requestState"];
  ASSERT_FALSE(restore(again(asked(), state, {{"q", {{"action", "decline"}}}})));
  EXPECT_EQ(setup_.memory, json({{"step", 3}}));
  EXPECT_EQ(setup_.answers, (answer_map{{"old", {{"action", "accept"}}}, {"q", {{"action", "decline"}}}}));
}

TEST_F(multi_round, answers_accumulate_over_the_rounds) {
  auto binding = asked();
  for (int round = 0; round < 5; ++round) {
    const auto state = ask(asked(), setup_.answers)["requestState"];
    binding = again(asked(), state, {{"q" + std::to_string(round), round}});
    ASSERT_FALSE(restore(binding));
    EXPECT_EQ(setup_.answers.size(), static_cast<std::size_t>(round) + 1);
  }
  EXPECT_EQ(setup_.answers["q0"], 0);
  EXPECT_EQ(setup_.answers["q4"], 4);
}

TEST_F(multi_round, a_new_answer_replaces_an_old_one) {
  const auto state = ask(asked(), {{"q", "old"}})["requestState"];
  ASSERT_FALSE(restore(again(asked(), state, {{"q", "new"}})));
  EXPECT_EQ(setup_.answers["q"], "new");
}

TEST_F(multi_round, answers_without_a_state_are_taken) {
  auto binding = asked();
  binding.params["inputResponses"] = {{"q", 1}};
  ASSERT_FALSE(restore(binding));
  EXPECT_EQ(setup_.answers["q"], 1);
}

TEST_F(multi_round, every_state_is_new) {
  EXPECT_NE(ask(asked())["requestState"], ask(asked())["requestState"]);
}

TEST_F(multi_round, refuses_a_state_that_was_changed_anywhere) {
  const auto state = ask(asked())["requestState"].get<std::string>();
  expect_refused(again(asked(), state + "-TAMPERED"));
  expect_refused(again(asked(), ""));
  expect_refused(again(asked(), state.substr(0, state.size() / 2)));
  for (std::size_t i = 0; i < state.size(); i += 7) {
    auto changed = state;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    expect_refused(again(asked(), changed));
  }
}

TEST_F(multi_round, refuses_a_state_whose_time_is_over) {
  const auto state = ask(asked())["requestState"];
  EXPECT_FALSE(restore(again(asked(), state), now + minutes(9)));
  expect_refused(again(asked(), state), now + minutes(10) + std::chrono::milliseconds(1));
}

TEST_F(multi_round, refuses_the_state_of_another_principal) {
  const auto state = ask(asked())["requestState"];
  auto other = again(asked(), state);
  other.principal = "bob";
  expect_refused(other);
  other.principal = "";
  expect_refused(other);
}

TEST_F(multi_round, refuses_the_state_of_another_request) {
  const auto state = ask(asked())["requestState"];
  auto other_method = again(asked(), state);
  other_method.method = "prompts/get";
  expect_refused(other_method);
  expect_refused(again(asked({{"name", "t"}, {"arguments", {{"a", 1}, {"b", 3}}}}), state));
  expect_refused(again(asked({{"name", "u"}, {"arguments", {{"a", 1}, {"b", 2}}}}), state));
  expect_refused(again(asked({{"name", "t"}}), state));
}

TEST_F(multi_round, refuses_the_state_of_a_server_with_other_keys) {
  const auto state = ask(asked())["requestState"];
  keys_ = protocol::keyring::random();
  expect_refused(again(asked(), state));
}

TEST_F(multi_round, all_refusals_of_a_state_read_the_same) {
  const auto state = ask(asked())["requestState"];
  const auto expired = restore(again(asked(), state), now + minutes(11));
  const auto forged = restore(again(asked(), state.get<std::string>() + "x"));
  ASSERT_TRUE(expired && forged);
  EXPECT_EQ(expired->message, forged->message);
}

TEST_F(multi_round, the_order_of_members_in_the_retry_does_not_matter) {
  const auto first = asked(json::parse(R"({"name":"t","arguments":{"a":1,"b":2}})"));
  const auto retry = asked(json::parse(R"({"arguments":{"b":2,"a":1},"name":"t"})"));
  EXPECT_FALSE(restore(again(retry, ask(first)["requestState"])));
}

TEST_F(multi_round, refuses_members_of_a_wrong_type) {
  auto binding = asked();
  for (const auto& state : {json(), json(1), json::object(), json::array()}) {
    binding.params["requestState"] = state;
    expect_refused(binding);
  }
  binding = asked();
  for (const auto& responses : {json(), json(1), json("x"), json::array()}) {
    binding.params["inputResponses"] = responses;
    expect_refused(binding);
  }
}

TEST_F(multi_round, refuses_to_carry_more_than_a_state_holds) {
  const run_questions open{{}, std::string(protocol::state_bytes_max, 'x')};
  const auto result = input_required(keys_, now, asked(), open, {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, error_kind::too_large);
}

}  // namespace
}  // namespace hydrant::runtime

#include "actors/handshake.hpp"

#include <gtest/gtest.h>

namespace hydrant::actors {
namespace {

using protocol::json;
using protocol::revision;

json introduction() {
  return {{"protocolVersion", "2025-06-18"},
          {"capabilities", {{"sampling", json::object()}}},
          {"clientInfo", {{"name", "c"}, {"version", "1"}}}};
}

TEST(handshake, takes_what_the_client_says_of_itself) {
  const auto got = read_handshake(introduction()).value();
  EXPECT_EQ(got.agreed, revision::r2025_06_18);
  EXPECT_EQ(json::parse(got.client_info), json({{"name", "c"}, {"version", "1"}}));
  EXPECT_EQ(json::parse(got.capabilities), json({{"sampling", json::object()}}));
}

TEST(handshake, enters_it_into_the_record) {
  store::session_record record;
  record.id = "s";
  record.log_level = "error";
  read_handshake(introduction())->enter(record);
  EXPECT_EQ(record.protocol_version, "2025-06-18");
  EXPECT_EQ(json::parse(record.client_info)["name"], "c");
  EXPECT_EQ(json::parse(record.client_capabilities), json({{"sampling", json::object()}}));
  EXPECT_EQ(record.id, "s");
  EXPECT_EQ(record.log_level, "error");
}

TEST(handshake, agrees_on_a_revision_with_sessions) {
  for (const char* wanted : {"2026-07-28", "1999-01-01", ""}) {
    auto params = introduction();
    params["protocolVersion"] = wanted;
    EXPECT_EQ(read_handshake(params)->agreed, revision::r2025_11_25) << wanted;
  }
}

TEST(handshake, refuses_what_is_missing_or_of_a_wrong_type) {
  for (const char* member : {"protocolVersion", "capabilities", "clientInfo"}) {
    for (const auto& value : {json(), json(1), json(true), json::array()}) {
      auto params = introduction();
      params[member] = value;
      EXPECT_EQ(read_handshake(params).error().kind, base::error_kind::invalid_params) << member << value;
      params.erase(member);
      EXPECT_EQ(read_handshake(params).error().kind, base::error_kind::invalid_params) << member;
    }
  }
}

TEST(handshake, a_client_has_a_name) {
  for (const auto& client :
       {json::object(), json({{"name", 1}}), json({{"name", nullptr}}), json({{"version", "1"}})}) {
    auto params = introduction();
    params["clientInfo"] = client;
    EXPECT_FALSE(read_handshake(params)) << client;
  }
}

// Kept for every session, so a stranger must not choose the size.
TEST(handshake, keeps_little_of_a_long_description) {
  auto params = introduction();
  params["clientInfo"] = {{"name", std::string(100'000, 'n')},
                          {"version", std::string(100'000, 'v')},
                          {"title", 7},
                          {"icons", {std::string(100'000, 'i')}}};
  const auto kept = json::parse(read_handshake(params)->client_info);
  EXPECT_EQ(kept.size(), 2U);
  EXPECT_LE(kept.dump().size(), 400U);
}

TEST(handshake, keeps_valid_text_where_it_cuts_within_a_character) {
  auto params = introduction();
  std::string name = "x";
  while (name.size() < 1000)
    name += "\xC3\xA9";
  params["clientInfo"] = {{"name", name}};
  EXPECT_TRUE(json::accept(read_handshake(params)->client_info));
}

TEST(handshake, refuses_capabilities_over_the_bound) {
  auto params = introduction();
  params["capabilities"] = {{"experimental", {{"x", std::string(100'000, 'x')}}}};
  EXPECT_EQ(read_handshake(params).error().kind, base::error_kind::invalid_params);
}

}  // namespace
}  // namespace hydrant::actors

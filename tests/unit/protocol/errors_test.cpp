#include "protocol/errors.hpp"

#include "protocol/json.hpp"

#include <gtest/gtest.h>

#include <array>

namespace hydrant::protocol {
namespace {

using base::error_kind;

constexpr std::array revisions{revision::r2024_11_05, revision::r2025_03_26, revision::r2025_06_18,
                               revision::r2025_11_25, revision::r2026_07_28};

/// What a client of either era sees of a kind of failure.
struct row {
  error_kind kind;
  int session_code;
  int metadata_code;
  int http;             // of a POST refused as a whole
  int metadata_answer;  // of an error as the answer of a 2026-07-28 request
};

constexpr std::array table{
    row{error_kind::parse, -32700, -32700, 400, 200},
    row{error_kind::invalid_request, -32600, -32600, 400, 200},
    row{error_kind::method_not_found, -32601, -32601, 404, 404},
    row{error_kind::invalid_params, -32602, -32602, 400, 200},
    row{error_kind::header_mismatch, -32020, -32020, 400, 400},
    row{error_kind::missing_capability, -32600, -32021, 400, 400},
    row{error_kind::unsupported_version, -32600, -32022, 400, 400},
    row{error_kind::resource_not_found, -32002, -32602, 400, 200},
    row{error_kind::session_missing, -32600, -32600, 400, 200},
    row{error_kind::session_not_found, -32600, -32600, 404, 200},
    row{error_kind::stream_gone, -32600, -32600, 410, 200},
    row{error_kind::conflict, -32600, -32600, 409, 200},
    row{error_kind::forbidden, -32600, -32600, 403, 200},
    row{error_kind::not_acceptable, -32600, -32600, 406, 200},
    row{error_kind::unsupported_media, -32600, -32600, 415, 200},
    row{error_kind::too_large, -32600, -32600, 413, 200},
    row{error_kind::overloaded, -32603, -32603, 503, 503},
    row{error_kind::unavailable, -32603, -32603, 503, 503},
    row{error_kind::timeout, -32603, -32603, 504, 200},
    row{error_kind::cancelled, -32603, -32603, 500, 200},
    row{error_kind::internal, -32603, -32603, 500, 200},
};

TEST(errors, the_table_of_this_test_has_every_kind_once) {
  for (std::size_t i = 0; i < table.size(); ++i)
    EXPECT_EQ(static_cast<std::size_t>(table[i].kind), i);
  EXPECT_EQ(table.size(), static_cast<std::size_t>(error_kind::internal) + 1);
}

TEST(errors, every_kind_has_its_code_in_every_revision) {
  for (const auto& expected : table)
    for (const auto r : revisions)
      EXPECT_EQ(rpc_code(expected.kind, r), uses_sessions(r) ? expected.session_code : expected.metadata_code)
          << static_cast<int>(expected.kind) << " in " << name_of(r);
}

TEST(errors, every_kind_has_its_status_when_a_post_is_refused) {
  for (const auto& expected : table)
    EXPECT_EQ(http_status(expected.kind), expected.http) << static_cast<int>(expected.kind);
}

TEST(errors, every_kind_has_its_status_as_an_answer) {
  for (const auto& expected : table)
    for (const auto r : revisions)
      EXPECT_EQ(answer_status(expected.kind, r), uses_sessions(r) ? 200 : expected.metadata_answer)
          << static_cast<int>(expected.kind) << " in " << name_of(r);
}

TEST(error_response, tells_code_message_and_data_and_keeps_the_detail) {
  const auto failure = base::fail(error_kind::invalid_params, "say \"please\"\n", "secret", R"({"uri":"x"})");
  const auto text = error_response(R"("a")", failure, revision::r2025_11_25);
  EXPECT_EQ(json::parse(text),
            json({{"jsonrpc", "2.0"},
                  {"id", "a"},
                  {"error", {{"code", -32602}, {"message", "say \"please\"\n"}, {"data", {{"uri", "x"}}}}}}));
}

TEST(error_response, has_no_data_where_there_is_none) {
  const auto sent = json::parse(error_response("7", base::fail(error_kind::internal, "no"), revision::r2026_07_28));
  EXPECT_EQ(sent["id"], 7);
  EXPECT_FALSE(sent["error"].contains("data"));
}

// JSON-RPC asks for a null id; the schemas from 2025-11-25 on have the id optional and never null.
TEST(error_response, leaves_an_unknown_id_out_where_the_schema_has_no_null) {
  const auto failure = base::fail(error_kind::parse, "not JSON");
  for (const auto r : revisions) {
    const auto sent = json::parse(error_response("null", failure, r));
    const bool null_id = r < revision::r2025_11_25;
    EXPECT_EQ(sent.contains("id"), null_id) << name_of(r);
    EXPECT_TRUE(sent.value("id", json()).is_null()) << name_of(r);
  }
}

TEST(messages_of_the_server, are_whole_json_rpc_messages) {
  EXPECT_EQ(json::parse(result_response("1", "{}")), json({{"jsonrpc", "2.0"}, {"id", 1}, {"result", json::object()}}));
  EXPECT_EQ(json::parse(notification("notifications/message", R"({"level":"info"})")),
            json({{"jsonrpc", "2.0"}, {"method", "notifications/message"}, {"params", {{"level", "info"}}}}));
  EXPECT_EQ(json::parse(server_request(R"("q")", "roots/list", "{}")),
            json({{"jsonrpc", "2.0"}, {"id", "q"}, {"method", "roots/list"}, {"params", json::object()}}));
}

TEST(error_response, is_json_whatever_a_handler_put_into_its_message) {
  const auto text = error_response("1", base::fail(error_kind::internal, "bad \xFF byte"), revision::r2025_11_25);
  EXPECT_EQ(json::parse(text)["error"]["message"], "bad \xEF\xBF\xBD byte");
}

}  // namespace
}  // namespace hydrant::protocol

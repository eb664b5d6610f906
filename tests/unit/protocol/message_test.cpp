#include "protocol/message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <utility>

namespace hydrant::protocol {
namespace {

using base::error_kind;
using testing::HasSubstr;

message_batch read(std::string body) {
  auto batch = read_messages(body);
  EXPECT_TRUE(batch) << body << ": " << batch.error().what.message;
  return batch ? std::move(*batch) : message_batch{};
}

message read_one(std::string body) {
  auto batch = read(std::move(body));
  EXPECT_FALSE(batch.is_array);
  return batch.messages.empty() ? message{} : std::move(batch.messages.front());
}

message_error refused(std::string body, std::size_t depth_max = 64) {
  const auto batch = read_messages(body, depth_max);
  EXPECT_FALSE(batch) << body.substr(0, 200);
  return batch ? message_error{} : batch.error();
}

std::string call_with(const std::string& params) {
  return R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":)" + params + "}";
}

message with_meta(const std::string& meta) {
  return read_one(call_with(R"({"_meta":)" + meta + "}"));
}

TEST(message, a_method_with_an_id_is_a_request) {
  const auto got = read_one(
      R"({"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo","arguments":{"message":"hi"}}})");
  EXPECT_EQ(got.kind, message_kind::request);
  EXPECT_EQ(got.id, "7");
  EXPECT_EQ(got.method, "tools/call");
  EXPECT_EQ(got.params, json({{"name", "echo"}, {"arguments", {{"message", "hi"}}}}));
  EXPECT_TRUE(got.result.is_null());
  EXPECT_TRUE(got.error.is_null());
}

TEST(message, a_method_without_an_id_is_a_notification) {
  const auto got = read_one(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
  EXPECT_EQ(got.kind, message_kind::notification);
  EXPECT_EQ(got.id, "");
  EXPECT_EQ(got.params, json::object());
}

TEST(message, a_result_with_an_id_is_a_response) {
  const auto got = read_one(R"({"jsonrpc":"2.0","id":"ask-1","result":{"action":"decline"}})");
  EXPECT_EQ(got.kind, message_kind::response);
  EXPECT_EQ(got.id, R"("ask-1")");
  EXPECT_EQ(got.method, "");
  EXPECT_EQ(got.result, json({{"action", "decline"}}));
  EXPECT_TRUE(got.error.is_null());
}

TEST(message, an_error_with_an_id_is_a_response) {
  const auto got = read_one(R"({"jsonrpc":"2.0","id":2,"error":{"code":-1,"message":"no"}})");
  EXPECT_EQ(got.kind, message_kind::response);
  EXPECT_EQ(got.error, json({{"code", -1}, {"message", "no"}}));
  EXPECT_TRUE(got.result.is_null());
}

TEST(message, keeps_the_text_of_an_id) {
  const std::vector<std::pair<std::string, std::string>> ids = {{"0", "0"},
                                                                {"-1", "-1"},
                                                                {"9223372036854775807", "9223372036854775807"},
                                                                {"-9223372036854775808", "-9223372036854775808"},
                                                                {"18446744073709551615", "18446744073709551615"},
                                                                {R"("")", R"("")"},
                                                                {R"("1")", R"("1")"},
                                                                {R"("Zürich")", R"("Zürich")"},
                                                                {R"("a\"b\\c\nd\u0001")", R"("a\"b\\c\nd\u0001")"},
                                                                {R"("\u00fc\/")", "\"\xC3\xBC/\""},
                                                                {R"("\ud83d\ude80")", "\"\xF0\x9F\x9A\x80\""}};
  for (const auto& [written, kept] : ids)
    EXPECT_EQ(read_one(R"({"jsonrpc":"2.0","method":"ping","id":)" + written + "}").id, kept) << written;
}

TEST(message, refuses_an_id_that_is_no_string_and_no_integer) {
  for (const char* id : {"null", "true", "1.5", "1.0", "1e3", "[]", "[1]", "{}"}) {
    const auto failure = refused(std::string(R"({"jsonrpc":"2.0","method":"ping","id":)") + id + "}");
    EXPECT_EQ(failure.what.kind, error_kind::invalid_request) << id;
    EXPECT_EQ(failure.id, "null") << id;
  }
}

TEST(message, refuses_another_version_of_json_rpc) {
  for (const char* version : {R"("1.0")", R"("2")", R"("2.0 ")", "2.0", "2", "null", "{}", "[]", "true"}) {
    const auto failure = refused(std::string(R"({"id":3,"method":"ping","jsonrpc":)") + version + "}");
    EXPECT_EQ(failure.what.kind, error_kind::invalid_request) << version;
    EXPECT_EQ(failure.id, "3") << version;
  }
  EXPECT_EQ(refused(R"({"id":3,"method":"ping"})").what.kind, error_kind::invalid_request);
}

TEST(message, refuses_a_method_that_is_no_string) {
  for (const char* method : {"1", "null", "true", "{}", "[]"}) {
    const auto failure = refused(std::string(R"({"jsonrpc":"2.0","id":"x","method":)") + method + "}");
    EXPECT_EQ(failure.what.kind, error_kind::invalid_request) << method;
    EXPECT_EQ(failure.id, R"("x")") << method;
  }
}

TEST(message, refuses_params_that_are_no_object) {
  for (const char* params : {"1", "null", "true", R"("text")", "[]", "[1]"}) {
    const auto failure = refused(call_with(params));
    EXPECT_EQ(failure.what.kind, error_kind::invalid_params) << params;
    EXPECT_EQ(failure.id, "1") << params;
  }
}

TEST(message, refuses_a_malformed_response) {
  for (const char* members :
       {R"("id":1)", R"("result":{})", R"("id":1,"result":{},"error":{})", R"("id":1,"result":1)",
        R"("id":1,"result":null)", R"("id":1,"result":[])", R"("id":1,"error":"no")", R"("id":1,"error":null)",
        R"("error":{"code":1,"message":""})", R"("id":null,"result":{})"})
    EXPECT_EQ(refused(std::string(R"({"jsonrpc":"2.0",)") + members + "}").what.kind, error_kind::invalid_request)
        << members;
}

TEST(message, a_member_result_beside_a_method_is_ignored) {
  const auto got = read_one(R"({"jsonrpc":"2.0","id":1,"method":"ping","result":{},"error":3})");
  EXPECT_EQ(got.kind, message_kind::request);
  EXPECT_TRUE(got.result.is_null());
}

TEST(message, unknown_members_are_ignored) {
  const auto got = read_one(R"({"jsonrpc":"2.0","id":1,"method":"ping","extra":[{"deep":[1,2]}],"params":{}})");
  EXPECT_EQ(got.method, "ping");
  EXPECT_EQ(got.params, json::object());
}

TEST(message, the_first_of_two_members_with_one_name_counts) {
  const auto got = read_one(
      R"({"jsonrpc":"2.0","jsonrpc":"9","id":1,"id":{},"method":"ping","method":4,"params":{"a":1,"a":2},"params":7})");
  EXPECT_EQ(got.id, "1");
  EXPECT_EQ(got.method, "ping");
  EXPECT_EQ(got.params, json({{"a", 1}}));
}

TEST(message, the_first_of_two_members_with_one_name_counts_in_metadata_too) {
  const auto got = with_meta(
      R"({"progressToken":1,"progressToken":2,"traceparent":"a","traceparent":"b",)"
      R"("io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/protocolVersion":"1",)"
      R"("io.modelcontextprotocol/logLevel":"info","io.modelcontextprotocol/logLevel":3})");
  EXPECT_EQ(got.meta.progress_token, "1");
  EXPECT_EQ(got.meta.traceparent, "a");
  EXPECT_EQ(got.meta.protocol_version, "2026-07-28");
  EXPECT_EQ(got.meta.log_level, "info");
  const auto twice =
      read_one(call_with(R"({"_meta":{"progressToken":1},"_meta":{"progressToken":2,"traceparent":"b"}})"));
  EXPECT_EQ(twice.meta.progress_token, "1");
  EXPECT_EQ(twice.meta.traceparent, "");
}

TEST(message, reads_metadata_and_keeps_it_out_of_the_params) {
  const auto got = read_one(call_with(
      R"({"name":"echo","_meta":{"progressToken":"t","traceparent":"00-x-y-01","vendor/thing":[1],)"
      R"("io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"c"},)"
      R"("io.modelcontextprotocol/clientCapabilities":{"sampling":{}},"io.modelcontextprotocol/logLevel":"debug"}})"));
  EXPECT_EQ(got.params, json({{"name", "echo"}}));
  EXPECT_EQ(got.meta.progress_token, R"("t")");
  EXPECT_EQ(got.meta.traceparent, "00-x-y-01");
  EXPECT_EQ(got.meta.protocol_version, "2026-07-28");
  EXPECT_EQ(got.meta.client_capabilities, json({{"sampling", json::object()}}));
  EXPECT_EQ(got.meta.log_level, "debug");
}

TEST(message, without_metadata_there_is_none) {
  const auto got = read_one(call_with(R"({"name":"echo"})"));
  EXPECT_EQ(got.meta.progress_token, "");
  EXPECT_EQ(got.meta.protocol_version, std::nullopt);
  EXPECT_EQ(got.meta.client_capabilities, std::nullopt);
  EXPECT_EQ(got.meta.log_level, "");
}

TEST(message, a_progress_token_may_be_any_integer_or_string) {
  EXPECT_EQ(with_meta(R"({"progressToken":0})").meta.progress_token, "0");
  EXPECT_EQ(with_meta(R"({"progressToken":-3})").meta.progress_token, "-3");
  EXPECT_EQ(with_meta(R"({"progressToken":""})").meta.progress_token, R"("")");
  EXPECT_EQ(with_meta(R"({"progressToken":18446744073709551615})").meta.progress_token, "18446744073709551615");
}

TEST(message, refuses_metadata_of_a_wrong_type) {
  for (const char* meta :
       {"1", "null", "[]", R"("x")", R"({"progressToken":null})", R"({"progressToken":1.5})", R"({"progressToken":{}})",
        R"({"io.modelcontextprotocol/protocolVersion":1})", R"({"io.modelcontextprotocol/protocolVersion":null})",
        R"({"io.modelcontextprotocol/clientCapabilities":[]})",
        R"({"io.modelcontextprotocol/clientCapabilities":null})", R"({"io.modelcontextprotocol/clientInfo":"x"})",
        R"({"io.modelcontextprotocol/logLevel":7})"}) {
    const auto failure = refused(call_with(std::string(R"({"_meta":)") + meta + "}"));
    EXPECT_EQ(failure.what.kind, error_kind::invalid_params) << meta;
    EXPECT_EQ(failure.id, "1") << meta;
  }
}

TEST(message, a_trace_context_that_is_no_string_is_ignored) {
  EXPECT_EQ(with_meta(R"({"traceparent":5})").meta.traceparent, "");
}

TEST(message, refuses_what_is_not_an_object) {
  for (const char* body : {"1", "-1.5", "null", "true", R"("text")"}) {
    const auto failure = refused(body);
    EXPECT_EQ(failure.what.kind, error_kind::invalid_request) << body;
    EXPECT_EQ(failure.id, "null") << body;
  }
}

TEST(message, refuses_what_is_not_json) {
  for (const char* body :
       {"{", "}", "{]", R"({"a")", R"({"a":})", R"({"a":1,})", "{a:1}", "'x'", "nul", "01", "1.", "+1", "NaN",
        R"({"a":1} {"b":2})", R"(["\x"])", R"(["\ud800"])", "{\"a\":\"\n\"}", "[1,]", "[,1]"}) {
    const auto failure = refused(body);
    EXPECT_EQ(failure.what.kind, error_kind::parse) << body;
    EXPECT_EQ(failure.id, "null") << body;
  }
}

TEST(message, says_why_it_could_not_read) {
  EXPECT_THAT(refused("").what.message, HasSubstr("empty"));
  EXPECT_THAT(refused(" \n\t ").what.message, HasSubstr("empty"));
  EXPECT_THAT(refused("{\"jsonrpc\":\"2.0\",\"id\":\"\xFF\"}").what.message, HasSubstr("UTF-8"));
  EXPECT_THAT(refused("[\"\xED\xA0\x80\"]").what.message, HasSubstr("UTF-8"));
  EXPECT_THAT(refused("[\"\xC0\xAF\"]").what.message, HasSubstr("UTF-8"));
}

TEST(message, refuses_a_byte_that_no_text_may_hold) {
  std::string body = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
  body.push_back('\0');
  EXPECT_EQ(refused(body).what.kind, error_kind::parse);
}

TEST(message, refuses_a_depth_bomb) {
  EXPECT_EQ(refused(std::string(100'000, '[')).what.kind, error_kind::parse);
  EXPECT_THAT(refused(std::string(100'000, '[') + std::string(100'000, ']')).what.message, HasSubstr("deep"));
  EXPECT_THAT(refused(call_with(R"({"a":)" + std::string(70, '[') + std::string(70, ']') + "}")).what.message,
              HasSubstr("deep"));
  EXPECT_THAT(refused(call_with(R"({"a":)" + std::string(10, '[') + std::string(10, ']') + "}"), 8).what.message,
              HasSubstr("deep"));
}

TEST(message, reads_up_to_the_depth_that_is_allowed) {
  const auto nested = [](int levels) {
    return call_with(R"({"a":)" + std::string(levels, '[') + std::string(levels, ']') + "}");
  };
  EXPECT_EQ(read_one(nested(60)).params["a"].size(), 1U);
}

// The reader is kept by each thread and set up anew when the limit changes.
TEST(message, the_depth_limit_of_one_call_does_not_stick_to_the_next) {
  const auto body = call_with(R"({"a":[[[[[[1]]]]]]})");
  refused(body, 4);
  EXPECT_EQ(read_one(body).method, "tools/call");
  refused(body, 4);
}

TEST(message, refuses_numbers_that_no_64_bits_hold) {
  for (const char* number : {"18446744073709551616", "-9223372036854775809", "1e400", "-1e400"})
    EXPECT_EQ(refused(call_with(std::string(R"({"n":)") + number + "}")).what.kind, error_kind::parse) << number;
}

TEST(message, keeps_numbers_as_they_are) {
  const auto got =
      read_one(call_with(R"({"a":1.5,"b":-0.0,"c":1e300,"d":18446744073709551615,"e":-9223372036854775808,"f":1.0})"));
  EXPECT_EQ(got.params["a"], 1.5);
  EXPECT_EQ(got.params["c"], 1e300);
  EXPECT_EQ(got.params["d"], 18446744073709551615ULL);
  EXPECT_EQ(got.params["e"], std::numeric_limits<std::int64_t>::min());
  EXPECT_TRUE(got.params["f"].is_number_float());
  EXPECT_TRUE(got.params["d"].is_number_unsigned());
}

TEST(message, builds_the_same_tree_as_any_other_parser) {
  const std::string params =
      R"({"s":"\u0000\u001f é 🚀 \"","n":null,"t":true,"f":false,"a":[1,-2,[3.25,{}],[]],"o":{"x":{"y":[{"z":"w"}]}},"":0})";
  EXPECT_EQ(read_one(call_with(params)).params, json::parse(params));
}

TEST(message, a_batch_keeps_its_order) {
  const auto batch =
      read(R"([{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/initialized"},)"
           R"({"jsonrpc":"2.0","id":"a","result":{}}])");
  ASSERT_TRUE(batch.is_array);
  ASSERT_EQ(batch.messages.size(), 3U);
  EXPECT_EQ(batch.messages[0].kind, message_kind::request);
  EXPECT_EQ(batch.messages[1].kind, message_kind::notification);
  EXPECT_EQ(batch.messages[2].kind, message_kind::response);
}

TEST(message, a_batch_of_one_is_a_batch) {
  EXPECT_TRUE(read(R"([{"jsonrpc":"2.0","id":1,"method":"ping"}])").is_array);
}

TEST(message, refuses_an_empty_batch) {
  EXPECT_EQ(refused("[]").what.kind, error_kind::invalid_request);
  EXPECT_EQ(refused(" [ ] ").what.kind, error_kind::invalid_request);
}

TEST(message, refuses_a_batch_over_the_limit) {
  const auto batch_of = [](std::size_t messages) {
    std::string body = "[";
    for (std::size_t i = 0; i < messages; ++i)
      body += (i > 0 ? "," : "") + (R"({"jsonrpc":"2.0","method":"ping","id":)" + std::to_string(i)) + "}";
    return body + "]";
  };
  EXPECT_EQ(read(batch_of(batch_messages_max)).messages.size(), batch_messages_max);
  EXPECT_EQ(refused(batch_of(batch_messages_max + 1)).what.kind, error_kind::invalid_request);
}

TEST(message, one_bad_message_spoils_its_batch) {
  const auto failure = refused(R"([{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":3}])");
  EXPECT_EQ(failure.what.kind, error_kind::invalid_request);
  EXPECT_EQ(failure.id, "2");
  EXPECT_EQ(refused(R"([[{"jsonrpc":"2.0","id":1,"method":"ping"}]])").id, "null");
  EXPECT_EQ(refused("[1]").what.kind, error_kind::invalid_request);
}

TEST(message, reads_small_texts_after_large_ones) {
  for (int round = 0; round < 3; ++round) {
    const std::string large(1024 * 1024, 'x');
    EXPECT_EQ(read_one(call_with(R"({"text":")" + large + R"("})")).params["text"], large);
    EXPECT_EQ(read_one(call_with(R"({"text":"y"})")).params["text"], "y");
  }
}

TEST(message, what_was_read_outlives_the_body_and_the_reader) {
  auto body = std::make_unique<std::string>(call_with(R"({"name":"a rather long name that no small buffer holds"})"));
  const auto batch = read_messages(*body);
  body.reset();
  read_one(call_with(R"({"name":"another one"})"));
  EXPECT_EQ(batch->messages.front().params["name"], "a rather long name that no small buffer holds");
}

TEST(message, a_failure_that_nobody_looked_at_throws) {
  std::string body = "[]";
  EXPECT_THROW(read_messages(body).value(), std::logic_error);
}

}  // namespace
}  // namespace hydrant::protocol

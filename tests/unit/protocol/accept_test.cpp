#include "protocol/accept.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hydrant::protocol {

// Found by GoogleTest when it prints a mismatch.
void PrintTo(const accepted& value, std::ostream* out) {
  *out << "json=" << value.json << " event_stream=" << value.event_stream;
}

namespace {

constexpr accepted both{true, true};
constexpr accepted json_only{true, false};
constexpr accepted events_only{false, true};
constexpr accepted neither{false, false};

TEST(accept, finds_the_forms_that_a_client_lists) {
  EXPECT_EQ(parse_accept("application/json, text/event-stream"), both);
  EXPECT_EQ(parse_accept("text/event-stream,application/json"), both);
  EXPECT_EQ(parse_accept("application/json"), json_only);
  EXPECT_EQ(parse_accept("text/event-stream"), events_only);
  EXPECT_EQ(parse_accept("text/html, application/xml;q=0.9"), neither);
}

TEST(accept, takes_wildcards) {
  EXPECT_EQ(parse_accept("*/*"), both);
  EXPECT_EQ(parse_accept("text/html, */*;q=0.1"), both);
  EXPECT_EQ(parse_accept("application/*"), json_only);
  EXPECT_EQ(parse_accept("text/*"), events_only);
  EXPECT_EQ(parse_accept("*/json"), neither);
  EXPECT_EQ(parse_accept("*"), neither);
}

TEST(accept, ignores_case_white_space_and_empty_elements) {
  EXPECT_EQ(parse_accept(" ,\tApplication/JSON ;q=1 ,, TEXT/Event-Stream ,"), both);
}

TEST(accept, zero_weight_refuses) {
  for (const char* weight : {"0", "0.", "0.0", "0.000", "\"0\""})
    EXPECT_EQ(parse_accept(std::string("application/json;q=") + weight), neither) << weight;
  for (const char* weight : {"1", "0.001", "0.5", "1.000", "x", ""})
    EXPECT_EQ(parse_accept(std::string("application/json; Q=") + weight), json_only) << weight;
}

TEST(accept, the_most_specific_range_decides_in_any_order) {
  EXPECT_EQ(parse_accept("application/json;q=0, */*"), events_only);
  EXPECT_EQ(parse_accept("*/*, application/json;q=0"), events_only);
  EXPECT_EQ(parse_accept("*/*;q=0, application/json"), json_only);
  EXPECT_EQ(parse_accept("text/*;q=0, */*"), json_only);
  EXPECT_EQ(parse_accept("text/event-stream, text/*;q=0"), events_only);
}

TEST(accept, quoted_parameters_hide_separators) {
  EXPECT_EQ(parse_accept("text/html;x=\"application/json, text/event-stream\""), neither);
  EXPECT_EQ(parse_accept("text/html;x=\"a\\\",\", application/json"), json_only);
  EXPECT_EQ(parse_accept("application/json;profile=\"a;q=0\""), json_only);
}

TEST(accept, survives_what_is_no_list_of_ranges) {
  for (const char* value :
       {"", " ", ",", ";", "/", "application", "application/", "application/jsonx", "\"", "\"\\", "application json"})
    EXPECT_EQ(parse_accept(value), neither) << value;
}

TEST(accept, reads_no_further_than_its_bound) {
  std::string value;
  for (int i = 0; i < 63; ++i)
    value += "a/b,";
  EXPECT_EQ(parse_accept(value + "application/json"), json_only);
  EXPECT_EQ(parse_accept(value + "a/b,application/json"), neither);
}

TEST(content_type, json_may_have_parameters) {
  for (const char* value : {"application/json", "Application/JSON", " application/json ", "application/json;",
                            "application/json; charset=utf-8", "application/json;charset=UTF-8",
                            "application/json; charset=\"utf-8\"", "application/json; profile=x; Charset=utf-8"})
    EXPECT_TRUE(content_type_is_json(value)) << value;
}

TEST(content_type, json_in_another_encoding_is_refused) {
  for (const char* value :
       {"application/json; charset=latin1", "application/json; charset=utf-16",
        "application/json; charset=", "application/json; charset", "application/json; charset=utf-8; charset=utf-16"})
    EXPECT_FALSE(content_type_is_json(value)) << value;
}

TEST(content_type, other_types_are_refused) {
  for (const char* value : {"", "text/plain", "application/jsonx", "application/json-rpc", "application/problem+json",
                            "json", "text/plain; application/json", "application/json, text/plain", "application/*",
                            "*/*", "application/json text/plain"})
    EXPECT_FALSE(content_type_is_json(value)) << value;
}

}  // namespace
}  // namespace hydrant::protocol

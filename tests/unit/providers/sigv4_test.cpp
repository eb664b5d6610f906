// Requests that others have signed: tests/data/sigv4/README.md says by whom. Not among them, since Hydrant does
// neither: signatures in the query string, and paths that are signed as they stand, which is S3's way.

#include "providers/opensearch/aws/sigv4.hpp"

#include "tests/support/source_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <ostream>
#include <string>
#include <vector>

namespace hydrant::providers::opensearch {
namespace {

using nlohmann::json;

std::vector<json> cases_in(const std::string& path) {
  std::ifstream file(path);
  return json::parse(file).get<std::vector<json>>();
}

std::vector<json> all_cases() {
  std::vector<json> cases = cases_in(tests::source_folder() + "/tests/data/sigv4/cases.json");
  if (const char* more = std::getenv("HYDRANT_SIGV4_CASES"))
    for (json& one : cases_in(more))
      cases.push_back(std::move(one));
  return cases;
}

base::wall_time time_of(const json& one) {
  int year = 0;
  unsigned month = 0, day = 0, hour = 0, minute = 0, second = 0;
  const auto text = one["time"].get<std::string>();
  EXPECT_EQ(std::sscanf(text.c_str(), "%4d%2u%2uT%2u%2u%2uZ", &year, &month, &day, &hour, &minute, &second), 6);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

/// A case with its texts kept, since a request holds views only.
struct signed_case {
  explicit signed_case(const json& one)
      : name(one["name"]),
        method(one["method"]),
        host(one["host"]),
        path(one["path"]),
        query(one["query"]),
        body(one["body"]),
        region(one["region"]),
        service(one["service"]),
        credentials{one["access_key_id"], one["secret_access_key"], one["token"], std::nullopt},
        now(time_of(one)),
        canonical(one["canonical"]),
        authorization(one["authorization"]) {
    for (const json& header : one["headers"])
      headers.emplace_back(header[0], header[1]);
  }

  sigv4_request request() const { return {method, host, path, query, headers, body}; }
  sigv4_scope scope() const { return {region, service}; }

  std::string name, method, host, path, query, body, region, service;
  aws_credentials credentials;
  base::wall_time now;
  std::string canonical, authorization;
  net::header_list headers;
};

bool is_added(const std::string& name) {
  return name == "X-Amz-Date" || name == "X-Amz-Content-SHA256" || name == "X-Amz-Security-Token";
}

TEST(sigv4, hashes_the_same_text_as_others) {
  for (const json& one : all_cases()) {
    const signed_case wanted(one);
    const auto canonical = sigv4_canonical_request(wanted.request(), sha256_hex(wanted.body));
    EXPECT_EQ(canonical.text, wanted.canonical) << wanted.name;
  }
}

TEST(sigv4, comes_to_the_same_signature_as_others) {
  const std::vector<json> cases = all_cases();
  EXPECT_GE(cases.size(), 50U);
  for (const json& one : cases) {
    const signed_case wanted(one);
    const auto canonical = sigv4_canonical_request(wanted.request(), sha256_hex(wanted.body));
    EXPECT_EQ(sigv4_authorization(canonical, wanted.credentials, wanted.scope(), wanted.now), wanted.authorization)
        << wanted.name;
  }
}

// Of the vectors that AWS publishes, few sign the hash of the body, as sign_sigv4 always does.
TEST(sigv4, adds_the_headers_that_it_has_signed) {
  int tried = 0;
  for (const json& one : all_cases()) {
    const signed_case wanted(one);
    sigv4_request bare = wanted.request();
    std::erase_if(bare.headers, [](const auto& header) { return is_added(header.first); });
    net::header_list added;
    for (const auto& header : wanted.headers)
      if (is_added(header.first)) added.push_back(header);
    if (std::ranges::count(added, "X-Amz-Content-SHA256", &net::header_list::value_type::first) == 0) continue;
    added.emplace_back("Authorization", wanted.authorization);
    EXPECT_EQ(sign_sigv4(bare, wanted.credentials, wanted.scope(), wanted.now), added) << wanted.name;
    ++tried;
  }
  EXPECT_GE(tried, 50);
}

TEST(sigv4_path, is_escaped_once_more) {
  EXPECT_EQ(sigv4_path("/logs-*/_search"), "/logs-%2A/_search");
  EXPECT_EQ(sigv4_path("/a,b/_doc/x%2Fy"), "/a%2Cb/_doc/x%252Fy");
  EXPECT_EQ(sigv4_path("/\xc3\xa4"), "/%C3%A4");
}

TEST(sigv4_path, has_no_dot_segments_and_no_empty_ones) {
  EXPECT_EQ(sigv4_path(""), "/");
  EXPECT_EQ(sigv4_path("/"), "/");
  EXPECT_EQ(sigv4_path("//"), "/");
  EXPECT_EQ(sigv4_path("/a//b/"), "/a/b/");
  EXPECT_EQ(sigv4_path("/../a/./b/.."), "/a");
  EXPECT_EQ(sigv4_path("/a/../"), "/");
  EXPECT_EQ(sigv4_path("/.tasks/..x"), "/.tasks/..x");
}

TEST(sigv4_query, is_sorted_and_escaped) {
  EXPECT_EQ(sigv4_query(""), "");
  EXPECT_EQ(sigv4_query("b&a=1&a="), "a=&a=1&b=");
  EXPECT_EQ(sigv4_query("q=a%20b&filter_path=hits.*"), "filter_path=hits.%2A&q=a%20b");
  EXPECT_EQ(sigv4_query("a=%7e%2f&&"), "a=~%2F");
}

TEST(sigv4, depends_on_all_that_it_is_given) {
  const aws_credentials credentials{"id", "secret", "", std::nullopt};
  const sigv4_request request{"GET", "h", "/", "", {}, ""};
  const base::wall_time now{};
  const auto signature = [&](const sigv4_request& r, const aws_credentials& c, const sigv4_scope& s, auto t) {
    return sign_sigv4(r, c, s, t).back().second;
  };
  const std::string first = signature(request, credentials, {"r", "es"}, now);
  EXPECT_EQ(signature(request, credentials, {"r", "es"}, now), first);
  EXPECT_NE(signature({"GET", "h", "/", "", {}, "x"}, credentials, {"r", "es"}, now), first);
  EXPECT_NE(signature({"GET", "i", "/", "", {}, ""}, credentials, {"r", "es"}, now), first);
  EXPECT_NE(signature(request, {"id", "other", "", std::nullopt}, {"r", "es"}, now), first);
  EXPECT_NE(signature(request, {"id", "secret", "token", std::nullopt}, {"r", "es"}, now), first);
  EXPECT_NE(signature(request, credentials, {"r", "aoss"}, now), first);
  EXPECT_NE(signature(request, credentials, {"q", "es"}, now), first);
  EXPECT_NE(signature(request, credentials, {"r", "es"}, now + std::chrono::seconds(1)), first);
}

TEST(sigv4, cuts_fractions_of_a_second_off) {
  const base::wall_time late = base::wall_time() + std::chrono::milliseconds(1999);
  const auto added = sign_sigv4({"GET", "h", "/", "", {}, ""}, {"id", "secret", "", std::nullopt}, {"r", "es"}, late);
  EXPECT_EQ(added.front().second, "19700101T000001Z");
}

}  // namespace
}  // namespace hydrant::providers::opensearch

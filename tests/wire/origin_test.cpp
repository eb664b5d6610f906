// Against DNS rebinding and foreign pages (basic/transports, "Security Warning").

#include "tests/wire/wire_fixture.hpp"

namespace hydrant::wire {
namespace {

using wire_origin = wire_test;

request initialize() {
  return post(call(1, "initialize", initialize_params()));
}

TEST_F(wire_origin, refuses_hosts_that_are_not_its_own) {
  start();
  for (const auto* host :
       {"evil.example.com", "localhost.evil.example.com", "127.0.0.1.example.com", "", "[::2]", ":80"})
    expect_error(ask(initialize().with("Host", host)), 403, -32600);
  expect_error(ask(initialize().without("Host")), 403, -32600);
}

TEST_F(wire_origin, takes_every_name_of_this_machine_as_host) {
  start();
  for (const auto* host : {"localhost", "LOCALHOST:3000", "127.0.0.1:1", "[::1]", "[::1]:8080"})
    expect_result(ask(initialize().with("Host", host)));
}

TEST_F(wire_origin, takes_only_the_hosts_that_are_allowed) {
  start({{"allowed-hosts", "mcp.example.com"}});
  expect_result(ask(initialize().with("Host", "mcp.example.com")));
  expect_result(ask(initialize().with("Host", "MCP.example.com:443")));
  EXPECT_EQ(ask(initialize().with("Host", "localhost")).status, 403);
}

TEST_F(wire_origin, lets_probes_in_under_any_host) {
  start();
  for (const auto* path : {"/health", "/ready", "/metrics"}) {
    EXPECT_EQ(ask(get(path).with("Host", "10.1.2.3:3000")).status, 200) << path;
    EXPECT_EQ(ask(get(path).without("Host")).status, 200) << path;
  }
}

TEST_F(wire_origin, refuses_foreign_origins_everywhere) {
  start();
  for (const auto* origin : {"http://evil.example.com", "null", "http://localhost.evil.example.com", "file://",
                             "localhost", "ftp://localhost", "", "http://localhost/evil"}) {
    const auto answer = ask(initialize().with("Origin", origin));
    expect_error(answer, 403, -32600);
    EXPECT_FALSE(answer.has("access-control-allow-origin")) << origin;
    EXPECT_EQ(ask(get("/sse").with("Origin", origin)).status, 403) << origin;
    EXPECT_EQ(ask(get("/health").with("Origin", origin)).status, 403) << origin;
  }
}

TEST_F(wire_origin, lets_pages_of_this_machine_in_and_says_so) {
  start();
  for (const auto* origin : {"http://localhost:5173", "https://127.0.0.1", "http://[::1]:8080"}) {
    const auto answer = ask(initialize().with("Origin", origin));
    expect_result(answer);
    EXPECT_EQ(answer.header("access-control-allow-origin"), origin);
    EXPECT_EQ(answer.header("vary"), "Origin");
    EXPECT_NE(answer.header("access-control-expose-headers").find("Mcp-Session-Id"), std::string::npos);
  }
}

TEST_F(wire_origin, gives_the_cors_fields_to_streams_and_refusals_too) {
  start();
  const auto session = open_session();
  auto stream = open(session.get().with("Origin", "http://localhost"));
  EXPECT_EQ(stream.head.status, 200);
  EXPECT_EQ(stream.head.header("access-control-allow-origin"), "http://localhost");
  const auto refused = ask(post_raw("{").with("Origin", "http://localhost"));
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.header("access-control-allow-origin"), "http://localhost");
}

TEST_F(wire_origin, gives_no_cors_fields_without_an_origin) {
  start();
  EXPECT_FALSE(ask(initialize()).has("access-control-allow-origin"));
}

TEST_F(wire_origin, takes_only_the_origins_that_are_allowed) {
  start({{"allowed-origins", "https://app.example.com"}});
  expect_result(ask(initialize().with("Origin", "https://app.example.com")));
  EXPECT_EQ(ask(initialize().with("Origin", "https://app.example.com:8443")).status, 403);
  EXPECT_EQ(ask(initialize().with("Origin", "http://app.example.com")).status, 403);
  EXPECT_EQ(ask(initialize().with("Origin", "http://localhost")).status, 403);
}

TEST_F(wire_origin, answers_preflights) {
  start();
  auto asked = get("/mcp");
  asked.method = "OPTIONS";
  asked.with("Origin", "http://localhost:5173").with("Access-Control-Request-Method", "POST");
  asked.with("Access-Control-Request-Headers", "content-type, mcp-session-id, mcp-param-region");
  const auto answer = ask(asked);
  EXPECT_EQ(answer.status, 204);
  EXPECT_TRUE(answer.body.empty());
  EXPECT_FALSE(answer.has("content-length"));
  EXPECT_EQ(answer.header("access-control-allow-origin"), "http://localhost:5173");
  EXPECT_EQ(answer.header("access-control-allow-headers"), "content-type, mcp-session-id, mcp-param-region");
  EXPECT_NE(answer.header("access-control-allow-methods").find("DELETE"), std::string::npos);
}

TEST_F(wire_origin, answers_no_preflights_of_foreign_pages) {
  start();
  auto asked = get("/mcp");
  asked.method = "OPTIONS";
  const auto answer = ask(asked.with("Origin", "https://evil.example.com"));
  EXPECT_EQ(answer.status, 403);
  EXPECT_FALSE(answer.has("access-control-allow-methods"));
}

TEST_F(wire_origin, serves_everything_below_a_path_prefix) {
  start({{"path-prefix", "/tools"}});
  EXPECT_EQ(ask(get("/tools/health")).status, 200);
  EXPECT_EQ(ask(get("/health")).status, 404);
  expect_result(ask(post(call(1, "initialize", initialize_params()), "/tools/mcp")));
}

}  // namespace
}  // namespace hydrant::wire

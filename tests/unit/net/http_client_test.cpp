#include "net/http_client.hpp"

#include "tests/support/http_server.hpp"
#include "tests/unit/net/http_client_fixture.hpp"

#include <gmock/gmock.h>

namespace hydrant::net {
namespace {

using namespace std::string_literals;
using support::answering;
using support::http_answer;
using support::http_peer;
using support::http_server;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// Answers every request with the request itself.
http_server::script echo() {
  return answering([](const std::string& request) { return http_answer("200 OK", request); });
}

TEST(http_client, a_reply_has_status_headers_and_body) {
  http_server server(answering(
      [](const auto&) { return http_answer("404 Not Here", "nothing", "X-Mixed: a: b \r\nX-Folded: c\r\n\t d\r\n"); }));
  sending_client client;
  const auto outcome = client.send(ask(server, "/x"));
  ASSERT_TRUE(outcome) << outcome.error().why.detail;
  EXPECT_EQ(outcome->status, 404);
  EXPECT_EQ(outcome->header("x-mixed"), "a: b");
  EXPECT_EQ(outcome->header("x-folded"), "c d");
  EXPECT_EQ(outcome->header("content-length"), "7");
  EXPECT_EQ(outcome->header("absent"), "");
  EXPECT_EQ(outcome->body, "nothing");
}

TEST(http_client, a_chunked_reply_comes_without_its_trailers_and_interim_answers) {
  http_server server(answering([](const auto&) {
    return std::string(
        "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\n\r\n"
        "3\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n");
  }));
  sending_client client;
  const auto outcome = client.send(ask(server, "/x"));
  ASSERT_TRUE(outcome) << outcome.error().why.detail;
  EXPECT_EQ(outcome->body, "abcde");
  EXPECT_EQ(outcome->header("x-a"), "1");
  EXPECT_EQ(outcome->header("link"), "");
  EXPECT_EQ(outcome->header("x-trailer"), "");
}

TEST(http_client, redirects_are_not_followed) {
  http_server server(answering([](const auto&) { return http_answer("302 Found", "", "Location: /other\r\n"); }));
  sending_client client;
  EXPECT_EQ(client.send(ask(server, "/x"))->status, 302);
  EXPECT_EQ(client.send(ask(server, "/x"))->header("location"), "/other");
}

TEST(http_client, requests_one_after_another_use_one_connection) {
  http_server server(echo());
  sending_client client;
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(client.send(ask(server, "/x"))->status, 200);
  EXPECT_EQ(server.connections(), 1U);
}

TEST(http_client, a_request_goes_out_as_it_was_written) {
  http_server server(echo());
  sending_client client;
  auto request = ask(server, "/a%2Fb/../c,d-*?q=%20/./&r=a+b");
  request.headers = {{"X-One", "1"}, {"X-Empty", ""}, {"X-Blank", "  "}};
  const auto seen = client.send(request)->body;
  EXPECT_THAT(seen, StartsWith("GET /a%2Fb/../c,d-*?q=%20/./&r=a+b HTTP/1.1\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nX-One: 1\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nX-Empty:\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nX-Blank:\r\n"));
  EXPECT_THAT(seen, Not(HasSubstr("Content-")));
}

TEST(http_client, a_body_goes_with_any_method_and_without_a_type_of_libcurls) {
  http_server server(echo());
  sending_client client;
  for (const auto* method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
    auto request = ask(server, "/x", method);
    request.body = "a\0b"s;
    const auto seen = client.send(request)->body;
    EXPECT_THAT(seen, StartsWith(std::string(method) + " /x HTTP/1.1\r\n"));
    EXPECT_THAT(seen, HasSubstr("\r\nContent-Length: 3\r\n"));
    EXPECT_THAT(seen, testing::EndsWith("\r\n\r\na\0b"s));
    EXPECT_THAT(seen, Not(HasSubstr("Content-Type")));
  }
}

TEST(http_client, a_type_that_was_given_goes_out_once) {
  http_server server(echo());
  sending_client client;
  auto request = ask(server, "/x", "POST");
  request.headers = {{"content-type", "text/plain"}};
  const auto seen = client.send(request)->body;
  EXPECT_THAT(seen, HasSubstr("\r\ncontent-type: text/plain\r\n"));
  EXPECT_THAT(seen, Not(HasSubstr("Content-Type")));
}

TEST(http_client, an_empty_post_has_a_length_of_0) {
  http_server server(echo());
  sending_client client;
  EXPECT_THAT(client.send(ask(server, "/x", "POST"))->body, HasSubstr("\r\nContent-Length: 0\r\n"));
}

TEST(http_client, a_large_body_goes_out_without_asking_first) {
  http_server server(echo());
  sending_client client;
  auto request = ask(server, "/x", "POST");
  request.body.assign(3'000'000, 'x');
  const auto seen = client.send(request)->body;
  EXPECT_GT(seen.size(), 3'000'000U);
  EXPECT_THAT(seen.substr(0, 500), Not(HasSubstr("Expect")));
}

TEST(http_client, a_reply_to_head_has_a_length_and_no_body) {
  http_server server(answering([](const std::string& request) {
    return request.starts_with("HEAD ") ? "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
                                        : http_answer("200 OK", "after");
  }));
  sending_client client;
  const auto head = client.send(ask(server, "/x", "HEAD"));
  ASSERT_TRUE(head);
  EXPECT_EQ(head->header("content-length"), "5");
  EXPECT_EQ(head->body, "");
  EXPECT_EQ(client.send(ask(server, "/x"))->body, "after");
  EXPECT_EQ(server.connections(), 1U);
}

TEST(http_client, a_reply_may_be_as_large_as_allowed) {
  http_server server(answering([](const auto&) { return http_answer("200 OK", "12345"); }));
  sending_client client;
  auto request = ask(server, "/x");
  request.body_bytes_max = 5;
  EXPECT_EQ(client.send(request)->body, "12345");
  request.body_bytes_max = 4;
  const auto outcome = client.send(request);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().why.kind, base::error_kind::too_large);
  EXPECT_EQ(outcome.error().server, reached::perhaps);
}

TEST(http_client, endless_headers_are_too_large) {
  http_server server([](http_peer& peer) {
    peer.request();
    peer.send("HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 2000; ++i)
      peer.send("X-Some: " + std::string(100, 'x') + "\r\n");
    peer.closed();
  });
  sending_client client;
  EXPECT_EQ(failure(client.send(ask(server, "/x"))).why.kind, base::error_kind::too_large);
}

TEST(http_client, requests_that_could_be_read_in_two_ways_are_refused) {
  sending_client client;
  const auto refused = [&](const auto& change) {
    http_request request{.url = "http://127.0.0.1:1/secret"};
    change(request);
    const auto why = failure(client.send(request));
    EXPECT_EQ(why.server, reached::no);
    EXPECT_THAT(why.why.message + why.why.detail, Not(HasSubstr("secret")));
    return why.why.kind == base::error_kind::invalid_params;
  };
  for (const auto& value : {"a\r\nX: secret"s, "a\nb"s, "a\rb"s, "a\0b"s, "a\x7f"s})
    EXPECT_TRUE(refused([&](auto& r) { r.headers = {{"X-A", value}}; })) << value;
  for (const std::string name : {"", "X A", "X:", "X\r\nY", "X;", "Content-Length", "transfer-encoding", "HOST"})
    EXPECT_TRUE(refused([&](auto& r) { r.headers = {{name, "1"}}; })) << name;
  for (const std::string method : {"", "GET /", "GET\r\nX: y"})
    EXPECT_TRUE(refused([&](auto& r) { r.method = method; })) << method;
  for (const std::string url :
       {"", "/secret", "127.0.0.1:1/", "ftp://127.0.0.1/", "file:///etc/passwd", "http:/127.0.0.1/", "http://",
        "http:///127.0.0.1/", "http://127.0.0.1:1/a b", "http://127.0.0.1:1/\r\nX: y", "http://127.0.0.1\\@secret/",
        "http://127.0.0.1:secret/", "http://secret@/", "http://\xc3\xa4.invalid/"})
    EXPECT_TRUE(refused([&](auto& r) { r.url = url; })) << url;
  EXPECT_TRUE(refused([](auto& r) { r.url.push_back('\0'); }));
  EXPECT_TRUE(refused([](auto& r) { r.method = "HEAD", r.body = "x"; }));
}

TEST(http_client, a_port_where_nobody_listens_is_not_reached) {
  sending_client client;
  std::string url;
  {
    const http_server gone(echo());
    url = gone.url("/x");
  }
  const auto why = failure(client.send({.url = url, .direct = true}));
  EXPECT_EQ(why.why.kind, base::error_kind::unavailable);
  EXPECT_EQ(why.why.message, "no connection to the server");
  EXPECT_EQ(why.server, reached::no);
}

TEST(http_client, a_server_that_goes_before_its_reply_is_whole_may_have_been_reached) {
  using ending = std::function<void(http_peer&)>;
  const std::vector<ending> endings = {
      [](http_peer&) {},
      [](http_peer& peer) { peer.reset(); },
      [](http_peer& peer) { peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"); },
      [](http_peer& peer) { peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"); },
      [](http_peer& peer) { peer.send("SSH-2.0-x\r\n"); },
  };
  for (const auto& end : endings) {
    http_server server([&end](http_peer& peer) {
      peer.request();
      end(peer);
    });
    sending_client client;
    const auto why = failure(client.send(ask(server, "/x")));
    EXPECT_EQ(why.why.kind, base::error_kind::unavailable) << why.why.detail;
    EXPECT_EQ(why.server, reached::perhaps) << why.why.detail;
  }
}

TEST(http_client, what_is_repeatable_is_repeated_when_its_kept_connection_was_dead) {
  http_server server([](http_peer& peer) {
    peer.request();
    peer.send(http_answer("200 OK", "first of its connection"));
    peer.request();
  });
  sending_client client;
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(client.send(ask(server, "/x"))->status, 200);
  EXPECT_EQ(server.connections(), 3U);
}

TEST(http_client, what_is_not_repeatable_reaches_a_server_once) {
  std::atomic<int> seen = 0;
  http_server server([&](http_peer& peer) {
    while (const auto request = peer.request()) {
      if (request->starts_with("POST ")) {
        ++seen;
        return;  // without an answer
      }
      peer.send(http_answer("200 OK", ""));
    }
  });
  sending_client client;
  EXPECT_EQ(client.send(ask(server, "/x"))->status, 200);
  auto once = ask(server, "/x", "POST");
  once.repeat = repeatable::no;
  EXPECT_EQ(failure(client.send(once)).server, reached::perhaps);
  EXPECT_EQ(seen, 1);
  EXPECT_EQ(server.connections(), 2U);
}

// The second request is read on a kept connection; its repetition finds nobody.
TEST(http_client, a_refused_repetition_does_not_hide_that_the_server_was_reached) {
  http_server* open = nullptr;
  std::promise<void> ready;
  http_server server([&, go_on = ready.get_future().share()](http_peer& peer) {
    go_on.wait();
    peer.request();
    peer.send(http_answer("200 OK", ""));
    peer.request();
    open->close_port();
  });
  open = &server;
  ready.set_value();
  sending_client client;
  EXPECT_EQ(client.send(ask(server, "/x"))->status, 200);
  const auto why = failure(client.send(ask(server, "/x")));
  EXPECT_EQ(why.why.kind, base::error_kind::unavailable);
  EXPECT_EQ(why.server, reached::perhaps);
}

TEST(http_client, a_proxy_of_the_environment_is_asked_unless_the_way_is_direct) {
  http_server proxy(answering([](const std::string& request) { return http_answer("203 Proxied", request); }));
  http_server server(echo());
  const scoped_variable named("http_proxy", proxy.url(""));
  const scoped_variable all("no_proxy", "");
  sending_client client;
  auto request = ask(server, "/x");
  EXPECT_EQ(client.send(request)->status, 200);
  request.direct = false;
  const auto proxied = client.send(request);
  EXPECT_EQ(proxied->status, 203);
  EXPECT_THAT(proxied->body, StartsWith("GET " + server.url("/x") + " HTTP/1.1\r\n"));
}

}  // namespace
}  // namespace hydrant::net

// Whom the client believes to be the server, and whom not.

#include "net/tls_files.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/server_parts.hpp"
#include "tests/unit/net/http_client_fixture.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

namespace hydrant::net {
namespace {

using support::answering;
using support::http_answer;
using support::http_server;

class https : public testing::Test {
 protected:
  void SetUp() override {
    if (support::program_path("openssl").empty()) {
      ASSERT_EQ(std::getenv("CI"), nullptr) << "no openssl program";
      GTEST_SKIP() << "no openssl program";
    }
    support::make_certificates(directory_, "DNS:localhost");
    server_.emplace(answering([](const auto&) { return http_answer("200 OK", "hidden"); }), directory_);
  }
  ~https() override {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  http_outcome send(const std::string& host, tls_settings tls) {
    http_request request{.url = server_->url("/x", host), .direct = true};
    request.tls = std::make_shared<tls_settings>(std::move(tls));
    return client_.send(request);
  }
  std::string ca() const { return directory_ / "ca.pem"; }
  std::string file(const char* name) const { return directory_ / name; }
  void lock_key() const {
    support::run_child({"openssl", "pkcs8", "-topk8", "-in", file("server.key"), "-passout", "pass:hidden", "-out",
                        file("locked.key")},
                       file("openssl.log"));
  }

  const std::filesystem::path directory_ = support::new_directory("hydrant-http-");
  std::optional<http_server> server_;
  sending_client client_;
};

TEST_F(https, an_authority_that_was_named_is_trusted) {
  EXPECT_EQ(send("localhost", {.ca_file = ca()})->body, "hidden");
}

TEST_F(https, an_unknown_authority_is_not) {
  const auto why = failure(send("localhost", {}));
  EXPECT_EQ(why.why.kind, base::error_kind::unavailable);
  EXPECT_THAT(why.why.message, testing::StartsWith("the server's certificate is not accepted")) << why.why.detail;
  EXPECT_EQ(why.server, reached::no);
}

TEST_F(https, a_certificate_for_another_host_is_not_accepted) {
  const auto why = failure(send("127.0.0.1", {.ca_file = ca()}));
  EXPECT_THAT(why.why.message, testing::StartsWith("the server's certificate is not accepted")) << why.why.detail;
  EXPECT_EQ(why.server, reached::no);
}

TEST_F(https, a_connection_that_was_not_verified_serves_no_request_that_wants_it) {
  EXPECT_EQ(send("127.0.0.1", {.verify_peer = false})->body, "hidden");
  EXPECT_EQ(failure(send("127.0.0.1", {.ca_file = ca()})).server, reached::no);
}

// The server asks for none; what counts is that the files are read, with their key.
TEST_F(https, a_certificate_of_ours_can_be_shown) {
  const auto ours =
      tls_settings{.ca_file = ca(), .certificate_file = file("server.pem"), .key_file = file("server.key")};
  EXPECT_EQ(send("localhost", ours)->body, "hidden");
}

TEST_F(https, a_key_with_a_password_is_an_error_and_no_question) {
  lock_key();
  const auto ours =
      tls_settings{.ca_file = ca(), .certificate_file = file("server.pem"), .key_file = file("locked.key")};
  const auto why = failure(send("localhost", ours));
  EXPECT_EQ(why.why.kind, base::error_kind::unavailable) << why.why.detail;
  EXPECT_EQ(why.server, reached::no);
}

TEST_F(https, a_file_that_is_not_there_is_named_to_the_log_alone) {
  const auto why = failure(send("localhost", {.ca_file = directory_ / "none.pem"}));
  EXPECT_EQ(why.why.kind, base::error_kind::unavailable);
  EXPECT_EQ(why.server, reached::no);
  EXPECT_EQ(why.why.message.find("none.pem"), std::string::npos);
}

// --- before the first request

TEST_F(https, files_that_a_request_can_use_are_fine) {
  EXPECT_TRUE(check_files({}));
  EXPECT_TRUE(check_files({.ca_file = ca(), .certificate_file = file("server.pem"), .key_file = file("server.key")}));
}

TEST_F(https, files_that_no_request_can_use_are_named) {
  lock_key();
  const std::vector<std::pair<tls_settings, std::string>> wrong = {
      {{.ca_file = file("none.pem")}, "none.pem"},
      {{.ca_file = file("server.key")}, "server.key"},
      {{.certificate_file = file("none.pem"), .key_file = file("server.key")}, "none.pem"},
      {{.certificate_file = file("server.pem"), .key_file = file("none.key")}, "none.key"},
      {{.certificate_file = file("server.pem"), .key_file = file("locked.key")}, "locked.key"},
      {{.certificate_file = file("ca.pem"), .key_file = file("server.key")}, "server.key"},
      {{.certificate_file = file("server.pem")}, "server.pem"},
      {{.key_file = file("server.key")}, "no certificate is named"}};
  for (const auto& [of, named] : wrong) {
    const auto fine = check_files(of);
    ASSERT_FALSE(fine) << named;
    EXPECT_EQ(fine.error().kind, base::error_kind::invalid_params);
    EXPECT_THAT(fine.error().message, testing::HasSubstr(named));
  }
}

}  // namespace
}  // namespace hydrant::net

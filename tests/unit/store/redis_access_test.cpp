#include "tests/unit/store/redis_fixture.hpp"

namespace hydrant::store::redis {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class redis_access : public redis_test {
 protected:
  /// Why no connection comes about.
  std::string refusal(const settings& wanted) {
    start_client(wanted);
    const auto failed = wait_for(give(0, {"PING"}));
    if (failed) return "it was let in";
    EXPECT_EQ(failed.error().kind, base::error_kind::unavailable);
    EXPECT_THAT(failed.error().message, Not(HasSubstr("s3cret")));
    EXPECT_THAT(failed.error().detail, Not(HasSubstr("s3cret")));
    EXPECT_THAT(client_->state().last_error, Not(HasSubstr("s3cret")));
    return client_->state().last_error;
  }
};

TEST_F(redis_access, is_given_for_the_right_password) {
  const support::redis_server server({.password = "right"});
  connect(settings_for(server));
  EXPECT_TRUE(answers());
}

TEST_F(redis_access, is_refused_for_a_wrong_password_without_showing_it) {
  const support::redis_server server({.password = "right"});
  settings wanted = settings_for(server);
  wanted.password = "s3cret";
  EXPECT_THAT(refusal(wanted), AllOf(HasSubstr("refuses the password"), HasSubstr("WRONGPASS")));
}

TEST_F(redis_access, tells_when_a_password_is_missing) {
  const support::redis_server server({.password = "right"});
  settings wanted = settings_for(server);
  wanted.password.clear();
  EXPECT_THAT(refusal(wanted), HasSubstr("asks for a password"));
  wanted.database = 1;
  EXPECT_THAT(refusal(wanted), HasSubstr("asks for a password"));
}

TEST_F(redis_access, knows_users) {
  const support::redis_server server;
  server.ask({"ACL", "SETUSER", "hydrant", "on", ">s3cret", "+@all", "~*"});
  settings wanted = settings_for(server);
  wanted.user = "hydrant";
  wanted.password = "s3cret";
  connect(wanted);
  EXPECT_EQ(call(0, {"ACL", "WHOAMI"})->text, "hydrant");
  wanted.user = "nobody";
  EXPECT_THAT(refusal(wanted), HasSubstr("refuses the user name or password"));
}

TEST_F(redis_access, hides_a_password_that_the_server_quotes) {
  const support::redis_server server({.config = {"rename-command AUTH \"\""}});
  settings wanted = settings_for(server);
  wanted.password = "s3cret";
  EXPECT_THAT(refusal(wanted), HasSubstr("refuses the password"));
}

TEST_F(redis_access, is_refused_for_a_database_that_is_not_there) {
  const support::redis_server server;
  settings wanted = settings_for(server);
  wanted.database = 1000;
  EXPECT_THAT(refusal(wanted), HasSubstr("refuses the database"));
}

TEST_F(redis_access, needs_a_redis_at_the_other_end) {
  const support::redis_server server({.wire = support::redis_wire::tls});
  settings wanted = settings_for(server);
  wanted.tls = false;
  EXPECT_NE(refusal(wanted), "it was let in");
}

class redis_tls : public redis_access {
 protected:
  void SetUp() override {
    redis_access::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    server_ = std::make_unique<support::redis_server>(
        support::redis_options{.wire = support::redis_wire::tls, .password = "right"});
    wanted_ = settings_for(*server_);
    wanted_.ca_file = server_->ca_file();
  }
  std::unique_ptr<support::redis_server> server_;
  settings wanted_;
};

TEST_F(redis_tls, carries_commands_to_a_server_that_is_trusted) {
  ASSERT_TRUE(wanted_.tls);
  connect(wanted_);
  const std::string large(3'000'000, 'x');
  std::vector<std::future<outcome>> pending;
  for (int i = 0; i < 20; ++i)
    pending.push_back(give(static_cast<std::size_t>(i), {"SET", "large" + std::to_string(i), large}));
  for (auto& one : pending)
    EXPECT_EQ(wait_for(std::move(one))->text, "OK");
  EXPECT_TRUE(call(0, {"GET", "large7"})->text == large);
}

TEST_F(redis_tls, checks_addresses_as_well_as_names) {
  wanted_.host = "127.0.0.1";
  connect(wanted_);
  EXPECT_TRUE(answers());
}

TEST_F(redis_tls, heals) {
  connect(wanted_);
  server_->restart();
  EXPECT_TRUE(eventually([&] { return answers() && seen_.reconnects > 0; }));
}

TEST_F(redis_tls, refuses_a_server_of_an_unknown_authority) {
  wanted_.ca_file.clear();
  EXPECT_THAT(refusal(wanted_), AllOf(HasSubstr("TLS"), HasSubstr("certificate")));
}

TEST_F(redis_tls, refuses_a_server_by_another_name) {
  wanted_.host = "0.0.0.0";  // leads to this machine too, but no certificate says so
  EXPECT_THAT(refusal(wanted_), AllOf(HasSubstr("TLS"), HasSubstr("mismatch")));
}

TEST_F(redis_tls, does_not_fall_back_to_plain) {
  const support::redis_server plain;
  wanted_.port = plain.port();
  wanted_.connect_timeout = std::chrono::milliseconds(300);
  EXPECT_THAT(refusal(wanted_), HasSubstr("TLS"));
}

TEST_F(redis_tls, says_at_start_that_its_authorities_cannot_be_read) {
  wanted_.ca_file = "/nowhere/ca.pem";
  io_.start();
  io_runs_ = true;
  client_ = std::make_unique<pooled_client>(io_, wanted_);
  const auto started = client_->start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().kind, base::error_kind::invalid_params);
  EXPECT_THAT(started.error().message, HasSubstr("/nowhere/ca.pem"));
  EXPECT_FALSE(call(0, {"PING"}));
}

}  // namespace
}  // namespace hydrant::store::redis

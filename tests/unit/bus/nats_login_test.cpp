#include "bus/nats_nkey.hpp"
#include "tests/support/nats_credentials.hpp"
#include "tests/unit/bus/nats_fixture.hpp"

#include <fstream>

namespace hydrant::bus {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Whether a bus with these settings can talk to itself.
bool works(const nats_settings& settings) {
  nats_bus bus(settings, "a", quick());
  recorder seen;
  bus.subscribe("node.a", seen.handler());
  if (!bus.start()) return false;
  bus.publish("node.a", "1");
  return eventually([&] { return seen.has("1") || !bus.state().connected; }) && seen.has("1");
}

/// What a bus that cannot connect says.
std::string complaint(const nats_settings& settings) {
  nats_bus bus(settings, "a", quick());
  EXPECT_TRUE(bus.start());
  EXPECT_FALSE(bus.state().connected);
  return bus.state().last_error;
}

TEST_F(nats_test, logs_in_with_user_and_password) {
  start_server({.user = "ann", .password = "s3cret"});
  EXPECT_TRUE(works(settings("ann:s3cret")));
}

TEST_F(nats_test, says_that_the_login_is_refused_and_tries_on) {
  start_server({.user = "ann", .password = "s3cret"});
  nats_bus bus(settings("ann:wrong-one"), "a", quick());
  ASSERT_TRUE(bus.start());
  EXPECT_FALSE(bus.state().connected);
  EXPECT_THAT(bus.state().last_error, HasSubstr("refuses the login"));
  EXPECT_THAT(bus.state().last_error, Not(HasSubstr("wrong-one")));
  server_->change({.user = "ann", .password = "wrong-one"});
  server_->restart();
  EXPECT_TRUE(eventually([&] { return bus.state().connected; }));
}

TEST_F(nats_test, goes_on_after_a_login_is_refused_for_a_while) {
  start_server({.user = "ann", .password = "s3cret"});
  nats_bus bus(settings("ann:s3cret"), "a", quick());
  ASSERT_TRUE(bus.start());
  ASSERT_TRUE(bus.state().connected);
  server_->change({.user = "ann", .password = "other"});
  server_->restart();
  EXPECT_TRUE(eventually([&] { return bus.state().last_error.find("refuses the login") != std::string::npos; }));
  server_->change({.user = "ann", .password = "s3cret"});
  server_->restart();
  EXPECT_TRUE(eventually([&] { return bus.state().connected; }));
}

TEST_F(nats_test, logs_in_with_a_token) {
  start_server({.token = "t0ken"});
  EXPECT_TRUE(works(settings("t0ken")));
  EXPECT_THAT(complaint(settings("other")), HasSubstr("refuses the login"));
}

TEST_F(nats_test, logs_in_with_an_nkey) {
  start_server({.nkey = nkey_of_seed(support::user_seed).value()});
  nats_settings with_key = settings();
  with_key.nkey_seed_file = server_->directory() / "user.nk";
  std::ofstream(with_key.nkey_seed_file) << support::user_seed << '\n';
  EXPECT_TRUE(works(with_key));
  EXPECT_THAT(complaint(settings()), HasSubstr("refuses the login"));
}

TEST_F(nats_test, logs_in_with_a_credentials_file) {
  start_server({.config = {support::operator_config()}});
  nats_settings with_file = settings();
  with_file.credentials_file = server_->directory() / "user.creds";
  std::ofstream(with_file.credentials_file) << support::user_credentials();
  EXPECT_TRUE(works(with_file));
  EXPECT_THAT(complaint(settings()), HasSubstr("refuses the login"));
}

TEST_F(nats_test, speaks_tls_to_a_server_that_it_can_trust) {
  start_server({.wire = support::nats_server_wire::tls});
  nats_settings trusting = settings();
  EXPECT_THAT(complaint(trusting), HasSubstr("is its CA trusted"));
  trusting.ca_file = server_->ca_file();
  EXPECT_TRUE(works(trusting));
  trusting.servers[0].host = "127.0.0.1";
  EXPECT_TRUE(works(trusting));
}

TEST_F(nats_test, refuses_a_certificate_for_another_name) {
  start_server({.wire = support::nats_server_wire::tls, .certificate_names = "DNS:nats.example"});
  nats_settings trusting = settings();
  trusting.ca_file = server_->ca_file();
  EXPECT_THAT(complaint(trusting), HasSubstr("for this host name"));
}

TEST_F(nats_test, refuses_a_server_without_tls_where_tls_is_asked_for) {
  nats_settings asking = settings();
  asking.wire = nats_wire::tls;
  EXPECT_THAT(complaint(asking), HasSubstr("offers no TLS"));
}

TEST_F(nats_test, does_not_start_with_bad_settings) {
  nats_settings bad = settings();
  bad.credentials_file = "/nowhere/user.creds";
  nats_bus bus(bad, "a");
  const auto started = bus.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().kind, base::error_kind::invalid_params);
  EXPECT_THAT(started.error().message, HasSubstr("/nowhere/user.creds"));
}

}  // namespace
}  // namespace hydrant::bus

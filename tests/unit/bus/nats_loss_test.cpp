#include "tests/unit/bus/nats_fixture.hpp"

namespace hydrant::bus {
namespace {

using std::chrono::seconds;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using nats_losses = nats_nodes;

// What a test sends itself, with holes that NATS would not make on purpose.

TEST_F(nats_losses, a_hole_in_the_numbers_is_a_gap) {
  const auto receiver = started();
  raw_client raw(server_->port());
  raw.message("node.a", "boot.1", 1, "1");
  raw.message("node.a", "boot.1", 2, "2");
  ASSERT_TRUE(eventually([&] { return receiver->seen.has("2"); }));
  EXPECT_EQ(receiver->gaps, 0);
  raw.message("node.a", "boot.1", 4, "4");
  EXPECT_TRUE(eventually([&] { return receiver->gaps == 1; }, seconds(1)));
  EXPECT_TRUE(eventually([&] { return receiver->seen.has("4"); }));
}

TEST_F(nats_losses, a_heartbeat_ahead_of_the_messages_is_a_gap) {
  const auto receiver = started();
  raw_client raw(server_->port());
  raw.message("node.a", "boot.1", 1, "1");
  raw.heartbeat("node.a", "boot.1", 1);
  raw.message("node.a", "boot.1", 2, "2");
  ASSERT_TRUE(eventually([&] { return receiver->seen.has("2"); }));
  EXPECT_EQ(receiver->gaps, 0);
  raw.heartbeat("node.a", "boot.1", 3);
  EXPECT_TRUE(eventually([&] { return receiver->gaps == 1; }, seconds(1)));
  EXPECT_THAT(receiver->seen.payloads(), ElementsAre("1", "2"));
}

TEST_F(nats_losses, a_loss_at_the_end_of_a_burst_is_told_without_another_message) {
  const auto sender = started("sender");
  const auto receiver = started("receiver");
  expect_flow(*sender, *receiver, "1");
  ASSERT_EQ(receiver->gaps, 0);
  // Dropped before the wire: its number is missing there.
  sender->bus.publish("node.a", std::string(17 * 1024 * 1024, 'x'));
  EXPECT_TRUE(eventually([&] { return receiver->gaps > 0; }));
  EXPECT_THAT(receiver->seen.payloads(), ElementsAre("1"));
}

TEST_F(nats_losses, a_sender_that_starts_anew_is_no_gap) {
  const auto receiver = started();
  raw_client raw(server_->port());
  raw.message("node.a", "boot1.1", 1, "1");
  raw.message("node.a", "boot1.1", 2, "2");
  raw.message("node.a", "boot2.1", 1, "3");
  raw.message("node.a", "boot2.2", 1, "4");
  ASSERT_TRUE(eventually([&] { return receiver->seen.has("4"); }));
  EXPECT_EQ(receiver->gaps, 0);
}

TEST_F(nats_losses, what_comes_twice_is_delivered_once) {
  const auto receiver = started();
  raw_client raw(server_->port());
  raw.message("node.a", "boot.1", 1, "1");
  raw.message("node.a", "boot.1", 1, "1");
  raw.message("node.a", "boot.1", 2, "2");
  ASSERT_TRUE(eventually([&] { return receiver->seen.has("2"); }));
  EXPECT_THAT(receiver->seen.payloads(), ElementsAre("1", "2"));
  EXPECT_EQ(receiver->bus.state().repeated, 1U);
}

TEST_F(nats_losses, bytes_that_are_not_ours_do_no_harm) {
  const auto receiver = started();
  raw_client raw(server_->port());
  raw.publish("node.a", "");
  raw.publish("node.a", "{\"json\":true}");
  raw.publish("node.a", std::string("hydrant1 m \0\0\0", 14));
  raw.publish("node.a", "hydrant1 m boot.1 99999999999999999999\nx");
  ASSERT_TRUE(eventually([&] { return receiver->bus.state().malformed == 4; }));
  EXPECT_THAT(receiver->seen.payloads(), IsEmpty());
}

TEST_F(nats_losses, odd_headers_do_no_harm) {
  const auto receiver = started();
  raw_client raw(server_->port());
  int number = 0;
  for (const std::string& headers :
       {std::string("x"), std::string("NATS/1.0\r\nnocolon\r\n\r\n"), std::string("NATS/1.0 503\r\n\r\n"),
        std::string("NATS/1.0\r\ntraceparent:\r\n\r\n"), std::string("NATS/1.0\r\ntraceparent: a b\r\n\r\n"),
        std::string("NATS/1.0\r\ntraceparent: 00\r\n 11\r\n\r\n"),
        "NATS/1.0\r\ntraceparent: " + std::string(129, '0') + "\r\n\r\n"}) {
    ++number;
    raw.publish_with_headers("node.a", headers,
                             "hydrant1 m boot.1 " + std::to_string(number) + "\n" + std::to_string(number));
  }
  ASSERT_TRUE(eventually([&] { return receiver->seen.has(std::to_string(number)); }));
  EXPECT_THAT(receiver->seen.payloads(), SizeIs(number));
  EXPECT_THAT(receiver->seen.traceparents(), Each(""));
}

TEST_F(nats_losses, a_trace_context_of_another_tool_arrives) {
  const auto receiver = started();
  raw_client raw(server_->port());
  raw.publish_with_headers("node.a", "NATS/1.0\r\nother: x\r\ntraceparent: 00-aa-bb-01\r\n\r\n",
                           "hydrant1 m boot.1 1\n1");
  ASSERT_TRUE(eventually([&] { return receiver->seen.has("1"); }));
  EXPECT_THAT(receiver->seen.traceparents(), ElementsAre("00-aa-bb-01"));
}

}  // namespace
}  // namespace hydrant::bus

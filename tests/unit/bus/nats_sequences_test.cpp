#include "bus/nats_sequences.hpp"

#include "bus/nats_outbox.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hydrant::bus {
namespace {

using arrival = received_sequences::arrival;

arrival message(received_sequences& at, std::string_view sender, std::uint64_t number) {
  return at.note({nats_kind::message, sender, number, {}});
}
arrival heartbeat(received_sequences& at, std::string_view sender, std::uint64_t number) {
  return at.note({nats_kind::heartbeat, sender, number, {}});
}

TEST(sent_sequences, count_each_subject_from_one) {
  sent_sequences sent;
  EXPECT_EQ(sent.next("a").number, 1U);
  EXPECT_EQ(sent.next("b").number, 1U);
  EXPECT_EQ(sent.next("a").number, 2U);
  EXPECT_NE(sent.next("a").run, sent.next("b").run);
}

TEST(sent_sequences, beat_on_what_was_published_to_lately) {
  sent_sequences sent;
  sent.next("a");
  sent.next("a");
  for (int second = 0; second < sent_sequences::heartbeats_after_last; ++second) {
    const auto beats = sent.due();
    ASSERT_EQ(beats.size(), 1U) << second;
    EXPECT_EQ(beats[0].subject, "a");
    EXPECT_EQ(beats[0].last.number, 2U);
  }
  EXPECT_TRUE(sent.due().empty());
}

TEST(sent_sequences, begin_a_new_run_after_silence) {
  sent_sequences sent;
  const auto before = sent.next("a");
  for (int second = 0; second < sent_sequences::heartbeats_after_last - 1; ++second)
    sent.due();
  EXPECT_EQ(sent.next("a").run, before.run) << "a message in time keeps the run alive";
  for (int second = 0; second < sent_sequences::heartbeats_after_last; ++second)
    sent.due();
  const auto after = sent.next("a");
  EXPECT_NE(after.run, before.run);
  EXPECT_EQ(after.number, 1U);
}

TEST(sent_sequences, end_the_quietest_run_when_there_are_too_many) {
  sent_sequences sent;
  const auto quiet = sent.next("quiet");
  sent.due();
  for (std::size_t i = 1; i < sent_sequences::subjects_max; ++i)
    sent.next(std::to_string(i));
  const auto busy = sent.next("1");
  sent.next("one more");
  EXPECT_EQ(sent.due().size(), sent_sequences::subjects_max);
  EXPECT_EQ(sent.next("1").run, busy.run);
  EXPECT_NE(sent.next("quiet").run, quiet.run);
}

TEST(received_sequences, notice_a_hole) {
  received_sequences at;
  EXPECT_EQ(message(at, "s", 1), arrival::next);
  EXPECT_EQ(message(at, "s", 2), arrival::next);
  EXPECT_EQ(message(at, "s", 4), arrival::after_gap);
  EXPECT_EQ(message(at, "s", 5), arrival::next) << "told once";
}

TEST(received_sequences, notice_a_loss_at_the_end_by_the_heartbeat) {
  received_sequences at;
  message(at, "s", 1);
  EXPECT_EQ(heartbeat(at, "s", 1), arrival::next);
  EXPECT_EQ(heartbeat(at, "s", 2), arrival::after_gap);
  EXPECT_EQ(heartbeat(at, "s", 2), arrival::next);
  EXPECT_EQ(message(at, "s", 3), arrival::next);
}

TEST(received_sequences, refuse_what_was_there_before) {
  received_sequences at;
  message(at, "s", 1);
  message(at, "s", 2);
  EXPECT_EQ(message(at, "s", 2), arrival::again);
  EXPECT_EQ(message(at, "s", 1), arrival::again);
  EXPECT_EQ(message(at, "s", 3), arrival::next);
}

TEST(received_sequences, tell_senders_apart) {
  received_sequences at;
  EXPECT_EQ(message(at, "boot1.1", 1), arrival::next);
  EXPECT_EQ(message(at, "boot2.1", 1), arrival::next);
  EXPECT_EQ(message(at, "boot1.1", 2), arrival::next);
  EXPECT_EQ(at.senders(), 2U);
}

TEST(received_sequences, take_a_sender_that_is_heard_late_for_a_loss) {
  received_sequences at;
  EXPECT_EQ(message(at, "a", 2), arrival::after_gap);
  EXPECT_EQ(heartbeat(at, "b", 1), arrival::after_gap);
  EXPECT_EQ(message(at, "b", 2), arrival::next);
}

TEST(received_sequences, believe_the_heartbeat_after_a_forged_number) {
  received_sequences at;
  message(at, "s", 1);
  EXPECT_EQ(message(at, "s", 1'000'000), arrival::after_gap);
  EXPECT_EQ(message(at, "s", 2), arrival::again);
  EXPECT_EQ(heartbeat(at, "s", 2), arrival::after_gap);
  EXPECT_EQ(message(at, "s", 3), arrival::next);
}

TEST(received_sequences, forget_a_silent_sender) {
  received_sequences at;
  message(at, "silent", 1);
  message(at, "beating", 1);
  for (int second = 0; second <= received_sequences::silent_seconds; ++second) {
    at.second_passed();
    heartbeat(at, "beating", 1);
  }
  EXPECT_EQ(at.senders(), 1U);
  EXPECT_EQ(message(at, "beating", 2), arrival::next);
}

TEST(received_sequences, track_a_bounded_number_of_senders) {
  received_sequences at;
  message(at, "known", 1);
  for (std::size_t i = 0; i < 2 * received_sequences::senders_max; ++i)
    message(at, std::to_string(i), 1);
  EXPECT_EQ(at.senders(), received_sequences::senders_max);
  EXPECT_EQ(message(at, "known", 3), arrival::after_gap) << "a flood of newcomers displaces nobody";
  EXPECT_EQ(message(at, "newcomer", 5), arrival::next) << "delivered, but not tracked";
}

TEST(nats_outbox, hands_out_what_was_put_in_order) {
  nats_outbox box(10, 10'000);
  EXPECT_EQ(box.put("a", "1", "00-t"), nats_outbox::outcome::first);
  EXPECT_EQ(box.put("b", "2", "not\r\na: traceparent"), nats_outbox::outcome::queued);
  const auto batch = box.take(nats_outbox::with_heartbeats::yes, {});
  ASSERT_EQ(batch.messages.size(), 2U);
  EXPECT_EQ(batch.messages[0].subject, "a");
  EXPECT_EQ(batch.messages[0].payload, "1");
  EXPECT_EQ(batch.messages[0].traceparent, "00-t");
  EXPECT_EQ(batch.messages[1].subject, "b");
  EXPECT_EQ(batch.messages[1].traceparent, "");
  EXPECT_EQ(batch.heartbeats.size(), 2U);
  EXPECT_EQ(box.put("a", "3", ""), nats_outbox::outcome::first);
}

TEST(nats_outbox, numbers_what_does_not_fit_all_the_same) {
  nats_outbox few(2, 10'000);
  few.put("a", "1", "");
  few.put("a", "2", "");
  EXPECT_EQ(few.put("a", "3", ""), nats_outbox::outcome::overflowed);
  few.take(nats_outbox::with_heartbeats::no, {});
  few.put("a", "4", "");
  EXPECT_EQ(few.take(nats_outbox::with_heartbeats::no, {}).messages.at(0).place.number, 4U);

  nats_outbox small(100, 1000);
  EXPECT_EQ(small.put("a", std::string(2000, 'x'), ""), nats_outbox::outcome::overflowed);
  EXPECT_EQ(small.put("a", "2", ""), nats_outbox::outcome::first);
}

}  // namespace
}  // namespace hydrant::bus

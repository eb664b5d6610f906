#include "actors/node_message.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hydrant::actors {
namespace {

push_message a_push(std::string payload) {
  push_message out{{"session-1", "s~1"}, {}, true, std::move(payload), "node-a"};
  out.where.previous = {7, 1};
  out.where.id = {7, 2};
  out.where.epoch = 3;
  out.where.ends = true;
  return out;
}

template <class T>
T through_text(const T& sent) {
  return std::get<T>(parse_node_message(to_text(sent)).value());
}

TEST(node_message, a_push_comes_through_with_its_place_and_payload) {
  const auto read = through_text(a_push("{\"a\":\n1}"));
  EXPECT_EQ(read.stream, (store::stream_key{"session-1", "s~1"}));
  EXPECT_EQ(read.where.previous, (store::position{7, 1}));
  EXPECT_EQ(read.where.id, (store::position{7, 2}));
  EXPECT_EQ(read.where.epoch, 3U);
  EXPECT_TRUE(read.where.ends);
  EXPECT_TRUE(read.whole);
  EXPECT_EQ(read.payload, "{\"a\":\n1}");
  EXPECT_EQ(read.from, "node-a");
}

TEST(node_message, a_long_payload_stays_in_the_log) {
  const auto read = through_text(a_push(std::string(1 << 20, 'x')));
  EXPECT_FALSE(read.whole);
  EXPECT_TRUE(read.payload.empty());
  EXPECT_EQ(read.where.id, (store::position{7, 2}));
}

TEST(node_message, the_others_come_through) {
  EXPECT_EQ(through_text(ask_message{{"s", "main"}, "node-a"}).from, "node-a");
  EXPECT_EQ(through_text(taken_message{{"s", "main"}, {7, 2}}).newest, (store::position{7, 2}));
  EXPECT_EQ(through_text(look_message{"s"}).session, "s");
  EXPECT_EQ(through_text(lost_message{{"s", "main"}, 9}).epoch, 9U);
  EXPECT_EQ(through_text(cancel_message{{"s", R"("a b")"}}).call.request_id, R"("a b")");
  EXPECT_EQ(through_text(moved_message{{"s", "1"}}).call, (store::call_ref{"s", "1"}));
  const auto offer = through_text(offer_message{{"s", R"("a b")"}, {"node-a", "boot-1"}});
  EXPECT_EQ(offer.call, (store::call_ref{"s", R"("a b")"}));
  EXPECT_EQ(offer.owner, (store::node_ref{"node-a", "boot-1"}));
  EXPECT_EQ(through_text(ended_message{"s"}).session, "s");
}

TEST(node_message, says_which_session_it_is_about) {
  EXPECT_EQ(session_of(a_push("x")), "session-1");
  EXPECT_EQ(session_of(ended_message{"s"}), "s");
}

TEST(node_message, what_is_malformed_is_none) {
  for (const char* text : {"",
                           "push",
                           "push\n",
                           "push s\n",
                           "push s main_1-1 main_1-2 x 0 1 n\n",
                           "push s main_1-1 other_1-2 1 0 1 n\n",
                           "push s main_1-1 main_1-2 1 2 1 n\n",
                           "push s main_1-1 main_1-2 1 0 1 n",
                           "push s main_1-1 main_1-2 1 0 1 n more\n",
                           "ask s main\n",
                           "ask s ma_in n\n",
                           "taken s main\n",
                           "lost s main\n",
                           "lost s ma_in 1\n",
                           "lost s main -1\n",
                           "offer s node\n1",
                           "cancel\n1",
                           "ended\n",
                           "ended s extra\n",
                           "else s\n"})
    EXPECT_FALSE(parse_node_message(text)) << text;
}

}  // namespace
}  // namespace hydrant::actors

#include "store/redis/lanes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hydrant::store::redis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const script some_script("return 1");
const script careful_script("return 2", script_order::own);

class redis_lanes : public testing::Test {
 protected:
  void command(std::size_t lane, std::string name) { add(lane, std::move(name), nullptr); }
  void run(std::size_t lane, std::string name) { add(lane, std::move(name), &some_script); }
  void run_careful(std::size_t lane, std::string name) { add(lane, std::move(name), &careful_script); }

  /// Takes what may be written: its name, with `!` where a script goes by its source.
  std::vector<std::string> written() {
    std::vector<std::string> names;
    while (!lanes_.empty()) {
      last_ = lanes_.take();
      const bool by_source = last_.what != nullptr && last_.form == script_form::source;
      names.push_back(last_.words.front() + (by_source ? "!" : ""));
    }
    return names;
  }

  lane_queue lanes_;
  request last_;

 private:
  void add(std::size_t lane, std::string name, const script* what) {
    request given;
    given.lane = lane;
    given.words = {std::move(name)};
    given.what = what;
    lanes_.add(std::move(given));
  }
};

TEST_F(redis_lanes, do_not_hold_commands_back) {
  command(1, "a");
  command(1, "b");
  command(2, "c");
  EXPECT_THAT(written(), ElementsAre("a", "b", "c"));
}

TEST_F(redis_lanes, hold_back_what_follows_a_script_that_may_be_refused) {
  command(1, "a");
  run(1, "s");
  command(1, "b");
  command(2, "other");
  EXPECT_THAT(written(), ElementsAre("a", "s", "other"));
  lanes_.release(1);
  EXPECT_THAT(written(), ElementsAre("b"));
  command(1, "c");
  EXPECT_THAT(written(), ElementsAre("c"));
}

TEST_F(redis_lanes, send_what_has_gathered_at_once_and_only_its_last_script_by_digest) {
  run(1, "s1");
  EXPECT_THAT(written(), ElementsAre("s1"));
  run(1, "s2");
  command(1, "a");
  run(1, "s3");
  run(1, "s4");
  EXPECT_THAT(written(), IsEmpty());
  lanes_.release(1);
  EXPECT_THAT(written(), ElementsAre("s2!", "a", "s3!", "s4"));
  command(1, "b");
  EXPECT_THAT(written(), IsEmpty());
  lanes_.release(1);
  EXPECT_THAT(written(), ElementsAre("b"));
}

TEST_F(redis_lanes, send_scripts_that_see_to_their_order_by_digest) {
  run_careful(1, "s1");
  written();
  run_careful(1, "s2");
  run(1, "s3");
  run_careful(1, "s4");
  lanes_.release(1);
  EXPECT_THAT(written(), ElementsAre("s2", "s3!", "s4"));
}

TEST_F(redis_lanes, are_free_behind_scripts_that_cannot_be_refused) {
  run(1, "s1");
  run(1, "s2");
  command(1, "a");
  written();
  lanes_.release(1);
  EXPECT_THAT(written(), ElementsAre("s2!", "a"));
  command(1, "b");
  EXPECT_THAT(written(), ElementsAre("b"));
}

TEST_F(redis_lanes, send_a_refused_script_again_before_the_rest) {
  run(1, "s1");
  EXPECT_THAT(written(), ElementsAre("s1"));
  run(1, "s2");
  command(2, "other");
  lanes_.send_again(std::move(last_));
  EXPECT_THAT(written(), ElementsAre("s1!", "other"));
  lanes_.release(1);
  EXPECT_THAT(written(), ElementsAre("s2"));
}

TEST_F(redis_lanes, give_everything_back_in_order) {
  run(1, "s1");
  command(1, "a");
  run(1, "s2");
  command(2, "b");
  std::vector<std::string> lane1;
  for (const request& one : lanes_.take_all())
    if (one.lane == 1) lane1.push_back(one.words.front());
  EXPECT_THAT(lane1, ElementsAre("s1", "a", "s2"));
  EXPECT_TRUE(lanes_.empty());
  command(1, "c");
  EXPECT_THAT(written(), ElementsAre("c"));
}

}  // namespace
}  // namespace hydrant::store::redis

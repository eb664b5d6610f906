#include "app/nearest_name.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace hydrant::app {
namespace {

const std::vector<std::string> names{"port", "session.ttl", "session.passivate-after", "stream.keep-alive"};

TEST(nearest_name, finds_letters_dropped_added_changed_and_swapped) {
  EXPECT_EQ(nearest_name("prt", names), "port");
  EXPECT_EQ(nearest_name("porrt", names), "port");
  EXPECT_EQ(nearest_name("pord", names), "port");
  EXPECT_EQ(nearest_name("prot", names), "port");
  EXPECT_EQ(nearest_name("session.passivate_after", names), "session.passivate-after");
}

TEST(nearest_name, finds_the_last_part_of_a_name) {
  EXPECT_EQ(nearest_name("ttl", names), "session.ttl");
  EXPECT_EQ(nearest_name("alive", names), "stream.keep-alive");
}

TEST(nearest_name, is_empty_if_nothing_is_near) {
  EXPECT_EQ(nearest_name("colour", names), "");
  EXPECT_EQ(nearest_name("", names), "");
  EXPECT_EQ(nearest_name("p", names), "");
  EXPECT_EQ(nearest_name(std::string(100'000, 'p'), names), "");
}

}  // namespace
}  // namespace hydrant::app

#include "base/result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace hydrant::base {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Property;
using testing::Throws;

result<int> half(int number) {
  if (number % 2 != 0) return fail(error_kind::invalid_params, "is odd", "while halving", R"({"number":3})");
  return number / 2;
}

TEST(result, holds_a_value) {
  const auto found = half(8);
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, 4);
  EXPECT_EQ(found.value(), 4);
}

TEST(result, holds_a_failure_with_all_its_parts) {
  const auto found = half(3);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, error_kind::invalid_params);
  EXPECT_EQ(found.error().message, "is odd");
  EXPECT_EQ(found.error().detail, "while halving");
  EXPECT_EQ(found.error().data, R"({"number":3})");
}

// Nobody catches this one: it ends at an edge and is logged, so it has to say what was known.
TEST(result, tells_what_went_wrong_when_a_missing_value_is_taken) {
  EXPECT_THAT([] { half(3).value(); },
              Throws<std::logic_error>(
                  Property(&std::logic_error::what, AllOf(HasSubstr("is odd"), HasSubstr("while halving")))));
}

TEST(result, of_nothing_is_a_success_by_itself) {
  EXPECT_TRUE(result<>());
  EXPECT_FALSE(result<>(fail(error_kind::timeout, "too late")));
}

TEST(result, carries_values_that_cannot_be_copied) {
  result<std::unique_ptr<int>> found = std::make_unique<int>(7);
  const auto taken = std::move(found).value();
  EXPECT_EQ(*taken, 7);
}

TEST(fail, leaves_detail_and_data_empty_unless_they_are_given) {
  const auto failure = fail(error_kind::overloaded, "later");
  EXPECT_EQ(failure.detail, "");
  EXPECT_EQ(failure.data, "");
}

// An error that was never filled in must not pass for something milder.
TEST(error, is_internal_unless_said_otherwise) {
  EXPECT_EQ(error{}.kind, error_kind::internal);
}

}  // namespace
}  // namespace hydrant::base

#include "providers/opensearch/analysis/field_kind.hpp"
#include "providers/opensearch/analysis/field_values.hpp"
#include "providers/opensearch/analysis/value_buckets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace hydrant::providers::opensearch {
namespace {

using protocol::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<std::string> visited(const json& document) {
  std::vector<std::string> found;
  visit_values(document, [&found](std::string_view path, const json& value) {
    found.push_back(std::string(path) + "=" + value.dump());
  });
  return found;
}

TEST(opensearch_field_values, are_scalars_by_dotted_path) {
  const json document = {{"a", {{"b", 1}, {"c", {true, "x"}}}}, {"d.e", 2.5}, {"n", nullptr}};
  EXPECT_THAT(visited(document), ElementsAre("a.b=1", "a.c=true", "a.c=\"x\"", "d.e=2.5"));
}

TEST(opensearch_field_values, of_objects_in_an_array_share_a_path) {
  EXPECT_THAT(visited({{"a", json::array({{{"b", 1}}, {{"b", 2}}})}}), ElementsAre("a.b=1", "a.b=2"));
}

TEST(opensearch_field_values, end_at_the_bounds) {
  json deep = 1;
  for (int i = 0; i < 1000; ++i)
    deep = json{{"a", std::move(deep)}};
  EXPECT_THAT(visited(deep), IsEmpty());
  EXPECT_THAT(visited({{"many", std::vector<int>(100'000, 1)}}), SizeIs(field_bounds::elements_max));
  EXPECT_THAT(visited({{std::string(100'000, 'k'), 1}}), IsEmpty());
  json wide = json::object();
  for (int i = 0; i < 20'000; ++i)
    wide["f" + std::to_string(i)] = i;
  EXPECT_THAT(visited(wide), SizeIs(field_bounds::nodes_max));
  EXPECT_THAT(visited(json::array({1, 2})), IsEmpty());
}

TEST(opensearch_field_values, are_found_however_the_names_are_cut) {
  const json document = {{"a", {{"b.c", 1}}}, {"x.y", {{"z", "found"}}}, {"l", json::array({{{"m", 7}}})}};
  ASSERT_NE(value_at(document, "a.b.c"), nullptr);
  EXPECT_EQ(*value_at(document, "a.b.c"), 1);
  EXPECT_EQ(*value_at(document, "x.y.z"), "found");
  EXPECT_EQ(*value_at(document, "l.m"), 7);
  EXPECT_EQ(value_at(document, "a.b"), nullptr);
  EXPECT_EQ(value_at(document, ""), nullptr);
  EXPECT_EQ(value_at(document, "...."), nullptr);
  EXPECT_EQ(value_at(5, "a"), nullptr);
}

TEST(opensearch_field_values, are_numbers_only_if_they_are_finite_and_whole_texts) {
  EXPECT_EQ(value_number("12.5"), 12.5);
  EXPECT_EQ(value_number(-3), -3);
  EXPECT_EQ(value_number("12ms"), std::nullopt);
  EXPECT_EQ(value_number(""), std::nullopt);
  EXPECT_EQ(value_number("nan"), std::nullopt);
  EXPECT_EQ(value_number(std::numeric_limits<double>::infinity()), std::nullopt);
  EXPECT_EQ(value_number(true), std::nullopt);
}

TEST(opensearch_field_values, write_numbers_shortly) {
  EXPECT_EQ(number_text(1'000'000), "1000000");
  EXPECT_EQ(number_text(0.1), "0.1");
  EXPECT_EQ(number_text(-0.0), "0");
  EXPECT_EQ(value_text(std::string(257, 'x')), std::nullopt);
}

TEST(opensearch_field_table, has_a_bound_of_fields_for_both_samples_together) {
  json selection = json::object();
  json baseline = json::object();
  for (int i = 0; i < 400; ++i) {
    selection["s" + std::to_string(i)] = i;
    baseline["b" + std::to_string(i)] = i;
  }
  const documents now{selection};
  const documents before{baseline};
  const auto table = tabulate(now, before);
  EXPECT_EQ(table.fields.size(), field_bounds::fields_max);
  EXPECT_FALSE(table.complete);
}

TEST(opensearch_field_kind, knows_names_of_identities) {
  for (const char* name : {"id", "trace_id", "span.orderId", "request-uuid", "userID", "x.guid"})
    EXPECT_TRUE(names_identity(name)) << name;
  for (const char* name : {"paid", "humid", "valid", "id.name", "idle", ""})
    EXPECT_FALSE(names_identity(name)) << name;
}

TEST(opensearch_value_buckets, are_not_stretched_by_an_outlier) {
  std::vector<double> values{1e9};
  for (int i = 0; i < 100; ++i)
    values.push_back(i);
  const value_buckets buckets(values);
  EXPECT_EQ(buckets.count(), 6U);
  EXPECT_EQ(buckets.label(0), "[0, 10)");
  EXPECT_EQ(buckets.label(5), "[90, 1000000000]");
  EXPECT_EQ(buckets.bucket_of(9), 0U);
  EXPECT_EQ(buckets.bucket_of(10), 1U);
  EXPECT_EQ(buckets.bucket_of(1e9), 5U);
}

TEST(opensearch_value_buckets, set_apart_what_most_values_are) {
  std::vector<double> values(950, 0);
  for (int i = 1; i <= 50; ++i)
    values.push_back(i);
  const value_buckets buckets(values);
  EXPECT_EQ(buckets.label(0), "[0, 1)");
  EXPECT_EQ(buckets.label(1), "[1, 50]");
}

}  // namespace
}  // namespace hydrant::providers::opensearch

#include "providers/opensearch/analysis/distribution.hpp"
#include "providers/opensearch/analysis/statistics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace hydrant::providers::opensearch {
namespace {

using protocol::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

documents repeated(std::size_t times, const json& document) {
  return documents(times, document);
}

documents joined(documents first, const documents& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

const field_distribution* find(const distribution& in, std::string_view field) {
  const auto found = std::ranges::find(in.fields, field, &field_distribution::field);
  return found == in.fields.end() ? nullptr : &*found;
}

TEST(opensearch_statistics, divergence_reaches_from_the_same_to_nothing_in_common) {
  using statistics::count_pair;
  EXPECT_EQ(statistics::divergence(std::vector<count_pair>{{50, 500}, {50, 500}}), 0);
  EXPECT_NEAR(statistics::divergence(std::vector<count_pair>{{10'000, 0}, {0, 10'000}}), 1, 0.001);
  EXPECT_EQ(statistics::divergence(std::vector<count_pair>{{0, 5}}), 0);
  EXPECT_EQ(statistics::divergence({}), 0);
}

TEST(opensearch_statistics, log_likelihood_weighs_counts) {
  EXPECT_NEAR(statistics::log_likelihood(10, 100, 0, 100), 14.5, 0.5);
  EXPECT_LT(statistics::log_likelihood(1, 100, 0, 100), 2);
  EXPECT_EQ(statistics::log_likelihood(5, 100, 5, 100), 0);
  EXPECT_EQ(statistics::log_likelihood(100, 100, 100, 100), 0);
  EXPECT_EQ(statistics::log_likelihood(1, 1, 0, 0), 0);
}

TEST(opensearch_statistics, rounding_leaves_extremes_alone) {
  EXPECT_EQ(statistics::rounded(0.1 + 0.2), 0.3);
  for (const double value : {0.0, 5e-324, 1.7e308, -1.7e308})
    EXPECT_EQ(statistics::rounded(value), value);
}

TEST(opensearch_distribution, puts_the_field_that_changed_first) {
  const auto baseline = joined(repeated(100, {{"status", "ok"}, {"host", "a"}, {"zone", "x"}}),
                               repeated(100, {{"status", "ok"}, {"host", "b"}, {"zone", "y"}}));
  const auto selection = joined(repeated(90, {{"status", "failed"}, {"host", "a"}, {"zone", "x"}}),
                                repeated(60, {{"status", "ok"}, {"host", "b"}, {"zone", "x"}}));
  const auto made = compare_distributions(selection, baseline, {{"status", "keyword"}, {"host", "keyword"}});
  ASSERT_THAT(made.fields, SizeIs(3));
  EXPECT_EQ(made.fields[0].field, "status");
  EXPECT_EQ(made.fields[0].values[0].value, "failed");
  EXPECT_DOUBLE_EQ(made.fields[0].values[0].selection, 0.6);
  EXPECT_EQ(made.fields[0].values[0].baseline, 0);
  EXPECT_EQ(made.fields[1].field, "zone");
  EXPECT_EQ(made.fields[2].field, "host");
}

TEST(opensearch_distribution, groups_numbers_by_what_both_samples_hold) {
  documents baseline;
  documents selection;
  for (int i = 0; i < 200; ++i) {
    baseline.push_back({{"took", i % 100}});
    selection.push_back({{"took", 500 + i % 100}});
  }
  const auto made = compare_distributions(selection, baseline, {{"took", "long"}});
  const auto* took = find(made, "took");
  ASSERT_NE(took, nullptr);
  EXPECT_GT(took->score, 0.9);
  EXPECT_LE(took->values.size(), 7U);
  double total = 0;
  for (const auto& one : took->values)
    total += one.selection;
  EXPECT_NEAR(total, 1, 1e-9);
}

TEST(opensearch_distribution, notices_a_field_that_vanishes) {
  const auto made = compare_distributions(repeated(50, {{"a", 1}}), repeated(50, {{"a", 1}, {"user", "bob"}}), {});
  ASSERT_THAT(made.fields, SizeIs(1));
  EXPECT_EQ(made.fields[0].field, "user");
  EXPECT_EQ(made.fields[0].selection_present, 0);
  EXPECT_EQ(made.fields[0].baseline_present, 1);
  EXPECT_THAT(made.left_out_fields, ElementsAre(Pair("a", left_out::unchanged)));
}

TEST(opensearch_distribution, takes_no_noise_for_a_change) {
  documents selection;
  documents baseline;
  for (int i = 0; i < 40; ++i) {
    selection.push_back({{"shard", "s" + std::to_string(i * 7 % 15)}});
    baseline.push_back({{"shard", "s" + std::to_string(i * 11 % 13)}});
  }
  const auto made = compare_distributions(selection, baseline, {{"shard", "keyword"}});
  const auto* shard = find(made, "shard");
  EXPECT_TRUE(!shard || shard->score < 0.1);
}

TEST(opensearch_distribution, leaves_out_what_describes_nothing) {
  documents selection;
  for (int i = 0; i < 100; ++i)
    selection.push_back({{"trace_id", "t" + std::to_string(i)},
                         {"message", "text " + std::to_string(i)},
                         {"at", "2026-01-01"},
                         {"account_id", i},
                         {"blob", std::string(1000, 'x')},
                         {"level", i % 2 == 0 ? "info" : "warn"}});
  const auto made = describe_distribution(
      selection, {{"at", "date"}, {"trace_id", "keyword"}, {"message", "text"}, {"account_id", "long"}});
  ASSERT_THAT(made.fields, SizeIs(1));
  EXPECT_EQ(made.fields[0].field, "level");
  EXPECT_THAT(
      made.left_out_fields,
      ElementsAre(Pair("account_id", left_out::identity), Pair("at", left_out::type), Pair("blob", left_out::no_values),
                  Pair("message", left_out::too_many_values), Pair("trace_id", left_out::identity)));
}

TEST(opensearch_distribution, leaves_out_more_groups_than_anybody_reads) {
  documents selection;
  for (int i = 0; i < 2000; ++i)
    selection.push_back({{"many", "m" + std::to_string(i / 5)}, {"some", "s" + std::to_string(i / 10)}});
  const auto made = describe_distribution(selection, {});
  ASSERT_THAT(made.fields, SizeIs(1));
  EXPECT_EQ(made.fields[0].field, "some");
  EXPECT_EQ(made.fields[0].values_total, 200U);
  EXPECT_THAT(made.left_out_fields, ElementsAre(Pair("many", left_out::too_many_values)));
}

TEST(opensearch_distribution, without_a_baseline_uneven_fields_come_first_and_constant_ones_last) {
  documents selection;
  for (int i = 0; i < 100; ++i)
    selection.push_back({{"even", i % 2}, {"uneven", i % 20 == 0}, {"constant", "c"}});
  const auto made = describe_distribution(selection, {});
  ASSERT_THAT(made.fields, SizeIs(3));
  EXPECT_EQ(made.fields[0].field, "uneven");
  EXPECT_EQ(made.fields[0].values[0].value, "false");
  EXPECT_EQ(made.fields[1].field, "even");
  EXPECT_EQ(made.fields[2].field, "constant");
}

TEST(opensearch_distribution, counts_a_value_once_per_document) {
  const auto made = describe_distribution(repeated(10, {{"tags", {"a", "a", "b"}}}), {});
  ASSERT_THAT(made.fields, SizeIs(1));
  EXPECT_DOUBLE_EQ(made.fields[0].values[0].selection, 1);
  EXPECT_DOUBLE_EQ(made.fields[0].values[1].selection, 1);
}

TEST(opensearch_distribution, bears_with_anything) {
  const documents odd{nullptr,
                      5,
                      "text",
                      json::array({1}),
                      json::object(),
                      {{"a", 1}},
                      {{"a", "x"}},
                      {{"a", {{"b", 1}}}},
                      {{"", ""}},
                      {{"n", std::numeric_limits<double>::quiet_NaN()}},
                      {{"s", "\xff\xfe"}}};
  const auto made = compare_distributions(odd, odd, {{"a", "long"}, {"n", "double"}});
  EXPECT_FALSE(protocol::to_text(to_json(made)).empty());
  EXPECT_THAT(compare_distributions({}, {}, {}).fields, IsEmpty());
  EXPECT_THAT(describe_distribution({}, {}).fields, IsEmpty());
}

TEST(opensearch_distribution, with_an_empty_baseline_describes_the_selection) {
  const auto made = compare_distributions(repeated(10, {{"a", "x"}}), {}, {});
  ASSERT_THAT(made.fields, SizeIs(1));
  EXPECT_TRUE(to_json(made)["fields"][0].contains("concentration"));
  EXPECT_EQ(to_json(made)["baseline_documents"], 0);
}

TEST(opensearch_distribution, is_written_as_percent) {
  const auto selection = joined(repeated(2, {{"a", "x"}}), repeated(1, {{"a", "y"}}));
  const auto shown = to_json(describe_distribution(selection, {{"a", "keyword"}}));
  EXPECT_EQ(shown["selection_documents"], 3);
  EXPECT_EQ(shown["fields"][0]["values"][0], (json{{"value", "x"}, {"selection_percent", 66.67}}));
  EXPECT_EQ(shown["fields"][0]["present_percent"], (json{{"selection", 100.0}}));
  EXPECT_FALSE(shown.contains("complete"));
}

TEST(opensearch_distribution, reads_ten_thousand_documents) {
  documents selection;
  for (int i = 0; i < 10'000; ++i)
    selection.push_back({{"host", {{"name", "h" + std::to_string(i % 50)}}}, {"took", i % 977}, {"code", i % 5}});
  const auto made = compare_distributions(selection, selection, {});
  EXPECT_THAT(made.fields, IsEmpty());
  EXPECT_THAT(made.left_out_fields, SizeIs(3));
}

}  // namespace
}  // namespace hydrant::providers::opensearch

#include "providers/opensearch/analysis/metric_change.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace hydrant::providers::opensearch {
namespace {

using protocol::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// `count` values of one field, evenly spread from `from` to `to`.
documents spread(const std::string& field, double from, double to, int count) {
  documents made;
  for (int i = 0; i < count; ++i)
    made.push_back({{field, from + (to - from) * i / std::max(1, count - 1)}});
  return made;
}

double score_of(const documents& selection, const documents& baseline) {
  const auto made = compare_metrics(selection, baseline, {});
  return made.changes.empty() ? -1 : made.changes[0].score;
}

TEST(opensearch_metric_change, puts_the_metric_that_moved_first) {
  documents baseline;
  documents selection;
  for (int i = 0; i < 500; ++i) {
    baseline.push_back({{"cpu", i % 50}, {"latency", 10 + i % 10}, {"memory", 1000 + i % 100}});
    selection.push_back({{"cpu", i % 50}, {"latency", 100 + i % 100}, {"memory", 2000 + i % 100}});
  }
  const auto made = compare_metrics(selection, baseline, {{"cpu", "integer"}, {"latency", "long"}});
  EXPECT_EQ(made.fields_compared, 3U);
  ASSERT_THAT(made.changes, SizeIs(3));
  EXPECT_EQ(made.changes[0].field, "latency");
  EXPECT_NEAR(*made.changes[0].p50_ratio, 10, 1);
  EXPECT_NEAR(made.changes[0].score, std::log(10), 0.5);
  EXPECT_EQ(made.changes[1].field, "memory");
  EXPECT_NEAR(made.changes[1].score, std::log(2), 0.1);
  EXPECT_EQ(made.changes[2].field, "cpu");
  EXPECT_EQ(made.changes[2].score, 0);
}

TEST(opensearch_metric_change, summarises_both_samples) {
  const auto made = compare_metrics(spread("v", 1, 101, 101), spread("v", 1, 101, 101), {});
  const auto& summary = made.changes.at(0).selection;
  EXPECT_EQ(summary.count, 101U);
  EXPECT_NEAR(summary.mean, 51, 1e-9);
  EXPECT_DOUBLE_EQ(summary.p25, 26);
  EXPECT_DOUBLE_EQ(summary.p50, 51);
  EXPECT_DOUBLE_EQ(summary.p90, 91);
  EXPECT_EQ(summary.max, 101);
}

TEST(opensearch_metric_change, scores_up_and_down_alike) {
  const auto low = spread("v", 100, 110, 200);
  const auto high = spread("v", 1000, 1100, 200);
  EXPECT_DOUBLE_EQ(score_of(low, high), score_of(high, low));
}

TEST(opensearch_metric_change, has_a_score_for_zero_and_negative_values) {
  EXPECT_GT(score_of(spread("v", 5, 6, 100), spread("v", 0, 0, 100)), 1);
  EXPECT_GT(score_of(spread("v", 5, 6, 100), spread("v", -6, -5, 100)), 1);
  EXPECT_GT(score_of(spread("v", -60, -50, 100), spread("v", -6, -5, 100)), 1);
  EXPECT_EQ(score_of(spread("v", 0, 0, 100), spread("v", 0, 0, 100)), 0);
  const auto made = compare_metrics(spread("v", 5, 6, 9), spread("v", -6, -5, 9), {});
  EXPECT_FALSE(made.changes[0].p50_ratio.has_value());
}

TEST(opensearch_metric_change, a_nonzero_baseline_is_no_large_change_because_it_is_small) {
  // Beside values around 100, a move from 0 to 0.001 is none.
  documents baseline = spread("v", 90, 110, 100);
  documents selection = spread("v", 90, 110, 100);
  for (int i = 0; i < 30; ++i) {
    baseline.push_back({{"v", 0}});
    selection.push_back({{"v", 0.001}});
  }
  EXPECT_LT(score_of(selection, baseline), 0.01);
}

TEST(opensearch_metric_change, trusts_few_values_less) {
  const double few = score_of(spread("v", 1000, 1000, 2), spread("v", 100, 100, 2));
  const double many = score_of(spread("v", 1000, 1000, 200), spread("v", 100, 100, 200));
  EXPECT_GT(few, 0);
  EXPECT_LT(few, many / 2);
  // What overlaps is no change that three values could show.
  EXPECT_EQ(score_of(spread("v", 1, 100, 3), spread("v", 50, 150, 3)), 0);
}

TEST(opensearch_metric_change, is_not_led_by_an_outlier) {
  auto selection = spread("v", 10, 20, 200);
  selection.push_back({{"v", 1e12}});
  EXPECT_EQ(score_of(selection, spread("v", 10, 20, 200)), 0);
}

TEST(opensearch_metric_change, names_metrics_that_only_one_sample_has) {
  const auto made = compare_metrics({{{"new", 1}, {"both", 1}}}, {{{"old", 1}, {"both", 1}}}, {});
  EXPECT_THAT(made.only_in_selection, ElementsAre("new"));
  EXPECT_THAT(made.only_in_baseline, ElementsAre("old"));
  EXPECT_THAT(made.changes, SizeIs(1));
}

TEST(opensearch_metric_change, compares_neither_identities_nor_dates_nor_words) {
  const documents sample{{{"order_id", 5}, {"at", 1700000000000}, {"word", "x"}, {"code", "12"}}};
  const auto made = compare_metrics(sample, sample, {{"at", "date"}, {"code", "long"}, {"order_id", "long"}});
  ASSERT_THAT(made.changes, SizeIs(1));
  EXPECT_EQ(made.changes[0].field, "code");
}

TEST(opensearch_metric_change, shows_the_first_ones_and_breaks_ties_by_name) {
  documents sample;
  for (int i = 0; i < 3; ++i)
    sample.push_back({{"c", 1}, {"a", 1}, {"b", 1}});
  const auto made = compare_metrics(sample, sample, {}, 2);
  EXPECT_EQ(made.fields_compared, 3U);
  ASSERT_THAT(made.changes, SizeIs(2));
  EXPECT_EQ(made.changes[0].field, "a");
  EXPECT_EQ(made.changes[1].field, "b");
}

TEST(opensearch_metric_change, bears_with_anything) {
  const double huge = std::numeric_limits<double>::max();
  const double tiny = std::numeric_limits<double>::denorm_min();
  const documents odd{5,
                      {{"v", huge}},
                      {{"v", -huge}},
                      {{"v", tiny}},
                      {{"v", std::numeric_limits<double>::quiet_NaN()}},
                      {{"v", {1, "x", nullptr, {{"w", 2}}}}},
                      {{"t", tiny}}};
  const documents other{{{"v", -huge}}, {{"v", huge}}, {{"t", -huge}}};
  const auto made = compare_metrics(odd, other, {{"v", "double"}});
  for (const auto& one : made.changes)
    EXPECT_TRUE(std::isfinite(one.score)) << one.field;
  EXPECT_FALSE(protocol::to_text(to_json(made)).empty());
  EXPECT_THAT(compare_metrics({}, {}, {}).changes, IsEmpty());
}

TEST(opensearch_metric_change, is_written_with_its_figures) {
  const auto shown = to_json(compare_metrics(spread("v", 20, 20, 12), spread("v", 10, 10, 12), {}));
  const auto& change = shown["changes"][0];
  EXPECT_EQ(change["field"], "v");
  EXPECT_EQ(change["p50_ratio"], 2.0);
  EXPECT_EQ(change["selection"]["p99"], 20.0);
  EXPECT_EQ(change["baseline"]["count"], 12);
  EXPECT_GT(change["change_score"], 0.4);
  EXPECT_FALSE(shown.contains("only_in_selection"));
}

}  // namespace
}  // namespace hydrant::providers::opensearch

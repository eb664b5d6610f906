#include "providers/opensearch/analysis/log_patterns.hpp"
#include "providers/opensearch/analysis/log_templates.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace hydrant::providers::opensearch {
namespace {

using protocol::json;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

const log_fields only_message{"message", "", ""};
const log_fields with_traces{"message", "trace", "time"};

documents messages(const std::vector<std::string>& texts) {
  documents made;
  for (const auto& text : texts)
    made.push_back({{"message", text}});
  return made;
}

documents repeated(std::size_t times, const std::string& text) {
  return documents(times, json{{"message", text}});
}

documents& operator+=(documents& to, const documents& more) {
  to.insert(to.end(), more.begin(), more.end());
  return to;
}

std::vector<std::string> patterns_of(const std::vector<std::string>& texts) {
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  std::vector<std::string> made;
  for (const auto& one : find_templates(views).patterns)
    made.push_back(one.text);
  return made;
}

std::vector<std::string> names(const log_pattern_list& list) {
  std::vector<std::string> made;
  for (const auto& one : list.shown)
    made.push_back(one.pattern);
  return made;
}

TEST(opensearch_log_templates, replace_a_word_that_varies) {
  EXPECT_THAT(
      patterns_of({"user alice logged in", "user bob logged in", "user carol logged in", "user dave logged in"}),
      ElementsAre("user <*> logged in"));
}

TEST(opensearch_log_templates, keep_words_that_are_few) {
  EXPECT_THAT(patterns_of({"cache entry was read", "cache entry was written"}), SizeIs(2));
}

TEST(opensearch_log_templates, never_merge_what_went_wrong_with_what_did_not) {
  std::vector<std::string> texts;
  for (const char* word : {"opened", "closed", "reset", "kept", "refused", "taken"})
    texts.push_back(std::string("connection to database was ") + word);
  EXPECT_THAT(patterns_of(texts), ElementsAre("connection to database was <*>", "connection to database was refused"));
}

TEST(opensearch_log_templates, do_not_depend_on_the_order) {
  std::vector<std::string> texts;
  for (int i = 0; i < 300; ++i) {
    const std::string name(1, static_cast<char>('a' + i % 26));
    texts.push_back("job " + name + name + " started on " + name);
    texts.push_back("job " + name + name + " stopped after " + std::to_string(i) + "ms");
  }
  const auto expected = patterns_of(texts);
  std::mt19937 random(3);
  std::ranges::shuffle(texts, random);
  EXPECT_EQ(patterns_of(texts), expected);
  EXPECT_THAT(expected, UnorderedElementsAre("job <*> started on <*>", "job <*> stopped after <NUM>ms"));
}

TEST(opensearch_log_templates, are_bounded) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < 3 * template_bounds::patterns_max; ++i)
    texts.push_back(std::string(i % 120 + 1, '.') + (i / 120 % 2 == 0 ? "a" : "b") + std::string(i / 240, ','));
  texts.resize(3 * template_bounds::patterns_max);
  const auto made = patterns_of(texts);
  EXPECT_EQ(made.size(), template_bounds::patterns_max);
  EXPECT_THAT(made, Contains("<other messages>"));
}

TEST(opensearch_logs, errors_stand_in_a_list_of_their_own) {
  documents selection = repeated(50, "request done in 5ms");
  selection += repeated(3, "request failed: timeout after 30s");
  selection += repeated(5, "NullPointerException in handler");
  const auto made = describe_logs(selection, only_message);
  EXPECT_THAT(names(made.errors),
              ElementsAre("NullPointerException in handler", "request failed: timeout after <NUM>s"));
  EXPECT_THAT(names(made.frequent), SizeIs(3));
  EXPECT_EQ(made.frequent.shown[0].pattern, "request done in <NUM>ms");
  EXPECT_EQ(made.frequent.shown[0].selection, 50U);
  EXPECT_FALSE(made.baseline_messages.has_value());
}

TEST(opensearch_logs, tell_new_gone_and_changed_patterns) {
  documents baseline = repeated(800, "request done in 5ms");
  baseline += repeated(150, "cache miss for key 7");
  baseline += repeated(50, "nightly job finished");
  documents selection = repeated(500, "request done in 900ms");
  selection += repeated(450, "cache miss for key 12");
  selection += repeated(40, "disk full on /dev/sda1");
  const auto made = compare_logs(selection, baseline, only_message);
  EXPECT_THAT(names(made.added), ElementsAre("disk full on <PATH>"));
  EXPECT_THAT(names(made.gone), ElementsAre("nightly job finished"));
  EXPECT_THAT(names(made.changed), ElementsAre("cache miss for key <NUM>", "request done in <NUM>ms"));
  EXPECT_NEAR(*made.changed.shown[0].lift, 3.03, 0.01);
  EXPECT_LT(*made.changed.shown[1].lift, 1);
  EXPECT_FALSE(made.added.shown[0].lift.has_value());
}

TEST(opensearch_logs, a_ratio_between_few_messages_is_no_change) {
  documents baseline = repeated(100, "steady");
  baseline += repeated(1, "rare thing");
  documents selection = repeated(100, "steady");
  selection += repeated(3, "rare thing");
  EXPECT_THAT(compare_logs(selection, baseline, only_message).changed.shown, IsEmpty());
}

TEST(opensearch_logs, show_a_few_samples_cut_between_characters) {
  const auto made = describe_logs(messages({"n 1", "n 1", "n 2", "n 3"}), only_message);
  EXPECT_THAT(made.frequent.shown.at(0).samples, ElementsAre("n 1", "n 2"));
  std::string accents;
  for (int i = 0; i < 400; ++i)
    accents += "\xc3\xa9";
  const auto cut = describe_logs(messages({"x" + accents}), only_message).frequent.shown.at(0).samples.at(0);
  EXPECT_EQ(cut.size(), 299U + 3);
}

TEST(opensearch_logs, samples_of_the_baseline_stand_for_gone_patterns_only) {
  const auto made = compare_logs(messages({"new 1"}), messages({"old 1", "new 2"}), only_message);
  EXPECT_THAT(made.gone.shown.at(0).samples, ElementsAre("old 1"));
  EXPECT_THAT(made.added.shown, IsEmpty());
}

documents trace(const std::string& id, const std::vector<std::string>& texts) {
  documents made;
  for (std::size_t i = 0; i < texts.size(); ++i)
    made.push_back({{"message", texts[i]},
                    {"trace", id},
                    {"time", "2026-02-01T10:00:0" + std::to_string(i) + (i % 2 == 0 ? "Z" : ".5Z")}});
  std::ranges::reverse(made);
  return made;
}

TEST(opensearch_logs, find_traces_that_took_a_new_way) {
  documents baseline;
  documents selection;
  for (int i = 0; i < 40; ++i) {
    baseline += trace("b" + std::to_string(i), {"order placed", "payment taken", "order shipped"});
    selection += trace("s" + std::to_string(10 + i), {"order placed", "payment taken", "order shipped"});
  }
  for (int i = 0; i < 8; ++i)
    selection += trace("x" + std::to_string(i), {"order placed", "payment rejected", "payment rejected", "order held"});
  selection += trace("y", {"payment taken", "order placed"});
  const auto made = compare_logs(selection, baseline, with_traces);
  ASSERT_TRUE(made.sequences.has_value());
  EXPECT_EQ(made.sequences->selection_traces, 49U);
  EXPECT_EQ(made.sequences->baseline_traces, 40U);
  ASSERT_THAT(made.sequences->shown, SizeIs(2));
  const auto& first = made.sequences->shown[0];
  EXPECT_THAT(first.patterns, ElementsAre("order placed", "payment rejected", "order held"));
  EXPECT_THAT(first.new_patterns, ElementsAre("payment rejected", "order held"));
  EXPECT_EQ(first.selection, 8U);
  EXPECT_EQ(first.example_trace, "x0");
  EXPECT_EQ(made.sequences->shown[1].example_trace, "y");
}

TEST(opensearch_logs, without_a_baseline_frequent_sequences_come_first) {
  documents selection = trace("rare", {"a b", "c d"});
  for (int i = 0; i < 3; ++i)
    selection += trace("t" + std::to_string(i), {"a b"});
  const auto made = describe_logs(selection, with_traces);
  ASSERT_THAT(made.sequences->shown, SizeIs(2));
  EXPECT_EQ(made.sequences->shown[0].selection, 3U);
  EXPECT_THAT(made.sequences->shown[0].new_patterns, IsEmpty());
}

TEST(opensearch_logs, count_documents_without_a_message) {
  const documents odd{5, nullptr, json::object(), {{"message", 5}}, {{"message", " "}}, {{"message", "\xff"}}};
  const auto made = compare_logs(odd, {}, with_traces);
  EXPECT_EQ(made.documents_without_message, 5U);
  EXPECT_EQ(made.selection_messages, 1U);
  EXPECT_EQ(made.baseline_messages, 0U);
  EXPECT_FALSE(protocol::to_text(to_json(made)).empty());
}

TEST(opensearch_logs, are_written_with_counts_and_percent) {
  const auto shown = to_json(compare_logs(repeated(1, "it failed"), repeated(3, "it works"), with_traces));
  const auto& added = shown["new_patterns"]["patterns"][0];
  EXPECT_EQ(added["pattern"], "it failed");
  EXPECT_EQ(added["selection_percent"], 100.0);
  EXPECT_EQ(added["baseline_count"], 0);
  EXPECT_EQ(added["error_like"], true);
  EXPECT_EQ(added["samples"], json::array({"it failed"}));
  EXPECT_EQ(shown["gone_patterns"]["total"], 1);
  EXPECT_EQ(shown["sequences"]["selection_traces"], 0);
  EXPECT_FALSE(shown.contains("frequent_patterns"));
}

TEST(opensearch_logs, ten_thousand_messages_without_anything_in_common_stay_bounded) {
  std::mt19937 random(1);
  documents selection;
  for (int i = 0; i < 10'000; ++i) {
    std::string text;
    for (int word = 0; word < 6; ++word)
      text += std::string(word == 0 ? 0 : 1, ' ') + static_cast<char>('a' + random() % 26) +
              static_cast<char>('a' + random() % 26);
    selection.push_back({{"message", text}});
  }
  const auto made = describe_logs(selection, only_message);
  EXPECT_EQ(made.selection_messages, 10'000U);
  EXPECT_LE(made.frequent.total, template_bounds::patterns_max);
}

}  // namespace
}  // namespace hydrant::providers::opensearch

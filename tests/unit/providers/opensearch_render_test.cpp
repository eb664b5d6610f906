#include "providers/opensearch/render/table.hpp"
#include "providers/opensearch/render/text_limit.hpp"

#include <gtest/gtest.h>

namespace hydrant::providers::opensearch {
namespace {

using protocol::json;

const table_form indices_form{{{"index", "", column_kind::text},
                               {"docs.count", "documents", column_kind::integer},
                               {"load", "", column_kind::number}},
                              "indices",
                              "indices",
                              65'536};

json rows_of(int count, const std::string& name = "index-") {
  auto rows = json::array();
  for (int i = 0; i < count; ++i)
    rows.push_back({{"index", name + std::to_string(i)}});
  return rows;
}

TEST(opensearch_table, rows_become_json_and_markdown) {
  const auto rows = json::parse(R"([{"index": "films", "docs.count": "30000", "load": "0.25", "uuid": "x"}])");
  const auto table = render_table(rows, indices_form);
  EXPECT_EQ(table.structured, json::parse(R"({"indices": [{"index": "films", "docs.count": 30000, "load": 0.25}],
                                              "total": 1, "offset": 0, "returned": 1})"));
  EXPECT_EQ(table.text, "| index | documents | load |\n|---|---|---|\n| films | 30000 | 0.25 |\n");
}

TEST(opensearch_table, only_what_is_a_number_becomes_one) {
  const auto rows = json::parse(R"([{"index": "12", "docs.count": "12kb", "load": "inf"},
                                    {"docs.count": null, "load": 3}, {"docs.count": "99999999999999999999"},
                                    {"docs.count": "-5", "load": "7"}, {"docs.count": "", "load": "1e2"}])");
  const auto table = render_table(rows, indices_form);
  EXPECT_EQ(table.structured["indices"], json::parse(R"([{"index": "12", "docs.count": "12kb", "load": "inf"},
                                    {"load": 3}, {"docs.count": "99999999999999999999"},
                                    {"docs.count": -5, "load": 7}, {"docs.count": "", "load": 100.0}])"));
}

TEST(opensearch_table, cells_cannot_break_the_table) {
  const auto table = render_table(json::parse(R"([{"index": "a|b\nc"}])"), indices_form);
  EXPECT_NE(table.text.find("| a\\|b c |"), std::string::npos);
  EXPECT_EQ(table.structured["indices"][0]["index"], "a|b\nc");
}

TEST(opensearch_table, long_cells_are_cut_between_characters) {
  std::string name;
  for (int i = 0; i < 150; ++i)
    name += "é";
  const auto table = render_table(json{{{"index", "x" + name}}}, indices_form);
  EXPECT_NE(table.text.find("é… |"), std::string::npos);
  EXPECT_LT(table.text.size(), 270U);
  EXPECT_NO_THROW(json(table.text).dump());
  EXPECT_EQ(table.structured["indices"][0]["index"], "x" + name);
}

TEST(opensearch_table, a_page_says_how_to_get_more) {
  const auto first = render_table(rows_of(312), indices_form);
  EXPECT_EQ(first.structured["returned"], 100);
  EXPECT_EQ(first.structured["total"], 312);
  EXPECT_EQ(first.structured["note"], "Rows 1 to 100 of 312 indices; ask again with offset 100 for more.");
  EXPECT_TRUE(first.text.ends_with("|\n\nRows 1 to 100 of 312 indices; ask again with offset 100 for more."));
}

TEST(opensearch_table, the_last_page_says_where_it_is) {
  const auto last = render_table(rows_of(312), indices_form, {300, 100});
  EXPECT_EQ(last.structured["indices"][0]["index"], "index-300");
  EXPECT_EQ(last.structured["note"], "Rows 301 to 312 of 312 indices.");
}

TEST(opensearch_table, everything_needs_no_note) {
  EXPECT_FALSE(render_table(rows_of(100), indices_form).structured.contains("note"));
}

TEST(opensearch_table, no_rows_are_said_in_words) {
  const auto none = render_table(json::array(), indices_form);
  EXPECT_EQ(none.text, "No indices.");
  EXPECT_EQ(none.structured["indices"], json::array());
  EXPECT_EQ(render_table(json::object(), indices_form).structured["total"], 0);
}

TEST(opensearch_table, pages_outside_of_the_rows_are_empty) {
  EXPECT_EQ(render_table(rows_of(3), indices_form, {5, 10}).text, "There are 3 indices: offset 5 is past the last.");
  EXPECT_EQ(render_table(rows_of(3), indices_form, {0, 0}).text, "None of 3 indices are shown, since the limit is 0.");
  EXPECT_EQ(render_table(rows_of(3), indices_form, {-5, 2}).structured["returned"], 2);
  EXPECT_EQ(render_table(rows_of(3), indices_form, {INT64_MAX, INT64_MAX}).structured["returned"], 0);
  EXPECT_EQ(render_table(rows_of(3), indices_form, {0, -1}).structured["returned"], 0);
}

TEST(opensearch_table, both_forms_stay_within_the_limit) {
  auto form = indices_form;
  for (const std::size_t bytes_max : {500, 1'000, 5'000}) {
    form.bytes_max = bytes_max;
    const auto table = render_table(rows_of(5'000, "an \"index\" "), form, {0, 5'000});
    EXPECT_LE(table.text.size(), bytes_max);
    EXPECT_LE(table.structured.dump().size(), bytes_max);
    EXPECT_GT(table.structured["returned"], 0);
    EXPECT_NE(table.text.find("as many as fit; ask again with offset"), std::string::npos);
  }
}

TEST(opensearch_table, a_row_that_can_never_fit_is_stepped_over) {
  auto form = indices_form;
  form.bytes_max = 1'000;
  auto rows = rows_of(3);
  rows[1]["index"] = std::string(5'000, 'x');
  EXPECT_EQ(render_table(rows, form).structured["returned"], 1);
  EXPECT_EQ(render_table(rows, form, {1, 10}).text,
            "Row 2 of 3 indices is too large to be shown; ask again with offset 2 for what follows.");
}

TEST(opensearch_text_limit, short_texts_stay) {
  EXPECT_EQ(limit_text("abc", 3), "abc");
}

TEST(opensearch_text_limit, long_texts_end_with_a_note) {
  const auto cut = limit_text(std::string(1'000, 'a'), 200, "Ask for fewer rows.");
  EXPECT_LE(cut.size(), 200U);
  EXPECT_NE(cut.find(" of 1000 bytes. Ask for fewer rows.)"), std::string::npos);
}

TEST(opensearch_text_limit, no_character_is_cut_in_two) {
  EXPECT_EQ(cut_utf8("aé€😀", 9), "aé€");
  EXPECT_EQ(cut_utf8("aé€😀", 5), "aé");
  EXPECT_EQ(cut_utf8("aé€😀", 10), "aé€😀");
  EXPECT_EQ(cut_utf8("é", 1), "");
  EXPECT_EQ(cut_utf8("", 0), "");
}

TEST(opensearch_text_limit, a_limit_smaller_than_the_note_leaves_the_note) {
  EXPECT_EQ(limit_text(std::string(100, 'a'), 10), "\n\n(Cut here: the first 0 of 100 bytes.)");
}

}  // namespace
}  // namespace hydrant::providers::opensearch

#include "providers/opensearch/render/csv.hpp"
#include "providers/opensearch/render/search_reply.hpp"

#include <gmock/gmock.h>

namespace hydrant::providers::opensearch {
namespace {

using protocol::json;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

json hit(const std::string& id, json source) {
  return {{"_index", "films"}, {"_id", id}, {"_score", nullptr}, {"_source", std::move(source)}};
}

json reply_with(json hits, json total = {{"value", 2}, {"relation", "eq"}}) {
  return {{"took", 4}, {"timed_out", false}, {"hits", {{"total", std::move(total)}, {"hits", std::move(hits)}}}};
}

const json two = json::array({hit("a", {{"title", "A"}}), hit("b", {{"title", "B"}})});

std::size_t bytes_of(const json& value) {
  return protocol::to_text(value).size();
}

TEST(opensearch_search_reply, hits_are_counted_and_shown) {
  const auto told = render_search(reply_with(two), {});
  EXPECT_EQ(told.text,
            "2 documents match; 1 to 2 follow (4 ms).\n\n"
            "{\"_id\":\"a\",\"_index\":\"films\",\"_source\":{\"title\":\"A\"}}\n"
            "{\"_id\":\"b\",\"_index\":\"films\",\"_source\":{\"title\":\"B\"}}\n");
  EXPECT_EQ(told.structured["total"], 2);
  EXPECT_EQ(told.structured["total_is_exact"], true);
  EXPECT_FALSE(told.structured.contains("note"));
  EXPECT_THAT(render_search(reply_with(json::array({two[0]}), 1), {}).text, HasSubstr("1 document matches;"));
}

TEST(opensearch_search_reply, totals_have_several_forms) {
  const auto total = [](json given) { return render_search(reply_with(two, std::move(given)), {}).structured; };
  EXPECT_EQ(total({{"value", 10'000}, {"relation", "gte"}})["total_is_exact"], false);
  EXPECT_EQ(total(55)["total"], 55);
  EXPECT_EQ(total(nullptr)["total"], 2);
  EXPECT_EQ(total(nullptr)["total_is_exact"], false);
}

TEST(opensearch_search_reply, a_total_that_was_not_counted_is_not_told) {
  const auto told = render_search(json::parse(R"({"hits": {"hits": []}})"), {});
  EXPECT_THAT(told.text, StartsWith("It was not counted"));
}

TEST(opensearch_search_reply, what_was_asked_for_beside_the_document_stays) {
  auto one = hit("a", {{"t", 1}});
  one["matched_queries"] = {"q1"};
  one["highlight"] = {{"t", {"<em>1</em>"}}};
  one["_type"] = "_doc";
  const auto shown = render_search(reply_with(json::array({one})), {}).structured["hits"][0];
  EXPECT_TRUE(shown.contains("matched_queries"));
  EXPECT_TRUE(shown.contains("highlight"));
  EXPECT_FALSE(shown.contains("_type"));
  EXPECT_FALSE(shown.contains("_score"));
}

TEST(opensearch_search_reply, the_note_says_how_to_go_on) {
  const auto told = render_search(reply_with(two, 7), {.from = 2});
  EXPECT_THAT(told.structured["note"], HasSubstr(R"(set "from": 4)"));
  EXPECT_FALSE(render_search(reply_with(two, 4), {.from = 2}).structured.contains("note"));
}

TEST(opensearch_search_reply, who_asked_for_no_hits_is_not_told_to_page) {
  auto reply = reply_with(json::array(), 7);
  reply["aggregations"] = {{"genres", {{"buckets", json::array()}}}};
  const auto told = render_search(reply, {});
  EXPECT_FALSE(told.structured.contains("note"));
  EXPECT_EQ(told.structured["aggregations"], reply["aggregations"]);
  EXPECT_THAT(told.text, HasSubstr("aggregations:\n{\"genres\""));
}

TEST(opensearch_search_reply, hits_that_do_not_fit_are_left_out) {
  json many = json::array();
  for (int i = 0; i < 50; ++i)
    many.push_back(hit(std::to_string(i), {{"text", std::string(100, 'x')}}));
  const auto told = render_search(reply_with(many, 50), {.bytes_max = 2000});
  const auto shown = told.structured["hits"].size();
  EXPECT_GT(shown, 5u);
  EXPECT_LE(bytes_of(told.structured["hits"]), 2002u);
  EXPECT_THAT(told.structured["note"], HasSubstr(R"("from": )" + std::to_string(shown)));
  const auto none =
      render_search(reply_with(json::array({hit("a", {{"t", std::string(3000, 'x')}})}), 1), {.bytes_max = 2000});
  EXPECT_TRUE(none.structured["hits"].empty());
  EXPECT_THAT(none.structured["note"], HasSubstr("first hit alone"));
}

TEST(opensearch_search_reply, csv_of_unlike_documents_fits_too) {
  json many = json::array();
  for (int i = 0; i < 300; ++i)
    many.push_back(hit(std::to_string(i), {{"field" + std::to_string(i), 1}}));
  const auto told = render_search(reply_with(many, 300), {.format = hit_format::csv, .bytes_max = 20'000});
  EXPECT_LE(told.text.size(), 20'500u);
  EXPECT_FALSE(told.structured["hits"].empty());
  EXPECT_TRUE(told.structured.contains("note"));
}

TEST(opensearch_search_reply, aggregations_come_whole_or_not_at_all) {
  auto reply = reply_with(two);
  reply["aggregations"] = {{"a", std::string(1000, 'x')}};
  const auto told = render_search(reply, {.bytes_max = 900});
  EXPECT_FALSE(told.structured.contains("aggregations"));
  EXPECT_THAT(told.structured["note"], HasSubstr("aggregations are left out"));
}

TEST(opensearch_search_reply, neither_form_grows_over_its_bound_by_what_the_other_left) {
  json hits = json::array();
  for (int i = 0; i < 20; ++i)
    hits.push_back(hit("id", {{"a_rather_long_name_of_a_field", 1}}));
  auto reply = reply_with(hits);
  reply["aggregations"] = {{"a", std::string(1200, 'x')}};
  const auto told = render_search(reply, {.format = hit_format::csv, .bytes_max = 2000});
  EXPECT_LE(bytes_of(told.structured), 2400u);
}

TEST(opensearch_search_reply, what_is_missing_is_told) {
  auto reply = reply_with(two);
  reply["timed_out"] = true;
  reply["_shards"] = {{"total", 3}, {"failed", 1}};
  const auto note = render_search(reply, {}).structured["note"].get<std::string>();
  EXPECT_THAT(note, HasSubstr("ran out of time"));
  EXPECT_THAT(note, HasSubstr("1 of 3 shards failed"));
}

// --- csv

TEST(opensearch_csv, has_a_column_for_each_path_in_the_order_of_their_coming) {
  const auto hits = json::array(
      {hit("a", json::parse(R"({"title":"A","cast":{"lead":"x"}})")), hit("b", json::parse(R"({"year":1999})"))});
  EXPECT_EQ(hits_as_csv(hits).text, "_id,cast.lead,title,year\na,x,A,\nb,,,1999\n");
}

TEST(opensearch_csv, cells_are_quoted_where_they_must_be) {
  csv_table table({"a"}, 10);
  table.begin_row();
  table.put("a", "say \"hi\", you\nthere");
  table.put("b,c", "x\r");
  EXPECT_EQ(table.text(), "a,\"b,c\"\n\"say \"\"hi\"\", you\nthere\",\"x\r\"\n");
}

TEST(opensearch_csv, lists_of_plain_values_are_joined_and_others_stay_json) {
  csv_table table({}, 10);
  table.begin_row();
  table.put_all(json::parse(R"({"a":["x",1,null,true],"b":[{"c":1}],"d":[],"e":null,"f":{}})"));
  EXPECT_EQ(table.text(), "a,b,d,e\nx; 1; ; true,\"[{\"\"c\"\":1}]\",,\n");
}

TEST(opensearch_csv, columns_and_depth_are_bounded) {
  csv_table table({}, 3);
  table.begin_row();
  json deep = 1;
  for (int i = 0; i < 60; ++i)
    deep = {{"d", deep}};
  table.put_all({{"a", deep}, {"b", 1}, {"c", 2}, {"e", 3}});
  const auto text = table.text();
  EXPECT_EQ(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find('\n')), ','), 2);
}

TEST(opensearch_csv, without_a_source_there_are_the_fields) {
  EXPECT_EQ(hits_as_csv(json::array({{{"_id", "a"}, {"fields", {{"year", {1999}}}}}})).text, "_id,year\na,1999\n");
}

TEST(opensearch_csv, says_that_columns_are_left_out) {
  json wide = json::object();
  for (int i = 0; i < 300; ++i)
    wide["f" + std::to_string(i)] = i;
  const search_form csv{.format = hit_format::csv};
  const json reply = {
      {"hits", {{"total", {{"value", 1}, {"relation", "eq"}}}, {"hits", json::array({hit("a", wide)})}}}};
  EXPECT_THAT(render_search(reply, csv).text, HasSubstr("Only the first 200 columns are shown"));
  wide.erase(wide.find("f150"), wide.end());
  const json narrow = {{"hits", {{"hits", json::array({hit("a", wide)})}}}};
  EXPECT_THAT(render_search(narrow, csv).text, Not(HasSubstr("columns")));
}

}  // namespace
}  // namespace hydrant::providers::opensearch

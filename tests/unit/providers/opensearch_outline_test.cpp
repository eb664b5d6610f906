#include "providers/opensearch/policy/ppl_effect.hpp"
#include "providers/opensearch/render/field_list.hpp"
#include "providers/opensearch/render/outline.hpp"

#include <gmock/gmock.h>

namespace hydrant::providers::opensearch {
namespace {

using protocol::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(opensearch_outline, short_objects_stand_on_one_line_and_chains_are_joined) {
  const json value = {{"docs", {{"count", 5}, {"deleted", 0}}}, {"index", {{"version", {{"created", "136"}}}}}};
  EXPECT_EQ(outline(value), "docs: {count: 5, deleted: 0}\nindex.version.created: 136\n");
}

TEST(opensearch_outline, what_is_deeper_is_indented) {
  const json value = {{"node", {{"name", "n1"}, {"os", {{"arch", "amd64"}}}, {"roles", {"data", "ingest"}}}}, {"x", 1}};
  EXPECT_EQ(outline(value), "node:\n  name: n1\n  os.arch: amd64\n  roles: [data, ingest]\nx: 1\n");
}

TEST(opensearch_outline, a_text_cannot_add_lines) {
  EXPECT_EQ(outline(json{{"a", "x\ny: 1"}, {"b", json::array({json{{"c", "\n"}}})}}),
            "a: x y: 1\nb:\n  - {\"c\":\"\\n\"}\n");
}

TEST(opensearch_outline, empty_values_have_a_form) {
  EXPECT_EQ(outline(json::object()), "{}\n");
  EXPECT_EQ(outline(json{{"a", json::object()}, {"b", json::array()}, {"c", nullptr}}), "a: {}\nb: []\nc: null\n");
}

TEST(opensearch_outline, idle_values_go_with_what_is_empty_without_them) {
  const json value = {{"get", {{"total", 0}, {"missing", {{"total", 0.0}}}}}, {"docs", {{"count", 5}, {"x", ""}}}};
  EXPECT_EQ(without_idle(value), (json{{"docs", {{"count", 5}}}}));
}

TEST(opensearch_fit, what_fits_stays_as_it_is) {
  const json value = {{"a", {{"b", 1}}}};
  const auto out = fit_json(value, value.dump().size() + 4);
  EXPECT_EQ(out.value, value);
  EXPECT_EQ(out.note, "");
}

TEST(opensearch_fit, the_deepest_levels_give_way_first) {
  json value = {{"a", {{"kept", 1}, {"deep", json::object()}}}};
  for (int i = 0; i < 100; ++i)
    value["a"]["deep"]["member" + std::to_string(i)] = i;
  const auto out = fit_json(value, 200);
  EXPECT_EQ(out.value, (json{{"a", {{"deep", "(100 members)"}, {"kept", 1}}}}));
  EXPECT_EQ(out.note, "What nests deeper than 2 levels is left out: it is too much.");
}

TEST(opensearch_fit, then_members_go_from_the_end) {
  json value;
  for (int i = 100; i < 200; ++i)
    value["index-" + std::to_string(i)] = {{"x", 1}};
  const auto out = fit_json(value, 500);
  EXPECT_LE(out.value.dump().size(), 500U);
  EXPECT_EQ(out.value["index-100"], "(1 members)");
  EXPECT_THAT(out.note, HasSubstr("of 100 are named"));
}

TEST(opensearch_fit, nothing_fits_into_nothing) {
  EXPECT_EQ(fit_json(json{{"a", 1}}, 0).value, json::object());
  EXPECT_EQ(fit_json(json::array({1, 2}), 0).value, json::array());
}

std::vector<std::string> lines(const json& mappings, std::string_view glob = "*") {
  std::vector<std::string> out;
  for (const auto& field : fields_of(mappings, glob))
    out.push_back(field_line(field));
  return out;
}

const json mappings = json::parse(R"({"dynamic":"strict","properties":{
  "title":{"type":"text","analyzer":"english","fields":{"raw":{"type":"keyword","ignore_above":256}}},
  "released":{"type":"date","format":"yyyy-MM-dd"},
  "plot":{"type":"text","index":false},
  "cast":{"type":"nested","properties":{"name":{"type":"keyword"}}},
  "studio":{"properties":{"city":{"type":"keyword"},"seat":{"type":"object","enabled":false}}}}})");

TEST(opensearch_field_list, one_line_a_field_by_its_path) {
  EXPECT_THAT(lines(mappings), ElementsAre("cast: nested", "cast.name: keyword", "plot: text (not indexed)",
                                           "released: date (format yyyy-MM-dd)", "studio.city: keyword",
                                           "studio.seat: object (not looked into)",
                                           "title: text (analyzer english; also title.raw keyword)"));
  EXPECT_EQ(mapping_traits(mappings), "dynamic strict");
}

TEST(opensearch_field_list, a_pattern_picks_paths) {
  EXPECT_THAT(lines(mappings, "studio.*"),
              ElementsAre("studio.city: keyword", "studio.seat: object (not looked into)"));
}

TEST(opensearch_field_list, what_is_no_mapping_has_no_fields) {
  for (const char* text : {"null", "[]", R"({"properties":7})", R"({"properties":[1]})"})
    EXPECT_THAT(lines(json::parse(text)), IsEmpty()) << text;
  EXPECT_THAT(lines(json::parse(R"({"properties":{"a":null,"b":{"type":7,"fields":3,"properties":[]}}})")),
              ElementsAre("a: object", "b: object"));
}

TEST(opensearch_ppl_effect, only_training_a_model_writes) {
  EXPECT_FALSE(ppl_may_write("source=films | where year > 1990 | stats count() by genre"));
  EXPECT_FALSE(ppl_may_write("source=html_training | fields xml"));
  EXPECT_FALSE(ppl_may_write("source=films | ml action='predict' algorithm='kmeans' modelid='x'"));
  EXPECT_TRUE(ppl_may_write("source=films | ML algorithm='kmeans' ACTION='TRAIN'"));
  EXPECT_TRUE(ppl_may_write("source=films |ml action='tr\\ain'"));
  EXPECT_TRUE(ppl_may_write("source=films | /* x */ml/* y */ action=\"trainandpredict\""));
}

}  // namespace
}  // namespace hydrant::providers::opensearch

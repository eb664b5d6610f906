#include "protocol/schema.hpp"
#include "providers/opensearch/tools/skill_sampling.hpp"
#include "providers/opensearch/tools/tools.hpp"
#include "tests/unit/providers/opensearch_scene.hpp"

#include <gmock/gmock.h>

namespace hydrant::providers::opensearch {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* selection_start = "2026-03-12T14:00:00Z";
constexpr epoch_ms selection_ms = 1773324000000;

json field(const char* type, bool aggregatable = true) {
  return {{type, {{"type", type}, {"searchable", true}, {"aggregatable", aggregatable}}}};
}

json capabilities() {
  return {{"fields",
           {{"@timestamp", field("date")},
            {"level", field("keyword")},
            {"message", field("text", false)},
            {"message.keyword", field("keyword")},
            {"trace_id", field("keyword")},
            {"latency_ms", field("integer")},
            {"host", field("object", false)},
            {"_id", field("_id", false)}}}};
}

json hits_of(const std::vector<json>& sources, std::uint64_t total) {
  json hits = json::array();
  for (const auto& one : sources)
    hits.push_back({{"_source", one}});
  return {{"timed_out", false},
          {"_shards", {{"total", 1}, {"successful", 1}, {"failed", 0}}},
          {"hits", {{"total", {{"value", total}, {"relation", "eq"}}}, {"hits", std::move(hits)}}}};
}

std::vector<json> many(int count, const json& source) {
  return std::vector<json>(static_cast<std::size_t>(count), source);
}

epoch_ms start_of(const json& search) {
  return search["query"]["function_score"]["query"]["bool"]["filter"][0]["range"]["@timestamp"]["gte"].get<epoch_ms>();
}

/// An index in which the selection and what was before have documents of their own.
class skills : public testing::Test {
 protected:
  skills() {
    offer_skills(on_.tools);
    on_.upstream.answer = [this](const std::string& what, const json& body) { return answer(what, body); };
  }

  fake_cluster::reply answer(const std::string& what, const json& body) {
    if (what.find("_field_caps") != std::string::npos) return {200, capabilities().dump()};
    if (body.contains("aggs")) return {200, span_.dump()};
    searches_.push_back(body);
    if (status_ != 200) return {status_, trouble_};
    const auto& sources = start_of(body) == selection_ms ? selection_ : baseline_;
    return {200, hits_of(sources, std::max<std::uint64_t>(total_, sources.size())).dump()};
  }

  json written_by(const std::string& tool, json more = json::object()) const {
    const auto result = written(on_.run(tool, arguments(std::move(more))));
    const auto* entry = on_.offered.find_tool(tool);
    if (!result.value("isError", false)) {
      EXPECT_EQ(protocol::describe(entry->output->validate(result["structuredContent"])), "");
    }
    return result;
  }
  std::string text_by(const std::string& tool, json more = json::object()) const {
    return written_by(tool, std::move(more))["content"][0]["text"];
  }

  static json arguments(json more) {
    json out = {{"index", "logs-*"},
                {"timeField", "@timestamp"},
                {"selectionTimeRangeStart", selection_start},
                {"selectionTimeRangeEnd", "2026-03-12T15:00:00Z"}};
    out.update(more);
    return out;
  }
  static json before() {
    return {{"baselineTimeRangeStart", "2026-03-12 12:00:00"}, {"baselineTimeRangeEnd", "2026-03-12 13:00:00"}};
  }

  scene on_;
  std::vector<json> selection_, baseline_;
  std::uint64_t total_ = 0;
  json span_ = json::object();
  int status_ = 200;
  std::string trouble_;
  std::vector<json> searches_;
};

TEST_F(skills, parameters_have_the_names_of_the_python_server) {
  const auto names = [this](const char* tool) {
    std::vector<std::string> out;
    const auto schema = on_.offered.find_tool(tool)->definition.descriptor()["inputSchema"]["required"];
    for (const auto& one : schema)
      out.push_back(one.get<std::string>());
    return out;
  };
  EXPECT_THAT(names("data_distribution"),
              testing::UnorderedElementsAre("index", "selectionTimeRangeStart", "selectionTimeRangeEnd", "timeField"));
  EXPECT_THAT(names("log_patterns"), testing::UnorderedElementsAre("index", "logFieldName", "selectionTimeRangeStart",
                                                                   "selectionTimeRangeEnd", "timeField"));
  EXPECT_THAT(names("metric_change"),
              testing::UnorderedElementsAre("index", "selectionTimeRangeStart", "selectionTimeRangeEnd",
                                            "baselineTimeRangeStart", "baselineTimeRangeEnd", "timeField"));
}

TEST_F(skills, a_distribution_names_the_field_that_differs_and_how_the_sample_was_taken) {
  selection_ = many(40, {{"level", "ERROR"}});
  baseline_ = many(40, {{"level", "INFO"}});
  total_ = 5000;
  const auto result = written_by("data_distribution", before());
  EXPECT_EQ(result["structuredContent"]["fields"][0]["field"], "level");
  EXPECT_EQ(result["structuredContent"]["sample"]["selection"]["matching"], 5000);
  const auto text = result["content"][0]["text"].get<std::string>();
  EXPECT_THAT(text, HasSubstr("level"));
  EXPECT_THAT(text, HasSubstr("Selection: a random sample of 40 out of 5000 documents from 2026-03-12T14:00:00Z"));
  EXPECT_THAT(text, HasSubstr("Baseline: a random sample"));
}

TEST_F(skills, a_distribution_needs_no_baseline) {
  selection_ = many(40, {{"level", "ERROR"}});
  selection_.back()["level"] = "INFO";
  const auto result = written_by("data_distribution");
  EXPECT_EQ(searches_.size(), 1u);
  EXPECT_FALSE(result["structuredContent"].contains("baseline_documents"));
  EXPECT_THAT(result["content"][0]["text"].get<std::string>(), HasSubstr("Selection: all 40 documents"));
}

TEST_F(skills, samples_are_random_but_the_same_each_time_and_within_the_range) {
  selection_ = many(1, {{"level", "ERROR"}});
  text_by("data_distribution", {{"size", 77}});
  text_by("data_distribution", {{"size", 77}});
  ASSERT_EQ(searches_.size(), 2u);
  EXPECT_EQ(searches_[0], searches_[1]);
  EXPECT_EQ(searches_[0]["size"], 77);
  const auto& scored = searches_[0]["query"]["function_score"];
  EXPECT_EQ(scored["functions"][0]["random_score"]["field"], "_seq_no");
  const auto& range = scored["query"]["bool"]["filter"][0]["range"]["@timestamp"];
  EXPECT_EQ(range, json({{"gte", selection_ms}, {"lt", selection_ms + 3'600'000}, {"format", "epoch_millis"}}));
}

TEST_F(skills, numbers_that_moved_are_found_and_nothing_but_numbers_is_read) {
  for (int i = 0; i < 50; ++i) {
    selection_.push_back({{"latency_ms", 500 + i}});
    baseline_.push_back({{"latency_ms", 50 + i}});
  }
  const auto result = written_by("metric_change", before());
  EXPECT_EQ(result["structuredContent"]["changes"][0]["field"], "latency_ms");
  const auto excluded = searches_[0]["_source"]["excludes"];
  EXPECT_THAT(excluded, testing::Contains("message"));
  EXPECT_THAT(excluded, Not(testing::Contains("latency_ms")));
}

TEST_F(skills, a_change_of_metrics_needs_a_baseline) {
  EXPECT_THAT(text_by("metric_change"), HasSubstr("baselineTimeRangeStart and its end are missing"));
  EXPECT_TRUE(searches_.empty());
}

TEST_F(skills, new_log_patterns_are_found) {
  for (int i = 0; i < 30; ++i) {
    selection_.push_back({{"message", "Pool exhausted after " + std::to_string(i) + " ms"}});
    baseline_.push_back({{"message", "Request " + std::to_string(i) + " done"}});
  }
  const auto result = written_by("log_patterns", {{"logFieldName", "message"},
                                                  {"baseTimeRangeStart", "2026-03-12 12:00:00"},
                                                  {"baseTimeRangeEnd", "2026-03-12 13:00:00"}});
  EXPECT_EQ(result["structuredContent"]["new_patterns"]["total"], 1);
  EXPECT_THAT(result["content"][0]["text"].get<std::string>(), HasSubstr("Pool exhausted after"));
  EXPECT_EQ(searches_[0]["_source"]["includes"], json({"message", "@timestamp"}));
}

TEST_F(skills, a_multi_field_is_read_where_the_document_has_it) {
  selection_ = many(3, {{"message", "Pool exhausted"}});
  EXPECT_THAT(text_by("log_patterns", {{"logFieldName", "message.keyword"}}), HasSubstr("Pool exhausted"));
}

TEST_F(skills, traces_are_sampled_as_a_whole) {
  selection_ = many(3, {{"message", "Pool exhausted"}, {"trace_id", "a"}});
  text_by("log_patterns", {{"logFieldName", "message"}, {"traceFieldName", "trace_id"}});
  const auto& functions = searches_[0]["query"]["function_score"]["functions"];
  EXPECT_EQ(functions[0]["random_score"]["field"], "trace_id");
  EXPECT_EQ(functions[0]["filter"]["exists"]["field"], "trace_id");
  EXPECT_EQ(functions[1]["random_score"]["field"], "_seq_no");
}

TEST_F(skills, a_log_field_that_does_not_exist_is_named_beside_those_that_do) {
  selection_ = many(3, {{"message", "Pool exhausted"}});
  const auto text = text_by("log_patterns", {{"logFieldName", "msg"}});
  EXPECT_THAT(text, HasSubstr("There is no field msg"));
  EXPECT_THAT(text, HasSubstr("message"));
}

TEST_F(skills, a_time_field_that_is_none_is_refused_with_those_that_are) {
  EXPECT_THAT(text_by("data_distribution", {{"timeField", "time"}}),
              HasSubstr("logs-* has no field time; its date fields: @timestamp"));
  EXPECT_THAT(text_by("data_distribution", {{"timeField", "level"}}), HasSubstr("is no date but keyword"));
  EXPECT_TRUE(searches_.empty());
}

TEST_F(skills, where_there_are_no_documents_it_is_said_when_there_are_some) {
  span_ = {{"aggregations", {{"first", {{"value", 1.77e12}}}, {"last", {{"value", 1.773e12}}}}}};
  const auto result = written_by("data_distribution");
  EXPECT_FALSE(result.value("isError", false));
  const auto text = result["content"][0]["text"].get<std::string>();
  EXPECT_THAT(text, HasSubstr("Selection: no documents from 2026-03-12T14:00:00Z"));
  EXPECT_THAT(text, HasSubstr("the documents there are from 2026-02-02T02:40:00Z to "));
}

TEST_F(skills, a_range_that_ends_before_it_starts_is_refused) {
  EXPECT_THAT(text_by("data_distribution", {{"selectionTimeRangeEnd", "2026-03-12T13:00:00Z"}}),
              HasSubstr("selectionTimeRangeStart must be before selectionTimeRangeEnd"));
}

TEST_F(skills, half_a_baseline_is_refused) {
  EXPECT_THAT(text_by("data_distribution", {{"baselineTimeRangeEnd", "2026-03-12T13:00:00Z"}}),
              HasSubstr("baselineTimeRangeStart is missing"));
}

TEST_F(skills, a_search_that_fails_is_an_error_the_model_reads) {
  status_ = 400;
  trouble_ = R"({"error":{"type":"illegal_argument_exception","reason":"Result window is too large"},"status":400})";
  const auto result = written_by("data_distribution");
  EXPECT_TRUE(result["isError"].get<bool>());
  EXPECT_THAT(result["content"][0]["text"].get<std::string>(), HasSubstr("Result window is too large"));
}

TEST_F(skills, a_reply_that_is_too_large_makes_the_sample_smaller) {
  selection_ = many(40, {{"level", "ERROR"}});
  on_.upstream.answer = [this](const std::string& what, const json& body) -> fake_cluster::reply {
    if (body.contains("size") && body["size"] > 300) return {0, "the reply is too large"};
    return answer(what, body);
  };
  const auto result = written_by("data_distribution", {{"size", 4000}});
  EXPECT_EQ(searches_.back()["size"], 250);
  EXPECT_EQ(result["structuredContent"]["sample"]["selection"]["sampled"], 40);
}

TEST_F(skills, shards_that_failed_are_told) {
  selection_ = many(40, {{"level", "ERROR"}});
  on_.upstream.answer = [this](const std::string& what, const json& body) -> fake_cluster::reply {
    auto [status, text] = answer(what, body);
    auto reply = json::parse(text);
    if (reply.contains("_shards")) reply["_shards"] = {{"total", 4}, {"successful", 3}, {"failed", 1}};
    return {status, reply.dump()};
  };
  EXPECT_THAT(text_by("data_distribution"), HasSubstr("shard"));
}

TEST_F(skills, results_keep_to_the_limit_and_say_so) {
  on_.with.limits.text_bytes_max = 6000;
  std::string message = "failed";
  for (int i = 0; i < 100; ++i)
    selection_.push_back({{"message", message += " again, "}});
  const auto result = written_by("log_patterns", {{"logFieldName", "message"}});
  EXPECT_LE(result["structuredContent"].dump().size(), 6000u);
  EXPECT_LE(result["content"][0]["text"].get<std::string>().size(), 6000u);
  EXPECT_THAT(result["structuredContent"]["note"].get<std::string>(), HasSubstr("left out"));
}

TEST(skill_fields, types_that_differ_between_indices_are_known_only_for_dates) {
  const auto fields = fields_in(json::parse(R"({"fields":{
    "when":{"date":{"aggregatable":true},"date_nanos":{"aggregatable":true}},
    "mixed":{"long":{"aggregatable":true},"text":{"aggregatable":false}}}})"));
  EXPECT_TRUE(fields.at("when").type == "date" || fields.at("when").type == "date_nanos");
  EXPECT_EQ(fields.at("mixed").type, "");
  EXPECT_FALSE(fields.at("mixed").aggregatable);
  EXPECT_EQ(types_of(fields).count("mixed"), 0u);
}

TEST(skill_fields, replies_of_any_form_are_read) {
  for (const char* text : {"null", "[]", "{}", R"({"fields":[]})", R"({"fields":{"a":1,"b":{"long":2}}})",
                           R"({"fields":{"a":{"long":{"aggregatable":"yes"}}}})"})
    EXPECT_NO_THROW(fields_in(json::parse(text))) << text;
}

}  // namespace
}  // namespace hydrant::providers::opensearch

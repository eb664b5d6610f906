#include "providers/opensearch/policy/api_effect.hpp"
#include "providers/opensearch/policy/body_effect.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace hydrant::providers::opensearch {
namespace {

std::string effect_name(std::string_view method, std::string_view path) {
  const auto found = effect_of(method, path);
  return found ? std::string(name_of(*found)) : "refused";
}

TEST(opensearch_api_effect, get_and_head_read) {
  for (const auto* path : {"/", "/_cat/indices", "/films", "/films/_search", "/_cluster/health", "/films/_doc/1",
                           "/_plugins/_knn/stats", "/_search/point_in_time/_all", "/%C3%A9t%C3%A9/_search"}) {
    EXPECT_EQ(effect_name("GET", path), "none") << path;
    EXPECT_EQ(effect_name("HEAD", path), "none") << path;
  }
}

TEST(opensearch_api_effect, some_paths_act_on_get) {
  for (const auto* path : {"/_refresh", "/films/_refresh", "/films/_flush", "/_flush/synced", "/films/_forcemerge",
                           "/_cache/clear", "/a,b/_upgrade", "/films/_rollover"})
    EXPECT_EQ(effect_name("GET", path), "indices") << path;
  for (const auto* path :
       {"/_search/scroll", "/_search/scroll/abc", "/_plugins/_knn/warmup/films", "/_opendistro/_knn/warmup/films",
        "/_plugins/_notifications/feature/test/1", "/_ingest/pipeline/_simulate", "/_scripts/painless/_execute"})
    EXPECT_EQ(effect_name("GET", path), "cluster") << path;
}

TEST(opensearch_api_effect, of_plugins_only_what_is_known_reads) {
  for (const auto* path : {"/_plugins/_ism/explain/films", "/_plugins/_security/api/roles/x", "/_plugins/_ml/models/m",
                           "/_plugins/_notifications/configs"})
    EXPECT_EQ(effect_name("GET", path), "none") << path;
  for (const auto* path : {"/_plugins/_job_scheduler/_lock", "/_plugins/_new/thing", "/_plugins/_ml/tasks/t",
                           "/_plugins/_ism", "/_opendistro/_ism/explain/films"})
    EXPECT_EQ(effect_name("GET", path), "cluster") << path;
}

TEST(opensearch_api_effect, indices_that_may_be_the_clusters_own_count_as_the_cluster) {
  for (const auto* path :
       {"/.plugins/_doc/1", "/films,.plugins/_doc/1", "/*/_doc/1", "/_all/_doc/1", "/%3C.x%3E/_doc/1", "/_all/_flush"})
    EXPECT_EQ(effect_name("POST", path), "cluster") << path;
  EXPECT_EQ(effect_name("DELETE", "/*"), "cluster");
  EXPECT_EQ(effect_name("PUT", "/.x/_mapping"), "cluster");
  EXPECT_EQ(effect_name("POST", "/logs-*/_delete_by_query"), "documents");
  EXPECT_EQ(effect_name("GET", "/.plugins/_search"), "none");
  EXPECT_EQ(effect_name("POST", "/*/_search"), "none");
}

TEST(opensearch_api_effect, documents_with_the_name_of_an_endpoint_are_documents) {
  EXPECT_EQ(effect_name("GET", "/films/_doc/_refresh"), "none");
  EXPECT_EQ(effect_name("POST", "/films/_doc/_search"), "documents");
  EXPECT_EQ(effect_name("PUT", "/films/_create/_count"), "documents");
  EXPECT_EQ(effect_name("DELETE", "/films/_doc/_search"), "documents");
  EXPECT_EQ(effect_name("POST", "/films/_update/_search"), "documents");
}

TEST(opensearch_api_effect, post_reads_for_whole_shapes_alone) {
  for (const auto* path : {"/_search",
                           "/films/_search",
                           "/_all/_search",
                           "/a*,-b/_msearch",
                           "/_count",
                           "/films/_explain/1",
                           "/_validate/query",
                           "/films/_analyze",
                           "/_field_caps",
                           "/films/_mget",
                           "/_rank_eval",
                           "/films/_termvectors/1",
                           "/_mtermvectors",
                           "/films/_search/template",
                           "/_msearch/template",
                           "/_render/template/x",
                           "/_search_shards",
                           "/_cluster/allocation/explain",
                           "/_plugins/_ppl",
                           "/_plugins/_ppl/_explain"})
    EXPECT_EQ(effect_name("POST", path), "none") << path;
  for (const auto* path : {"/_x/_search", "/a/b/_search", "/_snapshot/x/_search", "/_scripts/_search", "/_search/x",
                           "/films/_validate", "/_plugins/_ppl/x", "/_ingest/pipeline/_search"})
    EXPECT_EQ(effect_name("POST", path), "cluster") << path;
}

TEST(opensearch_api_effect, put_and_delete_of_a_reading_endpoint_do_not_read) {
  EXPECT_EQ(effect_name("PUT", "/films/_search"), "cluster");
  EXPECT_EQ(effect_name("DELETE", "/_search/scroll"), "cluster");
}

TEST(opensearch_api_effect, searches_that_hold_memory_count_as_writing) {
  EXPECT_EQ(effect_name("POST", "/_search/scroll"), "cluster");
  EXPECT_EQ(effect_name("POST", "/films/_search/point_in_time"), "cluster");
  EXPECT_TRUE(holds_memory("scroll"));
  EXPECT_TRUE(holds_memory("keep_alive"));
  EXPECT_FALSE(holds_memory("size"));
}

TEST(opensearch_api_effect, writes_are_told_apart) {
  EXPECT_EQ(effect_name("POST", "/_bulk"), "documents");
  EXPECT_EQ(effect_name("POST", "/films/_delete_by_query"), "documents");
  EXPECT_EQ(effect_name("PUT", "/films"), "indices");
  EXPECT_EQ(effect_name("DELETE", "/films*"), "indices");
  EXPECT_EQ(effect_name("PUT", "/_settings"), "indices");
  EXPECT_EQ(effect_name("POST", "/_aliases"), "indices");
  EXPECT_EQ(effect_name("DELETE", "/_index_template/x"), "indices");
  EXPECT_EQ(effect_name("PUT", "/_cluster/settings"), "cluster");
  EXPECT_EQ(effect_name("DELETE", "/_snapshot/x"), "cluster");
  EXPECT_EQ(effect_name("PATCH", "/_plugins/_security/api/roles"), "cluster");
  EXPECT_EQ(effect_name("POST", "/_something/new"), "cluster");
}

TEST(opensearch_api_effect, a_path_with_two_readings_is_refused) {
  for (const auto* path : {"",
                           "films",
                           "films/_search",
                           "//_search",
                           "/films//_search",
                           "/films/",
                           "/.",
                           "/films/../_flush",
                           "/a/./b",
                           "/%2e%2e/_flush",
                           "/a/%2E/b",
                           "/.%2e/x",
                           "/%5Frefresh",
                           "/films/%5fsearch",
                           "/a%2F_doc/_search",
                           "/a%2fb",
                           "/a%5Cb",
                           "/a\\b",
                           "/a%00b",
                           "/a%0d%0aX:y",
                           "/a\r\nb",
                           "/a b",
                           "/a?x=1",
                           "/a#b",
                           "/a%3Fx",
                           "/a%23x",
                           "/a%252Fb",
                           "/%25",
                           "/a%",
                           "/a%2",
                           "/a%zz",
                           "/\xC3\xA9",
                           "/a\x7F"})
    EXPECT_EQ(effect_name("GET", path), "refused") << path;
  EXPECT_EQ(effect_name("GET", "/" + std::string(5'000, 'a')), "refused");
}

TEST(opensearch_api_effect, harmless_escapes_stay) {
  EXPECT_EQ(effect_name("POST", "/a%2Cb/_search"), "none");
  EXPECT_EQ(effect_name("GET", "/films/_doc/a%20b%3A1"), "none");
}

TEST(opensearch_api_effect, other_methods_are_refused) {
  for (const auto* method : {"", "get", "OPTIONS", "TRACE", "CONNECT", "GET "})
    EXPECT_EQ(effect_name(method, "/"), "refused") << method;
}

// --- bodies

bool changes(effect (*judge)(const protocol::json&), const char* body) {
  return judge(protocol::json::parse(body)) == effect::writes_cluster;
}

TEST(opensearch_body_effect, searches_that_prolong_or_remember_change_something) {
  for (const auto* body : {R"({"pit":{"id":"x","keep_alive":"20h"}})",
                           R"({"ext":{"generative_qa_parameters":{"llm_question":"?","memory_id":"m"}}})",
                           R"({"query":{"bool":{"must":[{"agentic":{"query_text":"?","memory_id":"m"}}]}}})"})
    EXPECT_TRUE(changes(effect_of_search, body)) << body;
  for (const auto* body : {R"({"pit":{"id":"x"}})", R"({"query":{"term":{"memory_id":"m"}}})", "{}", "[]", "1"})
    EXPECT_FALSE(changes(effect_of_search, body)) << body;
}

TEST(opensearch_body_effect, a_reindexing_from_elsewhere_or_into_the_clusters_own_is_more_than_documents) {
  EXPECT_TRUE(changes(effect_of_reindex, R"({"source":{"remote":{"host":"http://x"},"index":"a"}})"));
  EXPECT_TRUE(changes(effect_of_reindex, R"({"source":{"index":"a"},"dest":{"index":".plugins"}})"));
  EXPECT_FALSE(changes(effect_of_reindex, R"({"source":{"index":"a"},"dest":{"index":"b"}})"));
}

TEST(opensearch_body_effect, a_line_of_bulk_may_name_the_clusters_own) {
  EXPECT_TRUE(changes(effect_of_bulk_line, R"({"index":{"_index":".plugins"}})"));
  EXPECT_TRUE(changes(effect_of_bulk_line, R"({"delete":{"_index":".plugins","_id":"1"}})"));
  EXPECT_FALSE(changes(effect_of_bulk_line, R"({"index":{"_index":"films"}})"));
  EXPECT_FALSE(changes(effect_of_bulk_line, R"({"title":"a document"})"));
}

std::string permitted(std::vector<std::string> words) {
  const auto given = write_permissions::from(words);
  if (!given) return "refused";
  std::string names;
  for (const auto what : {effect::reads, effect::writes_documents, effect::writes_indices, effect::writes_cluster})
    names += given->permits(what) ? std::string(name_of(what)) + " " : "";
  return names;
}

TEST(opensearch_write_permissions, reading_is_always_permitted_and_writing_when_it_is_asked_for) {
  EXPECT_EQ(permitted({}), "none ");
  EXPECT_EQ(permitted({"false"}), "none ");
  EXPECT_EQ(permitted({""}), "none ");
  EXPECT_EQ(permitted({"True"}), "none documents indices cluster ");
  EXPECT_EQ(permitted({"documents"}), "none documents ");
  EXPECT_EQ(permitted({"cluster", "Indices"}), "none indices cluster ");
  EXPECT_FALSE(write_permissions().any());
}

TEST(opensearch_write_permissions, other_words_are_refused) {
  EXPECT_EQ(permitted({"yes"}), "refused");
  EXPECT_EQ(permitted({"true", "documents"}), "refused");
  EXPECT_EQ(permitted({"documents", "false"}), "refused");
  EXPECT_EQ(permitted({"documents", ""}), "refused");
}

}  // namespace
}  // namespace hydrant::providers::opensearch

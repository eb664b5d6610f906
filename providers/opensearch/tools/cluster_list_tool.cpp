// list_clusters: which clusters the other tools can be told to ask.

#include "providers/opensearch/client/base_url.hpp"
#include "providers/opensearch/tools/rows.hpp"
#include "providers/opensearch/tools/tools.hpp"

namespace hydrant::providers::opensearch {
namespace {

constexpr std::size_t rows_max = 10'000;

table_form clusters_form(std::size_t bytes_max) {
  return {{{"name"}, {"host"}, {"auth", "signs in by"}}, "clusters", "clusters", bytes_max};
}

std::string_view word_for(auth_kind kind) {
  switch (kind) {
    case auth_kind::none: return "nothing";
    case auth_kind::basic: return "user and password";
    case auth_kind::bearer: return "token";
    case auth_kind::aws: return "AWS credentials";
    case auth_kind::caller: return "the caller's own token";
  }
  return "nothing";
}

json rows_of(const workshop& with) {
  json rows = json::array();
  for (const auto& one : with.clusters) {
    const auto url = base_url::parse(one->settings().url);
    rows.push_back({{"name", one->name()},
                    {"host", url ? url->host : std::string()},
                    {"auth", std::string(word_for(one->settings().auth))}});
  }
  return rows;
}

}  // namespace

void offer_list_of_clusters(toolbox& tools) {
  const auto rows = rows_of(tools.with());
  const auto form = clusters_form(tools.with().limits.text_bytes_max);
  tools.offer_about_clusters({category::core_tools, "ListClustersTool", index_reach::none},
                             tool("list_clusters")
                                 .title("OpenSearch clusters")
                                 .describe("Lists the names that the other tools take for opensearch_cluster_name.")
                                 .read_only()
                                 .idempotent()
                                 .closed_world()
                                 .output_schema(rows_schema(form))
                                 .immediate([rows, form](call&) {
                                   return rows_result(rows, form, {0, rows_max});
                                 }));
}

}  // namespace hydrant::providers::opensearch

#include "providers/opensearch/policy/api_effect.hpp"

#include "providers/opensearch/policy/api_path.hpp"
#include "providers/opensearch/policy/glob.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace hydrant::providers::opensearch {
namespace {

using segments = std::vector<std::string_view>;

enum method_bits : unsigned { get = 1, head = 2, post = 4, put = 8, patch = 16, remove = 32 };

constexpr unsigned reading = get | head;
constexpr unsigned writing = post | put;

// Paths by their whole shape, so that neither an index nor a document called _search makes a request harmless. `{i}` is
// one segment that can name indices, `{x}` any one segment, `{*}` one or more; a shape with `?/` before it is there
// with and without {i}.
struct endpoint {
  unsigned methods;
  std::string_view shape;
  effect does;
};

// The first that fits counts. What fits none: GET and HEAD read, all else is effect::writes_cluster.
constexpr endpoint endpoints[] = {
    // What acts though it is asked for with GET. Some of it only in former versions.
    {reading | writing, "?/_refresh", effect::writes_indices},
    {reading | writing, "?/_flush", effect::writes_indices},
    {reading | writing, "?/_flush/synced", effect::writes_indices},
    {reading | writing, "?/_forcemerge", effect::writes_indices},
    {reading | writing, "?/_optimize", effect::writes_indices},
    {reading | writing, "?/_upgrade", effect::writes_indices},
    {reading | writing, "?/_cache/clear", effect::writes_indices},
    {reading | writing, "{i}/_rollover", effect::writes_indices},
    {reading | writing, "{i}/_rollover/{x}", effect::writes_indices},
    {reading, "_search/scroll", effect::writes_cluster},
    {reading, "_search/scroll/{x}", effect::writes_cluster},
    {reading, "{i}/_search/point_in_time", effect::writes_cluster},
    {reading, "_plugins/_knn/warmup/{x}", effect::writes_cluster},  // loads graphs into memory
    {reading, "_opendistro/_knn/warmup/{x}", effect::writes_cluster},
    {reading, "_plugins/_notifications/feature/test/{x}", effect::writes_cluster},  // sends a message
    {reading, "_ingest/pipeline/_simulate", effect::writes_cluster},                // runs processors and scripts
    {reading, "_ingest/pipeline/{x}/_simulate", effect::writes_cluster},
    {reading, "_scripts/painless/_execute", effect::writes_cluster},

    // Of plugins, which may add paths of any kind (one takes locks with GET), what is known to read.
    {reading, "_plugins/_alerting/{*}", effect::reads},
    {reading, "_plugins/_anomaly_detection/{*}", effect::reads},
    {reading, "_plugins/_asynchronous_search/{x}", effect::reads},
    {reading, "_plugins/_flow_framework/{*}", effect::reads},
    {reading, "_plugins/_forecast/{*}", effect::reads},
    {reading, "_plugins/_ism/{*}", effect::reads},
    {reading, "_plugins/_knn/stats", effect::reads},
    {reading, "_plugins/_knn/stats/{x}", effect::reads},
    {reading, "_plugins/_knn/{x}/stats", effect::reads},
    {reading, "_plugins/_knn/{x}/stats/{x}", effect::reads},
    {reading, "_plugins/_knn/models/{x}", effect::reads},
    {reading, "_plugins/_ml/models/{x}", effect::reads},
    {reading, "_plugins/_ml/connectors/{x}", effect::reads},
    {reading, "_plugins/_ml/model_groups/{x}", effect::reads},
    {reading, "_plugins/_ml/profile", effect::reads},
    {reading, "_plugins/_ml/profile/{*}", effect::reads},
    {reading, "_plugins/_ml/stats", effect::reads},
    {reading, "_plugins/_ml/stats/{x}", effect::reads},
    {reading, "_plugins/_ml/{x}/stats", effect::reads},
    {reading, "_plugins/_ml/{x}/stats/{x}", effect::reads},
    {reading, "_plugins/_notifications/{*}", effect::reads},
    {reading, "_plugins/_performanceanalyzer/{*}", effect::reads},
    {reading, "_plugins/_ppl/stats", effect::reads},
    {reading, "_plugins/_query/{*}", effect::reads},
    {reading, "_plugins/_replication/{*}", effect::reads},
    {reading, "_plugins/_rollup/{*}", effect::reads},
    {reading, "_plugins/_security/{*}", effect::reads},
    {reading, "_plugins/_security_analytics/{*}", effect::reads},
    {reading, "_plugins/_sm/{*}", effect::reads},
    {reading, "_plugins/_sql/stats", effect::reads},
    {reading, "_plugins/_transform/{*}", effect::reads},
    {reading, "_plugins/{*}", effect::writes_cluster},
    {reading, "_opendistro/{*}", effect::writes_cluster},

    {post, "?/_search", effect::reads},
    {post, "?/_msearch", effect::reads},
    {post, "?/_count", effect::reads},
    {post, "{i}/_explain/{x}", effect::reads},
    {post, "?/_validate/query", effect::reads},
    {post, "?/_analyze", effect::reads},
    {post, "?/_field_caps", effect::reads},
    {post, "?/_mget", effect::reads},
    {post, "?/_rank_eval", effect::reads},
    {post, "{i}/_termvectors", effect::reads},
    {post, "{i}/_termvectors/{x}", effect::reads},
    {post, "?/_mtermvectors", effect::reads},
    {post, "?/_search/template", effect::reads},
    {post, "?/_msearch/template", effect::reads},
    {post, "_render/template", effect::reads},
    {post, "_render/template/{x}", effect::reads},
    {post, "?/_search_shards", effect::reads},
    {post, "_cluster/allocation/explain", effect::reads},
    {post, "_index_template/_simulate", effect::reads},
    {post, "_index_template/_simulate/{x}", effect::reads},
    {post, "_index_template/_simulate_index/{x}", effect::reads},
    {post, "_plugins/_ppl", effect::reads},
    {post, "_plugins/_ppl/_explain", effect::reads},
    {post, "_plugins/_sql/_explain", effect::reads},

    {writing, "?/_bulk", effect::writes_documents},
    {post, "_reindex", effect::writes_documents},
    {post, "{i}/_doc", effect::writes_documents},
    {writing | remove, "{i}/_doc/{x}", effect::writes_documents},
    {writing, "{i}/_create/{x}", effect::writes_documents},
    {post, "{i}/_update/{x}", effect::writes_documents},
    {post, "{i}/_update_by_query", effect::writes_documents},
    {post, "{i}/_delete_by_query", effect::writes_documents},

    {put | remove, "{i}", effect::writes_indices},
    {writing, "{i}/_mapping", effect::writes_indices},
    {writing, "{i}/_mappings", effect::writes_indices},
    {put, "?/_settings", effect::writes_indices},
    {post, "?/_open", effect::writes_indices},
    {post, "?/_close", effect::writes_indices},
    {put, "{i}/_block/{x}", effect::writes_indices},
    {writing, "{i}/_shrink/{x}", effect::writes_indices},
    {writing, "{i}/_split/{x}", effect::writes_indices},
    {writing, "{i}/_clone/{x}", effect::writes_indices},
    {post, "_aliases", effect::writes_indices},
    {writing | remove, "{i}/_alias/{x}", effect::writes_indices},
    {writing | remove, "{i}/_aliases/{x}", effect::writes_indices},
    {put | remove, "_data_stream/{x}", effect::writes_indices},
    {writing | remove, "_template/{x}", effect::writes_indices},
    {writing | remove, "_index_template/{x}", effect::writes_indices},
    {writing | remove, "_component_template/{x}", effect::writes_indices},
};

unsigned bit_of(std::string_view method) {
  constexpr std::array<std::pair<std::string_view, unsigned>, 6> methods{
      {{"GET", get}, {"HEAD", head}, {"POST", post}, {"PUT", put}, {"PATCH", patch}, {"DELETE", remove}}};
  for (const auto& [name, bit] : methods) {
    if (name == method) return bit;
  }
  return 0;
}

// No index begins with an underscore; _all means each of them.
bool can_name_indices(std::string_view segment) {
  return segment.front() != '_' || segment == "_all";
}

bool fits(std::string_view wanted, std::string_view segment) {
  if (wanted == "{x}") return true;
  if (wanted == "{i}") return can_name_indices(segment);
  return wanted == segment;
}

bool fits_all(std::string_view shape, std::span<const std::string_view> path) {
  for (const auto segment : path) {
    if (shape == "{*}") return true;
    const auto slash = shape.find('/');
    if (shape.empty() || !fits(shape.substr(0, slash), segment)) return false;
    shape = slash == std::string_view::npos ? std::string_view() : shape.substr(slash + 1);
  }
  return shape.empty();
}

bool fits_shape(std::string_view shape, std::span<const std::string_view> path) {
  constexpr std::string_view optional_index = "?/";
  if (shape.substr(0, optional_index.size()) != optional_index) return fits_all(shape, path);
  const auto rest = shape.substr(optional_index.size());
  return fits_all(rest, path) || (!path.empty() && can_name_indices(path.front()) && fits_all(rest, path.subspan(1)));
}

// The indices of a path are in its first segment, perhaps percent-encoded.
bool touches_own_indices(std::span<const std::string_view> path) {
  if (path.empty() || !can_name_indices(path.front())) return false;
  // An index's name needs no escapes; those that date math needs hide what it makes.
  return path.front().find('%') != std::string_view::npos || may_be_the_clusters(path.front());
}

}  // namespace

bool may_be_the_clusters(std::string_view indices) {
  const auto begins = [](std::string_view part) {
    return part.empty() || part == "_all" || std::string_view(".*<").find(part.front()) != std::string_view::npos;
  };
  for (;;) {
    const auto comma = indices.find(',');
    if (begins(indices.substr(0, comma))) return true;
    if (comma == std::string_view::npos) return false;
    indices.remove_prefix(comma + 1);
  }
}

std::string_view name_of(effect what) {
  switch (what) {
    case effect::reads: return "none";
    case effect::writes_documents: return "documents";
    case effect::writes_indices: return "indices";
    case effect::writes_cluster: break;
  }
  return "cluster";
}

base::result<effect> effect_of(std::string_view method, std::string_view path) {
  const auto bit = bit_of(method);
  if (bit == 0) {
    return base::fail(base::error_kind::invalid_params, "the method must be GET, HEAD, POST, PUT, PATCH or DELETE");
  }
  const auto parts = split_path(path);
  if (!parts) return parts.error();
  for (const auto& known : endpoints) {
    if ((known.methods & bit) == 0 || !fits_shape(known.shape, *parts)) continue;
    return known.does != effect::reads && touches_own_indices(*parts) ? effect::writes_cluster : known.does;
  }
  return (bit & reading) != 0 ? effect::reads : effect::writes_cluster;
}

bool holds_memory(std::string_view parameter) {
  return parameter == "scroll" || parameter == "keep_alive";
}

base::result<write_permissions> write_permissions::from(std::span<const std::string> words) {
  write_permissions given;
  for (const auto& word : words) {
    const auto lowered = lower_case(word);
    const auto alone = words.size() == 1;
    if (alone && (lowered == "false" || lowered.empty())) return given;
    const auto all = alone && lowered == "true";
    if (!all && lowered != "documents" && lowered != "indices" && lowered != "cluster") {
      return base::fail(
          base::error_kind::invalid_params,
          "\"" + word + "\" cannot stand there; give false or true alone, or any of documents, indices, cluster");
    }
    given.documents_ = given.documents_ || all || lowered == "documents";
    given.indices_ = given.indices_ || all || lowered == "indices";
    given.cluster_ = given.cluster_ || all || lowered == "cluster";
  }
  return given;
}

bool write_permissions::permits(effect what) const {
  switch (what) {
    case effect::reads: return true;
    case effect::writes_documents: return documents_;
    case effect::writes_indices: return indices_;
    case effect::writes_cluster: break;
  }
  return cluster_;
}

}  // namespace hydrant::providers::opensearch

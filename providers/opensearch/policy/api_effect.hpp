#pragma once

// What a request to OpenSearch's REST API does, judged by its method and path alone. Pure.

#include "base/result.hpp"

#include <span>
#include <string>
#include <string_view>

namespace hydrant::providers::opensearch {

/// From harmless to severe.
enum class effect {
  reads,
  writes_documents,  ///< documents of indices; OpenSearch makes an index that is written to and does not exist
  writes_indices,    ///< indices themselves: mappings, settings, aliases, templates, refresh, merge
  writes_cluster,    ///< settings, snapshots, tasks, handles that hold memory, security; and all that is not known
};

/// The name that a setting uses: "documents", "indices", "cluster"; "none" for reads.
std::string_view name_of(effect what);

/// What the request does at most. GET and HEAD read, but for a few paths that act on GET; POST reads for a list of
/// whole path shapes, and GET reads for the plugins' paths that are known to; what is not known counts as
/// writes_cluster. So does a change of indices that may_be_the_clusters().
/// Fails with invalid_params for another method than GET, HEAD, POST, PUT, PATCH, DELETE (upper case) and for a path
/// that OpenSearch could read in another way than we: it must start with `/`, and hold no query, fragment, control
/// character, backslash, empty segment, `.` or `..`, also not percent-encoded, and nothing encoded twice.
base::result<effect> effect_of(std::string_view method, std::string_view path);

/// Whether an expression may name indices in which the cluster and its plugins keep what is theirs: it names something
/// that begins with a dot, or begins with a wildcard.
bool may_be_the_clusters(std::string_view indices);

/// Whether this parameter of the URL makes the cluster hold memory or results until somebody lets go, or longer than
/// before (`scroll`, `keep_alive`): the request then counts as writes_cluster.
bool holds_memory(std::string_view parameter);

/// Which effects an operator permits. Immutable.
class write_permissions {
 public:
  write_permissions() = default;  ///< reading alone

  /// From a setting's list: none of them or "false" permits reading alone, "true" everything, else any of "documents",
  /// "indices", "cluster"; each stands for itself. Case makes no difference. Fails with invalid_params on other words,
  /// and on "true" or "false" beside others.
  static base::result<write_permissions> from(std::span<const std::string> words);

  bool permits(effect what) const;
  bool any() const { return documents_ || indices_ || cluster_; }

 private:
  bool documents_ = false;
  bool indices_ = false;
  bool cluster_ = false;
};

}  // namespace hydrant::providers::opensearch

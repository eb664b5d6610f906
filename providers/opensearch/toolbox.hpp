#pragma once

// Puts the provider's tools into the catalog, as far as the settings let them in.

#include "net/worker_pool.hpp"
#include "providers/catalog.hpp"
#include "providers/opensearch/client/access.hpp"
#include "providers/opensearch/policy/api_effect.hpp"
#include "providers/opensearch/policy/tool_policy.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::providers::opensearch {

/// What all handlers share. Constant once the provider is made; one per provider.
struct workshop {
  std::vector<std::unique_ptr<cluster>> clusters;  ///< at least one
  bool several = false;                            ///< tools ask which one
  index_rules rules;
  result_limits limits;
  write_permissions writes;
  net::worker_pool* workers = nullptr;  ///< for what would hold up an io thread

  /// Null: there is none of that name.
  cluster* find(std::string_view name) const;
  /// A cluster as one call sees it.
  access for_call(cluster& asked, call& c) const { return {asked, rules, limits, *workers, c}; }
};

/// Whether the index rules can be kept while a tool answers.
enum class index_reach {
  by_name,  ///< it looks into indices that it was told, and narrows them
  none,     ///< it shows nothing of what indices hold
  all,      ///< it shows something of all of them: not offered where there are rules
};

struct tool_place {
  category in;
  std::string_view former_name;  ///< what the Python server calls it; empty: it has none
  index_reach reach = index_reach::by_name;
};

/// A tool's work. A failure becomes a result that the model reads, since it can often do something about it.
using tool_work = std::function<boost::asio::awaitable<outcome<tool_result>>(access& on, call& c)>;

/// One per contribution, while the process starts.
class toolbox {
 public:
  toolbox(catalog& to, const workshop& with, const tool_policy& policy) : to_(to), with_(with), policy_(policy) {}

  /// Adds the tool, unless the settings keep it out.
  void offer(const tool_place& place, tool definition, tool_work work);

  /// The same for a tool about the clusters themselves: it asks none, is offered only where there are several, and does
  /// not ask which one.
  void offer_about_clusters(const tool_place& place, tool definition);

  const workshop& with() const { return with_; }
  /// All tools that were offered to it, kept out or not: for finding names in the settings that mean none.
  const std::vector<std::pair<std::string, std::string>>& known() const { return known_; }
  const std::vector<std::string>& added() const { return added_; }

 private:
  bool let_in(const tool_place& place, const std::string& name) const;

  catalog& to_;
  const workshop& with_;
  const tool_policy& policy_;
  std::vector<std::pair<std::string, std::string>> known_;  // name, former name
  std::vector<std::string> added_;
};

}  // namespace hydrant::providers::opensearch

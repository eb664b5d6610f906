#pragma once

// Which tools a server offers. Pure.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::providers::opensearch {

/// The groups that an operator turns on and off; their names in settings are the enumerators' own.
enum class category {
  core_tools,     ///< on by default
  cluster_tools,  ///< off by default
  observability,  ///< off by default
  skills,         ///< on by default
  generic,        ///< the tool that calls any API; only on if it is named, alone or by its category
};

std::string_view name_of(category which);

/// A tool by the name that it has here, and by the one that it has in OpenSearch's own Python server (may be empty), so
/// that settings written for that server keep their meaning.
struct tool_names {
  std::string_view name;
  std::string_view former_name;
};

/// What the settings hold. Tools are globs; case makes no difference in any of the lists.
struct tool_lists {
  std::vector<std::string> enabled_tools;
  std::vector<std::string> disabled_tools;
  std::vector<std::string> enabled_categories;
  std::vector<std::string> disabled_categories;
};

/// Built once, then asked; immutable, so usable in any thread.
class tool_policy {
 public:
  explicit tool_policy(tool_lists lists);

  /// The first that applies: a disabled tool is not offered, an enabled one is; a disabled category is not offered, an
  /// enabled one is; else what the category is by default. A glob of nothing but `*` among the enabled tools does not
  /// name the generic tool, which can do everything.
  bool offers(std::string_view name, std::string_view former_name, category in) const;

  /// Entries of all four lists that name no tool and no category, as they were written: a slip of the pen that would
  /// leave something on that ought to be off, so that a server had better not start.
  std::vector<std::string> unknown_entries(std::span<const tool_names> all) const;

 private:
  tool_lists lists_;    // as they were written
  tool_lists lowered_;  // what is compared
};

}  // namespace hydrant::providers::opensearch

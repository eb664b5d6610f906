#include "providers/opensearch/policy/tool_policy.hpp"

#include "providers/opensearch/policy/glob.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace hydrant::providers::opensearch {
namespace {

struct named_category {
  category which;
  std::string_view name;
  bool by_default;
};

constexpr std::array<named_category, 5> categories{{{category::core_tools, "core_tools", true},
                                                    {category::cluster_tools, "cluster_tools", false},
                                                    {category::observability, "observability", false},
                                                    {category::skills, "skills", true},
                                                    {category::generic, "generic", false}}};

const named_category& entry_of(category which) {
  return *std::find_if(categories.begin(), categories.end(), [&](const auto& known) { return known.which == which; });
}

bool is_category(std::string_view lowered) {
  return std::any_of(categories.begin(), categories.end(), [&](const auto& known) { return known.name == lowered; });
}

std::vector<std::string> lower_all(std::vector<std::string> entries) {
  for (auto& entry : entries)
    entry = lower_case(entry);
  return entries;
}

tool_lists lower_all(tool_lists lists) {
  return {lower_all(std::move(lists.enabled_tools)), lower_all(std::move(lists.disabled_tools)),
          lower_all(std::move(lists.enabled_categories)), lower_all(std::move(lists.disabled_categories))};
}

bool contains(const std::vector<std::string>& entries, std::string_view name) {
  return std::find(entries.begin(), entries.end(), name) != entries.end();
}

bool means_tool(std::string_view entry, std::string_view name, std::string_view former_name) {
  return matches_glob(entry, name) || (!former_name.empty() && matches_glob(entry, former_name));
}

bool is_only_stars(std::string_view entry) {
  return entry.find_first_not_of('*') == std::string_view::npos;
}

bool names_any(std::string_view lowered_entry, std::span<const tool_names> all) {
  return std::any_of(all.begin(), all.end(), [&](const tool_names& tool) {
    return means_tool(lowered_entry, lower_case(tool.name), lower_case(tool.former_name));
  });
}

}  // namespace

std::string_view name_of(category which) {
  return entry_of(which).name;
}

tool_policy::tool_policy(tool_lists lists) : lists_(std::move(lists)), lowered_(lower_all(lists_)) {}

bool tool_policy::offers(std::string_view name, std::string_view former_name, category in) const {
  const auto tool = lower_case(name);
  const auto former = lower_case(former_name);
  const auto is_meant = [&](const std::string& entry) { return means_tool(entry, tool, former); };
  const auto is_meant_by_name = [&](const std::string& entry) {
    return is_meant(entry) && (in != category::generic || !is_only_stars(entry));
  };
  if (std::any_of(lowered_.disabled_tools.begin(), lowered_.disabled_tools.end(), is_meant)) return false;
  if (std::any_of(lowered_.enabled_tools.begin(), lowered_.enabled_tools.end(), is_meant_by_name)) return true;
  const auto& group = entry_of(in);
  if (contains(lowered_.disabled_categories, group.name)) return false;
  return group.by_default || contains(lowered_.enabled_categories, group.name);
}

std::vector<std::string> tool_policy::unknown_entries(std::span<const tool_names> all) const {
  std::vector<std::string> unknown;
  for (const auto* tools : {&lists_.enabled_tools, &lists_.disabled_tools}) {
    std::copy_if(tools->begin(), tools->end(), std::back_inserter(unknown),
                 [&](const std::string& entry) { return !names_any(lower_case(entry), all); });
  }
  for (const auto* groups : {&lists_.enabled_categories, &lists_.disabled_categories}) {
    std::copy_if(groups->begin(), groups->end(), std::back_inserter(unknown),
                 [](const std::string& entry) { return !is_category(lower_case(entry)); });
  }
  return unknown;
}

}  // namespace hydrant::providers::opensearch

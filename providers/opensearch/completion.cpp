#include "providers/opensearch/completion.hpp"

#include <algorithm>
#include <utility>

namespace hydrant::providers::opensearch {
namespace {

constexpr std::size_t values_max = 100;

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

void append_some(std::vector<std::string>& to, const std::vector<const std::string*>& from) {
  for (const auto* one : from)
    if (to.size() < values_max) to.push_back(*one);
}

std::vector<std::string> names_of_all(const workshop& with, const name_source& names) {
  std::vector<std::string> out;
  for (const auto& one : with.clusters) {
    auto some = names(one->name());
    out.insert(out.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
  }
  std::ranges::sort(out);
  const auto repeated = std::ranges::unique(out);
  out.erase(repeated.begin(), repeated.end());
  return out;
}

std::string chosen_cluster(const json& chosen, const std::string& argument) {
  const auto found = chosen.find(argument);
  return found != chosen.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

completion_result matching(const std::vector<std::string>& names, std::string_view typed) {
  const auto wanted = lowered(typed);
  std::vector<const std::string*> beginning, within;
  for (const auto& one : names) {
    const auto at = lowered(one).find(wanted);
    if (at == 0) beginning.push_back(&one);
    if (at != 0 && at != std::string::npos) within.push_back(&one);
  }
  completion_result out;
  append_some(out.values, beginning);
  append_some(out.values, within);
  out.total = beginning.size() + within.size();
  return out;
}

completer complete_clusters(const workshop& with) {
  std::vector<std::string> names;
  for (const auto& one : with.clusters)
    names.push_back(one->name());
  return [names = std::move(names)](std::string_view typed, const json&) { return matching(names, typed); };
}

completer complete_indices(const workshop& with, name_source names, std::string cluster_argument) {
  return [&with, names = std::move(names), argument = std::move(cluster_argument)](std::string_view typed,
                                                                                   const json& chosen) {
    const auto cluster = chosen_cluster(chosen, argument);
    if (!cluster.empty() && with.find(cluster) == nullptr) return completion_result{};
    return matching(cluster.empty() ? names_of_all(with, names) : names(cluster), typed);
  };
}

}  // namespace hydrant::providers::opensearch

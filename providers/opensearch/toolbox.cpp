#include "providers/opensearch/toolbox.hpp"

#include "base/log.hpp"

#include <algorithm>

namespace hydrant::providers::opensearch {

namespace asio = boost::asio;

namespace {

constexpr const char* cluster_parameter = "opensearch_cluster_name";

std::vector<std::string> names_of(const workshop& with) {
  std::vector<std::string> names;
  for (const auto& one : with.clusters)
    names.push_back(one->name());
  return names;
}

parameter<std::string> cluster_choice(const workshop& with) {
  return parameter<std::string>(cluster_parameter, "Which OpenSearch cluster to ask").one_of(names_of(with));
}

asio::awaitable<outcome<tool_result>> run(const workshop& with, const tool_work& work, call& c) {
  auto& asked = with.several ? *with.find(c.arguments()[cluster_parameter].get_ref<const std::string&>())
                             : *with.clusters.front();
  auto on = with.for_call(asked, c);
  auto ended = co_await work(on, c);
  if (const auto* failure = ended.failure()) co_return protocol::error_result(failure->message);
  co_return ended;
}

}  // namespace

cluster* workshop::find(std::string_view name) const {
  const auto found = std::ranges::find_if(clusters, [name](const auto& one) { return one->name() == name; });
  return found == clusters.end() ? nullptr : found->get();
}

bool toolbox::let_in(const tool_place& place, const std::string& name) const {
  if (!policy_.offers(name, place.former_name, place.in)) return false;
  if (place.reach != index_reach::all || !with_.rules.any()) return true;
  base::log(base::log_level::info, "a tool is not offered, since it cannot keep to the index rules", {{"tool", name}});
  return false;
}

void toolbox::offer(const tool_place& place, tool definition, tool_work work) {
  known_.emplace_back(definition.name(), place.former_name);
  if (!let_in(place, definition.name())) return;
  added_.push_back(definition.name());
  if (with_.several) std::move(definition).takes(cluster_choice(with_));
  to_.add(
      std::move(definition).async([with = &with_, work = std::move(work)](call& c) { return run(*with, work, c); }));
}

void toolbox::offer_about_clusters(const tool_place& place, tool definition) {
  known_.emplace_back(definition.name(), place.former_name);
  if (!with_.several || !let_in(place, definition.name())) return;
  added_.push_back(definition.name());
  to_.add(std::move(definition));
}

}  // namespace hydrant::providers::opensearch

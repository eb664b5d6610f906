#include "providers/opensearch/opensearch_provider.hpp"

#include "base/log.hpp"
#include "providers/opensearch/aws/credentials.hpp"
#include "providers/opensearch/prompts.hpp"
#include "providers/opensearch/resources.hpp"
#include "providers/opensearch/tools/tools.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace hydrant::providers {

using namespace opensearch;  // NOLINT: this file is the door to it

namespace {

constexpr std::size_t small_file_bytes_max = 1024 * 1024;

std::optional<std::string> read_small_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::string text(small_file_bytes_max, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

std::optional<aws_credentials> given_keys(const aws_settings& from) {
  if (from.access_key_id.empty() || from.secret_access_key.empty()) return std::nullopt;
  return aws_credentials{from.access_key_id, from.secret_access_key, from.session_token, std::nullopt};
}

// The coroutine keeps the source: it may be destroyed after this provider, with the io_context.
boost::asio::awaitable<base::result<aws_credentials>> keys_of(std::shared_ptr<aws_credentials_source> source) {
  auto keys = co_await source->get();
  co_return keys;
}

aws_credentials_getter key_getter(const cluster_settings& one, const opensearch_provider::surroundings& around) {
  if (one.auth != auth_kind::aws) return {};
  const auto home = around.variables.find("HOME");
  aws_credentials_settings where{.keys = given_keys(one.aws),
                                 .profile = one.aws.profile,
                                 .environment = around.variables,
                                 .read_file = read_small_file,
                                 .home = home == around.variables.end() ? std::string() : home->second,
                                 .region = one.aws.region,
                                 .role_arn = one.aws.role_arn};
  const auto source = std::make_shared<aws_credentials_source>(std::move(where), around.send, around.time);
  return [source] { return keys_of(source); };
}

write_permissions permissions_of(const opensearch::settings& wanted) {
  const auto given = write_permissions::from(wanted.allow_write);
  if (!given) throw std::invalid_argument("opensearch.allow-write: " + given.error().message);
  return *given;
}

json state_json(const cluster_state& state) {
  json out = {{"status", name_of(state.standing)}};
  if (!state.cluster_name.empty()) out["cluster_name"] = state.cluster_name;
  if (!state.version.empty()) out["version"] = state.version;
  if (!state.health.empty()) out["health"] = state.health;
  if (!state.trouble.empty()) out["trouble"] = state.trouble;
  return out;
}

}  // namespace

opensearch_provider::opensearch_provider(const opensearch::settings& wanted, const surroundings& around)
    : settings_(wanted),
      policy_({wanted.enabled_tools, wanted.disabled_tools, wanted.enabled_categories, wanted.disabled_categories}) {
  workshop_.workers = &around.workers;
  workshop_.several = wanted.several;
  workshop_.rules = index_rules(wanted.index_allow, wanted.index_deny);
  workshop_.limits = wanted.limits;
  workshop_.writes = permissions_of(wanted);
  for (const auto& one : wanted.clusters)
    add_cluster(one, around);
  if (workshop_.clusters.empty())
    throw std::invalid_argument("no OpenSearch cluster is configured: set OPENSEARCH_URL or opensearch.url");
}

void opensearch_provider::add_cluster(const cluster_settings& one, const surroundings& around) {
  workshop_.clusters.push_back(
      std::make_unique<cluster>(one, around.send, key_getter(one, around), around.time, around.meter));
  watches_.push_back(std::make_shared<cluster_watch>(*workshop_.clusters.back(), workshop_.rules, around.io.at(0),
                                                     settings_.watch_every));
}

void opensearch_provider::contribute(catalog& to, announcer&) {
  toolbox tools(to, workshop_, policy_);
  for (const auto offer :
       {offer_index_tools, offer_mapping_tool, offer_index_detail_tools, offer_shard_tools, offer_search_tools,
        offer_health_tool, offer_cluster_state, offer_node_tools, offer_task_tool, offer_query_insights, offer_ppl_tool,
        offer_skills, offer_generic_tool, offer_list_of_clusters})
    offer(tools);
  check_lists(tools);
  const auto names = [this](std::string_view cluster) { return index_names(cluster); };
  offer_resources(to, tools, names);
  offer_prompts(to, tools, names);
}

std::vector<std::string> opensearch_provider::index_names(std::string_view cluster) const {
  for (std::size_t i = 0; i < watches_.size(); ++i)
    if (workshop_.clusters[i]->name() == cluster) return watches_[i]->names();
  return {};
}

// A slip of the pen among what is kept out would leave it in.
void opensearch_provider::check_lists(const toolbox& tools) const {
  std::vector<tool_names> all;
  for (const auto& [name, former] : tools.known())
    all.push_back({name, former});
  const auto unknown = policy_.unknown_entries(all);
  if (unknown.empty()) return;
  throw std::invalid_argument("the lists of OpenSearch tools and categories name " + unknown.front() +
                              ", which is neither; docs/opensearch.md has the tools");
}

void opensearch_provider::start() {
  for (const auto& one : watches_)
    one->start();
}

void opensearch_provider::stop() {
  for (const auto& one : watches_)
    one->stop();
}

std::optional<provider_health> opensearch_provider::health() const {
  provider_health out{.name = "opensearch", .service = "OpenSearch MCP Server"};
  out.details = state_json(watches_.front()->state());
  for (std::size_t i = 0; i < watches_.size(); ++i) {
    const auto state = watches_[i]->state();
    const bool answers =
        state.standing != cluster_state::contact::none && state.standing != cluster_state::contact::unknown;
    out.well = out.well && answers;
    if (watches_.size() > 1) out.details["clusters"][workshop_.clusters[i]->name()] = state_json(state);
  }
  out.ready = settings_.ready == readiness::alone || out.well;
  return out;
}

}  // namespace hydrant::providers

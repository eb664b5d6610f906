#include "providers/opensearch/resources.hpp"

#include "providers/opensearch/render/table.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace hydrant::providers::opensearch {

namespace asio = boost::asio;

namespace {

constexpr int sample_documents = 3;

using reading = asio::awaitable<base::result<json>> (*)(access& on, std::string index);

struct shown {
  const char* path;  ///< of the URI, after the scheme and the cluster
  const char* name;
  const char* title;
  const char* description;
  const char* tool;  ///< that shows the same
  reading read;
};

base::result<json> done(json value) {
  return base::result<json>(boost::system::in_place_value, std::move(value));
}

// ---- What is read

table_form indices_form() {
  return {.columns = {{"index"},
                      {"health"},
                      {"status"},
                      {.member = "docs.count", .kind = column_kind::integer},
                      {.member = "store.size", .kind = column_kind::integer}},
          .member = "indices",
          .noun = "indices",
          .bytes_max = resource_bytes_max};
}

// For those who may not see statistics.
asio::awaitable<base::result<json>> names_alone(access& on) {
  api_request resolve{.path = api_path({"_resolve", "index", "*"})};
  auto found = co_await on.ask(std::move(resolve), "list indices");
  if (!found) co_return found.error();
  json rows = json::array();
  for (const auto& one : found->value("indices", json::array()))
    rows.push_back({{"index", one.value("name", "")}});
  co_return done(std::move(rows));
}

asio::awaitable<base::result<json>> indices(access& on, std::string) {
  api_request list{
      .path = "/_cat/indices",
      .query = {
          {"format", "json"}, {"bytes", "b"}, {"h", "index,health,status,docs.count,store.size"}, {"s", "index"}}};
  auto rows = co_await on.ask(std::move(list), "list indices");
  if (!rows && rows.error().kind == base::error_kind::forbidden) {
    auto names = co_await names_alone(on);
    rows = std::move(names);
  }
  if (!rows) co_return rows.error();
  const auto allowed = on.rules().filter(*rows, "index");
  auto table = render_table(allowed, indices_form(), {.offset = 0, .limit = std::numeric_limits<std::int32_t>::max()});
  co_return done(std::move(table.structured));
}

asio::awaitable<base::result<json>> health(access& on, std::string) {
  api_request ask{.path = "/_cluster/health"};
  auto reply = co_await on.ask(std::move(ask), "read the cluster's health");
  co_return reply;
}

asio::awaitable<base::result<json>> mapping(access& on, std::string index) {
  api_request ask{.path = api_path({index, "_mapping"})};
  auto reply = co_await on.ask(std::move(ask), "read the mapping of " + index);
  co_return reply;
}

asio::awaitable<base::result<json>> index_settings(access& on, std::string index) {
  api_request ask{.path = api_path({index, "_settings"}), .query = {{"flat_settings", "true"}}};
  auto reply = co_await on.ask(std::move(ask), "read the settings of " + index);
  co_return reply;
}

asio::awaitable<base::result<json>> documents_of(access& on, std::string index) {
  api_request search{.path = api_path({index, "_search"}),
                     .query = {{"size", std::to_string(sample_documents)},
                               {"filter_path", "hits.total,hits.hits._index,hits.hits._id,hits.hits._source"}}};
  auto reply = co_await on.ask(std::move(search), "search " + index);
  if (!reply) co_return reply.error();
  const auto hits = reply->is_object() ? reply->value("hits", json::object()) : json::object();
  json out = {{"documents", json::array()}};
  if (hits.contains("hits")) out["documents"] = hits["hits"];
  if (hits.contains("total")) out["total"] = hits["total"];
  co_return done(std::move(out));
}

constexpr shown everything[] = {
    {"indices", "indices", "Indices", "The indices of the cluster with health, number of documents and size in bytes.",
     "list_indices", indices},
    {"cluster/health", "cluster-health", "Cluster health", "How the cluster is: status, nodes and shards.",
     "cluster_health", health},
    {"indices/{index}/mapping", "index-mapping", "Mapping of an index", "The fields of an index and their types.",
     "get_index_mapping", mapping},
    {"indices/{index}/settings", "index-settings", "Settings of an index",
     "The settings of an index: shards, replicas, analyzers and more.", "get_index_mapping", index_settings},
    {"indices/{index}/sample", "index-sample", "Documents of an index", "Three documents of an index, as they are.",
     "search_index", documents_of},
};

// ---- How it is read

base::result<cluster*> cluster_of(const workshop& with, const json& variables) {
  if (!with.several) return with.clusters.front().get();
  const auto name = variables.value("cluster", std::string());
  if (auto* found = with.find(name)) return found;
  return base::fail(base::error_kind::resource_not_found, "no cluster is called " + name);
}

outcome<resource_result> told(const std::string& uri, const json& value) {
  auto text = value.dump(-1, ' ', false, json::error_handler_t::replace);
  if (text.size() > resource_bytes_max)
    return base::fail(base::error_kind::too_large, uri + " has " + std::to_string(text.size()) +
                                                       " bytes, which is more than a resource may have (" +
                                                       std::to_string(resource_bytes_max) + "); name fewer indices");
  return resource_result{{{.uri = uri, .mime_type = "application/json", .text = std::move(text), .blob = {}}}};
}

// Clients look for the URI in the error's data.
base::error failed(const std::string& uri, base::error why) {
  if (why.kind == base::error_kind::resource_not_found && why.data.empty()) why.data = json({{"uri", uri}}).dump();
  return why;
}

asio::awaitable<base::result<json>> read_narrowed(access& on, std::string index, reading read) {
  // What speaks of no index needs no narrowing: it filters, or shows nothing of what indices hold.
  if (!index.empty()) {
    auto narrowed = co_await on.narrow(std::move(index));
    if (!narrowed) co_return narrowed.error();
    index = std::move(*narrowed);
  }
  auto value = co_await read(on, std::move(index));
  co_return value;
}

asio::awaitable<outcome<resource_result>> answer(const workshop& with, call& c, reading read) {
  const auto asked = cluster_of(with, c.arguments());
  if (!asked) co_return failed(c.name(), asked.error());
  auto on = with.for_call(**asked, c);
  auto value = co_await read_narrowed(on, c.arguments().value("index", std::string()), read);
  if (!value) co_return failed(c.name(), value.error());
  co_return told(c.name(), *value);
}

// ---- How it is offered

void add_template(catalog& to, const workshop& with, const shown& one, const std::string& uri,
                  const name_source& names) {
  auto made = resource_template(uri, one.name, "application/json");
  std::move(made).title(one.title).describe(one.description);
  if (with.several) std::move(made).completes("cluster", complete_clusters(with));
  if (uri.find("{index}") != std::string::npos)
    std::move(made).completes("index", complete_indices(with, names, "cluster"));
  to.add(std::move(made).async([&with, read = one.read](call& c) { return answer(with, c, read); }));
}

void add(catalog& to, const workshop& with, const shown& one, const name_source& names) {
  const auto uri = std::string("opensearch://") + (with.several ? "{cluster}/" : "") + one.path;
  if (uri.find('{') != std::string::npos) {
    add_template(to, with, one, uri, names);
    return;
  }
  to.add(resource(uri, one.name, "application/json")
             .title(one.title)
             .describe(one.description)
             .async([&with, read = one.read](call& c) { return answer(with, c, read); }));
}

}  // namespace

void offer_resources(catalog& to, const toolbox& tools, const name_source& names) {
  const auto& offered = tools.added();
  for (const auto& one : everything)
    if (std::ranges::find(offered, one.tool) != offered.end()) add(to, tools.with(), one, names);
}

}  // namespace hydrant::providers::opensearch

#pragma once

// OpenSearch tools against a cluster that answers from a table.

#include "base/clock.hpp"
#include "providers/opensearch/toolbox.hpp"
#include "tests/unit/providers/fake_sender.hpp"
#include "tests/unit/providers/recording.hpp"

#include <vector>

namespace hydrant::providers::opensearch {

struct quiet_meter final : request_meter {
  void asked(std::string_view, int, std::chrono::steady_clock::duration) override {}
};

/// What a client sees of a tool's result.
struct seen_result {
  std::string text;
  json structured;
  bool is_error = false;
};

/// A cluster at http://cluster, and the tools that `offer` puts before it; all categories are on.
class tool_bench {
 public:
  explicit tool_bench(void (*offer)(toolbox&), index_rules rules = {}, std::size_t text_bytes_max = 48 * 1024,
                      bool several = false) {
    shop_.workers = &workers_;
    shop_.rules = std::move(rules);
    shop_.limits.text_bytes_max = text_bytes_max;
    shop_.several = several;
    add_cluster("default", "http://cluster", auth_kind::none);
    offer_ = offer;
  }

  void add_cluster(const std::string& name, const std::string& url, auth_kind auth) {
    cluster_settings one;
    one.name = name;
    one.url = url;
    one.auth = auth;
    one.password = "hunter2";
    shop_.clusters.push_back(std::make_unique<cluster>(one, sender(), aws_credentials_getter(), time_, meter_));
  }

  /// The reply to a request such as "GET /_cat/shards/films?format=json".
  void replies(const std::string& request, const std::string& body, int status = 200) {
    const auto path = request.find('/');
    server.replies[request.substr(0, path) + "http://cluster" + request.substr(path)] = {status, body};
  }

  /// The requests that were sent, as in replies().
  std::vector<std::string> sent() const {
    std::vector<std::string> out;
    for (const auto& one : server.asked)
      out.push_back(one.method + " " + one.url.substr(std::string("http://cluster").size()));
    return out;
  }

  bool offers(const std::string& name) { return offered().find_tool(name) != nullptr; }

  /// Arguments that the tool's schema refuses, and results that do not fit its schema or the limit, are failures of the
  /// test's own.
  seen_result run(const std::string& name, json arguments = json::object()) {
    const auto* entry = offered().find_tool(name);
    if (entry == nullptr) throw std::out_of_range("no tool " + name);
    EXPECT_EQ(protocol::describe(entry->input.validate(arguments)), "");
    open_call on(with_arguments(std::move(arguments)));
    auto ended = run_to_end(entry->definition.run(), on.c);
    if (ended.value() == nullptr) throw std::logic_error("the tool gave no result");
    const auto result = *ended.value();
    seen_result seen{only_text(std::move(ended)), result.structured.value_or(json()), result.is_error};
    if (!seen.is_error) check(*entry, seen);
    return seen;
  }

  bool takes(const std::string& name, const json& arguments) {
    return offered().find_tool(name)->input.validate(arguments).empty();
  }

  fake_endpoints server;

 private:
  // What is not in the table is not found; were there no connection, requests would be repeated after a pause.
  net::http_sender sender() {
    return [this, table = server.sender()](net::http_request request) -> boost::asio::awaitable<net::http_outcome> {
      server.replies.try_emplace(request.method + " " + request.url, 404, "not in the table");
      return table(std::move(request));
    };
  }

  void check(const tool_entry& entry, const seen_result& seen) const {
    ASSERT_TRUE(entry.output);
    EXPECT_EQ(protocol::describe(entry.output->validate(seen.structured)), "");
    EXPECT_LE(seen.text.size(), shop_.limits.text_bytes_max);
    EXPECT_LE(seen.structured.dump().size(), shop_.limits.text_bytes_max);
  }

  catalog& offered() {
    if (!offered_) {
      offered_.emplace();
      tool_lists lists;
      lists.enabled_categories = {"core_tools", "cluster_tools", "observability", "skills", "generic"};
      const tool_policy policy(lists);
      toolbox tools(*offered_, shop_, policy);
      offer_(tools);
    }
    return *offered_;
  }

  base::manual_clock time_;
  quiet_meter meter_;
  net::worker_pool workers_{1, 8};
  workshop shop_;
  void (*offer_)(toolbox&) = nullptr;
  std::optional<catalog> offered_;
};

/// Only what begins with "films" may be seen.
inline index_rules only_films() {
  return {{"films*"}, {}};
}

/// The reply of GET _resolve/index/... that finds these indices.
inline std::string resolved(const std::vector<std::string>& indices) {
  json out = {{"indices", json::array()}, {"aliases", json::array()}, {"data_streams", json::array()}};
  for (const auto& one : indices)
    out["indices"].push_back({{"name", one}, {"attributes", {"open"}}});
  return out.dump();
}

}  // namespace hydrant::providers::opensearch

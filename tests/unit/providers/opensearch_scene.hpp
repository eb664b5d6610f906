#pragma once

// A workshop whose clusters are made up, and a toolbox that offers to a catalog: what tools, resources and prompts of
// the OpenSearch provider are tried with.

#include "providers/opensearch/toolbox.hpp"
#include "tests/unit/providers/fake_sender.hpp"
#include "tests/unit/providers/recording.hpp"

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace hydrant::providers::opensearch {

class silent_meter final : public request_meter {
 public:
  void asked(std::string_view, int, std::chrono::steady_clock::duration) override {}
};

inline cluster_settings cluster_at(std::string url) {
  cluster_settings out;
  out.url = std::move(url);
  return out;
}

/// Answers of clusters. `answer` sees "METHOD URL" and the body.
struct fake_cluster {
  using reply = std::pair<int, std::string>;
  std::function<reply(const std::string& what, const json& body)> answer;
  std::vector<std::pair<std::string, json>> asked;

  net::http_sender sender() {
    return [this](net::http_request request) -> boost::asio::awaitable<net::http_outcome> {
      const auto what = request.method + " " + request.url.substr(request.url.find('/', 8));
      const auto body = json::parse(request.body, nullptr, false);
      asked.emplace_back(what, body);
      const auto [status, text] = answer(what, body);
      if (status == 0)
        co_return net::http_failure{base::fail(base::error_kind::too_large, text), net::reached::perhaps};
      co_return answered(status, text);
    };
  }
};

/// One per test; clusters are called `names`, and with more than one tools ask which.
struct scene {
  explicit scene(std::vector<std::string> names = {"default"}, index_rules rules = {}, tool_lists lists = {})
      : policy(std::move(lists)) {
    for (const auto& name : names) {
      cluster_settings one;
      one.name = name;
      one.url = "http://" + name + ".test:9200";
      with.clusters.push_back(std::make_unique<cluster>(one, upstream.sender(), aws_credentials_getter(), time, meter));
    }
    with.several = names.size() > 1;
    with.workers = &workers;
    with.rules = std::move(rules);
  }

  outcome<tool_result> run(const std::string& tool_name, json arguments) const {
    const auto* found = offered.find_tool(tool_name);
    if (found == nullptr) throw std::out_of_range("no tool " + tool_name);
    open_call on(with_arguments(std::move(arguments)));
    return run_to_end(found->definition.run(), on.c);
  }
  outcome<resource_result> read(const std::string& uri) const {
    const auto found = offered.find_resource(uri);
    if (!found) throw std::out_of_range("no resource " + uri);
    auto setup = with_arguments(found->variables);
    setup.name = uri;
    open_call on(std::move(setup));
    return run_to_end(*found->run, on.c);
  }

  fake_cluster upstream;
  base::manual_clock time;
  silent_meter meter;
  net::worker_pool workers{1, 8};
  workshop with;
  tool_policy policy;
  catalog offered;
  toolbox tools{offered, with, policy};
};

}  // namespace hydrant::providers::opensearch

#pragma once

#include "base/clock.hpp"
#include "providers/catalog.hpp"
#include "providers/opensearch/cluster_watch.hpp"
#include "providers/opensearch/settings.hpp"
#include "providers/opensearch/toolbox.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hydrant::providers {

/// Tools, resources and prompts about OpenSearch clusters.
class opensearch_provider final : public provider {
 public:
  /// What it needs of the process; all outlive it.
  struct surroundings {
    net::io_pool& io;
    net::worker_pool& workers;
    net::http_sender send;
    const base::clock& time;
    opensearch::request_meter& meter;
    std::map<std::string, std::string, std::less<>> variables;  ///< where AWS' tools look for credentials
  };

  /// Throws std::invalid_argument, with what to say to the operator.
  opensearch_provider(const opensearch::settings& wanted, const surroundings& around);

  void contribute(catalog& to, announcer& changes) override;
  void start() override;
  void stop() override;
  std::optional<provider_health> health() const override;

 private:
  void add_cluster(const opensearch::cluster_settings& one, const surroundings& around);
  void check_lists(const opensearch::toolbox& tools) const;
  std::vector<std::string> index_names(std::string_view cluster) const;

  const opensearch::settings settings_;
  const opensearch::tool_policy policy_;
  opensearch::workshop workshop_;
  std::vector<std::shared_ptr<opensearch::cluster_watch>> watches_;  // in the order of the clusters
};

}  // namespace hydrant::providers

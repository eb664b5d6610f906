#pragma once

#include "providers/opensearch/client/cluster.hpp"
#include "runtime/metrics.hpp"

#include <string>

namespace hydrant::app {

/// Brings what the OpenSearch provider asks into the metrics. Thread-safe; one per process.
class upstream_meter final : public providers::opensearch::request_meter {
 public:
  explicit upstream_meter(runtime::metrics& measured) : measured_(measured) {}
  void asked(std::string_view cluster, int status, std::chrono::steady_clock::duration took) override {
    measured_.count_upstream(std::string(cluster), status, took);
  }

 private:
  runtime::metrics& measured_;
};

}  // namespace hydrant::app

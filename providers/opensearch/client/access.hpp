#pragma once

// What a handler sees of OpenSearch: one cluster, asked on behalf of one call and held to this server's index rules.
// Lives as long as the call's run, on its io thread.

#include "net/worker_pool.hpp"
#include "providers/call.hpp"
#include "providers/opensearch/client/cluster.hpp"
#include "providers/opensearch/policy/index_rules.hpp"

#include <string>

namespace hydrant::providers::opensearch {

class access {
 public:
  access(cluster& asked, const index_rules& rules, const result_limits& limits, net::worker_pool& workers,
         call& on_behalf_of)
      : cluster_(asked), rules_(rules), limits_(limits), workers_(workers), call_(on_behalf_of) {}

  const std::string& cluster_name() const { return cluster_.name(); }
  const index_rules& rules() const { return rules_; }
  const result_limits& limits() const { return limits_; }
  /// For net::offload: what takes more than some milliseconds must not hold up an io thread.
  net::worker_pool& workers() const { return workers_; }

  /// The JSON of a successful reply. `doing` completes "cannot ...", e.g. "search films". Errors have messages that a
  /// model can act on. While it takes long, the client gets progress if it asked for it.
  boost::asio::awaitable<base::result<json>> ask(api_request request, std::string doing);
  /// The same for replies that are no JSON.
  boost::asio::awaitable<base::result<std::string>> ask_text(api_request request, std::string doing);
  /// A reply of any status.
  boost::asio::awaitable<base::result<net::http_reply>> ask_any(api_request request);
  /// The JSON of a reply's body, as ask() reads it. Errors: unavailable, overloaded.
  boost::asio::awaitable<base::result<json>> read(std::string text);

  /// The index expression to send for what the caller wrote: the same without index rules; with them, the names that it
  /// stands for, as far as they are allowed. What it gives may stand first in a path. Errors: invalid_params,
  /// forbidden, resource_not_found, as of ask().
  boost::asio::awaitable<base::result<std::string>> narrow(std::string expression);

 private:
  cluster& cluster_;
  const index_rules& rules_;
  const result_limits& limits_;
  net::worker_pool& workers_;
  call& call_;
  int seconds_waited_ = 0;
};

}  // namespace hydrant::providers::opensearch

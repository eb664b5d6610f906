#pragma once

#include "providers/opensearch/client/authorizer.hpp"
#include "providers/opensearch/client/circuit_breaker.hpp"

#include <memory>

namespace hydrant::providers::opensearch {

/// Told of each attempt to ask a cluster. Thread-safe.
class request_meter {
 public:
  virtual ~request_meter() = default;
  /// `status` 0: there was no reply.
  virtual void asked(std::string_view cluster, int status, std::chrono::steady_clock::duration took) = 0;
};

/// A cluster that can be asked: signs, retries what may be sent twice, and stops asking while nobody answers.
/// One per configured cluster, thread-safe; its coroutines run on io threads. Cancelling one closes its connection,
/// by which OpenSearch learns to cancel the search.
class cluster {
 public:
  /// Throws std::invalid_argument for a URL that is none and for TLS files that cannot be read. `time` and `meter`
  /// outlive it.
  cluster(cluster_settings settings, net::http_sender send, aws_credentials_getter keys, const base::clock& time,
          request_meter& meter);

  const std::string& name() const { return settings_.name; }
  const cluster_settings& settings() const { return settings_; }
  bool is_given_up() const { return breaker_->is_open(); }

  /// A reply of any status. Errors, with messages for the client: unavailable, timeout, too_large, forbidden.
  boost::asio::awaitable<base::result<net::http_reply>> send(api_request request, std::string caller_authorization);

  /// The same once only, whether the cluster has been given up or not: for finding out how it is. Nobody called, so
  /// with auth_kind::caller it goes out without credentials.
  boost::asio::awaitable<base::result<net::http_reply>> probe(api_request request);

 private:
  boost::asio::awaitable<base::result<net::http_outcome>> try_once(const api_request& request,
                                                                   const std::string* caller_authorization,
                                                                   base::steady_time end);
  base::error refused(const circuit_breaker::refusal& by) const;
  base::error failure_of(const net::http_failure& failure, std::chrono::milliseconds limit) const;

  const cluster_settings settings_;
  const base_url url_;
  const std::shared_ptr<const net::tls_settings> tls_;
  const net::http_sender send_;
  const authorizer authorizer_;
  const base::clock& time_;
  request_meter& meter_;
  const std::shared_ptr<circuit_breaker> breaker_;  // shared with requests, whose coroutines may outlive this
};

}  // namespace hydrant::providers::opensearch

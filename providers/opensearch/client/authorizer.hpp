#pragma once

// Says to a cluster who sends a request. Thread-safe; one per cluster.

#include "base/clock.hpp"
#include "providers/opensearch/aws/access_key.hpp"
#include "providers/opensearch/client/api_request.hpp"
#include "providers/opensearch/client/base_url.hpp"
#include "providers/opensearch/settings.hpp"

#include <functional>
#include <string>

namespace hydrant::providers::opensearch {

/// Gives the credentials to sign with, which may take a request of its own.
using aws_credentials_getter = std::function<boost::asio::awaitable<base::result<aws_credentials>>()>;

class authorizer {
 public:
  /// `keys` is asked only with auth_kind::aws.
  authorizer(const cluster_settings& of, aws_credentials_getter keys, const base::clock& time);

  /// The headers to add to a request that goes to `target` at `where`. `caller_authorization` is what the client sent
  /// with its request; only auth_kind::caller passes it on, and refuses an empty one. Null: nobody called, this server
  /// looks by itself, and with auth_kind::caller it has no credentials. Errors: forbidden, unavailable; to be shown to
  /// the client.
  boost::asio::awaitable<base::result<net::header_list>> headers_for(const api_request& request, const base_url& where,
                                                                     const std::string& target,
                                                                     const std::string* caller_authorization) const;

 private:
  base::result<net::header_list> pass_on(const std::string* caller_authorization) const;
  net::header_list sign(const api_request& request, const base_url& where, const std::string& target,
                        const aws_credentials& keys) const;

  const auth_kind kind_;
  const std::string fixed_;  // the whole Authorization header, where it is always the same
  const aws_settings aws_;
  const aws_credentials_getter keys_;
  const base::clock& time_;
};

}  // namespace hydrant::providers::opensearch

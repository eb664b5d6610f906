#pragma once

// The two kinds of HTTP endpoints that give a process on AWS its credentials. Both are on the machine or one hop away,
// so they are asked without a proxy and within seconds. Errors are of kind unavailable and hold nothing of a reply.

#include "base/result.hpp"
#include "net/http_message.hpp"
#include "providers/opensearch/aws/credential_chain.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <string_view>

namespace hydrant::providers::opensearch {

/// Whether the environment names a container's endpoint.
bool has_container_endpoint(const environment_map& environment);

/// The request to it. Fails if the URL is none that may be asked (see may_give_credentials), or if the token's file
/// cannot be read.
base::result<net::http_request> container_request(const environment_map& environment, const file_reader& read_file);

/// Whether what answers there can be trusted with our token and to give us keys: https, or http to this machine's
/// loopback or to one of the addresses of ECS and EKS.
bool may_give_credentials(std::string_view url);

boost::asio::awaitable<base::result<aws_credentials>> ask_container(net::http_request request,
                                                                    const net::http_sender& send);

/// The keys of the instance's role, from the metadata service at `endpoint` ("http://169.254.169.254"). Version 2 only:
/// a service that gives no session token is not asked in the way of version 1, which any request forged through this
/// process could use as well.
boost::asio::awaitable<base::result<aws_credentials>> ask_instance(std::string endpoint, const net::http_sender& send);

}  // namespace hydrant::providers::opensearch

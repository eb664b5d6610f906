#pragma once

// AWS STS asked for the keys of a role. Errors are of kind unavailable: the message holds STS' error code and what to
// do, the detail may name hosts and files; no secret is in either.

#include "base/clock.hpp"
#include "base/result.hpp"
#include "net/http_message.hpp"
#include "providers/opensearch/aws/credential_chain.hpp"
#include "providers/opensearch/aws/sts_texts.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <string_view>

namespace hydrant::providers::opensearch {

struct sts_endpoint {
  std::string url;
  std::string host;    ///< as the Host header has it
  std::string path;    ///< of the URL; begins with a slash
  std::string region;  ///< for which requests to it are signed
};

/// STS of that region, or what AWS_ENDPOINT_URL_STS names. Fails if the region's name is none, or if the URL is none
/// that may be asked (see may_give_credentials).
base::result<sts_endpoint> find_sts(const environment_map& environment, std::string_view region);

/// The web identity token in a file, without the blanks at its end. It is renewed there, so it is not to be kept.
base::result<std::string> web_identity_token(const std::string& path, const file_reader& read_file);

/// The keys of a role, asked for with other keys, which fit into a header.
boost::asio::awaitable<base::result<aws_credentials>> assume_role(sts_endpoint where, sts_role role,
                                                                  aws_credentials keys, const base::clock& clock,
                                                                  const net::http_sender& send);

/// The keys of a role, asked for with a token of an identity provider that the role trusts.
boost::asio::awaitable<base::result<aws_credentials>> assume_role_with_web_identity(sts_endpoint where, sts_role role,
                                                                                    std::string token,
                                                                                    const net::http_sender& send);

}  // namespace hydrant::providers::opensearch

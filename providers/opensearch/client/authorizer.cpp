#include "providers/opensearch/client/authorizer.hpp"

#include "protocol/base64.hpp"
#include "providers/opensearch/aws/sigv4.hpp"

namespace hydrant::providers::opensearch {
namespace {

std::string fixed_authorization(const cluster_settings& of) {
  if (of.auth == auth_kind::basic)
    return "Basic " + protocol::base64_encode(of.username + ':' + of.password, protocol::base64_alphabet::standard);
  if (of.auth == auth_kind::bearer) return "Bearer " + of.bearer_token;
  return {};
}

}  // namespace

authorizer::authorizer(const cluster_settings& of, aws_credentials_getter keys, const base::clock& time)
    : kind_(of.auth), fixed_(fixed_authorization(of)), aws_(of.aws), keys_(std::move(keys)), time_(time) {}

boost::asio::awaitable<base::result<net::header_list>> authorizer::headers_for(
    const api_request& request, const base_url& where, const std::string& target,
    const std::string* caller_authorization) const {
  if (kind_ == auth_kind::caller) co_return pass_on(caller_authorization);
  if (kind_ == auth_kind::aws) {
    auto keys = co_await keys_();
    if (!keys) co_return keys.error();
    co_return sign(request, where, target, *keys);
  }
  if (fixed_.empty()) co_return net::header_list{};
  co_return net::header_list{{"Authorization", fixed_}};
}

// Never anybody else's rights: who calls without credentials would act as this server.
base::result<net::header_list> authorizer::pass_on(const std::string* caller_authorization) const {
  if (caller_authorization == nullptr) return net::header_list{};
  if (caller_authorization->empty())
    return base::fail(base::error_kind::forbidden,
                      "this server passes your own credentials on to OpenSearch, and the request had none: send an "
                      "Authorization header");
  return net::header_list{{"Authorization", *caller_authorization}};
}

net::header_list authorizer::sign(const api_request& request, const base_url& where, const std::string& target,
                                  const aws_credentials& keys) const {
  const auto mark = std::min(target.find('?'), target.size());
  const std::string_view whole = target;
  const sigv4_request what{.method = request.method,
                           .host = where.host,
                           .path = whole.substr(0, mark),
                           .query = whole.substr(std::min(mark + 1, whole.size())),
                           .headers = {},
                           .body = request.body};
  return sign_sigv4(what, keys, {aws_.region, aws_.service}, time_.wall_now());
}

}  // namespace hydrant::providers::opensearch

#include "providers/opensearch/tools/plugin_reply.hpp"

#include "providers/opensearch/render/failure.hpp"

namespace hydrant::providers::opensearch {

namespace asio = boost::asio;

namespace {

constexpr int first_failure_status = 300;

bool knows_no_such_path(const net::http_reply& reply) {
  return reply.status == 400 && reply.body.find("no handler found for uri") != std::string::npos;
}

}  // namespace

asio::awaitable<base::result<std::string>> ask_plugin(access& on, api_request request, std::string plugin,
                                                      std::string doing) {
  auto reply = co_await on.ask_any(std::move(request));
  if (!reply) co_return reply.error();
  if (knows_no_such_path(*reply))
    co_return base::fail(base::error_kind::resource_not_found, "cannot " + doing + ": the OpenSearch cluster " +
                                                                   on.cluster_name() + " does not have the " + plugin +
                                                                   " plugin; use another tool");
  if (reply->status >= first_failure_status) co_return failure_of(reply->status, reply->body, doing);
  co_return std::move(reply->body);
}

}  // namespace hydrant::providers::opensearch

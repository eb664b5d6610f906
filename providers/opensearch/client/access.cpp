#include "providers/opensearch/client/access.hpp"

#include "net/offload.hpp"
#include "providers/opensearch/client/progress_ticker.hpp"
#include "providers/opensearch/client/reply_json.hpp"
#include "providers/opensearch/policy/index_expression.hpp"
#include "providers/opensearch/render/failure.hpp"

#include <boost/asio/this_coro.hpp>

namespace hydrant::providers::opensearch {

namespace asio = boost::asio;

namespace {

constexpr int first_failure_status = 300;
/// A larger reply would hold up everybody else on this io thread; some 2 ms.
constexpr std::size_t parsed_here_bytes_max = std::size_t{256} * 1024;

// No index begins with an underscore, but APIs do, and an expression is often a path's first segment: what looks like
// the settings of an index would be GET /_search.
bool names_an_api(std::string_view expression) {
  return expression.starts_with('_') && expression != "_all";
}

base::result<std::string> narrowed(const index_rules& rules, const std::string& expression, const std::string& reply,
                                   std::size_t depth_max) {
  const auto found = parse_reply(reply, depth_max);
  if (!found) return found.error();
  return rules.narrow(expression, *found);
}

}  // namespace

asio::awaitable<base::result<net::http_reply>> access::ask_any(api_request request) {
  const auto here = co_await asio::this_coro::executor;
  const progress_ticker ticker(here, call_, seconds_waited_, "waiting for OpenSearch");
  auto reply = co_await cluster_.send(std::move(request), call_.authorization());
  co_return reply;
}

asio::awaitable<base::result<std::string>> access::ask_text(api_request request, std::string doing) {
  auto reply = co_await ask_any(std::move(request));
  if (!reply) co_return reply.error();
  if (reply->status >= first_failure_status) co_return failure_of(reply->status, reply->body, doing);
  co_return std::move(reply->body);
}

asio::awaitable<base::result<json>> access::ask(api_request request, std::string doing) {
  auto text = co_await ask_text(std::move(request), std::move(doing));
  if (!text) co_return text.error();
  auto tree = co_await read(std::move(*text));
  co_return tree;
}

asio::awaitable<base::result<json>> access::read(std::string text) {
  if (text.size() <= parsed_here_bytes_max) co_return parse_reply(text, limits_.json_depth_max);
  auto parse = [text = std::move(text), depth = limits_.json_depth_max] { return parse_reply(text, depth); };
  auto parsed = co_await net::offload(workers_, std::move(parse));
  if (!parsed) co_return parsed.error();
  co_return std::move(*parsed);
}

asio::awaitable<base::result<std::string>> access::narrow(std::string expression) {
  if (names_an_api(expression))
    co_return base::fail(base::error_kind::invalid_params, "no index has a name that begins with an underscore");
  if (!rules_.any()) co_return expression;
  if (auto fine = rules_.check_expression(expression); !fine) co_return fine.error();
  api_request resolve;
  resolve.path = api_path({"_resolve", "index", to_resolve(expression)});
  auto reply = co_await ask_text(std::move(resolve), "look up " + expression);
  if (!reply && reply.error().kind != base::error_kind::resource_not_found) co_return reply.error();
  std::string text = reply ? std::move(*reply) : "{}";
  if (text.size() <= parsed_here_bytes_max) co_return narrowed(rules_, expression, text, limits_.json_depth_max);
  auto narrow = [rules = rules_, expression, text = std::move(text), depth = limits_.json_depth_max] {
    return narrowed(rules, expression, text, depth);
  };
  auto done = co_await net::offload(workers_, std::move(narrow));
  if (!done) co_return done.error();
  co_return std::move(*done);
}

}  // namespace hydrant::providers::opensearch

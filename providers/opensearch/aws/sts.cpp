#include "providers/opensearch/aws/sts.hpp"

#include "providers/opensearch/aws/credential_endpoints.hpp"
#include "providers/opensearch/aws/sigv4.hpp"
#include "providers/opensearch/client/base_url.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace hydrant::providers::opensearch {
namespace {

namespace asio = boost::asio;

constexpr const char* endpoint_variable = "AWS_ENDPOINT_URL_STS";
constexpr std::size_t token_bytes_max = 20'000;  // the most that STS takes
constexpr std::chrono::seconds connect_timeout{5};
constexpr std::chrono::seconds timeout{10};

base::error unusable(std::string why, std::string detail = {}) {
  return base::fail(base::error_kind::unavailable, std::move(why), std::move(detail));
}

std::string public_endpoint(std::string_view region) {
  return "https://sts." + std::string(region) + (region.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com");
}

net::http_request request_to(const sts_endpoint& where, std::string body) {
  net::http_request request;
  request.method = "POST";
  request.url = where.url;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
  request.body = std::move(body);
  request.connect_timeout = connect_timeout;
  request.timeout = timeout;
  request.body_bytes_max = sts_reply_bytes_max;
  // Without TLS the keys must not leave the machine, and a proxy may be elsewhere.
  request.direct = where.url.starts_with("http://");
  return request;
}

void sign(net::http_request& request, const sts_endpoint& where, const aws_credentials& keys, base::wall_time now) {
  const sigv4_request what{.method = request.method,
                           .host = where.host,
                           .path = where.path,
                           .query = {},
                           .headers = request.headers,
                           .body = request.body};
  for (auto& header : sign_sigv4(what, keys, {where.region, "sts"}, now))
    request.headers.push_back(std::move(header));
}

/// Of a reply that gives no keys the code alone is told: its message may repeat what it was sent.
base::error refusal(const net::http_reply& reply, const std::string& what) {
  std::string text = what + " answered with status " + std::to_string(reply.status);
  const std::string code = sts_error_code(reply.body);
  if (!code.empty()) text += ", " + code;
  const std::string_view advice = sts_advice(code);
  if (!advice.empty()) text.append(": ").append(advice);
  return unusable(std::move(text));
}

base::result<aws_credentials> keys_in(net::http_outcome outcome, sts_action action) {
  const std::string what = std::string(name_of(action)) + " of AWS STS";
  if (outcome.has_error()) return unusable(what + ": " + outcome.error().why.message, outcome.error().why.detail);
  if (outcome->status != 200) return refusal(*outcome, what);
  auto keys = parse_sts_reply(action, outcome->body);
  if (keys.has_error()) return unusable(what + ": " + keys.error().message);
  return keys;
}

}  // namespace

base::result<sts_endpoint> find_sts(const environment_map& environment, std::string_view region) {
  if (!is_aws_region(region)) return unusable("the AWS region to ask STS in has no region's name");
  const std::string_view named = variable(environment, endpoint_variable);
  const std::string url = named.empty() ? public_endpoint(region) : std::string(named);
  const auto parts = base_url::parse(url);
  if (!parts || !may_give_credentials(url))
    return unusable(std::string(endpoint_variable) + " is neither an https URL nor one of this machine's loopback");
  std::string path = parts->path.empty() ? "/" : parts->path;
  std::string whole = parts->origin + path;
  return sts_endpoint{std::move(whole), parts->host, std::move(path), std::string(region)};
}

base::result<std::string> web_identity_token(const std::string& path, const file_reader& read_file) {
  auto token = read_file(path);
  if (!token) return unusable("the file of the web identity token cannot be read", path);
  token->erase(token->find_last_not_of(" \t\r\n") + 1);
  const bool is_one = !token->empty() && token->size() <= token_bytes_max &&
                      std::ranges::all_of(*token, [](char c) { return c > ' ' && c < '\x7f'; });
  if (!is_one)
    return unusable("the web identity token is empty or too long, or has a character that no token has", path);
  return std::move(*token);
}

asio::awaitable<base::result<aws_credentials>> assume_role(sts_endpoint where, sts_role role, aws_credentials keys,
                                                           const base::clock& clock, const net::http_sender& send) {
  if (auto wrong = wrong_with(role)) co_return unusable(std::move(*wrong));
  net::http_request request = request_to(where, sts_form(sts_action::assume_role, role, {}));
  sign(request, where, keys, clock.wall_now());
  auto outcome = co_await send(std::move(request));
  co_return keys_in(std::move(outcome), sts_action::assume_role);
}

asio::awaitable<base::result<aws_credentials>> assume_role_with_web_identity(sts_endpoint where, sts_role role,
                                                                             std::string token,
                                                                             const net::http_sender& send) {
  if (auto wrong = wrong_with(role)) co_return unusable(std::move(*wrong));
  net::http_request request = request_to(where, sts_form(sts_action::assume_role_with_web_identity, role, token));
  auto outcome = co_await send(std::move(request));
  co_return keys_in(std::move(outcome), sts_action::assume_role_with_web_identity);
}

}  // namespace hydrant::providers::opensearch

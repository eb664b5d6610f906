#include "providers/opensearch/aws/credential_endpoints.hpp"

#include "providers/opensearch/aws/credential_texts.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace hydrant::providers::opensearch {
namespace {

namespace asio = boost::asio;

constexpr std::string_view ecs_endpoint = "http://169.254.170.2";
constexpr std::size_t reply_bytes_max = 64 * 1024;
constexpr std::size_t token_bytes_max = 16 * 1024;
constexpr std::size_t role_bytes_max = 64;

base::error unusable(std::string why) {
  return base::fail(base::error_kind::unavailable, std::move(why));
}

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

net::http_request request_to(std::string url, std::chrono::milliseconds connect_timeout,
                             std::chrono::milliseconds timeout) {
  net::http_request request;
  request.url = std::move(url);
  request.connect_timeout = connect_timeout;
  request.timeout = timeout;
  request.body_bytes_max = reply_bytes_max;
  request.direct = true;
  return request;
}

/// The host of "host:port" or "[address]:port". Empty: it is neither.
std::string_view host_of(std::string_view authority) {
  const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : 0;
  if (bracket == std::string_view::npos) return {};
  const std::size_t end = std::min(authority.find(':', bracket), authority.size());
  if (end < authority.size() && authority.find_first_not_of("0123456789", end + 1) != std::string_view::npos) return {};
  if (bracket == 0) return authority.substr(0, end);
  return end == bracket + 1 ? authority.substr(1, bracket - 1) : std::string_view();
}

bool is_near(std::string_view host) {
  static const std::array near = {asio::ip::make_address("169.254.170.2"), asio::ip::make_address("169.254.170.23"),
                                  asio::ip::make_address("fd00:ec2::23")};
  if (host == "localhost") return true;
  boost::system::error_code not_an_address;
  const asio::ip::address address = asio::ip::make_address(std::string(host), not_an_address);
  return !not_an_address && (address.is_loopback() || std::ranges::count(near, address) > 0);
}

/// What goes into the Authorization header; empty: nothing does. The file comes first, since EKS renews it.
base::result<std::string> container_token(const environment_map& environment, const file_reader& read_file) {
  const std::string path(variable(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"));
  std::optional<std::string> token(variable(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN"));
  if (!path.empty()) token = read_file(path);
  if (!token) return unusable("the file " + path + " of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE cannot be read");
  token->erase(token->find_last_not_of(" \t\r\n") + 1);
  // Blanks separate a scheme from its parameters; a line end would begin a header of its own.
  const bool fits =
      token->size() <= token_bytes_max && std::ranges::all_of(*token, [](char c) { return c >= ' ' && c < '\x7f'; });
  if (!fits) return unusable("the container's authorization token is too long, or has a character that no token has");
  return *token;
}

/// The body of a reply with status 200. Anything else is told by its status alone: bodies may hold keys.
base::result<std::string> body_of(net::http_outcome outcome, std::string_view what) {
  if (outcome.has_error()) {
    const base::error& why = outcome.error().why;
    return unusable(std::string(what) + ": " + why.message + (why.detail.empty() ? "" : ", " + why.detail));
  }
  if (outcome->status != 200)
    return unusable(std::string(what) + " answered with status " + std::to_string(outcome->status));
  return std::move(outcome->body);
}

base::result<aws_credentials> keys_in(base::result<std::string> body, std::string_view what) {
  if (body.has_error()) return body.error();
  auto keys = parse_credentials_reply(*body);
  if (keys.has_error()) return unusable(std::string(what) + ": " + keys.error().message);
  return keys;
}

asio::awaitable<base::result<std::string>> instance_session(const std::string& endpoint, const net::http_sender& send) {
  constexpr std::string_view what = "the metadata service, asked for a session";
  net::http_request request =
      request_to(endpoint + "/latest/api/token", std::chrono::seconds(1), std::chrono::seconds(2));
  request.method = "PUT";
  request.headers = {{"X-aws-ec2-metadata-token-ttl-seconds", "300"}};
  auto outcome = co_await send(std::move(request));
  auto session = body_of(std::move(outcome), what);
  if (session && (session->empty() || session->size() > token_bytes_max || !is_printable(*session)))
    co_return unusable(std::string(what) + ": it gave none");
  co_return session;
}

net::http_request metadata_request(const std::string& endpoint, const std::string& path, const std::string& session) {
  net::http_request request = request_to(endpoint + "/latest/meta-data/iam/security-credentials/" + path,
                                         std::chrono::seconds(1), std::chrono::seconds(5));
  request.headers = {{"X-aws-ec2-metadata-token", session}};
  return request;
}

// The characters that the name of a role may have; they need no escapes in a path.
bool is_role(std::string_view name) {
  return !name.empty() && name.size() <= role_bytes_max && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("+=,.@-_").find(c) != std::string_view::npos;
  });
}

asio::awaitable<base::result<std::string>> instance_role(const std::string& endpoint, const std::string& session,
                                                         const net::http_sender& send) {
  net::http_request request = metadata_request(endpoint, "", session);
  auto outcome = co_await send(std::move(request));
  if (outcome && outcome->status == 404) co_return unusable("the instance has no role");
  auto role = body_of(std::move(outcome), "the metadata service, asked for the role");
  if (role.has_error()) co_return role;
  std::string name = role->substr(0, role->find_first_of("\r\n"));
  if (!is_role(name)) co_return unusable("the metadata service names no role");
  co_return name;
}

}  // namespace

bool has_container_endpoint(const environment_map& environment) {
  return !variable(environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").empty() ||
         !variable(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI").empty();
}

bool may_give_credentials(std::string_view url) {
  const bool https = url.starts_with("https://");
  if (!is_printable(url) || !(https || url.starts_with("http://"))) return false;
  const std::string_view rest = url.substr(https ? 8 : 7);
  // In a place where programs disagree about what the host is, nothing unusual is let through.
  const std::string_view host = host_of(rest.substr(0, rest.find_first_of("/?#\\@")));
  if (host.empty() || rest.find_first_of("\\@") != std::string_view::npos) return false;
  return https || is_near(host);
}

base::result<net::http_request> container_request(const environment_map& environment, const file_reader& read_file) {
  const std::string_view relative = variable(environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const std::string url = relative.empty() ? std::string(variable(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI"))
                                           : std::string(ecs_endpoint).append(relative);
  if (!relative.empty() && !relative.starts_with('/'))
    return unusable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI does not begin with a slash");
  if (!may_give_credentials(url))
    return unusable(
        "the container's endpoint is neither https nor on this machine's loopback nor an address of ECS or EKS");
  auto token = container_token(environment, read_file);
  if (token.has_error()) return token.error();
  net::http_request request = request_to(url, std::chrono::seconds(2), std::chrono::seconds(5));
  if (!token->empty()) request.headers = {{"Authorization", std::move(*token)}};
  return request;
}

asio::awaitable<base::result<aws_credentials>> ask_container(net::http_request request, const net::http_sender& send) {
  constexpr std::string_view what = "the container's endpoint";
  auto outcome = co_await send(std::move(request));
  co_return keys_in(body_of(std::move(outcome), what), what);
}

asio::awaitable<base::result<aws_credentials>> ask_instance(std::string endpoint, const net::http_sender& send) {
  while (endpoint.ends_with('/'))
    endpoint.pop_back();
  auto session = co_await instance_session(endpoint, send);
  if (session.has_error()) co_return session.error();
  auto role = co_await instance_role(endpoint, *session, send);
  if (role.has_error()) co_return role.error();
  net::http_request request = metadata_request(endpoint, *role, *session);
  auto outcome = co_await send(std::move(request));
  constexpr std::string_view what = "the metadata service, asked for the role's keys";
  co_return keys_in(body_of(std::move(outcome), what), what);
}

}  // namespace hydrant::providers::opensearch

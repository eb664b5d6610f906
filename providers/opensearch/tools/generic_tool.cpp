// opensearch_api: any request, as far as the operator permits what it does.

#include "providers/opensearch/render/text_limit.hpp"
#include "providers/opensearch/tools/bodies.hpp"
#include "providers/opensearch/tools/rows.hpp"
#include "providers/opensearch/tools/tools.hpp"

#include <algorithm>

namespace hydrant::providers::opensearch {

namespace asio = boost::asio;
using base::error_kind;

namespace {

constexpr std::size_t bulk_lines_max = 2000;
constexpr std::size_t parameters_max = 50;

struct wanted_call {
  std::string method;
  std::string path;
  json parameters;
  json body;
};

base::error not_permitted(const wanted_call& wanted, effect what) {
  return base::fail(error_kind::forbidden,
                    wanted.method + " " + wanted.path + " may change " +
                        (what == effect::writes_cluster ? "the cluster" : std::string(name_of(what))) +
                        ", which this server does not permit; its operator can, by opensearch.allow-write");
}

/// What the request does at most, if that is permitted.
base::result<effect> permitted_effect(const wanted_call& wanted, const write_permissions& writes) {
  auto what = effect_of(wanted.method, wanted.path);
  if (!what) return what.error();
  for (const auto& [name, value] : wanted.parameters.items())
    if (holds_memory(name)) what = effect::writes_cluster;
  if (!writes.permits(*what)) return not_permitted(wanted, *what);
  return *what;
}

std::string text_of(const json& value) {
  return value.is_string() ? value.get<std::string>() : protocol::to_text(value);
}

base::result<> read_parameters(const json& given, api_request& into, const index_rules& rules) {
  if (given.size() > parameters_max) return base::fail(error_kind::invalid_params, "query_params has too many members");
  for (const auto& [name, value] : given.items()) {
    if (const auto fine = rules.check_parameter(name); !fine) return fine.error();
    into.query.emplace_back(name, text_of(value));
  }
  return {};
}

bool takes_lines(std::string_view path) {
  return path.ends_with("/_bulk") || path.ends_with("/_msearch") || path.ends_with("/template") ||
         path.ends_with("/_monitoring/bulk");
}

/// The body as it is sent. With index rules only what can be looked into: one object.
base::result<> read_body(const json& given, api_request& into, const index_rules& rules,
                         const std::vector<std::string>& vetted) {
  if (given.is_null()) return {};
  const auto whole = object_of(given, "body");
  if (whole) {
    if (const auto fine = rules.check_body(*whole, vetted); !fine) return fine.error();
    into.body = protocol::to_text(*whole);
    return {};
  }
  if (rules.any()) return base::fail(error_kind::forbidden, "with index rules, body must be one JSON object");
  if (!takes_lines(into.path)) return whole.error();
  const auto lines = lines_of(given, "body", bulk_lines_max);
  if (!lines) return lines.error();
  into.body = as_ndjson(*lines);
  into.content_type = "application/x-ndjson";
  return {};
}

struct narrowed_path {
  std::string path;
  std::vector<std::string> vetted;
};

/// With index rules, a path must name its indices, and gets what they come to. One that does not exist yet may be
/// written to if its name is allowed.
asio::awaitable<base::result<narrowed_path>> narrow_path(access& on, const wanted_call& wanted, effect what) {
  if (!on.rules().any()) co_return narrowed_path{wanted.path, {}};
  const auto end = std::min(wanted.path.find('/', 1), wanted.path.size());
  const auto index = wanted.path.substr(1, end - 1);
  if (index.empty() || index.front() == '_')
    co_return base::fail(error_kind::forbidden,
                         "with index rules, a path must begin with the indices it is about, e.g. /films/_search");
  auto names = co_await on.narrow(index);
  const bool is_new = !names && names.error().kind == error_kind::resource_not_found && what != effect::reads &&
                      index.find_first_of("*,") == std::string::npos && on.rules().allows(index);
  if (!names && !is_new) co_return names.error();
  const auto found = is_new ? index : *names;
  co_return narrowed_path{"/" + escaped_segment(found) + wanted.path.substr(end), split_names(found)};
}

enum class consent { given, open, refused };

/// Asks the user before something is changed, where the client can ask.
consent ask_consent(call& c, const wanted_call& wanted) {
  if (!c.client().elicitation_form) return consent::given;
  const auto* answer = c.ask(
      "confirm",
      protocol::elicit_form("Send " + wanted.method + " " + wanted.path + " to OpenSearch? It changes what is stored.",
                            {{"confirmed", {{"type", "boolean"}, {"title", "Yes, send it"}}}}, {"confirmed"}));
  if (answer == nullptr) return consent::open;
  const bool yes = (*answer)["action"] == "accept" && (*answer)["content"].value("confirmed", false);
  return yes ? consent::given : consent::refused;
}

tool_result told(const net::http_reply& reply, const result_limits& limits) {
  json structured = {{"status", reply.status}};
  auto body = json::parse(reply.body, nullptr, /*allow_exceptions=*/false);
  const bool fits = reply.body.size() <= limits.text_bytes_max;
  if (fits && !body.is_discarded()) structured["body"] = std::move(body);
  auto result = told_result(limit_text("HTTP " + std::to_string(reply.status) + "\n" + reply.body,
                                       limits.text_bytes_max, "Ask for less, e.g. by filter_path."),
                            std::move(structured));
  result.is_error = reply.status >= 400;
  return result;
}

asio::awaitable<outcome<tool_result>> call_api(access& on, call& c, const write_permissions& writes,
                                               wanted_call wanted) {
  const auto what = permitted_effect(wanted, writes);
  if (!what) co_return what.error();
  auto where = co_await narrow_path(on, wanted, *what);
  if (!where) co_return where.error();
  api_request request;
  request.method = wanted.method;
  request.path = where->path;
  request.repeat = *what == effect::reads ? net::repeatable::yes : net::repeatable::no;
  if (const auto fine = read_parameters(wanted.parameters, request, on.rules()); !fine) co_return fine.error();
  if (const auto fine = read_body(wanted.body, request, on.rules(), where->vetted); !fine) co_return fine.error();
  if (*what != effect::reads) {
    const auto asked = ask_consent(c, wanted);
    if (asked == consent::open) co_return c.wait<tool_result>();
    if (asked == consent::refused) co_return protocol::error_result("The user did not confirm it; nothing was sent.");
  }
  auto reply = co_await on.ask_any(std::move(request));
  if (!reply) co_return reply.error();
  co_return told(*reply, on.limits());
}

tool described_tool(const write_permissions& writes) {
  auto out = tool("opensearch_api");
  std::move(out).title("Call an OpenSearch API");
  if (!writes.any()) {
    std::move(out)
        .describe("Sends a request that reads to any of OpenSearch's REST APIs. Use it for what no other tool does.")
        .read_only()
        .idempotent();
    return out;
  }
  std::move(out)
      .describe(
          "Sends a request to OpenSearch's REST API, also one that changes something if this server permits it. "
          "Prefer the other tools for what they do.")
      .destructive()
      .answers_count_once();
  return out;
}

}  // namespace

void offer_generic_tool(toolbox& tools) {
  const auto path = parameter<std::string>("path", "Path of the API without parameters, e.g. /films/_search")
                        .with("pattern", "^/")
                        .with("maxLength", 3000);
  const auto method = parameter<std::string>("method", "HTTP method")
                          .one_of({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
                          .or_else("GET");
  const auto parameters =
      parameter<json>("query_params", "Parameters of the URL").with("type", "object").or_else(json::object());
  const auto body = parameter<json>("body", "A JSON object, or lines of them for _bulk and _msearch")
                        .with("type", {"object", "array", "string", "null"})
                        .or_else(nullptr);
  auto definition = described_tool(tools.with().writes);
  std::move(definition)
      .takes(path, method, parameters, body)
      .output_schema({{"type", "object"},
                      {"properties", {{"status", {{"type", "integer"}}}, {"body", json::object()}}},
                      {"required", {"status"}}});
  tools.offer({category::generic, "GenericOpenSearchApiTool"}, std::move(definition),
              [=, &writes = tools.with().writes](access& on, call& c) {
                return call_api(on, c, writes, {c[method], c[path], c[parameters], c[body]});
              });
}

}  // namespace hydrant::providers::opensearch

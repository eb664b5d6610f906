// opensearch_api: any request, as far as the operator permits what it does.

#include "providers/opensearch/client/reply_json.hpp"
#include "providers/opensearch/policy/body_effect.hpp"
#include "providers/opensearch/policy/ppl_effect.hpp"
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

/// By the whole shape of the path: a document may be called _bulk.
bool takes_lines(std::string_view path) {
  for (const std::string_view end : {"/_bulk", "/_msearch", "/_msearch/template"}) {
    const auto before = path.size() - std::min(path.size(), end.size());
    if (path.ends_with(end) && path.find('/', 1) >= before) return true;
  }
  return false;
}

/// One object, lines of them, or none.
base::result<std::vector<json>> bodies_of(const wanted_call& wanted) {
  const auto& given = wanted.body;
  if (given.is_null()) return std::vector<json>();
  if (takes_lines(wanted.path))
    return lines_of(given.is_object() ? json::array({given}) : given, "body", bulk_lines_max);
  auto whole = object_of(given, "body");
  if (!whole) return whole.error();
  return std::vector<json>{std::move(*whole)};
}

/// PPL reads, but for the command that trains a model.
bool may_train_a_model(const std::string& path, const std::vector<json>& bodies) {
  if (path != "/_plugins/_ppl" || bodies.empty()) return false;
  const auto query = bodies.front().find("query");
  if (query == bodies.front().end() || !query->is_string()) return true;
  return ppl_may_write(query->get_ref<const std::string&>());
}

effect effect_of_body(const std::string& path, effect what, const json& body) {
  if (what == effect::reads) return effect_of_search(body);
  if (path == "/_reindex") return effect_of_reindex(body);
  // Any other body that writes is a document or a setting, which may look like anything.
  return takes_lines(path) ? effect_of_bulk_line(body) : effect::reads;
}

/// What the request does at most, if that is permitted.
base::result<effect> permitted_effect(const wanted_call& wanted, const std::vector<json>& bodies,
                                      const write_permissions& writes) {
  auto what = effect_of(wanted.method, wanted.path);
  if (!what) return what.error();
  for (const auto& [name, value] : wanted.parameters.items())
    if (holds_memory(name)) what = effect::writes_cluster;
  if (may_train_a_model(wanted.path, bodies)) what = effect::writes_cluster;
  for (const auto& body : bodies)
    what = std::max(*what, effect_of_body(wanted.path, *what, body));
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

struct narrowed_path {
  std::string path;
  std::vector<std::string> vetted;
};

/// What is to be looked at in a body depends on what it is: a document may have any members.
base::result<> check_kind(const json& body, effect what, const index_rules& rules) {
  if (what == effect::writes_documents) return {};
  return what == effect::reads ? check_sort(body, "body") : rules.check_change(body);
}

/// Writes the body anew. With index rules it must be one that can be looked into: a single object.
base::result<> put_body(const std::vector<json>& bodies, effect what, const index_rules& rules,
                        const narrowed_path& where, api_request& into) {
  if (bodies.empty()) return {};
  if (takes_lines(into.path)) {
    if (rules.any())
      return base::fail(error_kind::forbidden,
                        "with index rules, requests whose body is lines of JSON are not permitted");
    into.body = as_ndjson(bodies);
    into.content_type = "application/x-ndjson";
    return {};
  }
  const auto& body = bodies.front();
  if (const auto fine = rules.check_body(body, where.vetted); !fine) return fine.error();
  if (const auto fine = check_kind(body, what, rules); !fine) return fine.error();
  into.body = protocol::to_text(body);
  return {};
}

/// What a path names behind its indices, where a request makes an index or an alias of that name; empty: nothing.
std::string_view made_by(std::string_view path, effect what) {
  const auto verb_at = path.find('/', 1);
  const auto name_at = path.find('/', std::min(verb_at, path.size() - 1) + 1);
  if (what == effect::reads || verb_at == std::string_view::npos || name_at == std::string_view::npos) return {};
  const auto verb = path.substr(verb_at + 1, name_at - verb_at - 1);
  constexpr std::string_view makers[] = {"_clone", "_split", "_shrink", "_rollover", "_alias", "_aliases"};
  return std::ranges::find(makers, verb) == std::end(makers) ? std::string_view() : path.substr(name_at + 1);
}

/// With index rules, a path must name its indices, and gets what they come to. One that does not exist yet may be
/// written to if its name is allowed.
asio::awaitable<base::result<narrowed_path>> narrow_path(access& on, const wanted_call& wanted, effect what) {
  if (!on.rules().any()) co_return narrowed_path{wanted.path, {}};
  const auto end = std::min(wanted.path.find('/', 1), wanted.path.size());
  const auto index = wanted.path.substr(1, end - 1);
  if (index.empty() || index.front() == '_')
    co_return base::fail(error_kind::forbidden,
                         "with index rules, a path must begin with the indices it is about, e.g. /films/_search");
  if (wanted.path.substr(end) == "/_search/template")
    co_return base::fail(error_kind::forbidden, "with index rules, templates of searches are not permitted");
  const auto made = made_by(wanted.path, what);
  if (made.find_first_of("%*,") != std::string_view::npos || (!made.empty() && !on.rules().allows(made)))
    co_return base::fail(error_kind::forbidden, "the rules of this server do not allow " + std::string(made));
  auto names = co_await on.narrow(index);
  const bool is_new = !names && names.error().kind == error_kind::resource_not_found && what != effect::reads &&
                      index.find_first_of("*,") == std::string::npos && on.rules().allows(index);
  if (!names && !is_new) co_return names.error();
  const auto found = is_new ? index : *names;
  co_return narrowed_path{"/" + escaped_segment(found) + wanted.path.substr(end), split_names(found)};
}

enum class consent { given, open, refused };

/// What the user is asked about: all of it that is not too long to read.
std::string question_about(const access& on, const api_request& request, const json& parameters) {
  constexpr std::size_t bytes_max = 1000;
  auto text = "Send " + request.method + " " + limit_text(request.path, 3 * bytes_max) + " to the OpenSearch cluster " +
              on.cluster_name() + "? It changes what is stored.";
  if (!parameters.empty()) text += "\nParameters: " + limit_text(protocol::to_text(parameters), bytes_max);
  if (!request.body.empty()) text += "\nBody: " + limit_text(request.body, bytes_max);
  return text;
}

/// Asks the user before something is changed, where the client can ask.
consent ask_consent(call& c, std::string question) {
  if (!c.client().elicitation_form) return consent::given;
  const auto* answer =
      c.ask("confirm",
            protocol::elicit_form(std::move(question),
                                  {{"confirmed", {{"type", "boolean"}, {"title", "Yes, send it"}}}}, {"confirmed"}));
  if (answer == nullptr) return consent::open;
  // An accepted form has been checked to have its content.
  const bool yes = answer->at("action") == "accept" && answer->at("content").value("confirmed", false);
  return yes ? consent::given : consent::refused;
}

tool_result told(const net::http_reply& reply, const result_limits& limits) {
  json structured = {{"status", reply.status}};
  if (reply.body.size() <= limits.text_bytes_max) {
    auto body = parse_reply(reply.body, limits.json_depth_max);
    if (body) structured["body"] = std::move(*body);
  }
  auto result = told_result(limit_text("HTTP " + std::to_string(reply.status) + "\n" + reply.body,
                                       limits.text_bytes_max, "Ask for less, e.g. by filter_path."),
                            std::move(structured));
  result.is_error = reply.status >= 400;
  return result;
}

asio::awaitable<outcome<tool_result>> call_api(access& on, call& c, const write_permissions& writes,
                                               wanted_call wanted) {
  const auto bodies = bodies_of(wanted);
  if (!bodies) co_return bodies.error();
  const auto what = permitted_effect(wanted, *bodies, writes);
  if (!what) co_return what.error();
  auto where = co_await narrow_path(on, wanted, *what);
  if (!where) co_return where.error();
  api_request request;
  request.method = wanted.method;
  request.path = where->path;
  request.repeat = *what == effect::reads ? net::repeatable::yes : net::repeatable::no;
  if (const auto fine = read_parameters(wanted.parameters, request, on.rules()); !fine) co_return fine.error();
  if (const auto fine = put_body(*bodies, *what, on.rules(), *where, request); !fine) co_return fine.error();
  if (*what != effect::reads) {
    // A pattern may have come to mean more since the user was asked.
    if (c.memory().is_string() && c.memory() != request.path)
      co_return protocol::error_result("What the path stands for has changed meanwhile; nothing was sent.");
    c.memory() = request.path;
    const auto asked = ask_consent(c, question_about(on, request, wanted.parameters));
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

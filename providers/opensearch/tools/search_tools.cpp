// search_index, count and explain; msearch has a file of its own.

#include "providers/opensearch/render/failure.hpp"
#include "providers/opensearch/render/outline.hpp"
#include "providers/opensearch/render/search_reply.hpp"
#include "providers/opensearch/render/text_limit.hpp"
#include "providers/opensearch/tools/bodies.hpp"
#include "providers/opensearch/tools/rows.hpp"
#include "providers/opensearch/tools/tools.hpp"

namespace hydrant::providers::opensearch {

namespace asio = boost::asio;

namespace {

const json object_or_text = {"object", "string"};

api_request post(std::string path, const json& body) {
  api_request out;
  out.method = "POST";
  out.path = std::move(path);
  out.body = protocol::to_text(body);
  return out;
}

/// What the body may not reach by itself.
base::result<> check_body(const access& on, const json& body, const std::string& narrowed) {
  return on.rules().check_body(body, split_names(narrowed));
}

asio::awaitable<outcome<tool_result>> search(access& on, std::string index, json dsl, std::int64_t size,
                                             hit_format format) {
  auto body = object_of(dsl, "query_dsl");
  if (!body) co_return body.error();
  if (const auto fine = check_sort(*body, "query_dsl"); !fine) co_return fine.error();
  auto where = co_await on.narrow(std::move(index));
  if (!where) co_return where.error();
  if (const auto fine = check_body(on, *body, *where); !fine) co_return fine.error();
  if (const auto fine = check_reads(*body); !fine) co_return fine.error();
  bound_size(*body, size, on.limits().hits_max);
  auto request = post(api_path({*where, "_search"}), *body);
  auto reply = co_await on.ask(std::move(request), "search " + *where);
  if (!reply) co_return reply.error();
  auto told = render_search(*reply, {format, from_of(*body), on.limits().text_bytes_max});
  co_return told_result(std::move(told.text), std::move(told.structured));
}

void offer_search_index(toolbox& tools) {
  const auto index = parameter<std::string>("index", "Name or pattern of the indices to search, e.g. logs-*")
                         .with("minLength", 1)
                         .with("maxLength", 2000);
  const auto dsl = parameter<json>("query_dsl",
                                   "The search in OpenSearch's query DSL: query, from, size, sort, _source, aggs, "
                                   R"(highlight ... Example: {"query":{"match":{"title":"lighthouse"}}})")
                       .with("type", object_or_text);
  const auto format = parameter<std::string>("format", "csv takes fewer tokens where documents are alike")
                          .one_of({"json", "csv"})
                          .or_else("json");
  const auto hits_max = static_cast<std::int64_t>(tools.with().limits.hits_max);
  const auto size = parameter<std::int64_t>("size", "How many documents, unless query_dsl has a size")
                        .range(0, hits_max)
                        .or_else(std::min<std::int64_t>(10, hits_max));
  tools.offer({category::core_tools, "SearchIndexTool"},
              tool("search_index")
                  .title("Search an index")
                  .describe("Searches documents and computes aggregations by OpenSearch's query DSL. Look at "
                            "get_index_mapping first to use the right fields.")
                  .takes(index, dsl, format, size)
                  .read_only()
                  .idempotent()
                  .output_schema(search_schema()),
              [=](access& on, call& c) {
                return search(on, c[index], c[dsl], c[size], c[format] == "csv" ? hit_format::csv : hit_format::json);
              });
}

/// A search that counts, since OpenSearch does not stop a `_count` whose caller has gone.
json counting(json body) {
  body["size"] = 0;
  body["track_total_hits"] = true;
  return body;
}

asio::awaitable<outcome<tool_result>> count(access& on, std::string index, json query) {
  auto body = object_of(query, "body");
  if (!body) co_return body.error();
  for (const auto& [name, value] : body->items())
    if (name != "query") co_return base::fail(base::error_kind::invalid_params, "body may hold nothing but query");
  auto where = co_await on.narrow(std::move(index));
  if (!where) co_return where.error();
  if (const auto fine = check_body(on, *body, *where); !fine) co_return fine.error();
  auto request = post(api_path({*where, "_search"}), counting(std::move(*body)));
  auto reply = co_await on.ask(std::move(request), "count documents");
  if (!reply) co_return reply.error();
  const auto found = total_hits(*reply);
  json structured = {{"count", found}};
  auto text = std::to_string(found) + (found == 1 ? " document matches." : " documents match.");
  if (const auto missing = describe_partial(*reply)) {
    structured["note"] = *missing;
    text += " " + *missing;
  }
  co_return told_result(std::move(text), std::move(structured));
}

void offer_count(toolbox& tools) {
  const auto index =
      parameter<std::string>("index", "Name or pattern; all indices if left out").with("maxLength", 2000).or_else("");
  const auto body = parameter<json>("body", R"(What to count, e.g. {"query":{"term":{"status":500}}}; all if left out)")
                        .with("type", object_or_text)
                        .or_else(json::object());
  tools.offer({category::core_tools, "CountTool"},
              tool("count")
                  .title("Count documents")
                  .describe("Counts the documents that match a query, exactly and without fetching them.")
                  .takes(index, body)
                  .read_only()
                  .idempotent()
                  .output_schema({{"type", "object"},
                                  {"properties", {{"count", {{"type", "integer"}}}, {"note", {{"type", "string"}}}}},
                                  {"required", {"count"}}}),
              [=](access& on, call& c) { return count(on, c[index], c[body]); });
}

/// "matched" and "explanation" of a document. One that does not exist comes as 404 without `error`, unlike an index
/// that does not exist.
asio::awaitable<base::result<json>> explanation(access& on, api_request request, std::string id, std::string where) {
  auto reply = co_await on.ask_any(std::move(request));
  if (!reply) co_return reply.error();
  const auto doing = "explain the score of " + id + " in " + where;
  if (reply->status >= 300 && reply->status != 404) co_return failure_of(reply->status, reply->body, doing);
  auto tree = co_await on.read(reply->body);
  if (reply->status != 404) co_return tree;
  if (!tree || !tree->is_object() || tree->contains("error")) co_return failure_of(404, reply->body, doing);
  co_return base::fail(base::error_kind::resource_not_found, where + " has no document with the _id " + id);
}

// One line for each part of the score, indented by its depth.
void append_explanation(std::string& out, const json& node, std::size_t depth) {
  constexpr std::size_t depth_max = 40;
  if (!node.is_object() || depth > depth_max) return;
  out.append(2 * depth, ' ');
  protocol::append_text(out, member(node, "value"));
  const auto& description = member(node, "description");
  out.append(" ").append(description.is_string() ? description.get<std::string>() : "").append("\n");
  for (const auto& part : member(node, "details"))
    append_explanation(out, part, depth + 1);
}

asio::awaitable<outcome<tool_result>> explain(access& on, std::string index, std::string id, json query) {
  auto body = object_of(query, "body");
  if (!body) co_return body.error();
  auto where = co_await on.narrow(std::move(index));
  if (!where) co_return where.error();
  if (where->find_first_of(",*") != std::string::npos)
    co_return base::fail(base::error_kind::invalid_params, "explain takes one index, by its name");
  if (const auto fine = check_body(on, *body, *where); !fine) co_return fine.error();
  auto request = post(api_path({*where, "_explain", id}), *body);
  auto reply = co_await explanation(on, std::move(request), id, *where);
  if (!reply) co_return reply.error();
  const bool matched = member(*reply, "matched") == true;
  const auto& why = member(*reply, "explanation");
  auto text = id + (matched ? " matches.\n" : " does not match.\n");
  append_explanation(text, why, 0);
  json structured = {{"matched", matched}};
  if (why.is_object() && protocol::to_text(why).size() <= on.limits().text_bytes_max) structured["explanation"] = why;
  co_return told_result(limit_text(std::move(text), on.limits().text_bytes_max), std::move(structured));
}

void offer_explain(toolbox& tools) {
  const auto index =
      parameter<std::string>("index", "Name of the document's index").with("minLength", 1).with("maxLength", 2000);
  const auto id = parameter<std::string>("id", "The document's _id").with("minLength", 1).with("maxLength", 512);
  const auto body = parameter<json>("body", R"(The query, e.g. {"query":{"match":{"title":"lighthouse"}}})")
                        .with("type", object_or_text);
  tools.offer(
      {category::core_tools, "ExplainTool"},
      tool("explain")
          .title("Explain a score")
          .describe("Explains why a document matches a query or does not, and how its score comes about.")
          .takes(index, id, body)
          .read_only()
          .idempotent()
          .output_schema({{"type", "object"},
                          {"properties", {{"matched", {{"type", "boolean"}}}, {"explanation", {{"type", "object"}}}}},
                          {"required", {"matched"}}}),
      [=](access& on, call& c) { return explain(on, c[index], c[id], c[body]); });
}

}  // namespace

void offer_search_tools(toolbox& tools) {
  offer_search_index(tools);
  offer_count(tools);
  offer_explain(tools);
  offer_msearch(tools);
}

}  // namespace hydrant::providers::opensearch

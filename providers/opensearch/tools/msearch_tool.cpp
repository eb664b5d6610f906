#include "providers/opensearch/render/failure.hpp"
#include "providers/opensearch/render/search_reply.hpp"
#include "providers/opensearch/tools/bodies.hpp"
#include "providers/opensearch/tools/rows.hpp"
#include "providers/opensearch/tools/tools.hpp"

#include <algorithm>

namespace hydrant::providers::opensearch {

namespace asio = boost::asio;

namespace {

constexpr std::size_t searches_max = 20;
constexpr std::int64_t hits_by_default = 10;

/// The index expression of a header line, which may be a text or a list of texts.
base::result<std::string> index_of(const json& header, const std::string& otherwise) {
  const auto named = header.find(header.contains("index") ? "index" : "indices");
  if (named == header.end()) return otherwise;
  if (named->is_string()) return named->get<std::string>();
  const bool texts = named->is_array() && std::ranges::all_of(*named, [](const json& one) { return one.is_string(); });
  if (!texts || named->empty())
    return base::fail(base::error_kind::invalid_params, "index in a header line must be a text or a list of texts");
  std::string joined;
  for (const auto& one : *named)
    joined.append(joined.empty() ? "" : ",").append(one.get_ref<const std::string&>());
  return joined;
}

/// The header that is sent: the indices, and what has nothing to do with them. The names are given, so how wildcards
/// are read is not asked for.
json header_of(const json& given, const std::string& where) {
  json out = json::object();
  for (const char* name : {"preference", "routing", "search_type", "ignore_unavailable"})
    if (given.contains(name)) out[name] = given[name];
  if (auto names = split_names(where); !names.empty()) out["index"] = std::move(names);
  return out;
}

/// Makes each search one that this server lets out: a header with nothing but its indices, a body within bounds.
asio::awaitable<base::result<>> prepare(access& on, std::vector<json>& lines, const std::string& otherwise) {
  for (std::size_t i = 0; i + 1 < lines.size(); i += 2) {
    if (const auto fine = check_sort(lines[i + 1], "body"); !fine) co_return fine.error();
    auto wanted = index_of(lines[i], otherwise);
    if (!wanted) co_return wanted.error();
    auto where = co_await on.narrow(std::move(*wanted));
    if (!where) co_return where.error();
    if (const auto fine = on.rules().check_body(lines[i + 1], split_names(*where)); !fine) co_return fine.error();
    if (const auto fine = check_reads(lines[i + 1]); !fine) co_return fine.error();
    lines[i] = header_of(lines[i], *where);
    bound_size(lines[i + 1], hits_by_default, on.limits().hits_max);
  }
  co_return base::result<>();
}

rendered one_answer(const json& reply, const search_form& form) {
  if (!reply.is_object() || !reply.contains("error")) return render_search(reply, form);
  auto why = describe_failed_item(reply, "search");
  return {{{"error", why}}, why + "\n"};
}

tool_result all_answers(const json& reply, const std::vector<json>& lines, std::size_t bytes_max) {
  json structured = json::array();
  std::string text;
  const auto answers = reply.is_object() ? reply.value("responses", json()) : json();
  if (!answers.is_array())
    return protocol::error_result("the reply holds no answers to searches; is this an OpenSearch cluster?");
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto from = 2 * i + 1 < lines.size() ? from_of(lines[2 * i + 1]) : 0;
    auto one = one_answer(answers[i], {hit_format::json, from, bytes_max / answers.size()});
    text += "Search " + std::to_string(i + 1) + ": " + one.text + "\n";
    structured.push_back(std::move(one.structured));
  }
  return told_result(std::move(text), {{"responses", std::move(structured)}});
}

asio::awaitable<outcome<tool_result>> msearch(access& on, std::string index, json body) {
  auto lines = lines_of(body, "body", 2 * searches_max);
  if (!lines) co_return lines.error();
  if (lines->size() % 2 != 0)
    co_return base::fail(base::error_kind::invalid_params,
                         R"(body must hold a header line, such as {"index":"films"} or {}, before each search)");
  auto prepared = co_await prepare(on, *lines, index);
  if (!prepared) co_return prepared.error();
  api_request request;
  request.method = "POST";
  request.path = "/_msearch";
  request.body = as_ndjson(*lines);
  request.content_type = "application/x-ndjson";
  auto reply = co_await on.ask(std::move(request), "run these searches");
  if (!reply) co_return reply.error();
  co_return all_answers(*reply, *lines, on.limits().text_bytes_max);
}

}  // namespace

void offer_msearch(toolbox& tools) {
  const auto index = parameter<std::string>("index", "Where searches look whose header names no index; all if left out")
                         .with("maxLength", 2000)
                         .or_else("");
  const auto body = parameter<json>("body",
                                    "Up to 20 searches as lines of JSON, or as an array of objects: a header and a "
                                    R"(search, in turn. Example: [{"index":"films"},{"query":{"match_all":{}}}])")
                        .with("type", {"array", "string"});
  tools.offer({category::core_tools, "MsearchTool"},
              tool("msearch")
                  .title("Several searches at once")
                  .describe("Runs several searches in one request and gives their answers in the same order.")
                  .takes(index, body)
                  .read_only()
                  .idempotent()
                  .output_schema({{"type", "object"},
                                  {"properties", {{"responses", {{"type", "array"}, {"items", {{"type", "object"}}}}}}},
                                  {"required", {"responses"}}}),
              [=](access& on, call& c) { return msearch(on, c[index], c[body]); });
}

}  // namespace hydrant::providers::opensearch

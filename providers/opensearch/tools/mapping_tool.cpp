// get_index_mapping: which fields there are.

#include "providers/opensearch/policy/glob.hpp"
#include "providers/opensearch/render/field_list.hpp"
#include "providers/opensearch/tools/outlined.hpp"
#include "providers/opensearch/tools/parameters.hpp"
#include "providers/opensearch/tools/tools.hpp"

#include <algorithm>
#include <map>

namespace hydrant::providers::opensearch {

namespace asio = boost::asio;

namespace {

constexpr std::size_t names_shown_max = 10;

outline_form mapping_form(std::size_t bytes_max) {
  return {"indices", "Give a pattern in `field`, or name fewer indices.", bytes_max};
}

/// Indices that have the same mapping, as the indices of days and months do.
struct same_mapping {
  std::vector<std::string> indices;
  const json* mappings = nullptr;  ///< within the reply
};

std::vector<same_mapping> grouped(const json& reply) {
  std::vector<same_mapping> groups;
  std::map<std::string, std::size_t> by_text;
  if (!reply.is_object()) return groups;
  for (auto at = reply.begin(); at != reply.end(); ++at) {
    const auto& mappings = member(*at, "mappings");
    const auto [place, is_new] = by_text.emplace(protocol::to_text(mappings), groups.size());
    if (is_new) groups.push_back({{}, &mappings});
    groups[place->second].indices.push_back(at.key());
  }
  return groups;
}

std::string heading_of(const same_mapping& group) {
  std::string out;
  const auto shown = std::min(group.indices.size(), names_shown_max);
  for (std::size_t i = 0; i < shown; ++i)
    out.append(i == 0 ? "" : ", ").append(group.indices[i]);
  if (shown < group.indices.size()) out += " and " + std::to_string(group.indices.size() - shown) + " more";
  const auto traits = mapping_traits(*group.mappings);
  return traits.empty() ? out : out + " (" + traits + ")";
}

std::string text_of(const same_mapping& group, const std::vector<mapped_field>& fields) {
  auto out = heading_of(group) + "\n";
  for (const auto& field : fields)
    out += "  " + field_line(field) + "\n";
  if (fields.empty()) out += "  no such fields\n";
  return out;
}

json tree_of(const same_mapping& group, std::vector<mapped_field> fields) {
  auto out = group.mappings->is_object() ? *group.mappings : json::object();
  out.erase("properties");
  out["fields"] = json::object();
  for (auto& field : fields)
    out["fields"][field.path] = std::move(field.definition);
  return out;
}

tool_result told(const json& reply, std::string_view glob, const outline_form& form) {
  auto tree = json::object();
  std::string text;
  for (const auto& group : grouped(reply)) {
    auto fields = fields_of(*group.mappings, glob);
    text += (text.empty() ? "" : "\n") + text_of(group, fields);
    for (const auto& name : group.indices)
      tree[name] = {{"same_as", group.indices.front()}};
    tree[group.indices.front()] = tree_of(group, std::move(fields));
  }
  if (text.empty()) text = "No index matches.";
  return outlined_result(std::move(tree), form, {}, std::move(text));
}

asio::awaitable<outcome<tool_result>> get_mapping(access& on, std::string wanted, std::string glob) {
  auto expression = co_await on.narrow(std::move(wanted));
  if (!expression) co_return expression.error();
  api_request request{.path = api_path({*expression, "_mapping"})};
  auto reply = co_await on.ask(std::move(request), "read the mapping of " + *expression);
  if (!reply) co_return reply.error();
  co_return told(*reply, glob, mapping_form(on.limits().text_bytes_max));
}

}  // namespace

void offer_mapping_tool(toolbox& tools) {
  const auto index = required_index_parameter("Name or pattern such as logs-*; several joined by commas");
  const auto field = parameter<std::string>("field", "Only fields whose path matches this pattern, e.g. user.*")
                         .with("maxLength", 500)
                         .with("minLength", 1)
                         .or_else("*");
  tools.offer({category::core_tools, "IndexMappingTool"},
              tool("get_index_mapping")
                  .title("Fields of indices")
                  .describe("Lists the fields of indices with their types, analyzers, formats and subfields. Read it "
                            "before you write a query: text fields are searched by `match`, keyword fields (also "
                            "subfields such as title.keyword) are for exact terms, sorting and aggregations.")
                  .takes(index, field)
                  .read_only()
                  .idempotent()
                  .output_schema(outlined_schema(mapping_form(0))),
              [=](access& on, call& c) { return get_mapping(on, c[index], c[field]); });
}

}  // namespace hydrant::providers::opensearch

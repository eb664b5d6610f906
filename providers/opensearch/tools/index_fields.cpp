#include "providers/opensearch/tools/index_fields.hpp"

#include <algorithm>

namespace hydrant::providers::opensearch {

namespace asio = boost::asio;

namespace {

constexpr std::size_t names_shown_max = 10;

bool is_date(std::string_view type) {
  return type == "date" || type == "date_nanos";
}

bool is_container(std::string_view type) {
  return type.empty() || type == "object" || type == "nested" || type.front() == '_';
}

bool says_yes(const json& capabilities, const char* member) {
  const auto found = capabilities.find(member);
  return found != capabilities.end() && found->is_boolean() && found->get<bool>();
}

// One field's capabilities are an object for each of its types.
field_facts facts_of(const json& by_type) {
  field_facts out;
  bool first = true;
  for (const auto& [type, capabilities] : by_type.items()) {
    if (!capabilities.is_object()) continue;
    if (first || is_date(type)) out.type = type;
    if (!first && !is_date(out.type)) out.type.clear();
    out.searchable = (first || out.searchable) && says_yes(capabilities, "searchable");
    out.aggregatable = (first || out.aggregatable) && says_yes(capabilities, "aggregatable");
    first = false;
  }
  return out;
}

bool is_field(const json& by_type) {
  if (!by_type.is_object()) return false;
  for (const auto& [type, capabilities] : by_type.items())
    if (is_container(type)) return false;
  return true;
}

}  // namespace

index_fields fields_in(const json& capabilities) {
  index_fields out;
  const auto fields = capabilities.find("fields");
  if (fields == capabilities.end() || !fields->is_object()) return out;
  for (const auto& [path, by_type] : fields->items())
    if (is_field(by_type)) out.emplace(path, facts_of(by_type));
  return out;
}

asio::awaitable<base::result<index_fields>> read_fields(access& on, std::string expression) {
  api_request capabilities{.path = api_path({expression, "_field_caps"}), .query = {{"fields", "*"}}};
  auto reply = co_await on.ask(std::move(capabilities), "look up the fields of " + expression);
  if (!reply) co_return reply.error();
  co_return fields_in(*reply);
}

field_types types_of(const index_fields& fields) {
  field_types out;
  for (const auto& [path, facts] : fields)
    if (!facts.type.empty()) out.emplace(path, facts.type);
  return out;
}

std::string source_path(const index_fields& fields, std::string_view name) {
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos || !fields.contains(name)) return std::string(name);
  const auto parent = name.substr(0, dot);
  return std::string(fields.contains(parent) ? parent : name);
}

std::string grouping_field(const index_fields& fields, std::string_view name) {
  for (const auto& candidate : {std::string(name), std::string(name) + ".keyword"}) {
    const auto found = fields.find(candidate);
    if (found != fields.end() && found->second.aggregatable) return candidate;
  }
  return {};
}

std::string names_of_type(const index_fields& fields, std::initializer_list<std::string_view> types) {
  std::string out;
  std::size_t shown = 0;
  for (const auto& [path, facts] : fields) {
    if (std::ranges::find(types, facts.type) == types.end()) continue;
    if (++shown > names_shown_max) return out + ", ...";
    out.append(out.empty() ? "" : ", ").append(path);
  }
  return out;
}

base::result<> check_time_field(const index_fields& fields, std::string_view name, std::string_view index) {
  if (fields.empty())
    return base::fail(base::error_kind::resource_not_found,
                      "no index matches " + std::string(index) + ", or what matches has no documents yet");
  const auto found = fields.find(name);
  const auto type = found == fields.end() ? std::string_view() : std::string_view(found->second.type);
  if (is_date(type) || type == "long" || type == "unsigned_long") return {};
  const auto dates = names_of_type(fields, {"date", "date_nanos"});
  auto what = found == fields.end() ? std::string(index) + " has no field " + std::string(name)
                                    : std::string(name) + " in " + std::string(index) + " is no date" +
                                          (type.empty() ? "" : " but " + std::string(type));
  what += dates.empty() ? "; it has no date fields at all" : "; its date fields: " + dates;
  return base::fail(base::error_kind::invalid_params, what);
}

}  // namespace hydrant::providers::opensearch

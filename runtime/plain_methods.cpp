#include "runtime/plain_methods.hpp"

#include "base/log.hpp"

namespace hydrant::runtime {
namespace {

using base::error_kind;
using protocol::json;
using protocol::method;
using protocol::revision;

// Lists change only with a new build or configuration, so clients may keep them a while; they are the same for all.
constexpr protocol::cache_hint list_hint{.ttl_ms = 60'000, .shared = true};

base::error bad_params(std::string what) {
  return base::fail(error_kind::invalid_params, std::move(what));
}

base::result<std::string> list(const protocol::message& request, const providers::listing& items,
                               std::string_view member, revision r) {
  std::string cursor;
  if (const auto found = request.params.find("cursor"); found != request.params.end()) {
    if (!found->is_string()) return bad_params("cursor must be a string");
    cursor = found->get<std::string>();
    if (cursor.empty()) return bad_params("cursor is not one of ours");
  }
  auto page = items.page(request.method, member, cursor, r);
  if (!page) return page.error();
  std::string out = "{";
  protocol::append_result_head(out, r);
  protocol::append_cache_hint(out, r, list_hint);
  return out.append(*page).append("}");
}

json capabilities(revision r) {
  json out = {{"tools", {{"listChanged", true}}},
              {"resources", {{"subscribe", true}, {"listChanged", true}}},
              {"prompts", {{"listChanged", true}}},
              {"logging", json::object()}};
  if (protocol::has_annotations(r)) out["completions"] = json::object();
  return out;
}

json server_info(const identity& self, revision r) {
  json out = {{"name", self.name}, {"version", self.version}};
  if (!self.title.empty() && protocol::has_structured_content(r)) out["title"] = self.title;
  return out;
}

std::string discover(const identity& self, revision r) {
  json out = {
      {"resultType", "complete"},        {"supportedVersions", protocol::stateless_revisions},
      {"capabilities", capabilities(r)}, {"ttlMs", list_hint.ttl_ms},
      {"cacheScope", "public"},          {"_meta", {{"io.modelcontextprotocol/serverInfo", server_info(self, r)}}}};
  if (!self.instructions.empty()) out["instructions"] = self.instructions;
  return protocol::to_text(out);
}

const json* member(const json& object, const char* name, bool (json::*is)() const noexcept) {
  const auto found = object.find(name);
  return found != object.end() && ((*found).*is)() ? &*found : nullptr;
}

struct completion_request {
  const providers::completer* suggest = nullptr;
  std::string typed;
  json chosen = json::object();
};

base::result<const providers::completer*> find_completer(const json& ref, const std::string& argument,
                                                         const providers::catalog& catalog) {
  const auto type = ref.value("type", json());
  const auto* key = member(ref, type == "ref/prompt" ? "name" : "uri", &json::is_string);
  if (type != "ref/prompt" && type != "ref/resource") return bad_params("ref.type must be ref/prompt or ref/resource");
  if (key == nullptr) return bad_params("ref needs the name of a prompt or the uri of a resource template");
  const auto name = key->get<std::string>();
  if (type == "ref/prompt") {
    if (catalog.find_prompt(name) == nullptr) return bad_params("no prompt is called " + name);
    return catalog.find_prompt_completer(name, argument);
  }
  if (!catalog.has_template(name) && !catalog.find_resource(name)) return bad_params("no resource template is " + name);
  return catalog.find_template_completer(name, argument);
}

// What was chosen before: may be left out, as a whole or in part.
base::result<json> read_chosen(const json& params) {
  const json* within = &params;
  for (const char* name : {"context", "arguments"}) {
    const auto found = within->find(name);
    if (found == within->end()) return base::result<json>(boost::system::in_place_value, json::object());
    if (!found->is_object()) return bad_params(std::string(name) + " must be an object");
    within = &*found;
  }
  return base::result<json>(boost::system::in_place_value, *within);
}

base::result<completion_request> read_completion(const json& params, const providers::catalog& catalog) {
  const auto* ref = member(params, "ref", &json::is_object);
  const auto* argument = member(params, "argument", &json::is_object);
  if (ref == nullptr || argument == nullptr) return bad_params("completion needs ref and argument, both objects");
  const auto* name = member(*argument, "name", &json::is_string);
  const auto* typed = member(*argument, "value", &json::is_string);
  if (name == nullptr || typed == nullptr) return bad_params("argument needs name and value, both strings");
  auto suggest = find_completer(*ref, name->get<std::string>(), catalog);
  if (!suggest) return suggest.error();
  auto chosen = read_chosen(params);
  if (!chosen) return chosen.error();
  return completion_request{*suggest, typed->get<std::string>(), std::move(*chosen)};
}

base::result<std::string> complete(const json& params, const providers::catalog& catalog, revision r) {
  const auto request = read_completion(params, catalog);
  if (!request) return request.error();
  if (request->suggest == nullptr) return protocol::write(protocol::completion_result{}, r);
  try {
    return protocol::write((*request->suggest)(request->typed, request->chosen), r);
  } catch (const std::exception& thrown) {
    base::log(base::log_level::error, "a completion threw", {{"what", thrown.what()}});
    return base::fail(error_kind::internal, "the completion failed unexpectedly", thrown.what());
  }
}

}  // namespace

std::optional<base::result<std::string>> answer_plainly(method m, const protocol::message& request,
                                                        const providers::catalog& catalog, const identity& self,
                                                        revision r) {
  switch (m) {
    case method::ping: return protocol::empty_result(r);
    case method::discover: return discover(self, r);
    case method::tools_list: return list(request, catalog.tools(), "tools", r);
    case method::resources_list: return list(request, catalog.resources(), "resources", r);
    case method::resources_templates_list: return list(request, catalog.templates(), "resourceTemplates", r);
    case method::prompts_list: return list(request, catalog.prompts(), "prompts", r);
    case method::complete: return complete(request.params, catalog, r);
    default: return std::nullopt;
  }
}

std::string initialize_result(const identity& self, revision r) {
  json out = {{"protocolVersion", protocol::name_of(r)},
              {"capabilities", capabilities(r)},
              {"serverInfo", server_info(self, r)}};
  if (!self.instructions.empty()) out["instructions"] = self.instructions;
  return protocol::to_text(out);
}

}  // namespace hydrant::runtime

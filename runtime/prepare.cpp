#include "runtime/prepare.hpp"

namespace hydrant::runtime {
namespace {

using base::error_kind;
using protocol::json;
using protocol::method;

base::error bad_params(std::string what) {
  return base::fail(error_kind::invalid_params, std::move(what));
}

// A copy of what may be left out, or a failure if it is there with another type.
base::result<json> object_or_none(const json& params, const char* name) {
  const auto found = params.find(name);
  // In place, because a json converts to anything, also to an error.
  if (found == params.end()) return base::result<json>(boost::system::in_place_value, json::object());
  if (!found->is_object()) return bad_params(std::string(name) + " must be an object");
  return base::result<json>(boost::system::in_place_value, *found);
}

base::result<std::string> needed_text(const json& params, const char* name) {
  const auto found = params.find(name);
  if (found == params.end() || !found->is_string()) return bad_params(std::string(name) + " must be a string");
  return found->get<std::string>();
}

providers::call_setup setup_for(const protocol::message& request, const caller& who) {
  providers::call_setup setup;
  setup.revision = who.revision;
  setup.client = who.capabilities;
  setup.principal = who.principal;
  setup.log_level = who.log_level;
  setup.progress_token = request.meta.progress_token;
  setup.traceparent = request.meta.traceparent;
  setup.authorization = request.authorization;
  return setup;
}

// Later revisions let the model see and correct what was wrong with its arguments.
base::result<prepared_call> bad_arguments(prepared_call call, const std::string& what) {
  const auto text = "The arguments do not fit the tool's input schema: " + what;
  if (!protocol::reports_bad_arguments_as_result(call.setup.revision)) return bad_params(text);
  call.early_result = protocol::write(protocol::error_result(text), call.setup.revision);
  return call;
}

base::result<prepared_call> prepare_tool(const protocol::message& request, const providers::catalog& catalog,
                                         const caller& who) {
  auto name = needed_text(request.params, "name");
  if (!name) return name.error();
  auto arguments = object_or_none(request.params, "arguments");
  if (!arguments) return arguments.error();
  const auto* tool = catalog.find_tool(*name);
  if (tool == nullptr) return bad_params("no tool is called " + *name);
  prepared_call call{tool, setup_for(request, who), {}};
  call.setup.name = std::move(*name);
  call.setup.arguments = std::move(*arguments);
  const auto problems = tool->input.validate(call.setup.arguments);
  if (!problems.empty()) return bad_arguments(std::move(call), protocol::describe(problems));
  return call;
}

base::result<prepared_call> prepare_resource(const protocol::message& request, const providers::catalog& catalog,
                                             const caller& who) {
  auto uri = needed_text(request.params, "uri");
  if (!uri) return uri.error();
  auto found = catalog.find_resource(*uri);
  if (!found)
    return base::fail(error_kind::resource_not_found, "no resource has the URI " + *uri, {},
                      protocol::to_text({{"uri", *uri}}));
  prepared_call call{*found, setup_for(request, who), {}};
  call.setup.name = std::move(*uri);
  call.setup.arguments = std::move(found->variables);
  return call;
}

std::optional<base::error> check_prompt_arguments(const providers::prompt& prompt, const json& given) {
  for (const auto& [key, value] : given.items())
    if (!value.is_string()) return bad_params("argument " + key + " must be a string");
  const auto declared = prompt.descriptor().find("arguments");
  if (declared == prompt.descriptor().end()) return std::nullopt;
  for (const auto& argument : *declared) {
    const auto name = argument["name"].get<std::string>();
    if (argument.value("required", false) && !given.contains(name))
      return bad_params("argument " + name + " is required");
  }
  return std::nullopt;
}

base::result<prepared_call> prepare_prompt(const protocol::message& request, const providers::catalog& catalog,
                                           const caller& who) {
  auto name = needed_text(request.params, "name");
  if (!name) return name.error();
  auto arguments = object_or_none(request.params, "arguments");
  if (!arguments) return arguments.error();
  const auto* prompt = catalog.find_prompt(*name);
  if (prompt == nullptr) return bad_params("no prompt is called " + *name);
  if (auto failure = check_prompt_arguments(*prompt, *arguments)) return *failure;
  prepared_call call{prompt, setup_for(request, who), {}};
  call.setup.name = std::move(*name);
  call.setup.arguments = std::move(*arguments);
  return call;
}

}  // namespace

bool prepared_call::immediate() const {
  if (const auto* tool = std::get_if<const providers::tool_entry*>(&target))
    return is_immediate((*tool)->definition.run());
  if (const auto* resource = std::get_if<providers::resource_match>(&target)) return is_immediate(*resource->run);
  return is_immediate(std::get<const providers::prompt*>(target)->run());
}

bool prepared_call::repeatable() const {
  const auto* tool = std::get_if<const providers::tool_entry*>(&target);
  return tool == nullptr || (*tool)->definition.repeatable();
}

bool prepared_call::counts_answers_once() const {
  const auto* tool = std::get_if<const providers::tool_entry*>(&target);
  return tool != nullptr && (*tool)->definition.counts_answers_once();
}

base::result<prepared_call> prepare(method m, const protocol::message& request, const providers::catalog& catalog,
                                    const caller& who) {
  switch (m) {
    case method::tools_call: return prepare_tool(request, catalog, who);
    case method::resources_read: return prepare_resource(request, catalog, who);
    case method::prompts_get: return prepare_prompt(request, catalog, who);
    default: return base::fail(error_kind::method_not_found, "no method is called " + request.method);
  }
}

}  // namespace hydrant::runtime

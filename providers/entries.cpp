#include "providers/entries.hpp"

namespace hydrant::providers {

tool::tool(std::string name) : name_(std::move(name)) {
  descriptor_["name"] = name_;
  descriptor_["inputSchema"] = {{"type", "object"}, {"properties", json::object()}, {"additionalProperties", false}};
}

void tool::add_parameter(const std::string& name, const json& schema, bool required) {
  auto& input = descriptor_["inputSchema"];
  input["properties"][name] = schema;
  if (required) input["required"].push_back(name);
}

tool&& tool::annotate(const char* hint, bool value) {
  descriptor_["annotations"][hint] = value;
  return std::move(*this);
}

bool tool::repeatable() const {
  const auto hints = descriptor_.value("annotations", json::object());
  return hints.value("readOnlyHint", false) || hints.value("idempotentHint", false);
}

resource::resource(std::string uri, std::string name, std::string mime_type) : uri_(std::move(uri)) {
  descriptor_ = {{"uri", uri_}, {"name", std::move(name)}, {"mimeType", std::move(mime_type)}};
}

resource_template::resource_template(std::string uri_template, std::string name, std::string mime_type)
    : uri_template_(std::move(uri_template)) {
  descriptor_ = {{"uriTemplate", uri_template_}, {"name", std::move(name)}, {"mimeType", std::move(mime_type)}};
}

prompt::prompt(std::string name) : name_(std::move(name)) {
  descriptor_["name"] = name_;
}

prompt&& prompt::argument(std::string name, std::string description, argument_need need, completer suggest) && {
  descriptor_["arguments"].push_back(
      {{"name", name}, {"description", std::move(description)}, {"required", need == argument_need::required}});
  if (suggest) completers_.emplace(std::move(name), std::move(suggest));
  return std::move(*this);
}

}  // namespace hydrant::providers

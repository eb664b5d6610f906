#include "gateway/metadata_check.hpp"

#include "protocol/methods.hpp"
#include "protocol/mirrored_header.hpp"

#include <algorithm>
#include <cctype>

namespace hydrant::gateway {
namespace {

using base::error_kind;
using protocol::json;

base::error mismatch(std::string what) {
  return base::fail(error_kind::header_mismatch, "Header mismatch: " + std::move(what));
}

std::optional<base::error> check_version(const request& asked, const protocol::message& message) {
  const auto& stated = message.meta.protocol_version;
  if (!stated)
    return base::fail(error_kind::invalid_params, "params._meta needs io.modelcontextprotocol/protocolVersion");
  const auto header = asked[field::mcp_protocol_version];
  if (!asked.has(field::mcp_protocol_version)) return mismatch("MCP-Protocol-Version is missing");
  if (header != *stated) return mismatch("MCP-Protocol-Version does not match the version in params._meta");
  const auto known = protocol::parse_revision(*stated);
  if (known && protocol::carries_request_metadata(*known)) return std::nullopt;
  return base::fail(error_kind::unsupported_version, "Unsupported protocol version", {},
                    unsupported_version_data(*stated));
}

std::optional<base::error> check_name(const request& asked, const protocol::message& message,
                                      std::string_view parameter) {
  if (!asked.has(field::mcp_name)) return mismatch("Mcp-Name is missing");
  const auto named = message.params.find(parameter);
  if (named == message.params.end() || !named->is_string()) return std::nullopt;  // the method itself will say so
  if (!protocol::matches_text(asked[field::mcp_name], named->get_ref<const std::string&>()))
    return mismatch("Mcp-Name does not match params." + std::string(parameter));
  return std::nullopt;
}

bool same_field(std::string_view lower_name, std::string_view declared) {
  return std::ranges::equal(lower_name, declared, [](char a, char b) {
    return a == static_cast<char>(std::tolower(static_cast<unsigned char>(b)));
  });
}

// Arguments that the tool's schema wants mirrored into Mcp-Param-* fields.
std::optional<base::error> check_mirrored(const request& asked, const protocol::message& message,
                                          const providers::catalog& catalog) {
  const auto name = message.params.find("name");
  const auto* tool = name != message.params.end() && name->is_string()
                         ? catalog.find_tool(name->get_ref<const std::string&>())
                         : nullptr;
  if (tool == nullptr || tool->mirrored.empty()) return std::nullopt;
  const auto given = message.params.find("arguments");
  for (const auto& parameter : tool->mirrored) {
    const auto* argument = given != message.params.end() && given->is_object()
                               ? protocol::find_mirrored_argument(*given, parameter)
                               : nullptr;
    const auto named = [&](const auto& f) { return same_field(f.first, parameter.header_name); };
    const auto header = std::ranges::find_if(asked.mirrored, named);
    if (argument == nullptr && header == asked.mirrored.end()) continue;
    if (argument == nullptr) return mismatch(parameter.header_name + " is there, the argument is not");
    if (header == asked.mirrored.end()) return mismatch(parameter.header_name + " is missing");
    if (std::ranges::count_if(asked.mirrored, named) > 1)
      return mismatch(parameter.header_name + " is there more than once");
    if (!protocol::matches(header->second, *argument))
      return mismatch(parameter.header_name + " does not match the argument");
  }
  return std::nullopt;
}

std::optional<base::error> check_headers(const request& asked, const protocol::message& message,
                                         const providers::catalog& catalog) {
  if (!asked.has(field::mcp_method)) return mismatch("Mcp-Method is missing");
  if (asked[field::mcp_method] != message.method) return mismatch("Mcp-Method does not match the method");
  const auto m = protocol::find_method(message.method, protocol::revision::r2026_07_28);
  if (!m) return std::nullopt;
  const auto parameter = protocol::mirrored_name_parameter(*m);
  if (!parameter.empty())
    if (auto failure = check_name(asked, message, parameter)) return failure;
  return *m == protocol::method::tools_call ? check_mirrored(asked, message, catalog) : std::nullopt;
}

}  // namespace

std::string unsupported_version_data(std::string_view requested) {
  return protocol::to_text({{"supported", protocol::stateless_revisions}, {"requested", requested}});
}

base::result<runtime::caller> check_metadata(const request& asked, const protocol::message& message,
                                             const providers::catalog& catalog) {
  // This revision gives notifications no metadata and no headers of their own.
  if (message.kind != protocol::message_kind::request) return runtime::caller{};
  if (auto failure = check_version(asked, message)) return *failure;
  if (auto failure = check_headers(asked, message, catalog)) return *failure;
  if (!message.meta.client_capabilities)
    return base::fail(error_kind::invalid_params, "params._meta needs io.modelcontextprotocol/clientCapabilities");
  runtime::caller who;
  who.capabilities = protocol::client_capabilities::from(*message.meta.client_capabilities, who.revision);
  if (message.meta.log_level.empty()) return who;
  who.log_level = protocol::parse_logging_level(message.meta.log_level);
  if (!who.log_level) return base::fail(error_kind::invalid_params, "params._meta: logLevel is none of the levels");
  return who;
}

}  // namespace hydrant::gateway

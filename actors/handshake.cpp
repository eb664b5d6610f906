#include "actors/handshake.hpp"

namespace hydrant::actors {
namespace {

using protocol::json;

// Kept for every session, so a stranger must not choose their size. Of the client's self-description that leaves what
// an operator wants to read; icons and the like are dropped.
constexpr std::size_t client_text_bytes_max = 128;
constexpr std::size_t capabilities_bytes_max = 4096;

// Cutting may split a character; writing the text replaces what is left of it.
json short_client_info(const json& client) {
  json out = json::object();
  for (const char* member : {"name", "title", "version"}) {
    const auto found = client.find(member);
    if (found != client.end() && found->is_string())
      out[member] = found->get<std::string>().substr(0, client_text_bytes_max);
  }
  return out;
}

base::error bad_params(std::string what) {
  return base::fail(base::error_kind::invalid_params, std::move(what));
}

}  // namespace

void handshake::enter(store::session_record& record) const {
  record.protocol_version = protocol::name_of(agreed);
  record.client_info = client_info;
  record.client_capabilities = capabilities;
}

base::result<handshake> read_handshake(const json& params) {
  const auto version = params.value("protocolVersion", json());
  const auto capabilities = params.value("capabilities", json());
  const auto client = params.value("clientInfo", json());
  if (!version.is_string()) return bad_params("protocolVersion must be a string");
  if (!capabilities.is_object()) return bad_params("capabilities must be an object");
  if (!client.is_object() || !client.value("name", json()).is_string())
    return bad_params("clientInfo must be an object with a name");
  handshake out{protocol::negotiate(version.get<std::string>()), protocol::to_text(short_client_info(client)),
                protocol::to_text(capabilities)};
  if (out.capabilities.size() > capabilities_bytes_max) return bad_params("capabilities is too large");
  return out;
}

}  // namespace hydrant::actors

#include "store/redis/record_fields.hpp"

#include "store/redis/caller.hpp"
#include "store/redis/timestamp.hpp"

#include <functional>
#include <map>
#include <string_view>
#include <utility>

namespace hydrant::store::redis {
namespace {

constexpr std::size_t piece_bytes = 64;

using field_map = std::map<std::string, std::string, std::less<>>;

std::string piece_name(std::string_view name, std::size_t number) {
  std::string text(name);
  if (number > 1) text.append(1, '.').append(std::to_string(number));
  return text;
}

void put_text(std::vector<std::string>& fields, std::string_view name, std::string_view text) {
  std::size_t number = 1;
  do {
    fields.push_back(piece_name(name, number++));
    fields.emplace_back(text.substr(0, piece_bytes));
    text.remove_prefix(std::min(piece_bytes, text.size()));
  } while (!text.empty());
}

std::string take_text(const field_map& fields, std::string_view name) {
  std::string text;
  for (std::size_t number = 1;; ++number) {
    const auto piece = fields.find(piece_name(name, number));
    if (piece == fields.end()) return text;
    text += piece->second;
  }
}

constexpr std::string_view sse_name = "http+sse";

}  // namespace

std::vector<std::string> to_fields(const session_record& record) {
  std::vector<std::string> fields;
  put_text(fields, "version", std::to_string(record.version));
  put_text(fields, "protocolVersion", record.protocol_version);
  put_text(fields, "transport", record.transport == session_transport::http_sse ? sse_name : "streamable-http");
  put_text(fields, "initialized", record.initialized ? "true" : "false");
  put_text(fields, "clientInfo", record.client_info);
  put_text(fields, "clientCapabilities", record.client_capabilities);
  put_text(fields, "logLevel", record.log_level);
  put_text(fields, "principal", record.principal);
  put_text(fields, "createdAt", to_iso8601(record.created_at));
  return fields;
}

std::optional<session_record> from_fields(const reply& fields) {
  field_map found;
  for (std::size_t i = 0; i + 1 < fields.items.size(); i += 2)
    found.insert_or_assign(fields.items[i].text, fields.items[i + 1].text);
  if (!found.contains("version")) return std::nullopt;
  session_record record;
  record.version = number(found["version"]);
  record.protocol_version = take_text(found, "protocolVersion");
  if (found["transport"] == sse_name) record.transport = session_transport::http_sse;
  record.initialized = found["initialized"] == "true";
  record.client_info = take_text(found, "clientInfo");
  record.client_capabilities = take_text(found, "clientCapabilities");
  record.log_level = take_text(found, "logLevel");
  record.principal = take_text(found, "principal");
  record.created_at = from_iso8601(found["createdAt"]).value_or(base::wall_time{});
  return record;
}

}  // namespace hydrant::store::redis

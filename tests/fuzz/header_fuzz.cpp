// Header values: mirrored fields, base64, Accept and Content-Type.

#include "protocol/accept.hpp"
#include "protocol/base64.hpp"
#include "protocol/json.hpp"
#include "protocol/mirrored_header.hpp"
#include "tests/fuzz/require.hpp"

#include <simdjson.h>

#include <cstdint>

namespace {

using namespace hydrant;
using fuzz::require;

void base64_has_one_spelling(std::string_view text) {
  for (const auto alphabet : {protocol::base64_alphabet::standard, protocol::base64_alphabet::url}) {
    const auto bytes = protocol::base64_decode(text, alphabet);
    if (bytes) require(protocol::base64_encode(*bytes, alphabet) == text);
    require(protocol::base64_decode(protocol::base64_encode(text, alphabet), alphabet) == text);
  }
}

void decoding_agrees_with_matching(std::string_view value) {
  const auto text = protocol::decode_mirrored_value(value);
  if (!text) {
    require(!protocol::matches_text(value, value));
    return;
  }
  require(simdjson::validate_utf8(text->data(), text->size()));
  require(protocol::matches_text(value, *text) && !protocol::matches_text(value, *text + "x"));
  require(protocol::matches(value, protocol::json(*text)));
}

void encoding_comes_back(std::string_view text) {
  if (!simdjson::validate_utf8(text.data(), text.size())) return;
  const std::string value = protocol::encode_mirrored_value(text);
  require(protocol::decode_mirrored_value(value).value() == text);
  require(protocol::matches_text("\t " + value + " ", text));
}

void numbers_match_one_value(std::string_view value) {
  const protocol::json body = protocol::json::parse(value, nullptr, false);
  const auto header = body.is_number() ? protocol::encode_mirrored_value(body) : std::nullopt;
  if (!header) return;
  require(protocol::matches(*header, body));
  require(!protocol::matches(*header + "1", body));
}

void annotations_stand_at_their_paths(std::string_view text) {
  const protocol::json schema = protocol::json::parse(text, nullptr, false);
  const auto parameters = protocol::mirrored_parameters(schema);
  if (!parameters) return;
  for (const auto& parameter : *parameters) {
    const protocol::json* at = &schema;
    for (const std::string& name : parameter.path)
      at = &at->at("properties").at(name);
    require("Mcp-Param-" + at->at("x-mcp-header").get<std::string>() == parameter.header_name);
  }
}

void negotiation_is_monotone(std::string_view value) {
  const protocol::accepted alone = protocol::parse_accept(value);
  const protocol::accepted more = protocol::parse_accept("application/json, text/event-stream, " + std::string(value));
  require((!alone.json || more.json) && (!alone.event_stream || more.event_stream));
  if (protocol::content_type_is_json(value)) require(value.find('/') != std::string_view::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  base64_has_one_spelling(text);
  decoding_agrees_with_matching(text);
  encoding_comes_back(text);
  numbers_match_one_value(text);
  annotations_stand_at_their_paths(text);
  negotiation_is_monotone(text);
  return 0;
}

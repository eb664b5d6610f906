#include "providers/opensearch/client/reply_json.hpp"

namespace hydrant::providers::opensearch {

// Brackets outside of strings.
bool nests_deeper(std::string_view text, std::size_t depth_max) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string) {
      if (c == '\\') ++at;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > depth_max) return true;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return false;
}

base::result<json> parse_reply(std::string_view text, std::size_t depth_max) {
  if (nests_deeper(text, depth_max))
    return base::fail(base::error_kind::unavailable,
                      "the reply nests deeper than this server reads (" + std::to_string(depth_max) + " levels)");
  auto parsed = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (parsed.is_discarded())
    return base::fail(base::error_kind::unavailable, "the reply is not JSON; is this an OpenSearch cluster?");
  return base::result<json>(boost::system::in_place_value, std::move(parsed));
}

}  // namespace hydrant::providers::opensearch

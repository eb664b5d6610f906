// A reply of AWS STS of any bytes: keys that are whole, an error code that is a word, or neither.

#include "providers/opensearch/aws/sts_texts.hpp"
#include "tests/fuzz/require.hpp"

#include <algorithm>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hydrant::providers::opensearch;
  using hydrant::fuzz::require;
  const std::string_view xml(reinterpret_cast<const char*>(data), size);
  const std::string code = sts_error_code(xml);
  require(std::ranges::all_of(code, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }));
  for (const auto action : {sts_action::assume_role, sts_action::assume_role_with_web_identity}) {
    const auto keys = parse_sts_reply(action, xml);
    if (keys) require(!keys->access_key_id.empty() && !keys->session_token.empty() && keys->expires && code.empty());
  }
  return 0;
}

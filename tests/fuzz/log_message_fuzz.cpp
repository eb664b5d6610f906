// A log message of any bytes: few tokens, none with white space, and the same text from the same message.

#include "providers/opensearch/analysis/log_tokens.hpp"
#include "tests/fuzz/require.hpp"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hydrant::providers::opensearch;
  using hydrant::fuzz::require;
  const std::string_view message(reinterpret_cast<const char*>(data), size);
  const auto tokens = scan_message(message);
  require(tokens.size() <= log_bounds::tokens_max + 1);
  for (const auto& token : tokens)
    require(!token.text.empty() && token.text.find_first_of(" \t\n\v\f\r") == std::string::npos);
  require(tokens == scan_message(message));
  return 0;
}

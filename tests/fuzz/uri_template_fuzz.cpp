// A template and a URI, separated by a line end: what matches expands to something that matches again.

#include "protocol/uri_template.hpp"
#include "tests/fuzz/require.hpp"

#include <simdjson.h>

#include <cstdint>

namespace {

using namespace hydrant;
using fuzz::require;

void match_and_expand(const protocol::uri_template& made, std::string_view uri) {
  const auto variables = made.match(uri);
  if (!variables) return;
  require(variables->size() == made.variable_names().size());
  for (const auto& [name, value] : *variables)
    require(!value.empty() && simdjson::validate_utf8(value.data(), value.size()));
  const std::string expanded = made.expand(*variables);
  if (expanded.size() <= protocol::uri_template::uri_bytes_max) require(made.match(expanded).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line_end = text.find('\n');
  if (line_end == std::string_view::npos) return 0;
  const auto made = protocol::uri_template::compile(text.substr(0, line_end));
  if (!made) return 0;
  require(made->text() == text.substr(0, line_end));
  match_and_expand(*made, text.substr(line_end + 1));
  return 0;
}

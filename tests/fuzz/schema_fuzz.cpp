// A JSON array of a schema and an instance: what compiles validates within its budget, twice with the same outcome, and
// every violation says something that can be sent as JSON and points into the instance.

#include "protocol/schema.hpp"
#include "tests/fuzz/require.hpp"

#include <cstdint>

namespace {

using namespace hydrant;
using fuzz::require;
using nlohmann::json;

constexpr std::size_t violations_max = 4;

protocol::schema_options tight() {
  protocol::schema_options out;
  out.limits = {.depth_max = 16,
                .subschemas_max = 200,
                .pattern_instructions_max = 5'000,
                .evaluation_depth_max = 64,
                .steps_max = 5'000};
  out.formats = protocol::format_mode::asserted;
  return out;
}

void check_report(const std::vector<protocol::violation>& found, const json& instance) {
  require(found.size() <= violations_max);
  for (const auto& [path, keyword, message] : found) {
    require(!keyword.empty() && !message.empty());
    require(instance.contains(json::json_pointer{path}));
    require(!json(message).dump().empty());
  }
  require(found.empty() == protocol::describe(found).empty());
}

bool same(const std::vector<protocol::violation>& left, const std::vector<protocol::violation>& right) {
  return protocol::describe(left) == protocol::describe(right);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = json::parse(data, data + size, nullptr, false);
  if (!input.is_array() || input.size() != 2) return 0;
  const auto compiled = protocol::schema::compile(input[0], tight());
  if (!compiled) {
    require(!compiled.error().message.empty());
    return 0;
  }
  const auto found = compiled->validate(input[1], violations_max);
  check_report(found, input[1]);
  require(same(found, compiled->validate(input[1], violations_max)));
  return 0;
}

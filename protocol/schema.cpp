#include "protocol/schema.hpp"

#include "protocol/json_schema/compiler.hpp"
#include "protocol/json_schema/evaluation.hpp"

#include <algorithm>
#include <utility>

namespace hydrant::protocol {

schema::schema(std::shared_ptr<const json_schema::program> compiled) : program_{std::move(compiled)} {}

base::result<schema> schema::compile(const nlohmann::json& document, const schema_options& options) {
  auto compiled = json_schema::compile_program(document, options);
  if (!compiled) return compiled.error();
  return schema{std::move(*compiled)};
}

std::vector<violation> schema::validate(const nlohmann::json& instance, std::size_t violations_max) const {
  const json_schema::place root{instance};
  json_schema::evaluation quick{program_->limits, nullptr, 0};
  if (quick.apply(*program_->root, root)) return {};
  // Only an instance that is known to be wrong pays for finding out how.
  std::vector<violation> found;
  json_schema::evaluation thorough{program_->limits, &found, std::max<std::size_t>(violations_max, 1)};
  if (!quick.exhausted()) thorough.apply(*program_->root, root);
  if (found.empty()) found.push_back({"", "limit", "is too deep or too costly to check against its schema"});
  return found;
}

std::string describe(const std::vector<violation>& violations) {
  std::string out;
  for (const auto& [path, keyword, message] : violations) {
    out.append(out.empty() ? "" : "; ");
    if (!path.empty()) out.append(json_schema::shortened(path)).append(": ");
    out.append(message);
  }
  return out;
}

}  // namespace hydrant::protocol

#pragma once

// JSON Schema for tool arguments, structured tool results and elicitation answers.
//
// Dialects: 2020-12, which MCP takes for granted where `$schema` is absent, with every keyword of its core, applicator,
// unevaluated and validation vocabularies; and draft-07 where `$schema` names it. Any other `$schema` is refused.
//
// What differs from the specification, on purpose:
//  - A reference leads into the schema itself or into `schema_options::documents`. Nothing is ever fetched, so a
//    reference that leads elsewhere, the metaschemas included, is a compile error.
//  - `pattern` and `patternProperties` run on RE2, in time linear in the text. ECMA-262 syntax is translated (see
//    json_schema/pattern.hpp); what RE2 cannot do (look-around, back references, more than 1,000 repetitions) and
//    patterns over 16 KiB are compile errors, never patterns that silently mean something else.
//  - draft-07's `dependencies` is still read in 2020-12, as that allows.
//  - Annotations (`title`, `default`, `examples`, `contentMediaType` ...) and unknown keywords are ignored, whatever
//    their value.

#include "base/result.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::protocol {

namespace json_schema {
struct program;
}

/// Bounds for schemas and instances that come from strangers. Compiling beyond a bound is an error; validating beyond
/// one ends with a violation of the keyword "limit".
struct schema_limits {
  std::size_t depth_max = 64;                      ///< nesting of subschemas in a document, and of `const` values
  std::size_t subschemas_max = 10'000;             ///< in all documents that one schema reaches
  std::size_t pattern_instructions_max = 100'000;  ///< of all patterns, in RE2's instructions; one counts 100 at least
  std::size_t evaluation_depth_max = 256;          ///< subschemas applied inside one another, `$ref` included
  std::size_t steps_max = 200'000;  ///< per validation: one per subschema and value, more for long texts and lists
};

/// Whether `format` is checked. `asserted` covers the four formats that MCP's elicitation knows (email, uri, date and
/// date-time); all others stay annotations.
enum class format_mode { annotated, asserted };

/// Documents that references may lead to, by absolute URI without fragment.
using schema_documents = std::map<std::string, nlohmann::json, std::less<>>;

struct schema_options {
  schema_limits limits;
  format_mode formats = format_mode::annotated;
  const schema_documents* documents = nullptr;  ///< borrowed while compiling only
};

/// One reason why an instance is not valid.
struct violation {
  std::string instance_path;  ///< JSON pointer to the offending value; empty: the whole instance
  std::string keyword;        ///< the keyword that was not met; "false" for a `false` schema, "limit" for a bound
  std::string message;        ///< for people: what was expected
};

/// A compiled schema. Immutable, thread-safe and cheap to copy.
class schema {
 public:
  /// Fails with invalid_params; the message names the place in `document` as a JSON pointer.
  static base::result<schema> compile(const nlohmann::json& document, const schema_options& options = {});

  /// Empty: valid. Stops after `violations_max`, which is at least 1. A valid instance of a schema without
  /// `unevaluated*`, `uniqueItems`, `propertyNames` and patterns costs no allocation.
  std::vector<violation> validate(const nlohmann::json& instance, std::size_t violations_max = 8) const;

 private:
  explicit schema(std::shared_ptr<const json_schema::program> compiled);

  std::shared_ptr<const json_schema::program> program_;
};

/// The violations on one line, for an error message: "/age: must be integer, not string; must have the property ...".
std::string describe(const std::vector<violation>& violations);

}  // namespace hydrant::protocol

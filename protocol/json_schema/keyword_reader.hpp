#pragma once

#include "protocol/json_schema/documents.hpp"
#include "protocol/json_schema/pattern.hpp"
#include "protocol/json_schema/program.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hydrant::protocol::json_schema {

/// What one compilation shares between subschemas.
struct compile_state {
  const schema_options& options;
  documents sources;
  program& out;
  std::unordered_map<const json*, node*> nodes;
  std::map<std::string, std::size_t, std::less<>> anchor_numbers;
  std::size_t pattern_instructions = 0;

  /// The node of a subschema, which may be compiled later.
  node& node_of(const json& schema);
  std::size_t anchor_number(std::string_view name);
};

/// What the compiler of a keyword sees of its subschema. The first fault is kept and ends the compilation; after it
/// the answers are harmless but meaningless.
class keyword_reader {
 public:
  keyword_reader(compile_state& state, const position& at) : state_{state}, at_{at}, node_{state.node_of(*at.schema)} {}

  /// Null: the keyword is absent.
  const json* find(std::string_view keyword) const;
  std::optional<std::size_t> count(std::string_view keyword);
  const json* number(std::string_view keyword);
  const std::string* text(std::string_view keyword);
  bool flag(std::string_view keyword);
  /// A copy of a list of different strings, at `where` below the subschema.
  std::vector<std::string> names(const json& list, std::string_view where);
  /// A copy of any value, for comparisons.
  json constant(const json& value, std::string_view where);

  const node* subschema(std::string_view keyword);
  const node* subschema_at(const json& schema) { return &state_.node_of(schema); }
  /// The members of a keyword that holds a list of subschemas.
  std::vector<const node*> subschemas(std::string_view keyword);
  const json::object_t* object(std::string_view keyword);
  std::optional<pattern> regular_expression(std::string_view ecma, std::string_view where);

  const node* referenced(std::string_view reference);
  /// The number of the dynamic anchor that `reference` names; nullopt: it behaves as `$ref`.
  std::optional<std::size_t> dynamic_anchor(const std::string& reference);

  node& target() { return node_; }
  const schema_options& options() const { return state_.options; }
  bool is_draft_07() const { return at_.home->rules == dialect::draft_07; }

  void reject(std::string_view where, std::string_view reason);
  const std::optional<base::error>& fault() const { return fault_; }

 private:
  compile_state& state_;
  const position& at_;
  node& node_;
  std::optional<base::error> fault_;
};

/// Compiles one keyword, or a few that belong together; null: there is nothing to check.
using keyword_compiler = std::unique_ptr<const check> (*)(keyword_reader&);

struct keyword_row {
  std::uint8_t dialects;
  keyword_compiler compile;
};

/// In the order in which the checks run.
std::span<const keyword_row> keyword_rows();

}  // namespace hydrant::protocol::json_schema

#pragma once

// Sampled documents read as columns: for each field the values it has in a selection and in a baseline. Everything here
// is pure and reads documents of any form: what is too deep, too long or too much is left out, never refused.

#include "protocol/json.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::providers::opensearch {

/// Each element is the `_source` of a hit. What is not an object counts as a document without fields.
using documents = std::vector<protocol::json>;

/// The type of each field by its dotted path, as the mapping tells it: {"host.name": "keyword", "took": "long"}.
using field_types = std::map<std::string, std::string, std::less<>>;

/// What one document, and all of them together, may cost.
struct field_bounds {
  static constexpr std::size_t depth_max = 32;         ///< levels of objects and arrays; what lies deeper is left out
  static constexpr std::size_t elements_max = 64;      ///< of one array: the first ones
  static constexpr std::size_t nodes_max = 5'000;      ///< of one document: objects, arrays and scalars
  static constexpr std::size_t path_bytes_max = 512;   ///< of a dotted path; longer ones are left out
  static constexpr std::size_t value_bytes_max = 256;  ///< of a text that can stand as a value of a distribution
  static constexpr std::size_t fields_max = 500;       ///< of a table: the first that are met
  static constexpr std::size_t cells_max = 1'000'000;  ///< of each side of a table; documents past it are not read
};

using value_visitor = std::function<void(std::string_view path, const protocol::json& value)>;

/// Calls `visit` for each text, number and boolean of a document, in the order of its members. A member's path is its
/// names joined by dots, so that {"a": {"b": 1}} and {"a.b": 1} are the same field; each element of an array is a value
/// of the array's path. Nulls are no values. The path is valid during the call, the value as long as the document.
void visit_values(const protocol::json& document, const value_visitor& visit);

/// The first text, number or boolean at a dotted path, read as above; null if there is none.
const protocol::json* value_at(const protocol::json& document, std::string_view path);

/// One value of one document. Cells stand in the order of their documents.
struct field_cell {
  std::uint32_t document;
  const protocol::json* value;
};

struct field_column {
  std::vector<field_cell> cells;
  std::size_t documents = 0;  ///< that have at least one value
};

struct field_columns {
  field_column selection;
  field_column baseline;
};

/// Refers to the documents it was made of.
struct field_table {
  std::map<std::string, field_columns, std::less<>> fields;
  std::size_t selection_documents = 0;
  std::size_t baseline_documents = 0;
  bool complete = true;  ///< false: fields or documents were left out because of the bounds of a table
};

/// Both sides share one bound of fields, so that no field is missing from one of them alone because of it.
field_table tabulate(const documents& selection, const documents& baseline);

/// A value as text; none if it is too long to stand as a value of a distribution. Numbers as number_text writes them.
std::optional<std::string> value_text(const protocol::json& value);

/// A value as a finite number: a number, or a text that is one entirely, as an index takes it for a numeric field.
std::optional<double> value_number(const protocol::json& value);

/// The shortest text that reads as that number again; whole numbers without a fraction or an exponent.
std::string number_text(double number);

}  // namespace hydrant::providers::opensearch

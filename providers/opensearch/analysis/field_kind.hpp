#pragma once

// Which fields an analysis can use, and as what.

#include "providers/opensearch/analysis/field_values.hpp"

#include <string_view>

namespace hydrant::providers::opensearch {

enum class field_kind {
  category,  ///< values are compared as texts
  number,    ///< values have an order and a size
  unfit,     ///< dates, places, vectors, ranges and binary data: their values say nothing by themselves
};

/// The mapping decides: texts (short ones: keyword, text, wildcard), boolean and ip are categories, numeric types are
/// numbers, other types are unfit. A field that the mapping does not name is a number if all its values are numbers,
/// and a category otherwise. Dates are unfit because two samples of different times differ in them whatever happened.
field_kind kind_of(std::string_view path, const field_columns& columns, const field_types& types);

/// Whether the name says that values tell things apart rather than describe them: its last part is `id`, `uuid` or
/// `guid`, or ends so after `_`, `-` or a change of case ("trace_id", "orderId").
bool names_identity(std::string_view path);

}  // namespace hydrant::providers::opensearch

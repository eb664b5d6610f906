#pragma once

// Which fields the indices behind an expression have, asked for by their capabilities rather than by their mappings:
// one merged answer however many indices there are, and readers may ask for it.

#include "providers/opensearch/analysis/field_values.hpp"
#include "providers/opensearch/client/access.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::providers::opensearch {

struct field_facts {
  std::string type;  ///< empty: it differs between indices
  bool searchable = false;
  bool aggregatable = false;
};

/// By dotted path; objects and metadata fields are left out. A field of several types, one of them a date, is a date.
using index_fields = std::map<std::string, field_facts, std::less<>>;

/// The fields in a reply of _field_caps. Pure.
index_fields fields_in(const json& capabilities);

/// `expression` as access::narrow gave it. Errors as of access::ask.
boost::asio::awaitable<base::result<index_fields>> read_fields(access& on, std::string expression);

/// What analyses need to know: fields with the same type everywhere.
field_types types_of(const index_fields& fields);

/// The path under which a document's source holds the field: a multi-field such as message.keyword has none of its own.
std::string source_path(const index_fields& fields, std::string_view name);

/// The field by which documents can be told apart in a search: the field itself, or its .keyword; empty: neither can.
std::string grouping_field(const index_fields& fields, std::string_view name);

/// Fields whose type is one of `types`, at most ten, joined by commas; empty: there are none.
std::string names_of_type(const index_fields& fields, std::initializer_list<std::string_view> types);

/// Whether a range of times can be asked of the field: a date, or a whole number, which is taken for epoch
/// milliseconds. Errors: invalid_params, which names fields that would do; resource_not_found if there are no fields.
base::result<> check_time_field(const index_fields& fields, std::string_view name, std::string_view index);

}  // namespace hydrant::providers::opensearch

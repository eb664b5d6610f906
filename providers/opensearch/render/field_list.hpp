#pragma once

// Mappings for a model: a field a line, by its path. Pure.

#include "protocol/json.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hydrant::providers::opensearch {

struct mapped_field {
  std::string path;           ///< "address.city"
  protocol::json definition;  ///< as in the mapping, without the fields inside of it
};

/// The fields of {"properties": {...}} whose path matches the glob, those inside objects too. An object counts itself
/// only if it says more than that it is one.
std::vector<mapped_field> fields_of(const protocol::json& mappings, std::string_view glob = "*");

/// "title: text (analyzer english; also title.raw keyword)", without a line end.
std::string field_line(const mapped_field& field);

/// What the mapping says besides its fields, on one line: "dynamic strict". Empty: nothing.
std::string mapping_traits(const protocol::json& mappings);

}  // namespace hydrant::providers::opensearch

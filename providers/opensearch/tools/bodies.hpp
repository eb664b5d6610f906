#pragma once

// What callers write as JSON: models often send it as a text.

#include "base/result.hpp"
#include "providers/parameter.hpp"

#include <string>
#include <vector>

namespace hydrant::providers::opensearch {

/// An object, or the text of one that nests no deeper than requests may. Errors: invalid_params, naming `what`.
base::result<json> object_of(const json& given, const std::string& what);

/// The objects of NDJSON text, or of an array, which may be a text as well. Errors: the same; also more than
/// `lines_max`.
base::result<std::vector<json>> lines_of(const json& given, const std::string& what, std::size_t lines_max);

std::string as_ndjson(const std::vector<json>& lines);

/// The hits that a search asks for: `size` of its body if that has one, else `wanted`; at most `hits_max`, which is
/// written back into the body.
void bound_size(json& body, std::int64_t wanted, std::size_t hits_max);

/// Refuses (forbidden) a search that would change something (effect_of_search).
base::result<> check_reads(const json& body);

/// Refuses a `sort` that is one object of several fields: its members have no order here (RFC 8259 section 4), so the
/// search would be sorted by another field first.
base::result<> check_sort(const json& body, const std::string& what);

/// `from` of a search's body. Models write numbers as texts, too, and OpenSearch takes them.
std::int64_t from_of(const json& body);

}  // namespace hydrant::providers::opensearch

#pragma once

// The reply of a search for a model: the hits that fit, the aggregations, and what is missing. Pure.

#include "protocol/json.hpp"
#include "providers/opensearch/render/table.hpp"

#include <cstddef>
#include <string>

namespace hydrant::providers::opensearch {

enum class hit_format { json, csv };

struct search_form {
  hit_format format = hit_format::json;
  std::int64_t from = 0;  ///< which hit was asked for first
  std::size_t bytes_max = 48 * 1024;
};

/// Structured: {"total", "total_is_exact", "took_ms", "hits": [...], "aggregations", "suggest", "note"}; the latter
/// three only if there is something. Text: a line that counts, the hits, one JSON object or CSV row a line, the
/// aggregations, the note. Hits that make one of them larger than bytes_max (headline and note apart) are left out, and
/// the note says how to get them; aggregations that do not fit are left out as a whole.
rendered render_search(const protocol::json& reply, const search_form& form);

/// How many documents match, as far as the reply tells.
std::int64_t total_hits(const protocol::json& reply);

/// Its output schema.
protocol::json search_schema();

struct hit_rows {
  std::string text;
  std::string note;  ///< what is not in the text; empty: nothing
};

/// Hits as CSV (RFC 4180): _id, then each field of any of them by its dotted path; lists are joined with "; ".
hit_rows hits_as_csv(const protocol::json& hits);

}  // namespace hydrant::providers::opensearch

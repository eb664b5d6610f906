#pragma once

// What tools that answer with rows have in common: their paging parameters, output schema and result.

#include "providers/entries.hpp"
#include "providers/opensearch/render/table.hpp"

#include <string>
#include <string_view>

namespace hydrant::providers::opensearch {

/// Which part of the rows a call wants.
struct paging {
  parameter<std::int64_t> offset =
      parameter<std::int64_t>("offset", "How many rows to pass over").range(0, 1'000'000).or_else(0);
  parameter<std::int64_t> limit =
      parameter<std::int64_t>("limit", "How many rows to give at most").range(1, 1000).or_else(100);

  page of(const call& c) const { return {c[offset], c[limit]}; }
};

/// The output schema of render_table()'s structured value.
json rows_schema(const table_form& form);

/// A table as text and as structured content. `headline` stands above the table; empty: none.
tool_result rows_result(const json& rows, const table_form& form, page wanted, std::string headline = {});

/// A text as the one member of the structured content, too; both are cut to the bytes, with the advice.
tool_result text_result_within(std::string text, const std::string& member, std::size_t bytes_max,
                               std::string_view advice);

/// A JSON value as structured content, with a text of its own.
tool_result told_result(std::string text, json structured);

}  // namespace hydrant::providers::opensearch

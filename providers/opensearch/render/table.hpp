#pragma once

// Rows for a model: a page of them, as JSON and as a Markdown table, within a number of bytes. Pure.

#include "protocol/json.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hydrant::providers::opensearch {

/// What a column's values become in JSON. The _cat APIs send numbers as texts; one that is not a number stays a text.
enum class column_kind { text, integer, number };

struct column {
  std::string member;        ///< of the row and of what is given back
  std::string heading = {};  ///< of the table; empty: `member`
  column_kind kind = column_kind::text;
};

struct page {
  std::int64_t offset = 0;   ///< of the first row; negative counts as 0
  std::int64_t limit = 100;  ///< of rows; negative counts as 0
};

struct table_form {
  std::vector<column> columns;
  std::string member;  ///< of the rows in the structured value, e.g. "indices"
  std::string noun;    ///< for notes, in the plural, e.g. "indices"
  std::size_t bytes_max = 65'536;
};

/// The two forms of a tool's answer.
struct rendered {
  protocol::json structured;
  std::string text;
};

/// `rows` is an array of flat objects. The structured value is
/// {"<member>": [...], "total", "offset", "returned", "note"}; a row holds just the columns, and of these just what is
/// there and not null. The text is a Markdown table whose cells are cut at about 200 characters, then the note. A note
/// is there only if something was left out, and says how to get it. Neither form is larger than bytes_max: rows that
/// would not fit are left out. (A limit too small for the note alone gives a table without rows and the note.)
rendered render_table(const protocol::json& rows, const table_form& form, page of = {});

}  // namespace hydrant::providers::opensearch

#pragma once

// Cursors of the paginated lists (server/utilities/pagination). Opaque to clients and self-contained, so that any node
// serves any page. Not sealed: a forged cursor reaches nothing that an honest one does not.

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace hydrant::protocol {

struct page_cursor {
  std::string list;                     ///< the list's method, e.g. `tools/list`; without `:`
  std::uint64_t offset = 0;             ///< index of the page's first element
  std::uint64_t catalogue_version = 0;  ///< of the catalogue that the offset counts in; the caller judges a stale one

  bool operator==(const page_cursor&) const = default;
};

std::string encode(const page_cursor& cursor);

/// Fails with invalid_params (-32602, as the specification asks) if `text` is not a cursor of ours or belongs to a list
/// other than `list`.
base::result<page_cursor> decode_page_cursor(std::string_view text, std::string_view list);

}  // namespace hydrant::protocol

#pragma once

// The two content negotiation headers that the Streamable HTTP transport asks about. Nothing here allocates.

#include <string_view>

namespace hydrant::protocol {

/// Which of our two answer forms a client takes.
struct accepted {
  bool json = false;          ///< application/json
  bool event_stream = false;  ///< text/event-stream

  bool operator==(const accepted&) const = default;
};

/// Reads the value of `Accept` (RFC 9110 section 12.5.1): wildcards count, the most specific range decides, `q=0`
/// refuses. Elements that are no media range are skipped, as is everything behind the 64th element.
/// Only for a header that is present: an absent one means that the client takes anything.
accepted parse_accept(std::string_view value);

/// Whether a `Content-Type` is application/json in UTF-8, the only encoding JSON may have between systems (RFC 8259
/// section 8.1): other parameters are ignored, another `charset` is refused.
bool content_type_is_json(std::string_view value);

}  // namespace hydrant::protocol

#pragma once

// What stands behind `id:` in an SSE stream and comes back as `Last-Event-ID` (2025-11-25, "Resumability and
// Redelivery"): unique over all streams of a session, and enough to find the stream again.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hydrant::protocol {

/// A place in one stream's log. A generation starts anew when the store may have lost events, so that no position is
/// ever given out twice; sequences are contiguous within a generation.
struct log_position {
  std::uint64_t generation = 0;
  std::uint64_t sequence = 0;
  auto operator<=>(const log_position&) const = default;
};

struct event_id {
  std::string stream;  ///< see valid_stream_name()
  log_position position;

  bool operator==(const event_id&) const = default;
};

/// Ids of one stream are totally ordered; ids of two streams are unordered.
std::partial_ordering operator<=>(const event_id& left, const event_id& right);

inline constexpr std::size_t stream_name_bytes_max = 64;

/// `[A-Za-z0-9.~]{1,64}`: visible ASCII without the two separators of an id.
bool valid_stream_name(std::string_view name);

/// `<generation>-<sequence>`, which is also the spelling of a Redis stream entry.
std::string to_string(const log_position& position);

/// `<stream>_<generation>-<sequence>`. The stream's name must be valid.
std::string to_string(const event_id& id);

/// Strict: what parses formats back to the same text. Never trust that the stream belongs to the caller's session.
std::optional<log_position> parse_log_position(std::string_view text);
std::optional<event_id> parse_event_id(std::string_view text);

}  // namespace hydrant::protocol

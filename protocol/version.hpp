#pragma once

// MCP revisions, turned into questions. Nothing outside this file and version.cpp compares versions.

#include <array>
#include <optional>
#include <string_view>

namespace hydrant::protocol {

enum class revision { r2024_11_05, r2025_03_26, r2025_06_18, r2025_11_25, r2026_07_28 };

/// The revision of that exact name, if this server speaks it.
std::optional<revision> parse_revision(std::string_view name);
std::string_view name_of(revision r);

/// What `initialize` answers: the requested revision if it is one with sessions, else the newest that has them.
revision negotiate(std::string_view requested);

/// The revisions that server/discover and -32022 advertise: those whose requests carry their own metadata.
inline constexpr std::array<std::string_view, 1> stateless_revisions{"2026-07-28"};

/// Requests carry version, identity and capabilities in `_meta`; there is no handshake ("modern").
constexpr bool carries_request_metadata(revision r) {
  return r >= revision::r2026_07_28;
}
/// `initialize` opens a session ("legacy").
constexpr bool uses_sessions(revision r) {
  return !carries_request_metadata(r);
}
/// A POST may hold an array of messages (only 2025-03-26 says so).
constexpr bool allows_batch(revision r) {
  return r == revision::r2025_03_26;
}
/// Streams begin with an event that has an id and no data, so that a client can resume before the first message.
constexpr bool has_priming_event(revision r) {
  return r == revision::r2025_11_25;
}
/// An error response to an unknown request has the id null; later schemas have an optional id that is never null.
constexpr bool has_null_response_id(revision r) {
  return r < revision::r2025_11_25;
}
/// Results say of what type they are (`resultType`).
constexpr bool has_result_type(revision r) {
  return r >= revision::r2026_07_28;
}
/// List and read results carry `ttlMs` and `cacheScope`.
constexpr bool has_cache_hints(revision r) {
  return r >= revision::r2026_07_28;
}
/// `structuredContent`, `outputSchema`, `title` and resource links.
constexpr bool has_structured_content(revision r) {
  return r >= revision::r2025_06_18;
}
/// Tool annotations, audio content, `completions` capability, message in progress.
constexpr bool has_annotations(revision r) {
  return r >= revision::r2025_03_26;
}
/// The server may ask the user for form input.
constexpr bool has_elicitation(revision r) {
  return r >= revision::r2025_06_18;
}
/// A bare `elicitation: {}` capability stands for the form mode, and URL mode exists.
constexpr bool has_url_elicitation(revision r) {
  return r >= revision::r2025_11_25;
}
/// An unknown resource is -32002; later revisions say -32602.
constexpr bool has_resource_not_found_code(revision r) {
  return r <= revision::r2025_11_25;
}
/// A tool call whose arguments fail validation is a tool result with isError (SEP-1303), not a protocol error.
constexpr bool reports_bad_arguments_as_result(revision r) {
  return r >= revision::r2025_11_25;
}

}  // namespace hydrant::protocol

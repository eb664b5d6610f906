#pragma once

// Body fields mirrored into HTTP headers (2026-07-28, basic/transports/streamable-http, "Request Metadata"):
// `Mcp-Name`, and `Mcp-Param-*` for tool parameters that their schema annotates with `x-mcp-header`. Header and body
// must agree, so that whoever routes on the header and whoever executes the body see the same request.

#include "base/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::protocol {

/// The text that a header value stands for ("Value Encoding"): optional white space around it goes, `=?base64?…?=` is
/// decoded, anything else is literal. Fails with header_mismatch for a character outside visible ASCII, space and tab,
/// and for base64 that is not canonical or not UTF-8.
base::result<std::string> decode_mirrored_value(std::string_view header_value);

/// The header value that stands for `text`: itself where that is safe, else the base64 form.
std::string encode_mirrored_value(std::string_view text);

/// The header value for a value of the body. Nothing for `null`, for which no header is sent, and for what cannot be
/// mirrored: objects, arrays, fractions, integers beyond ±(2^53 - 1).
std::optional<std::string> encode_mirrored_value(const nlohmann::json& body_value);

/// Whether the header says what the body says: strings and booleans as text, integers by value (`42.0` equals 42).
/// A malformed header and a body value that cannot be mirrored match nothing.
bool matches(std::string_view header_value, const nlohmann::json& body_value);

/// The same for a body value that is a string; does not allocate unless the header is in the base64 form.
bool matches_text(std::string_view header_value, std::string_view body_text);

enum class mirrored_type { string, integer, boolean };

/// One `x-mcp-header` annotation.
struct mirrored_parameter {
  std::string header_name;        ///< the whole name, `Mcp-Param-Region`; names compare without regard to case
  std::vector<std::string> path;  ///< property names from the arguments object down
  mirrored_type type = mirrored_type::string;

  bool operator==(const mirrored_parameter&) const = default;
};

/// All annotations of a tool's input schema. Fails with invalid_params if one breaks a rule of "Schema Extension": the
/// tool must not be listed then; `detail` names the place. A `type` that is a list of types counts as not primitive.
base::result<std::vector<mirrored_parameter>> mirrored_parameters(const nlohmann::json& input_schema);

/// The argument that `parameter` mirrors; null pointer if it is absent or `null`, and no header is expected.
const nlohmann::json* find_mirrored_argument(const nlohmann::json& arguments, const mirrored_parameter& parameter);

}  // namespace hydrant::protocol

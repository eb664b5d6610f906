#pragma once

// JSON for everything that is not hot: nlohmann's tree. For what is hot: texts that are written once.

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace hydrant::protocol {

using json = nlohmann::json;

/// Appends `text` as a JSON string with its quotes. Control bytes, quotes and backslashes are escaped (RFC 8259 section
/// 7); what is not UTF-8 (a tool's mistake) is replaced with U+FFFD, so that the message stays readable.
void append_json_string(std::string& out, std::string_view text);

std::string json_string(std::string_view text);

/// The text of a tree. Invalid UTF-8 in a value (a tool's mistake) is replaced with U+FFFD, never thrown.
std::string to_text(const json& value);
void append_text(std::string& out, const json& value);

}  // namespace hydrant::protocol

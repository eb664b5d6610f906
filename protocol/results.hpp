#pragma once

// What handlers give back, as plain values, and how each is written in a given revision.
// Shapes: MCP server/tools, server/resources, server/prompts, server/utilities/completion.

#include "protocol/json.hpp"
#include "protocol/version.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hydrant::protocol {

/// One ContentBlock. Text, by far the most frequent, is held as it is; every other kind is a ready JSON object.
class content {
 public:
  static content text(std::string value);
  static content image(std::string base64, std::string mime_type);
  static content audio(std::string base64, std::string mime_type);
  static content resource(json contents);     ///< an embedded resource: {uri, mimeType, text | blob}
  static content link(json resource_object);  ///< a resource link: {uri, name, ...}

  void write(std::string& out) const;

 private:
  std::string text_;
  json object_;  ///< null: this is text
};

/// CallToolResult.
struct tool_result {
  std::vector<content> blocks;
  std::optional<json> structured;
  bool is_error = false;
};

/// The usual cases in one word.
tool_result text_result(std::string text);
/// A failure that the model should read and may correct (not a protocol error).
tool_result error_result(std::string text);
/// Structured content, with its JSON as text for clients that read only that (server/tools "Structured Content").
tool_result structured_result(json value);

/// One entry of a ReadResourceResult.
struct resource_contents {
  std::string uri;
  std::string mime_type;
  std::string text;                 ///< used unless `blob` is set
  std::optional<std::string> blob;  ///< Base64
  json to_json() const;
};

struct resource_result {
  std::vector<resource_contents> contents;
};

struct prompt_message {
  std::string role;  ///< "user" or "assistant"
  content block;
};

struct prompt_result {
  std::string description;
  std::vector<prompt_message> messages;
};

struct completion_result {
  std::vector<std::string> values;  ///< at most 100 are sent
  std::optional<std::size_t> total;
};

/// How long, and for whom, a list or read result stays good (2026-07-28 server/utilities/caching).
struct cache_hint {
  std::int64_t ttl_ms = 0;
  bool shared = false;  ///< cacheScope "public" instead of "private"
};

std::string write(const tool_result& result, revision r);
std::string write(const resource_result& result, revision r, cache_hint hint);
std::string write(const prompt_result& result, revision r);
std::string write(const completion_result& result, revision r);
/// `{}`, with what the revision demands of every result.
std::string empty_result(revision r);
/// Appends `"resultType":"complete"` and the like, each with a trailing comma; nothing in revisions without it.
void append_result_head(std::string& out, revision r);
void append_cache_hint(std::string& out, revision r, cache_hint hint);

}  // namespace hydrant::protocol

#pragma once

// A whole node in this process, and what tests say to it over real sockets.

#include "app/config_load.hpp"
#include "app/node.hpp"
#include "tests/support/http_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

namespace hydrant::wire {

using protocol::json;
using support::expected_body;
using support::http_client;
using support::http_response;

/// An HTTP request in the making. Nothing is checked, so it can be wrong in any way.
struct request {
  std::string method = "GET";
  std::string path = "/mcp";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  bool sized = true;  ///< whether text() adds a Content-Length

  /// Sets a field, in place of one of the same spelling.
  request& with(const std::string& name, const std::string& value);
  request& without(const std::string& name);
  request& adding(const std::string& name, const std::string& value);
  std::string text() const;
};

request get(const std::string& path);
/// With Host, Content-Type and an Accept that admits both forms.
request post_raw(const std::string& body, const std::string& path = "/mcp");
request post(const json& message, const std::string& path = "/mcp");

/// JSON-RPC messages.
json call(const json& id, const std::string& method, json params = json::object());
json notification(const std::string& method, json params = json::object());
json tool_call(const json& id, const std::string& tool, json arguments = json::object());

/// `_meta` of 2026-07-28.
json metadata(json capabilities = json::object());
/// A POST of 2026-07-28: `message` gets the metadata, the request the mirrored header fields.
request modern(json message, json capabilities = json::object());
/// The same with the message as it is, for wrong metadata; the header fields mirror it as far as they can.
request modern_as_is(const json& message);

/// A session as its client knows it.
struct session {
  std::string id;
  std::string revision = "2025-11-25";

  request post(const json& message) const;
  request get(const std::string& last_event_id = {}) const;
  request end() const;
};

json initialize_params(const std::string& revision = "2025-11-25", json capabilities = json::object());

/// A connection whose answer has begun.
struct opened {
  http_client client;
  http_response head;
};

class wire_test : public ::testing::Test {
 protected:
  using settings_map = std::map<std::string, std::string, std::less<>>;

  void TearDown() override;

  /// Starts the node on a free port; `settings` by their names on docs/configuration.md.
  void start(const settings_map& settings = {});
  std::uint16_t port() const { return node_->port(); }
  app::node& node() { return *node_; }

  http_client connect() const { return http_client(port()); }
  /// Asks over a connection of its own.
  http_response ask(const request& wanted) const;
  http_response ask_raw(std::string_view bytes) const;
  opened open(const request& wanted) const;

  session open_session(const std::string& revision = "2025-11-25", const json& capabilities = json::object()) const;

  /// The value in /metrics; the sum if a name has several.
  double metric(const std::string& name) const;
  /// Asks until the metric has that value, or fails after a while.
  void await_metric(const std::string& name, double wanted) const;

 private:
  std::unique_ptr<app::node> node_;
};

/// Matches a response that carries a JSON-RPC error of that code under that status.
void expect_error(const http_response& response, int status, int code);
/// Matches a JSON-RPC result of a session or of 2026-07-28.
void expect_result(const http_response& response);

}  // namespace hydrant::wire

#include "tests/wire/wire_fixture.hpp"

#include <algorithm>
#include <chrono>
#include <sstream>
#include <stdexcept>

namespace hydrant::wire {
namespace {

constexpr const char* modern_revision = "2026-07-28";

app::surroundings no_surroundings() {
  app::surroundings around;
  around.read_file = [](const std::string&) -> base::result<std::string> {
    return base::fail(base::error_kind::unavailable, "there are no files here");
  };
  around.host_name = "wire";
  around.process_id = 1;
  return around;
}

app::config settings_from(app::flag_words flags) {
  const auto loaded = app::load_config(flags, no_surroundings());
  if (!loaded.problems.empty()) throw std::runtime_error(app::format_problems(loaded.problems));
  return loaded.settings;
}

request with_mirrored_fields(request wanted, const json& message) {
  const auto text_of = [](const json& object, const char* name) {
    return object.is_object() && object.contains(name) && object[name].is_string() ? object[name].get<std::string>()
                                                                                   : std::string();
  };
  const auto method = text_of(message, "method");
  const auto params = message.value("params", json());
  wanted.with("MCP-Protocol-Version", modern_revision).with("Mcp-Method", method);
  if (method == "tools/call" || method == "prompts/get") wanted.with("Mcp-Name", text_of(params, "name"));
  if (method == "resources/read") wanted.with("Mcp-Name", text_of(params, "uri"));
  return wanted;
}

}  // namespace

request& request::with(const std::string& name, const std::string& value) {
  without(name);
  return adding(name, value);
}

request& request::without(const std::string& name) {
  std::erase_if(headers, [&](const auto& field) { return field.first == name; });
  return *this;
}

request& request::adding(const std::string& name, const std::string& value) {
  headers.emplace_back(name, value);
  return *this;
}

std::string request::text() const {
  std::string out = method + " " + path + " HTTP/1.1\r\n";
  for (const auto& [name, value] : headers)
    out.append(name).append(": ").append(value).append("\r\n");
  if (sized && (!body.empty() || method == "POST")) out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return out + "\r\n" + body;
}

request get(const std::string& path) {
  request out;
  out.path = path;
  return out.adding("Host", "127.0.0.1");
}

request post_raw(const std::string& body, const std::string& path) {
  request out;
  out.method = "POST";
  out.path = path;
  out.body = body;
  out.adding("Host", "127.0.0.1").adding("Content-Type", "application/json");
  return out.adding("Accept", "application/json, text/event-stream");
}

request post(const json& message, const std::string& path) {
  return post_raw(message.dump(), path);
}

json call(const json& id, const std::string& method, json params) {
  return {{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}};
}

json notification(const std::string& method, json params) {
  return {{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}};
}

json tool_call(const json& id, const std::string& tool, json arguments) {
  return call(id, "tools/call", {{"name", tool}, {"arguments", std::move(arguments)}});
}

json metadata(json capabilities) {
  return {{"io.modelcontextprotocol/protocolVersion", modern_revision},
          {"io.modelcontextprotocol/clientInfo", {{"name", "wire"}, {"version", "1"}}},
          {"io.modelcontextprotocol/clientCapabilities", std::move(capabilities)}};
}

request modern(json message, json capabilities) {
  json meta = metadata(std::move(capabilities));
  auto& params = message["params"];
  if (params.is_object()) {
    if (params.contains("_meta")) meta.update(params["_meta"]);
    params["_meta"] = std::move(meta);
  }
  return with_mirrored_fields(post(message), message);
}

request modern_as_is(const json& message) {
  return with_mirrored_fields(wire::post(message), message);
}

request session::post(const json& message) const {
  auto out = wire::post(message);
  return out.with("Mcp-Session-Id", id).with("MCP-Protocol-Version", revision);
}

request session::get(const std::string& last_event_id) const {
  auto out = wire::get("/mcp");
  out.with("Mcp-Session-Id", id).with("MCP-Protocol-Version", revision).with("Accept", "text/event-stream");
  return last_event_id.empty() ? out : out.with("Last-Event-ID", last_event_id);
}

request session::end() const {
  auto out = get();
  out.method = "DELETE";
  return out.without("Accept");
}

json initialize_params(const std::string& revision, json capabilities) {
  return {{"protocolVersion", revision},
          {"capabilities", std::move(capabilities)},
          {"clientInfo", {{"name", "wire"}, {"version", "1"}}}};
}

void wire_test::TearDown() {
  node_.reset();
}

void wire_test::start(const settings_map& settings) {
  app::flag_words flags = {{"host", {"127.0.0.1"}},
                           {"port", {"0"}},
                           {"io-threads", {"2"}},
                           {"worker-threads", {"1"}},
                           {"node-id", {"n"}},
                           {"drain-timeout", {"0s"}},
                           {"providers", {"demo", "conformance"}}};
  for (const auto& [name, value] : settings)
    flags.insert_or_assign(name, app::words{value});
  node_ = std::make_unique<app::node>(settings_from(std::move(flags)), app::provider_list{});
  const auto started = node_->start();
  ASSERT_TRUE(started) << started.error().message;
}

http_response wire_test::ask(const request& wanted) const {
  auto client = connect();
  client.try_send(wanted.text());
  return client.receive(wanted.method == "HEAD" ? expected_body::none : expected_body::any);
}

http_response wire_test::ask_raw(std::string_view bytes) const {
  auto client = connect();
  client.try_send(bytes);
  return client.receive();
}

opened wire_test::open(const request& wanted) const {
  auto client = connect();
  client.send(wanted.text());
  auto head = client.receive_head();
  return {std::move(client), std::move(head)};
}

session wire_test::open_session(const std::string& revision, const json& capabilities) const {
  const auto answer = ask(post(call(1, "initialize", initialize_params(revision, capabilities))));
  if (answer.status != 200) throw std::runtime_error("initialize: " + answer.body);
  const session opened{answer.header("mcp-session-id"), revision};
  const auto accepted = ask(opened.post(notification("notifications/initialized")));
  if (accepted.status != 202) throw std::runtime_error("initialized: " + accepted.body);
  return opened;
}

double wire_test::metric(const std::string& name) const {
  std::istringstream lines(ask(get("/metrics")).body);
  double sum = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto end = line.find_first_of("{ ");
    if (line.substr(0, end) == name) sum += std::stod(line.substr(line.rfind(' ')));
  }
  return sum;
}

void wire_test::await_metric(const std::string& name, double wanted) const {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  auto value = metric(name);
  while (value != wanted && std::chrono::steady_clock::now() < until)
    value = metric(name);
  EXPECT_EQ(value, wanted) << name;
}

void expect_error(const http_response& response, int status, int code) {
  EXPECT_EQ(response.status, status) << response.body;
  const auto body = json::parse(response.body, nullptr, false);
  ASSERT_TRUE(body.is_object() && body.contains("error")) << response.body;
  EXPECT_EQ(body["error"]["code"], code) << response.body;
  EXPECT_TRUE(body["error"]["message"].is_string()) << response.body;
  EXPECT_FALSE(body.contains("result")) << response.body;
}

void expect_result(const http_response& response) {
  EXPECT_EQ(response.status, 200) << response.body;
  const auto body = json::parse(response.body, nullptr, false);
  EXPECT_TRUE(body.is_object() && body.contains("result")) << response.body;
}

}  // namespace hydrant::wire

#include "protocol/message.hpp"

#include <simdjson.h>

#include <new>
#include <stdexcept>

namespace hydrant::protocol {
namespace {

using base::error_kind;
using simdjson::dom::element;
using simdjson::dom::element_type;

// By value: an accessor's own value would be gone by the time that a loop over it begins.
simdjson::dom::object fields_of(const element& value) {
  return value.get_object().value_unsafe();
}
simdjson::dom::array items_of(const element& value) {
  return value.get_array().value_unsafe();
}

// Depth is bounded by the reader, so recursion is too.
json to_tree(const element& value) {
  switch (value.type()) {
    case element_type::ARRAY: {
      json out = json::array();
      for (const element item : items_of(value))
        out.push_back(to_tree(item));
      return out;
    }
    case element_type::OBJECT: {
      json out = json::object();
      for (const auto field : fields_of(value))
        out.emplace(field.key, to_tree(field.value));
      return out;
    }
    case element_type::INT64: return value.get_int64().value_unsafe();
    case element_type::UINT64: return value.get_uint64().value_unsafe();
    case element_type::DOUBLE: return value.get_double().value_unsafe();
    case element_type::STRING: return value.get_string().value_unsafe();
    case element_type::BOOL: return value.get_bool().value_unsafe();
    case element_type::NULL_VALUE: break;
  }
  return nullptr;
}

// The JSON text of a string or an integer; empty for anything else.
std::string scalar_text(const element& value) {
  switch (value.type()) {
    case element_type::STRING: return json_string(value.get_string().value_unsafe());
    case element_type::INT64: return std::to_string(value.get_int64().value_unsafe());
    case element_type::UINT64: return std::to_string(value.get_uint64().value_unsafe());
    default: return {};
  }
}

base::error bad(error_kind kind, std::string what) {
  return base::fail(kind, std::move(what));
}

// The first of a name counts.
std::optional<element> find(const simdjson::dom::object& object, std::string_view key) {
  element found;
  if (object.at_key(key).get(found)) return std::nullopt;
  return found;
}

std::optional<base::error> read_meta(const element& value, request_meta& meta) {
  if (!value.is_object()) return bad(error_kind::invalid_params, "params._meta must be an object");
  const auto fields = fields_of(value);
  if (const auto token = find(fields, "progressToken")) {
    meta.progress_token = scalar_text(*token);
    if (meta.progress_token.empty() || meta.progress_token.size() > token_bytes_max)
      return bad(error_kind::invalid_params, "params._meta.progressToken must be a short string or an integer");
  }
  if (const auto context = find(fields, "traceparent"); context && context->is_string())
    meta.traceparent = context->get_string().value_unsafe();
  if (const auto version = find(fields, "io.modelcontextprotocol/protocolVersion")) {
    if (!version->is_string()) return bad(error_kind::invalid_params, "params._meta: protocolVersion must be a string");
    meta.protocol_version.emplace(version->get_string().value_unsafe());
  }
  if (const auto able = find(fields, "io.modelcontextprotocol/clientCapabilities")) {
    if (!able->is_object())
      return bad(error_kind::invalid_params, "params._meta: clientCapabilities must be an object");
    meta.client_capabilities = to_tree(*able);
  }
  if (const auto level = find(fields, "io.modelcontextprotocol/logLevel")) {
    if (!level->is_string()) return bad(error_kind::invalid_params, "params._meta: logLevel must be a string");
    meta.log_level = level->get_string().value_unsafe();
  }
  if (const auto client = find(fields, "io.modelcontextprotocol/clientInfo"); client && !client->is_object())
    return bad(error_kind::invalid_params, "params._meta: clientInfo must be an object");
  return std::nullopt;
}

std::optional<base::error> read_params(const element& params, message& out) {
  if (!params.is_object()) return bad(error_kind::invalid_params, "params must be an object");
  const auto fields = fields_of(params);
  for (const auto field : fields)
    if (field.key != "_meta") out.params.emplace(field.key, to_tree(field.value));
  const auto meta = find(fields, "_meta");
  return meta ? read_meta(*meta, out.meta) : std::nullopt;
}

// The members of one envelope, found in one walk; the first of a name counts.
struct envelope {
  std::optional<element> version, id, method, params, result, error;

  explicit envelope(const simdjson::dom::object& object) {
    for (const auto field : object) {
      if (auto* slot = find(field.key); slot != nullptr && !*slot) *slot = field.value;
    }
  }

 private:
  std::optional<element>* find(std::string_view key) {
    if (key == "jsonrpc") return &version;
    if (key == "id") return &id;
    if (key == "method") return &method;
    if (key == "params") return &params;
    if (key == "result") return &result;
    if (key == "error") return &error;
    return nullptr;
  }
};

std::optional<base::error> read_response(const envelope& in, message& out) {
  out.kind = message_kind::response;
  if (out.id.empty()) return bad(error_kind::invalid_request, "a response needs the id of its request");
  if (in.result.has_value() == in.error.has_value())
    return bad(error_kind::invalid_request, "a message needs a method, or exactly one of result and error");
  if (in.result && !in.result->is_object()) return bad(error_kind::invalid_request, "result must be an object");
  if (in.error && !in.error->is_object()) return bad(error_kind::invalid_request, "error must be an object");
  (in.result ? out.result : out.error) = to_tree(in.result ? *in.result : *in.error);
  return std::nullopt;
}

std::optional<base::error> read_envelope(const envelope& in, message& out) {
  if (in.id) {
    out.id = scalar_text(*in.id);
    if (out.id.size() > token_bytes_max) out.id.clear();
    if (out.id.empty()) return bad(error_kind::invalid_request, "id must be a short string or an integer");
  }
  if (!in.version || !in.version->is_string() || in.version->get_string().value_unsafe() != "2.0")
    return bad(error_kind::invalid_request, "jsonrpc must be \"2.0\"");
  if (!in.method) return read_response(in, out);
  if (!in.method->is_string()) return bad(error_kind::invalid_request, "method must be a string");
  out.method = in.method->get_string().value_unsafe();
  out.kind = in.id ? message_kind::request : message_kind::notification;
  return in.params ? read_params(*in.params, out) : std::nullopt;
}

std::optional<message_error> read_one(const element& value, message& out) {
  if (!value.is_object()) return message_error{bad(error_kind::invalid_request, "a message must be a JSON object")};
  if (auto failure = read_envelope(envelope(fields_of(value)), out))
    return message_error{std::move(*failure), out.id.empty() ? "null" : out.id};
  return std::nullopt;
}

base::error describe(simdjson::error_code code) {
  if (code == simdjson::DEPTH_ERROR) return bad(error_kind::parse, "the JSON is nested too deeply");
  if (code == simdjson::UTF8_ERROR) return bad(error_kind::parse, "the body is not valid UTF-8");
  if (code == simdjson::EMPTY) return bad(error_kind::parse, "the body is empty");
  return base::fail(error_kind::parse, "the body is not valid JSON", simdjson::error_message(code));
}

// A reader keeps the memory that its largest text needed; give that of rare large ones back.
constexpr std::size_t kept_capacity_max = 256 * 1024;

simdjson::dom::parser& thread_reader(std::size_t bytes, std::size_t depth_max) {
  thread_local simdjson::dom::parser reader;
  // Anew, because its document would keep the memory.
  if (reader.capacity() > kept_capacity_max && bytes <= kept_capacity_max) reader = simdjson::dom::parser();
  if (reader.max_depth() != depth_max || reader.capacity() < bytes)
    if (reader.allocate(std::max<std::size_t>(bytes, 4096), depth_max) != simdjson::SUCCESS) throw std::bad_alloc();
  return reader;
}

}  // namespace

boost::system::result<message_batch, message_error> read_messages(std::string& body, std::size_t depth_max) {
  auto& reader = thread_reader(body.size(), depth_max);
  body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
  element root;
  if (const auto code = reader.parse(body.data(), body.size(), false).get(root)) return message_error{describe(code)};
  message_batch batch;
  if (!root.is_array()) {
    if (auto failure = read_one(root, batch.messages.emplace_back())) return *failure;
    return batch;
  }
  batch.is_array = true;
  const auto items = items_of(root);
  if (items.size() == 0) return message_error{bad(error_kind::invalid_request, "an empty batch")};
  if (items.size() > batch_messages_max)
    return message_error{bad(error_kind::invalid_request,
                             "a batch may hold at most " + std::to_string(batch_messages_max) + " messages")};
  batch.messages.reserve(items.size());
  for (const element item : items)
    if (auto failure = read_one(item, batch.messages.emplace_back())) return *failure;
  return batch;
}

void throw_exception_from_error(const message_error& failure, const boost::source_location&) {
  throw std::logic_error("no messages: " + failure.what.message);
}

}  // namespace hydrant::protocol

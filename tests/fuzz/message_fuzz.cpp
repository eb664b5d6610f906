// A POST body: what is accepted says the same as another parser does, and what is refused names an id that can be sent.

#include "protocol/message.hpp"
#include "tests/fuzz/require.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace {

using namespace hydrant;
using fuzz::require;
using protocol::json;
using protocol::message_kind;

void id_round_trips(const std::string& text) {
  const auto id = json::parse(text, nullptr, false);
  require(id.is_string() || id.is_number_integer());
  // Another writer escapes some bytes in another way, so the values are compared.
  require(json::parse(protocol::to_text(id)) == id);
  if (id.is_string())
    require(protocol::json_string(id.get_ref<const std::string&>()) == text);
  else
    require(protocol::to_text(id) == text);
}

void fields_are_consistent(const protocol::message& got) {
  require(got.params.is_object());
  if (got.kind == message_kind::notification)
    require(got.id.empty());
  else
    id_round_trips(got.id);
  const bool response = got.kind == message_kind::response;
  require(got.result.is_object() + got.error.is_object() == (response ? 1 : 0));
  if (response) require(got.method.empty() && got.params.empty());
  if (!got.meta.progress_token.empty()) id_round_trips(got.meta.progress_token);
  if (got.meta.client_capabilities) require(got.meta.client_capabilities->is_object());
}

// The other parser keeps the last of two members with one name, so only ids, kinds and methods of texts without such
// members can be compared; those are found by writing the text anew.
void agrees_with_another_parser(const protocol::message& got, const json& tree, bool unambiguous) {
  require(tree.is_object());
  if (!unambiguous) return;
  require(tree.contains("method") == (got.kind != message_kind::response));
  require(tree.contains("id") == (got.kind != message_kind::notification));
  if (tree.contains("id")) require(json::parse(got.id) == tree["id"]);
  if (tree.contains("method")) require(tree["method"] == got.method);
}

bool has_repeated_members(std::string_view text) {
  std::vector<std::vector<std::string>> open;
  bool repeated = false;
  const json::parser_callback_t look = [&](int, json::parse_event_t event, json& value) {
    if (event == json::parse_event_t::object_start) open.emplace_back();
    if (event == json::parse_event_t::object_end) open.pop_back();
    if (event != json::parse_event_t::key) return true;
    for (const auto& key : open.back())
      repeated = repeated || key == value;
    open.back().push_back(value.get<std::string>());
    return true;
  };
  static_cast<void>(json::parse(text, look, false));
  return repeated;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::string body = text;
  const auto batch = protocol::read_messages(body);
  if (!batch) {
    require(!batch.error().what.message.empty());
    if (batch.error().id != "null") id_round_trips(batch.error().id);
    return 0;
  }
  require(body == text);
  const auto tree = json::parse(text, nullptr, false);
  require(!tree.is_discarded() && tree.is_array() == batch->is_array);
  require(batch->messages.size() == (batch->is_array ? tree.size() : 1) &&
          batch->messages.size() <= protocol::batch_messages_max);
  const bool unambiguous = !has_repeated_members(text);
  for (std::size_t i = 0; i < batch->messages.size(); ++i) {
    fields_are_consistent(batch->messages[i]);
    agrees_with_another_parser(batch->messages[i], batch->is_array ? tree[i] : tree, unambiguous);
  }
  return 0;
}

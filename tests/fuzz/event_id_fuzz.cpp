// What parses as an event id or a cursor formats back to the very same text.

#include "protocol/base64.hpp"
#include "protocol/event_id.hpp"
#include "protocol/page_cursor.hpp"
#include "tests/fuzz/require.hpp"

#include <cstdint>

namespace {

using namespace hydrant;
using fuzz::require;

void id_round_trip(std::string_view text) {
  const auto id = protocol::parse_event_id(text);
  if (id) require(to_string(*id) == text && protocol::valid_stream_name(id->stream));
  const auto position = protocol::parse_log_position(text);
  if (position) require(to_string(*position) == text);
}

void cursor_round_trip(std::string_view text) {
  const auto cursor = protocol::decode_page_cursor(text, "tools/list");
  if (cursor) require(encode(*cursor) == text && cursor->list == "tools/list");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  id_round_trip(text);
  cursor_round_trip(text);
  // The way in through base64 is too narrow to be found by chance.
  cursor_round_trip(protocol::base64_encode(text, protocol::base64_alphabet::url));
  return 0;
}

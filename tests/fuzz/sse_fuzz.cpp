// The parser's outcome does not depend on how a stream is cut, and it reads back what the writer wrote.

#include "protocol/sse.hpp"
#include "tests/fuzz/require.hpp"

#include <algorithm>
#include <cstdint>
#include <fuzzer/FuzzedDataProvider.h>

namespace {

using namespace hydrant;
using fuzz::require;

struct outcome {
  std::vector<protocol::sse_event> events;
  std::string last_event_id;
  bool failed = false;

  bool operator==(const outcome&) const = default;
};

outcome parse(std::string_view stream, std::size_t event_bytes_max, auto next_piece) {
  protocol::sse_parser parser(event_bytes_max);
  outcome seen;
  while (!stream.empty()) {
    const std::size_t piece = std::clamp<std::size_t>(next_piece(), 1, stream.size());
    if (!parser.feed(stream.substr(0, piece), seen.events)) seen.failed = true;
    stream.remove_prefix(piece);
  }
  seen.last_event_id = parser.last_event_id();
  return seen;
}

void cut_anywhere(FuzzedDataProvider& input) {
  const auto event_bytes_max = input.ConsumeIntegralInRange<std::size_t>(0, 200);
  const auto seed = input.ConsumeIntegral<std::uint32_t>();
  const std::string stream = input.ConsumeRemainingBytesAsString();
  std::uint32_t state = seed;
  const auto varied = [&state] { return (state = state * 1664525U + 1013904223U) >> 28; };
  const outcome whole = parse(stream, event_bytes_max, [&stream] { return stream.size(); });
  require(parse(stream, event_bytes_max, [] { return 1U; }) == whole);
  require(parse(stream, event_bytes_max, varied) == whole);
  for (const protocol::sse_event& event : whole.events)
    require(event.data.size() <= event_bytes_max);
}

/// What the writer makes of line ends: each of the three kinds is one LF to the reader.
std::string with_line_feeds(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    out += text[i] == '\r' ? '\n' : text[i];
  }
  return out;
}

std::string single_line(const std::string& text) {
  return text.substr(0, text.find_first_of(std::string("\r\n\0", 3)));
}

void write_and_read(FuzzedDataProvider& input) {
  const std::string id = input.ConsumeRandomLengthString(40);
  const std::string event = input.ConsumeRandomLengthString(40);
  const std::string comment = input.ConsumeRandomLengthString(40);
  const auto delay = std::chrono::milliseconds(input.ConsumeIntegralInRange<std::int64_t>(0, 1'000'000'000));
  const std::string data = input.ConsumeRemainingBytesAsString();
  std::string stream;
  protocol::append_comment(stream, comment);
  protocol::append_retry(stream, delay);
  protocol::append_event(stream, id, event, data);
  const outcome read = parse(stream, stream.size(), [&stream] { return stream.size(); });
  require(!read.failed && read.events.size() == 1);
  require(read.events[0].id == single_line(id) && read.last_event_id == single_line(id));
  require(read.events[0].event == (single_line(event).empty() ? "message" : single_line(event)));
  require(read.events[0].data == with_line_feeds(data));
  require(read.events[0].retry == delay);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  if (input.ConsumeBool())
    cut_anywhere(input);
  else
    write_and_read(input);
  return 0;
}

#include "protocol/event_id.hpp"

#include "protocol/decimal.hpp"

#include <algorithm>
#include <cassert>

namespace hydrant::protocol {

namespace {

constexpr std::size_t decimal_bytes_max = 20;  // 2^64 - 1
constexpr std::size_t event_id_bytes_max = stream_name_bytes_max + 1 + decimal_bytes_max + 1 + decimal_bytes_max;

bool stream_name_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '~';
}

}  // namespace

std::partial_ordering operator<=>(const event_id& left, const event_id& right) {
  if (left.stream != right.stream) return std::partial_ordering::unordered;
  return left.position <=> right.position;
}

bool valid_stream_name(std::string_view name) {
  return !name.empty() && name.size() <= stream_name_bytes_max &&
         std::all_of(name.begin(), name.end(), stream_name_character);
}

std::string to_string(const log_position& position) {
  return std::to_string(position.generation) + '-' + std::to_string(position.sequence);
}

std::string to_string(const event_id& id) {
  assert(valid_stream_name(id.stream));
  return id.stream + '_' + to_string(id.position);
}

std::optional<log_position> parse_log_position(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto generation = parse_canonical_decimal(text.substr(0, dash));
  const auto sequence = parse_canonical_decimal(text.substr(dash + 1));
  if (!generation || !sequence) return std::nullopt;
  return log_position{*generation, *sequence};
}

std::optional<event_id> parse_event_id(std::string_view text) {
  if (text.size() > event_id_bytes_max) return std::nullopt;
  const std::size_t separator = text.find('_');
  if (separator == std::string_view::npos || !valid_stream_name(text.substr(0, separator))) return std::nullopt;
  const std::optional<log_position> position = parse_log_position(text.substr(separator + 1));
  if (!position) return std::nullopt;
  return event_id{std::string(text.substr(0, separator)), *position};
}

}  // namespace hydrant::protocol

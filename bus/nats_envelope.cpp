#include "bus/nats_envelope.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <system_error>

namespace hydrant::bus {
namespace {

constexpr std::string_view magic = "hydrant1 ";
constexpr std::size_t sender_max = 48;
constexpr std::size_t traceparent_max = 128;
constexpr std::size_t subject_max = 200;
constexpr std::uint64_t number_max = std::numeric_limits<std::int64_t>::max();

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_sender(std::string_view text) {
  return !text.empty() && text.size() <= sender_max && std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter_or_digit(c) || c == '_' || c == '.' || c == '-';
  });
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (text.front() == '0' || number > number_max) return std::nullopt;
  return number;
}

/// Cuts the text up to `until` off; empty: there is none, or nothing before it.
std::string_view take(std::string_view& text, char until) {
  const auto end = text.find(until);
  if (end == std::string_view::npos) return {};
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end + 1);
  return taken;
}

}  // namespace

void encode(const nats_envelope& envelope, std::string& out) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), envelope.number).ptr;
  out.assign(magic);
  out += static_cast<char>(envelope.kind);
  out += ' ';
  out.append(envelope.sender).append(1, ' ').append(digits.data(), end).append(1, '\n').append(envelope.payload);
}

std::optional<nats_envelope> decode(std::string_view bytes) {
  if (!bytes.starts_with(magic)) return std::nullopt;
  // Longer than any valid line, so that a search never runs through a large payload.
  constexpr std::size_t line_max = 128;
  std::string_view line = bytes.substr(0, line_max);
  const auto line_end = line.find('\n');
  if (line_end == std::string_view::npos) return std::nullopt;
  line = line.substr(magic.size(), line_end - magic.size());

  const std::string_view kind = take(line, ' ');
  nats_envelope envelope;
  envelope.sender = take(line, ' ');
  const auto number = parse_number(line);
  if ((kind != "m" && kind != "h") || !is_sender(envelope.sender) || !number) return std::nullopt;
  envelope.kind = static_cast<nats_kind>(kind.front());
  envelope.number = *number;
  envelope.payload = bytes.substr(line_end + 1);
  if (envelope.kind == nats_kind::heartbeat && !envelope.payload.empty()) return std::nullopt;
  return envelope;
}

bool is_traceparent(std::string_view text) {
  return !text.empty() && text.size() <= traceparent_max &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

bool is_subject(std::string_view text) {
  if (text.empty() || text.size() > subject_max) return false;
  char before = '.';
  for (const char c : text) {
    if (c == '.' ? before == '.' : !is_letter_or_digit(c) && c != '_' && c != '-') return false;
    before = c;
  }
  return before != '.';
}

}  // namespace hydrant::bus

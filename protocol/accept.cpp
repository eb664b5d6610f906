#include "protocol/accept.hpp"

#include <algorithm>
#include <cstddef>

namespace hydrant::protocol {

namespace {

constexpr std::size_t elements_max = 64;

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool equal_ignoring_case(std::string_view text, std::string_view lower_case) {
  return text.size() == lower_case.size() &&
         std::equal(text.begin(), text.end(), lower_case.begin(), [](char a, char b) { return lower(a) == b; });
}

/// Takes the part before the next `separator` off `rest`; one inside a quoted string does not count.
std::string_view take_until(std::string_view& rest, char separator) {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < rest.size() && (quoted || rest[end] != separator); ++end) {
    if (rest[end] == '"') quoted = !quoted;
    if (quoted && rest[end] == '\\') ++end;
  }
  end = std::min(end, rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return trim(part);
}

struct parameter {
  std::string_view name;
  std::string_view value;  ///< without quotes
};

parameter take_parameter(std::string_view& rest) {
  std::string_view value = take_until(rest, ';');
  const std::string_view name = take_until(value, '=');
  value = trim(value);
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
  return {name, value};
}

/// `0`, `0.` to `0.000`; a weight that is no number refuses nothing.
bool zero_weight(std::string_view weight) {
  if (!weight.starts_with('0')) return false;
  weight.remove_prefix(1);
  return weight.empty() || (weight.front() == '.' && weight.find_first_not_of('0', 1) == std::string_view::npos);
}

bool refused(std::string_view parameters) {
  while (!parameters.empty()) {
    const auto [name, value] = take_parameter(parameters);
    if (equal_ignoring_case(name, "q")) return zero_weight(value);
  }
  return false;
}

/// One of our two forms, and what the most specific range so far says about it.
struct candidate {
  std::string_view type;
  std::string_view any_of_type;
  int decided_by = 0;  // 0: no range yet, 1: `*/*`, 2: `type/*`, 3: the type itself
  bool admitted = false;

  int specificity(std::string_view range) const {
    if (equal_ignoring_case(range, type)) return 3;
    if (equal_ignoring_case(range, any_of_type)) return 2;
    return range == "*/*" ? 1 : 0;
  }

  void consider(std::string_view range, std::string_view parameters) {
    const int specific = specificity(range);
    if (specific == 0 || specific < decided_by) return;
    const bool admits = !refused(parameters);
    admitted = specific == decided_by ? admitted || admits : admits;
    decided_by = specific;
  }
};

}  // namespace

accepted parse_accept(std::string_view value) {
  candidate json{"application/json", "application/*"};
  candidate event_stream{"text/event-stream", "text/*"};
  for (std::size_t i = 0; i < elements_max && !value.empty(); ++i) {
    std::string_view parameters = take_until(value, ',');
    const std::string_view range = take_until(parameters, ';');
    json.consider(range, parameters);
    event_stream.consider(range, parameters);
  }
  return {json.admitted, event_stream.admitted};
}

bool content_type_is_json(std::string_view value) {
  if (!equal_ignoring_case(take_until(value, ';'), "application/json")) return false;
  while (!value.empty()) {
    const auto [name, charset] = take_parameter(value);
    if (equal_ignoring_case(name, "charset") && !equal_ignoring_case(charset, "utf-8")) return false;
  }
  return true;
}

}  // namespace hydrant::protocol

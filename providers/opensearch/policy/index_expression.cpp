#include "providers/opensearch/policy/index_expression.hpp"

#include <algorithm>

namespace hydrant::providers::opensearch {
namespace {

base::error refuse(std::string why) {
  return base::fail(base::error_kind::invalid_params, std::move(why));
}

base::result<> check_characters(std::string_view part) {
  if (part.find(':') != std::string_view::npos) {
    return refuse("the rules of this server do not allow indices of other clusters");
  }
  if (part.find_first_of("<>{}") != std::string_view::npos) {
    return refuse("the rules of this server do not allow date math in names of indices: write the name itself");
  }
  if (part.find_first_of("%\\/?\"|#' ") != std::string_view::npos || has_control_characters(part)) {
    return refuse("the name of an index holds a character that is not allowed");
  }
  return {};
}

base::result<expression_part> parse_part(std::string_view text, bool wildcard_seen) {
  if (text.empty()) return refuse("a list of indices holds an empty name");
  const auto good = check_characters(text);
  if (!good) return good.error();
  if (text == "_all") return expression_part{part_kind::wildcard, "*"};
  if (text.front() == '-') {
    if (!wildcard_seen) return refuse("an exclusion such as -name must follow a name with a wildcard");
    if (text.size() == 1) return refuse("a list of indices holds an empty name");
    return expression_part{part_kind::exclusion, std::string(text.substr(1))};
  }
  if (text.find('*') != std::string_view::npos) return expression_part{part_kind::wildcard, std::string(text)};
  if (text.front() == '_' || text.front() == '+' || text == "." || text == "..") {
    return refuse("no index can be called " + std::string(text));
  }
  return expression_part{part_kind::name, std::string(text)};
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::vector<std::string_view> split(std::string_view joined) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto comma = joined.find(',');
    parts.push_back(joined.substr(0, comma));
    if (comma == std::string_view::npos) return parts;
    joined.remove_prefix(comma + 1);
  }
}

}  // namespace

bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

std::string_view data_stream_of(std::string_view index) {
  constexpr std::string_view prefix = ".ds-";
  constexpr std::size_t digits_min = 6;
  if (index.substr(0, prefix.size()) != prefix) return {};
  const auto hyphen = index.rfind('-');
  const auto generation = index.substr(hyphen + 1);
  if (hyphen <= prefix.size() || generation.size() < digits_min) return {};
  if (!std::all_of(generation.begin(), generation.end(), is_digit)) return {};
  return index.substr(prefix.size(), hyphen - prefix.size());
}

base::result<std::vector<expression_part>> parse_expression(std::string_view expression) {
  if (expression.empty()) return std::vector<expression_part>{{part_kind::wildcard, "*"}};
  std::vector<expression_part> parts;
  auto wildcard_seen = false;
  for (const auto text : split(expression)) {
    if (parts.size() == expression_parts_max) return refuse("a list of indices is too long: use a wildcard");
    auto part = parse_part(text, wildcard_seen);
    if (!part) return part.error();
    wildcard_seen = wildcard_seen || part->kind == part_kind::wildcard;
    parts.push_back(std::move(*part));
  }
  return parts;
}

std::string to_resolve(std::string_view expression) {
  if (expression.empty()) return "*";
  std::string joined;
  auto wildcard_seen = false;
  for (const auto part : split(expression)) {
    if (wildcard_seen && !part.empty() && part.front() == '-') continue;
    const auto text = part == "_all" ? std::string_view("*") : part;
    wildcard_seen = wildcard_seen || text.find('*') != std::string_view::npos;
    joined.append(joined.empty() ? "" : ",").append(text);
  }
  return joined;
}

std::vector<std::string> split_names(std::string_view joined) {
  std::vector<std::string> names;
  for (const auto name : split(joined)) {
    if (!name.empty()) names.emplace_back(name);
  }
  return names;
}

}  // namespace hydrant::providers::opensearch

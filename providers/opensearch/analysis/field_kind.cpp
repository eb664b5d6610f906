#include "providers/opensearch/analysis/field_kind.hpp"

#include <algorithm>
#include <array>

namespace hydrant::providers::opensearch {
namespace {

constexpr std::array<std::string_view, 8> category_types{"keyword",         "constant_keyword", "wildcard", "text",
                                                         "match_only_text", "boolean",          "ip",       "version"};
constexpr std::array<std::string_view, 10> number_types{"long",          "integer",    "short",      "byte",
                                                        "double",        "float",      "half_float", "scaled_float",
                                                        "unsigned_long", "token_count"};

bool all_numbers(const field_column& values) {
  return std::ranges::all_of(values.cells, [](const field_cell& one) { return one.value->is_number(); });
}

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& c : made)
    if (is_upper(c)) c = static_cast<char>(c - 'A' + 'a');
  return made;
}

// `name` ends with `word`, and a new word begins there.
bool ends_with_word(std::string_view name, std::string_view word) {
  if (!lower(name).ends_with(word)) return false;
  if (name.size() == word.size()) return true;
  const std::size_t begin = name.size() - word.size();
  const char before = name[begin - 1];
  return before == '_' || before == '-' || (is_upper(name[begin]) && !is_upper(before));
}

}  // namespace

field_kind kind_of(std::string_view path, const field_columns& columns, const field_types& types) {
  if (const auto type = types.find(path); type != types.end()) {
    if (std::ranges::count(category_types, type->second)) return field_kind::category;
    return std::ranges::count(number_types, type->second) ? field_kind::number : field_kind::unfit;
  }
  const bool numbers = all_numbers(columns.selection) && all_numbers(columns.baseline);
  return numbers ? field_kind::number : field_kind::category;
}

bool names_identity(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('.') + 1);  // npos + 1 is 0
  return ends_with_word(name, "id") || ends_with_word(name, "uuid") || ends_with_word(name, "guid");
}

}  // namespace hydrant::providers::opensearch

#include "providers/opensearch/render/csv.hpp"

#include <algorithm>

namespace hydrant::providers::opensearch {
namespace {

using protocol::json;

constexpr int depth_max = 20;

std::string plain_text(const json& value) {
  if (value.is_null()) return {};
  return value.is_string() ? value.get<std::string>() : protocol::to_text(value);
}

std::string cell_text(const json& value) {
  if (!value.is_array() || std::ranges::any_of(value, [](const json& one) { return one.is_structured(); }))
    return plain_text(value);
  std::string out;
  for (const auto& one : value)
    out.append(out.empty() ? "" : "; ").append(plain_text(one));
  return out;
}

void append_cell(std::string& out, const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text)
    out.append(c == '"' ? 2 : 1, c);
  out += '"';
}

}  // namespace

csv_table::csv_table(std::vector<std::string> first_columns, std::size_t columns_max)
    : columns_max_(columns_max), columns_(std::move(first_columns)) {
  for (std::size_t i = 0; i < columns_.size(); ++i)
    places_.emplace(columns_[i], i);
}

void csv_table::put(const std::string& path, const json& value) {
  auto place = places_.find(path);
  if (place == places_.end()) {
    if (columns_.size() >= columns_max_) {
      is_cut_ = true;
      return;
    }
    place = places_.emplace(path, columns_.size()).first;
    columns_.push_back(path);
  }
  rows_.back()[place->second] = cell_text(value);
}

void csv_table::put_all(const json& document) {
  if (document.is_object()) put_below({}, document, 0);
}

void csv_table::put_below(const std::string& prefix, const json& object, int depth) {
  for (const auto& [name, value] : object.items()) {
    if (value.is_object() && depth < depth_max)
      put_below(prefix + name + ".", value, depth + 1);
    else
      put(prefix + name, value);
  }
}

std::string csv_table::text() const {
  std::string out;
  for (std::size_t i = 0; i < columns_.size(); ++i)
    append_cell(i > 0 ? out += ',' : out, columns_[i]);
  out += '\n';
  for (const auto& cells : rows_) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) out += ',';
      if (const auto found = cells.find(i); found != cells.end()) append_cell(out, found->second);
    }
    out += '\n';
  }
  return out;
}

}  // namespace hydrant::providers::opensearch

#include "providers/opensearch/analysis/field_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace hydrant::providers::opensearch {
namespace {

using protocol::json;

bool is_value(const json& node) {
  return node.is_string() || node.is_number() || node.is_boolean();
}

// One document, with the path of the node at hand.
class walk {
 public:
  explicit walk(const value_visitor& visit) : visit_(visit) {}

  void object(const json& node, std::size_t depth) {
    for (auto member = node.begin(); member != node.end() && left_ > 0; ++member) {
      const std::size_t outer = path_.size();
      if (outer + 1 + member.key().size() > field_bounds::path_bytes_max) continue;
      if (outer > 0) path_ += '.';
      path_ += member.key();
      any(*member, depth + 1);
      path_.resize(outer);
    }
  }

 private:
  void any(const json& node, std::size_t depth) {
    if (left_ == 0 || depth > field_bounds::depth_max) return;
    --left_;
    if (node.is_object()) return object(node, depth);
    if (node.is_array()) return array(node, depth);
    if (is_value(node)) visit_(path_, node);
  }

  void array(const json& node, std::size_t depth) {
    const std::size_t count = std::min(node.size(), field_bounds::elements_max);
    for (std::size_t i = 0; i < count && left_ > 0; ++i)
      any(node[i], depth + 1);
  }

  const value_visitor& visit_;
  std::string path_;
  std::size_t left_ = field_bounds::nodes_max;
};

enum class side { selection, baseline };

class tabulator {
 public:
  explicit tabulator(field_table& table) : table_(table) {}

  // Returns how many documents were read.
  std::size_t read(const documents& sample, side which) {
    std::size_t cells = 0;
    std::uint32_t number = 0;
    const value_visitor visit = [&](std::string_view path, const json& value) {
      field_column* into = column_of(path, which);
      if (!into) return;
      if (into->cells.empty() || into->cells.back().document != number) ++into->documents;
      into->cells.push_back({number, &value});
      ++cells;
    };
    for (; number < sample.size() && cells < field_bounds::cells_max; ++number)
      visit_values(sample[number], visit);
    if (number < sample.size()) table_.complete = false;
    return number;
  }

 private:
  field_column* column_of(std::string_view path, side which) {
    auto found = table_.fields.find(path);
    if (found == table_.fields.end()) {
      if (table_.fields.size() == field_bounds::fields_max) {
        table_.complete = false;
        return nullptr;
      }
      found = table_.fields.try_emplace(std::string(path)).first;
    }
    return which == side::selection ? &found->second.selection : &found->second.baseline;
  }

  field_table& table_;
};

const json* first_value(const json& node, std::size_t depth) {
  if (is_value(node)) return &node;
  if (!node.is_array() || depth > field_bounds::depth_max) return nullptr;
  for (std::size_t i = 0; i < std::min(node.size(), field_bounds::elements_max); ++i)
    if (const json* found = first_value(node[i], depth + 1)) return found;
  return nullptr;
}

const json* find_value(const json& node, std::string_view path, std::size_t& steps);

// Each way of cutting the path: {"a": {"b.c": 1}} is found as well as {"a.b": {"c": 1}}.
const json* find_in_object(const json& node, std::string_view path, std::size_t& steps) {
  for (std::size_t end = path.find('.');; end = path.find('.', end + 1)) {
    const bool whole = end == std::string_view::npos;
    const auto member = node.find(std::string(path.substr(0, end)));
    if (member != node.end()) {
      const json* found = whole ? first_value(*member, 0) : find_value(*member, path.substr(end + 1), steps);
      if (found) return found;
    }
    if (whole) return nullptr;
  }
}

// `steps` bounds what the many ways of cutting a path through a hostile document can cost.
const json* find_value(const json& node, std::string_view path, std::size_t& steps) {
  if (steps == 0) return nullptr;
  --steps;
  if (node.is_object()) return find_in_object(node, path, steps);
  if (!node.is_array()) return nullptr;
  for (std::size_t i = 0; i < std::min(node.size(), field_bounds::elements_max); ++i)
    if (const json* found = find_value(node[i], path, steps)) return found;
  return nullptr;
}

}  // namespace

void visit_values(const json& document, const value_visitor& visit) {
  if (document.is_object()) walk(visit).object(document, 0);
}

const json* value_at(const json& document, std::string_view path) {
  std::size_t steps = 256;
  if (!document.is_object() || path.size() > field_bounds::path_bytes_max) return nullptr;
  return find_value(document, path, steps);
}

field_table tabulate(const documents& selection, const documents& baseline) {
  field_table table;
  tabulator into(table);
  table.selection_documents = into.read(selection, side::selection);
  table.baseline_documents = into.read(baseline, side::baseline);
  return table;
}

std::optional<std::string> value_text(const json& value) {
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  if (value.is_number_float()) return number_text(value.get<double>());
  if (value.is_number()) return value.dump();
  const auto* text = value.get_ptr<const std::string*>();
  if (!text || text->size() > field_bounds::value_bytes_max) return std::nullopt;
  return *text;
}

std::optional<double> value_number(const json& value) {
  double number = 0;
  if (value.is_number()) {
    number = value.get<double>();
  } else if (const auto* text = value.get_ptr<const std::string*>()) {
    const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (failure != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  } else {
    return std::nullopt;
  }
  if (!std::isfinite(number)) return std::nullopt;
  return number;
}

std::string number_text(double number) {
  constexpr double whole_max = 1e15;  // below it a double holds each whole number
  std::array<char, 32> text;
  char* const begin = text.data();
  char* const end = begin + text.size();
  const bool whole = std::abs(number) < whole_max && number == std::trunc(number);
  const auto written =
      whole ? std::to_chars(begin, end, static_cast<std::int64_t>(number)) : std::to_chars(begin, end, number);
  return {begin, written.ptr};
}

}  // namespace hydrant::providers::opensearch

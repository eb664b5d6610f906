#include "providers/opensearch/render/table.hpp"

#include "providers/opensearch/render/text_limit.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

namespace hydrant::providers::opensearch {
namespace {

using protocol::json;

constexpr std::size_t cell_bytes_max = 200;

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

template <class Number>
std::optional<Number> read_number(const std::string& text) {
  Number number{};
  const auto* end = text.data() + text.size();
  const auto [stopped, code] = std::from_chars(text.data(), end, number);
  if (code != std::errc{} || stopped != end) return std::nullopt;
  return number;
}

json typed(const json& value, column_kind kind) {
  if (!value.is_string() || kind == column_kind::text) return value;
  const auto& text = value.get_ref<const std::string&>();
  if (const auto integer = read_number<std::int64_t>(text)) return *integer;
  if (kind == column_kind::integer) return value;
  const auto number = read_number<double>(text);
  return number && std::isfinite(*number) ? json(*number) : value;
}

json pick(const json& row, const std::vector<column>& columns) {
  auto picked = json::object();
  if (!row.is_object()) return picked;
  for (const auto& column : columns) {
    const auto found = row.find(column.member);
    if (found != row.end() && !found->is_null()) picked[column.member] = typed(*found, column.kind);
  }
  return picked;
}

std::string escape_cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|') escaped += '\\';
    escaped += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return escaped;
}

std::string cell(const json& row, const std::string& member) {
  const auto found = row.find(member);
  if (found == row.end()) return {};
  const auto text = found->is_string() ? found->get<std::string>() : dump(*found);
  const auto kept = cut_utf8(text, cell_bytes_max);
  return escape_cell(kept) + (kept.size() < text.size() ? "…" : "");
}

std::string line_of(const json& row, const std::vector<column>& columns) {
  std::string line = "|";
  for (const auto& column : columns)
    line += " " + cell(row, column.member) + " |";
  return line + "\n";
}

std::string heading_of(const std::vector<column>& columns) {
  std::string names = "|";
  std::string rule = "|";
  for (const auto& column : columns) {
    names += " " + escape_cell(column.heading.empty() ? column.member : column.heading) + " |";
    rule += "---|";
  }
  return names + "\n" + rule + "\n";
}

// Why rows are not there that were asked for.
enum class end_reason { page_is_full, bytes_are_full };

struct extent {
  std::int64_t total = 0;
  std::int64_t offset = 0;
  std::int64_t returned = 0;
  end_reason reason = end_reason::page_is_full;

  std::int64_t next() const { return offset + returned; }
};

std::string note_for_none(const extent& shown, const std::string& noun) {
  const auto count = std::to_string(shown.total) + " " + noun;
  if (shown.offset >= shown.total)
    return "There are " + count + ": offset " + std::to_string(shown.offset) + " is past the last.";
  if (shown.reason == end_reason::page_is_full) return "None of " + count + " are shown, since the limit is 0.";
  return "Row " + std::to_string(shown.offset + 1) + " of " + count +
         " is too large to be shown; ask again with offset " + std::to_string(shown.offset + 1) + " for what follows.";
}

// Empty if nothing was left out.
std::string note_for(const extent& shown, const std::string& noun) {
  if (shown.returned == shown.total) return {};
  if (shown.returned == 0) return note_for_none(shown, noun);
  auto note = "Rows " + std::to_string(shown.offset + 1) + " to " + std::to_string(shown.next()) + " of " +
              std::to_string(shown.total) + " " + noun;
  if (shown.next() == shown.total) return note + ".";
  if (shown.reason == end_reason::bytes_are_full) note += ", as many as fit";
  return note + "; ask again with offset " + std::to_string(shown.next()) + " for more.";
}

json envelope(const extent& shown, const std::string& member, const std::string& note) {
  json value{{member, json::array()}, {"total", shown.total}, {"offset", shown.offset}, {"returned", shown.returned}};
  if (!note.empty()) value["note"] = note;
  return value;
}

// More than any note and any number of an envelope takes besides the noun.
std::size_t reserve_for_note(const table_form& form) {
  return 200 + dump(form.noun).size();
}

}  // namespace

rendered render_table(const json& rows, const table_form& form, page of) {
  extent shown;
  shown.total = rows.is_array() ? static_cast<std::int64_t>(rows.size()) : 0;
  shown.offset = std::max<std::int64_t>(of.offset, 0);
  const auto left = std::max<std::int64_t>(shown.total - shown.offset, 0);
  const auto wanted = std::clamp<std::int64_t>(of.limit, 0, left);

  auto kept = json::array();
  auto text = heading_of(form.columns);
  auto text_bytes = text.size() + reserve_for_note(form);
  auto json_bytes = dump(envelope(shown, form.member, {})).size() + reserve_for_note(form);
  for (; shown.returned < wanted; ++shown.returned) {
    auto row = pick(rows[static_cast<std::size_t>(shown.next())], form.columns);
    const auto line = line_of(row, form.columns);
    text_bytes += line.size();
    json_bytes += dump(row).size() + 1;
    if (std::max(text_bytes, json_bytes) > form.bytes_max) break;
    text += line;
    kept.push_back(std::move(row));
  }
  if (shown.returned < wanted) shown.reason = end_reason::bytes_are_full;

  const auto note = note_for(shown, form.noun);
  auto structured = envelope(shown, form.member, note);
  structured[form.member] = std::move(kept);
  if (shown.total == 0) return {std::move(structured), "No " + form.noun + "."};
  if (shown.returned == 0) return {std::move(structured), note};
  return {std::move(structured), note.empty() ? text : text + "\n" + note};
}

}  // namespace hydrant::providers::opensearch

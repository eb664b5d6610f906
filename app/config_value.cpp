#include "app/config_value.hpp"

#include "base/units.hpp"

#include <algorithm>
#include <array>

namespace hydrant::app {
namespace {

using base::error_kind;
using base::fail;

// As people write it: True and FALSE, too.
std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : static_cast<char>(c);
  });
  return out;
}

constexpr std::array<std::string_view, 4> words_for_on{"true", "on", "yes", "1"};
constexpr std::array<std::string_view, 4> words_for_off{"false", "off", "no", "0"};

template <class Names>
bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// One line of printable text, short enough for a message.
std::string quoted(std::string_view text) {
  constexpr std::size_t shown_max = 60;
  std::string line = "\"";
  for (const char c : text.substr(0, shown_max))
    line += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  return line + (text.size() > shown_max ? "...\"" : "\"");
}

base::error bad(const config_key& key, std::string_view text, std::string_view what) {
  auto shown = key.secret == secrecy::secret ? std::string("the value (not shown)") : quoted(text);
  return fail(error_kind::invalid_params, shown.append(" ").append(what));
}

base::result<std::int64_t> in_range(const config_key& key, std::string_view text, std::int64_t number) {
  if (!key.range) return number;
  if (number < key.range->min) return bad(key, text, "is below " + format_bound(key, key.range->min));
  if (number > key.range->max) return bad(key, text, "is above " + format_bound(key, key.range->max));
  return number;
}

base::result<setting_value> parse_number(const config_key& key, std::string_view text) {
  const auto number = key.kind == value_kind::bytes ? base::parse_bytes(text) : base::parse_integer(text);
  if (!number) return bad(key, text, number.error().message);
  const auto checked = in_range(key, text, *number);
  if (!checked) return checked.error();
  return setting_value(*checked);
}

base::result<setting_value> parse_time(const config_key& key, std::string_view text) {
  const auto duration = base::parse_duration(text);
  if (!duration) return bad(key, text, duration.error().message);
  const auto checked = in_range(key, text, duration->count());
  if (!checked) return checked.error();
  return setting_value(*duration);
}

base::result<setting_value> parse_flag(const config_key& key, std::string_view text) {
  if (contains(words_for_on, lowered(text))) return setting_value(true);
  if (contains(words_for_off, lowered(text))) return setting_value(false);
  return bad(key, text, "is neither true nor false");
}

base::result<setting_value> parse_choice(const config_key& key, std::string_view text) {
  const auto found = std::find(key.choices.begin(), key.choices.end(), text);
  if (found == key.choices.end()) return bad(key, text, "is not one of the choices");
  return setting_value(static_cast<std::int64_t>(found - key.choices.begin()));
}

// Texts end up in JSON for clients and in log records; a variable of the environment may hold any bytes.
bool is_utf8(const std::string& text) {
  using nlohmann::json;
  const auto kept = json(text).dump(-1, ' ', false, json::error_handler_t::ignore);
  return json::parse(kept).get_ref<const std::string&>() == text;
}

base::result<setting_value> parse_text(const config_key& key, std::string_view text) {
  if (!is_utf8(std::string(text))) return bad(key, text, "is not UTF-8");
  if (key.form && !key.form->accepts(text)) return bad(key, text, "does not have the right form");
  return setting_value(std::string(text));
}

base::result<setting_value> parse_list(const config_key& key, const words& entries) {
  const auto count = static_cast<std::int64_t>(entries.size());
  if (key.range && count < key.range->min) return fail(error_kind::invalid_params, "the list is empty");
  if (key.range && count > key.range->max) return fail(error_kind::invalid_params, "the list is too long");
  words seen;
  for (const auto& entry : entries) {
    if (contains(seen, entry)) return bad(key, entry, "stands in the list twice");
    if (!is_utf8(entry)) return bad(key, entry, "is not UTF-8");
    if (!key.choices.empty() && !contains(key.choices, lowered(entry)))
      return bad(key, entry, "is not one of the choices");
    if (key.form && !key.form->accepts(entry)) return bad(key, entry, "does not have the right form");
    seen.push_back(entry);
  }
  return setting_value(entries);
}

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string between(const config_key& key, std::string_view noun) {
  std::string text(noun);
  if (key.range) text += " from " + format_bound(key, key.range->min) + " to " + format_bound(key, key.range->max);
  return text;
}

std::string choices_of(const config_key& key) {
  std::string text;
  for (const auto choice : key.choices)
    text.append(text.empty() ? "" : ", ").append(choice);
  return text;
}

std::string choice_expectation(const config_key& key) {
  return (key.choices.size() > 1 ? "one of " : "") + choices_of(key);
}

std::string list_expectation(const config_key& key) {
  if (!key.choices.empty()) return "a list of any of " + choices_of(key);
  return key.form ? "a list, each entry " + std::string(key.form->rule) : "a list";
}

base::result<words> words_of_array(const nlohmann::json& array) {
  words entries;
  for (const auto& entry : array) {
    if (!entry.is_string()) return fail(error_kind::invalid_params, "the list holds something else than strings");
    entries.push_back(entry.get<std::string>());
  }
  return entries;
}

bool takes_string(value_kind kind) {
  return kind != value_kind::integer && kind != value_kind::flag;
}

bool takes_number(value_kind kind) {
  return kind == value_kind::integer || kind == value_kind::duration || kind == value_kind::bytes;
}

}  // namespace

words split_words(const config_key& key, std::string_view text) {
  if (key.kind != value_kind::list) return {std::string(text)};
  words entries;
  while (!without_blanks(text).empty()) {
    const auto comma = std::min(text.find(','), text.size());
    const auto entry = without_blanks(text.substr(0, comma));
    if (!entry.empty()) entries.emplace_back(entry);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return entries;
}

base::result<words> words_of_json(const config_key& key, const nlohmann::json& json) {
  if (json.is_array() && key.kind == value_kind::list) return words_of_array(json);
  if (json.is_string() && takes_string(key.kind)) return split_words(key, json.get_ref<const std::string&>());
  if (json.is_number_integer() && takes_number(key.kind)) return words{json.dump()};
  if (json.is_boolean() && key.kind == value_kind::flag) return words{json.get<bool>() ? "true" : "false"};
  return fail(error_kind::invalid_params, std::string("a JSON ") + json.type_name() + " does not fit here");
}

base::result<setting_value> parse_value(const config_key& key, const words& written) {
  if (key.kind == value_kind::list) return parse_list(key, written);
  const std::string_view text = written.empty() ? std::string_view() : std::string_view(written.front());
  switch (key.kind) {
    case value_kind::integer:
    case value_kind::bytes: return parse_number(key, text);
    case value_kind::duration: return parse_time(key, text);
    case value_kind::flag: return parse_flag(key, text);
    case value_kind::choice: return parse_choice(key, text);
    case value_kind::list:
    case value_kind::text: break;
  }
  return parse_text(key, text);
}

std::string expectation(const config_key& key) {
  switch (key.kind) {
    case value_kind::integer: return between(key, "a whole number");
    case value_kind::duration: return between(key, "a duration");
    case value_kind::bytes: return between(key, "a byte count");
    case value_kind::flag: return "true or false";
    case value_kind::choice: return choice_expectation(key);
    case value_kind::list: return list_expectation(key);
    case value_kind::text: break;
  }
  return key.form ? std::string(key.form->rule) : "a text";
}

nlohmann::ordered_json json_of_value(const config_key& key, const setting_value& value) {
  switch (key.kind) {
    case value_kind::integer: return std::get<std::int64_t>(value);
    case value_kind::bytes: return base::format_bytes(std::get<std::int64_t>(value));
    case value_kind::duration: return base::format_duration(std::get<std::chrono::milliseconds>(value));
    case value_kind::flag: return std::get<bool>(value);
    case value_kind::choice: return key.choices.at(static_cast<std::size_t>(std::get<std::int64_t>(value)));
    case value_kind::list: return std::get<std::vector<std::string>>(value);
    case value_kind::text: break;
  }
  return std::get<std::string>(value);
}

std::string format_bound(const config_key& key, std::int64_t bound) {
  if (key.kind == value_kind::duration) return base::format_duration(std::chrono::milliseconds(bound));
  if (key.kind == value_kind::bytes) return base::format_bytes(bound);
  return std::to_string(bound);
}

}  // namespace hydrant::app

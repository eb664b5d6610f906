#include "providers/opensearch/aws/credential_texts.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

namespace hydrant::providers::opensearch {
namespace {

using nlohmann::json;

constexpr std::string_view blanks = " \t\r";

// A wall_time begins in 1677, and nothing of AWS is that old.
constexpr std::chrono::year earliest_year{1970};
// It ends in 2262. Some stand-ins for AWS write the year 9999 when they mean never.
constexpr std::chrono::year_month_day latest_day{std::chrono::year(2200), std::chrono::month(1), std::chrono::day(1)};

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

// A comment begins a line, or comes after a blank. No key of AWS has a blank inside.
std::string_view without_comment(std::string_view line) {
  if (line.starts_with('#') || line.starts_with(';')) return {};
  for (std::size_t i = 1; i < line.size(); ++i)
    if ((line[i] == '#' || line[i] == ';') && (line[i - 1] == ' ' || line[i - 1] == '\t')) return line.substr(0, i);
  return line;
}

std::string_view without_quotes(std::string_view text) {
  const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

/// What stands between the brackets. None: the line is no head of a section.
std::optional<std::string_view> section_of(std::string_view line) {
  const std::size_t end = line.find(']');
  if (!line.starts_with('[') || end == std::string_view::npos) return std::nullopt;
  return trimmed(line.substr(1, end - 1));
}

bool names(std::string_view section, std::string_view profile, profile_file file) {
  if (file == profile_file::credentials) return without_quotes(section) == profile;
  if (profile == "default" && section == "default") return true;
  constexpr std::string_view prefix = "profile";
  if (!section.starts_with(prefix)) return false;
  const std::string_view rest = section.substr(prefix.size());
  return rest.find_first_of(blanks) == 0 && without_quotes(trimmed(rest)) == profile;
}

void add_entry(profile_entries& entries, std::string_view line) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos || line.starts_with(' ') || line.starts_with('\t')) return;
  std::string name(trimmed(line.substr(0, equals)));
  std::ranges::transform(name, name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  entries.insert_or_assign(std::move(name), std::string(trimmed(line.substr(equals + 1))));
}

std::string text_member(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

base::error not_credentials(std::string what) {
  return base::fail(base::error_kind::unavailable, std::move(what));
}

// -1: these are not `size` digits.
int number_at(std::string_view text, std::size_t from, std::size_t size) {
  int value = -1;
  const char* first = text.data() + from;
  if (*first == '-' || std::from_chars(first, first + size, value).ptr != first + size) return -1;
  return value;
}

bool ends_as_utc(std::string_view rest) {
  if (rest == "Z") return true;
  if (!rest.starts_with('.') || !rest.ends_with('Z') || rest.size() < 3) return false;
  return rest.substr(1, rest.size() - 2).find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::optional<profile_entries> find_profile(std::string_view text, std::string_view name, profile_file file) {
  std::optional<profile_entries> found;
  bool inside = false;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // editors on Windows begin a file with that
  while (!text.empty()) {
    const std::string_view line = without_comment(take_line(text));
    if (const auto section = section_of(line)) {
      inside = names(*section, name, file);
      if (inside && !found) found.emplace();
    } else if (inside) {
      add_entry(*found, line);
    }
  }
  return found;
}

base::result<aws_credentials> whole_key(aws_credentials keys, const std::string& place) {
  if (keys.access_key_id.empty()) return not_credentials(place + " has a secret access key without an access key id");
  if (keys.secret_access_key.empty())
    return not_credentials(place + " has an access key id without a secret access key");
  return keys;
}

base::result<aws_credentials> parse_credentials_reply(std::string_view json_text) {
  const json reply = json::parse(json_text, nullptr, false);
  if (!reply.is_object()) return not_credentials("the reply is no JSON object");
  const std::string code = text_member(reply, "Code");
  if (!code.empty() && code != "Success") return not_credentials("the reply says that there are no credentials");
  aws_credentials found{text_member(reply, "AccessKeyId"), text_member(reply, "SecretAccessKey"),
                        text_member(reply, "Token"), std::nullopt};
  if (found.access_key_id.empty() || found.secret_access_key.empty())
    return not_credentials("the reply has no AccessKeyId, or no SecretAccessKey");
  const std::string expiration = text_member(reply, "Expiration");
  found.expires = parse_utc_time(expiration);
  if (!expiration.empty() && !found.expires) return not_credentials("the reply's Expiration is no time in UTC");
  return found;
}

std::optional<base::wall_time> parse_utc_time(std::string_view text) {
  constexpr std::string_view form = "0000-00-00T00:00:00";
  if (text.size() <= form.size() || !ends_as_utc(text.substr(form.size()))) return std::nullopt;
  for (const std::size_t i : {4, 7, 10, 13, 16})
    if (text[i] != form[i]) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(number_at(text, 0, 4)),
                                         std::chrono::month(static_cast<unsigned>(number_at(text, 5, 2))),
                                         std::chrono::day(static_cast<unsigned>(number_at(text, 8, 2)))};
  const int hour = number_at(text, 11, 2), minute = number_at(text, 14, 2), second = number_at(text, 17, 2);
  const bool sound = date.ok() && date.year() >= earliest_year && hour >= 0 && hour < 24 && minute >= 0 &&
                     minute < 60 && second >= 0 && second <= 60;
  if (!sound) return std::nullopt;
  const auto day = std::chrono::sys_days(std::min(date, latest_day));
  return day + std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
}

}  // namespace hydrant::providers::opensearch

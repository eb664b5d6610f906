#include "providers/opensearch/tools/bodies.hpp"

#include "base/units.hpp"
#include "providers/opensearch/client/reply_json.hpp"
#include "providers/opensearch/policy/body_effect.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace hydrant::providers::opensearch {
namespace {

base::error bad(const std::string& what, const char* why) {
  return base::fail(base::error_kind::invalid_params, what + " " + why);
}

// What nests too deeply is as good as no JSON: the request itself has such a limit, within which a text is one string.
json parsed(const std::string& text) {
  constexpr std::size_t depth_max = 64;
  if (nests_deeper(text, depth_max)) return json(json::value_t::discarded);
  return json::parse(text, nullptr, /*allow_exceptions=*/false);
}

// One more than that says that there are too many.
std::vector<json> parsed_lines(const std::string& text, std::size_t lines_max) {
  std::vector<json> out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = text.substr(at, end - at);
    if (line.find_first_not_of(" \t\r") != std::string::npos) out.push_back(parsed(line));
    if (out.size() > lines_max) break;
    at = end + 1;
  }
  return out;
}

}  // namespace

base::result<json> object_of(const json& given, const std::string& what) {
  auto value = given.is_string() ? parsed(given.get_ref<const std::string&>()) : given;
  if (!value.is_object()) return bad(what, "must be a JSON object");
  return base::result<json>(boost::system::in_place_value, std::move(value));
}

base::result<std::vector<json>> lines_of(const json& given, const std::string& what, std::size_t lines_max) {
  std::vector<json> lines;
  if (given.is_array()) lines.assign(given.begin(), given.end());
  if (given.is_string()) {
    const auto& text = given.get_ref<const std::string&>();
    if (text.starts_with('[')) return lines_of(parsed(text), what, lines_max);
    lines = parsed_lines(text, lines_max);
  }
  if (lines.empty()) return bad(what, "must be lines of JSON objects, or an array of them");
  if (lines.size() > lines_max)
    return base::fail(base::error_kind::invalid_params,
                      what + " has more than " + std::to_string(lines_max) + " lines; send less at once");
  for (const auto& line : lines)
    if (!line.is_object()) return bad(what, "must hold nothing but JSON objects, one a line");
  return lines;
}

std::string as_ndjson(const std::vector<json>& lines) {
  std::string out;
  for (const auto& line : lines)
    protocol::append_text(out, line), out += '\n';
  return out;
}

namespace {

/// The integer that OpenSearch would read: a number without a fraction, also as a text.
std::optional<std::int64_t> integer_at(const json& body, const char* member) {
  constexpr double exact_max = 9007199254740992.0;  // 2^53
  const auto given = body.find(member);
  if (given == body.end()) return std::nullopt;
  if (given->is_number_integer()) return given->get<std::int64_t>();
  if (given->is_number_float() && std::abs(given->get<double>()) < exact_max)
    return static_cast<std::int64_t>(given->get<double>());
  if (!given->is_string()) return std::nullopt;
  const auto read = base::parse_integer(given->get_ref<const std::string&>());
  return read ? std::optional(*read) : std::nullopt;
}

}  // namespace

void bound_size(json& body, std::int64_t wanted, std::size_t hits_max) {
  const auto size = integer_at(body, "size").value_or(wanted);
  body["size"] = std::clamp<std::int64_t>(size, 0, static_cast<std::int64_t>(hits_max));
}

base::result<> check_reads(const json& body) {
  if (effect_of_search(body) == effect::reads) return {};
  return base::fail(base::error_kind::forbidden,
                    "this search would change something in the cluster: leave out keep_alive of a point in time, and "
                    "memory_id");
}

base::result<> check_sort(const json& body, const std::string& what) {
  const auto sort = body.find("sort");
  if (sort == body.end() || !sort->is_object() || sort->size() < 2) return {};
  return bad(what,
             "sorts by several fields in one object, whose members have no order; write a list, e.g. "
             R"("sort":[{"year":"desc"},{"title":"asc"}])");
}

std::int64_t from_of(const json& body) {
  return std::max<std::int64_t>(0, integer_at(body, "from").value_or(0));
}

}  // namespace hydrant::providers::opensearch

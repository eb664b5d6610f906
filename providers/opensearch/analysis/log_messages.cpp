#include "providers/opensearch/analysis/log_messages.hpp"

#include <algorithm>
#include <limits>

namespace hydrant::providers::opensearch {
namespace {

using protocol::json;

std::string_view text_at(const json& document, std::string_view path) {
  if (path.empty()) return {};
  const json* value = value_at(document, path);
  const auto* text = value ? value->get_ptr<const std::string*>() : nullptr;
  return text ? std::string_view(*text) : std::string_view();
}

log_time time_at(const json& document, std::string_view path) {
  const json* value = path.empty() ? nullptr : value_at(document, path);
  if (!value) return {};
  if (const auto number = value_number(*value)) return {*number, {}};
  const auto* text = value->get_ptr<const std::string*>();
  if (!text) return {};
  std::string_view written = *text;
  if (written.ends_with('Z')) written.remove_suffix(1);  // lest 10:00:00.5Z comes before 10:00:00Z
  return {std::numeric_limits<double>::infinity(), written};
}

}  // namespace

log_sample read_logs(const documents& from, const log_fields& fields) {
  log_sample sample;
  const std::size_t count = std::min(from.size(), log_messages_max);
  sample.complete = count == from.size();
  for (std::size_t i = 0; i < count; ++i) {
    const auto text = text_at(from[i], fields.message);
    if (text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos) {
      ++sample.without_message;
    } else {
      sample.messages.push_back({text, text_at(from[i], fields.trace), time_at(from[i], fields.time)});
    }
  }
  return sample;
}

}  // namespace hydrant::providers::opensearch

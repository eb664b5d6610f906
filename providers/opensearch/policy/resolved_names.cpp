#include "providers/opensearch/policy/resolved_names.hpp"

#include <optional>

namespace hydrant::providers::opensearch {
namespace {

using protocol::json;

base::error not_understood() {
  return base::fail(base::error_kind::unavailable, "OpenSearch's reply about the names of indices is not understood");
}

std::optional<std::string> text_of(const json& entry, const char* member) {
  const auto found = entry.find(member);
  if (found == entry.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

std::optional<std::vector<std::string>> texts_of(const json& entry, const char* member) {
  const auto found = entry.find(member);
  if (found == entry.end() || !found->is_array()) return std::nullopt;
  std::vector<std::string> texts;
  for (const auto& text : *found) {
    if (!text.is_string()) return std::nullopt;
    texts.push_back(text.get<std::string>());
  }
  return texts;
}

std::optional<resolved_index> read_index(const json& entry) {
  auto name = text_of(entry, "name");
  if (!name) return std::nullopt;
  auto aliases = entry.contains("aliases") ? texts_of(entry, "aliases") : std::vector<std::string>();
  if (!aliases) return std::nullopt;
  return resolved_index{std::move(*name), text_of(entry, "data_stream").value_or(""), std::move(*aliases)};
}

std::optional<resolved_group> read_group(const json& entry, const char* members) {
  auto name = text_of(entry, "name");
  // A list of one may come as a bare string.
  auto indices = texts_of(entry, members);
  if (auto single = text_of(entry, members)) indices = {std::move(*single)};
  if (!name || !indices) return std::nullopt;
  return resolved_group{std::move(*name), std::move(*indices)};
}

// Whether all entries of the list could be read.
template <class Entry, class Read>
bool read_list(const json& reply, const char* member, std::vector<Entry>& into, Read read) {
  const auto list = reply.find(member);
  if (list == reply.end()) return true;
  if (!list->is_array()) return false;
  for (const auto& entry : *list) {
    auto known = entry.is_object() ? read(entry) : std::nullopt;
    if (!known) return false;
    into.push_back(std::move(*known));
  }
  return true;
}

}  // namespace

base::result<resolved_names> read_resolved(const json& reply) {
  if (!reply.is_object()) return not_understood();
  resolved_names names;
  const auto read_alias = [](const json& entry) { return read_group(entry, "indices"); };
  const auto read_stream = [](const json& entry) { return read_group(entry, "backing_indices"); };
  if (!read_list(reply, "indices", names.indices, read_index)) return not_understood();
  if (!read_list(reply, "aliases", names.aliases, read_alias)) return not_understood();
  if (!read_list(reply, "data_streams", names.data_streams, read_stream)) return not_understood();
  return names;
}

}  // namespace hydrant::providers::opensearch

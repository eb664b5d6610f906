#include "providers/opensearch/policy/index_rules.hpp"

#include "providers/opensearch/policy/glob.hpp"
#include "providers/opensearch/policy/resolved_names.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

namespace hydrant::providers::opensearch {
namespace {

using base::error_kind;
using protocol::json;

std::vector<std::string> lower_all(std::vector<std::string> globs) {
  for (auto& glob : globs)
    glob = lower_case(glob);
  return globs;
}

bool matches_any(const std::vector<std::string>& globs, std::string_view name) {
  const auto lowered = lower_case(name);
  return std::any_of(globs.begin(), globs.end(), [&](const auto& glob) { return matches_glob(glob, lowered); });
}

// What a part of an expression may add to, and take from, in the order in which things were found.
class names_to_send {
 public:
  void add(const std::string& name) {
    if (known_.insert(name).second) names_.push_back(name);
  }
  template <class Predicate>
  void remove_if(Predicate is_out) {
    std::erase_if(names_, [&](const std::string& name) { return is_out(name) && known_.erase(name) > 0; });
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
  std::set<std::string> known_;
};

// Entries by their names; of two of a name, the first.
template <class Entry>
class by_name {
 public:
  explicit by_name(const std::vector<Entry>& entries) {
    for (const auto& entry : entries)
      places_.emplace(entry.name, &entry);
  }
  const Entry* find(std::string_view name) const {
    const auto found = places_.find(name);
    return found == places_.end() ? nullptr : found->second;
  }

 private:
  std::unordered_map<std::string_view, const Entry*> places_;
};

// Goes through an expression's parts from the left, as OpenSearch does. There may be many indices, aliases of all of
// them, and many parts: what is decided about a name is decided once.
class narrowing {
 public:
  narrowing(const index_rules& rules, const resolved_names& found)
      : rules_(rules), found_(found), indices_(found.indices), aliases_(found.aliases), streams_(found.data_streams) {}

  base::result<> take(const expression_part& part) {
    if (part.kind == part_kind::exclusion) {
      exclude(part.text);
    } else if (part.kind == part_kind::wildcard) {
      if (added_.insert(part.text).second) add_found(part.text);
    } else if (may_name(part.text)) {
      sent_.add(part.text);
    } else {
      return refusal(part.text);
    }
    return {};
  }

  const std::vector<std::string>& names() const { return sent_.names(); }

 private:
  using decisions = std::unordered_map<std::string_view, bool>;

  // The name lives as long as what was found.
  template <class Decide>
  static bool decided(decisions& so_far, std::string_view name, Decide decide) {
    const auto known = so_far.find(name);
    return known != so_far.end() ? known->second : so_far.emplace(name, decide()).first->second;
  }

  bool judge_index(const resolved_index& index) const {
    if (index.data_stream.empty()) return rules_.allows(index.name);
    if (rules_.denies(index.name) || rules_.denies(index.data_stream)) return false;
    return rules_.allows(index.name) || rules_.allows(index.data_stream);
  }

  bool allows_stream(const resolved_group& stream) {
    return decided(allowed_streams_, stream.name, [&] {
      const auto is_denied = [&](const auto& index) { return rules_.denies(index); };
      return rules_.allows(stream.name) && std::none_of(stream.indices.begin(), stream.indices.end(), is_denied);
    });
  }

  bool allows_alias(const resolved_group& alias) {
    return decided(allowed_aliases_, alias.name, [&] {
      if (alias.indices.empty() || rules_.denies(alias.name)) return false;
      return std::all_of(alias.indices.begin(), alias.indices.end(),
                         [&](const auto& index) { return allows_index(index); });
    });
  }

  // Also one that is known as an alias's alone; the reply may tell more about it.
  bool allows_index(const std::string& name) {
    return decided(allowed_indices_, name, [&] {
      const auto* index = indices_.find(name);
      return index ? judge_index(*index) : rules_.allows(name);
    });
  }

  // All of what bears the name: were an index and an alias called the same, one would not vouch for the other.
  bool may_name(const std::string& name) {
    const auto* index = indices_.find(name);
    const auto* alias = aliases_.find(name);
    const auto* stream = streams_.find(name);
    if (index && !allows_index(index->name)) return false;
    if (alias && !allows_alias(*alias)) return false;
    if (stream && !allows_stream(*stream)) return false;
    return index || alias || stream;
  }

  // The same answer for what is denied and there, and for what is denied and not there.
  base::error refusal(const std::string& name) const {
    const auto is_there = indices_.find(name) || aliases_.find(name) || streams_.find(name);
    if (!is_there && rules_.allows(name)) {
      return base::fail(error_kind::resource_not_found, "there is no index, alias or data stream called " + name);
    }
    return base::fail(error_kind::forbidden, "the rules of this server do not allow " + name);
  }

  void add_found(const std::string& glob) {
    for (const auto& index : found_.indices) {
      if (matches_glob(glob, index.name) && allows_index(index.name)) sent_.add(index.name);
    }
    for (const auto& stream : found_.data_streams) {
      if (matches_glob(glob, stream.name) && allows_stream(stream)) sent_.add(stream.name);
    }
    for (const auto& alias : found_.aliases) {
      if (matches_glob(glob, alias.name)) add_members(alias);
    }
  }

  void add_members(const resolved_group& alias) {
    for (const auto& index : alias.indices) {
      if (allows_index(index)) sent_.add(index);
    }
  }

  // What bears the name, the indices of aliases and data streams that bear it, and indices that say so themselves.
  void exclude(const std::string& glob) {
    added_.clear();
    std::set<std::string> out;
    for (const auto* groups : {&found_.aliases, &found_.data_streams}) {
      for (const auto& group : *groups) {
        if (matches_glob(glob, group.name)) out.insert(group.indices.begin(), group.indices.end());
      }
    }
    for (const auto& index : found_.indices) {
      const auto bears = [&](const auto& alias) { return matches_glob(glob, alias); };
      if (std::any_of(index.aliases.begin(), index.aliases.end(), bears)) out.insert(index.name);
      if (!index.data_stream.empty() && bears(index.data_stream)) out.insert(index.name);
    }
    sent_.remove_if([&](const auto& name) { return matches_glob(glob, name) || out.count(name) > 0; });
  }

  const index_rules& rules_;
  const resolved_names& found_;
  const by_name<resolved_index> indices_;
  const by_name<resolved_group> aliases_;
  const by_name<resolved_group> streams_;
  decisions allowed_indices_;
  decisions allowed_aliases_;
  decisions allowed_streams_;
  std::set<std::string> added_;  // wildcards that have nothing to add, since the last exclusion
  names_to_send sent_;
};

base::result<std::string> join(const std::vector<std::string>& names, std::string_view asked) {
  std::string joined;
  for (const auto& name : names) {
    if (joined.size() + name.size() >= index_rules::expression_bytes_max) {
      return base::fail(error_kind::too_large, "more indices match than one request can name: use a narrower pattern");
    }
    joined.append(joined.empty() ? "" : ",").append(name);
  }
  if (!joined.empty()) return joined;
  // An empty list would mean all indices. The same words whether nothing was found or nothing of it is allowed.
  return base::fail(error_kind::resource_not_found, "this server can reach no index that matches \"" +
                                                        (asked.empty() ? std::string("*") : std::string(asked)) + "\"");
}

}  // namespace

index_rules::index_rules(std::vector<std::string> allow, std::vector<std::string> deny)
    : allow_(lower_all(std::move(allow))), deny_(lower_all(std::move(deny))) {}

bool index_rules::denies(std::string_view name) const {
  return matches_any(deny_, name);
}

bool index_rules::lists(std::string_view name) const {
  return allow_.empty() || matches_any(allow_, name);
}

bool index_rules::allows(std::string_view concrete_name) const {
  const auto stream = data_stream_of(concrete_name);
  if (denies(concrete_name) || (!stream.empty() && denies(stream))) return false;
  return lists(concrete_name) || (!stream.empty() && lists(stream));
}

base::result<> index_rules::check_expression(std::string_view expression) const {
  if (has_control_characters(expression)) {
    return base::fail(error_kind::invalid_params, "the name of an index holds a control character");
  }
  if (!any()) return {};
  const auto parts = parse_expression(expression);
  if (!parts) return parts.error();
  return {};
}

base::result<std::string> index_rules::narrow(std::string_view expression, const json& resolve_reply) const {
  const auto good = check_expression(expression);
  if (!good) return good.error();
  if (!any()) return std::string(expression);
  const auto parts = parse_expression(expression);
  const auto found = read_resolved(resolve_reply);
  if (!found) return found.error();
  narrowing machine(*this, *found);
  for (const auto& part : *parts) {
    const auto taken = machine.take(part);
    if (!taken) return taken.error();
  }
  return join(machine.names(), expression);
}

json index_rules::filter(const json& rows, std::string_view column) const {
  if (!any()) return rows;
  auto kept = json::array();
  if (!rows.is_array()) return kept;
  for (const auto& row : rows) {
    const auto name = row.is_object() ? row.find(column) : row.end();
    if (name != row.end() && name->is_string() && allows(name->get_ref<const std::string&>())) kept.push_back(row);
  }
  return kept;
}

}  // namespace hydrant::providers::opensearch

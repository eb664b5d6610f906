#pragma once

#include "protocol/schema.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hydrant::protocol::json_schema {

using json = nlohmann::json;

enum class dialect : std::uint8_t { draft_07 = 1, draft_2020_12 = 2 };

/// A document, or the part of one that `$id` makes a document of its own.
struct resource {
  std::string base;  ///< absolute URI without fragment
  const json* root = nullptr;
  dialect rules = dialect::draft_2020_12;
  std::map<std::string, const json*, std::less<>> anchors;  ///< `$anchor` and `$dynamicAnchor`
  std::map<std::string, const json*, std::less<>> dynamic_anchors;
};

/// A subschema in its document.
struct position {
  const json* schema = nullptr;
  resource* home = nullptr;
  const position* parent = nullptr;
  std::string step;  ///< from `parent`, e.g. "/properties/age"; only one's own, as whole pointers add up to much

  /// JSON pointer from the document's root; begins with the URI in another document.
  std::string pointer() const;
};

base::error ill_formed(std::string_view pointer, std::string_view reason);

/// Finds every subschema of the documents that a schema is made of, and what references between them mean. Lives as
/// long as one compilation and borrows the documents.
class documents {
 public:
  explicit documents(const schema_options& options) : options_{options} {}

  base::result<const position*> add_root(const json& document);
  /// What `reference` in the schema at `from` leads to. May find new subschemas, in a registered document or below a
  /// keyword that is not known to hold any.
  base::result<const position*> resolve(const position& from, std::string_view reference);

  /// All subschemas found so far. Grows at the end; the elements stay where they are.
  const std::deque<position>& positions() const { return positions_; }
  const position* position_of(const json& schema) const;
  const std::deque<resource>& resources() const { return resources_; }
  /// The name of the `$dynamicAnchor` by which `reference` leads to its schema; nullopt: it leads there otherwise.
  std::optional<std::string> dynamic_anchor(const position& from, std::string_view reference) const;

 private:
  struct pending {
    position at;
    std::size_t depth;
  };

  base::result<void> scan(position first);
  base::result<void> scan_one(pending next);
  base::result<void> enter_resource(position& at);
  base::result<void> take_id(position& at, const std::string& id, dialect rules);
  base::result<void> name_anchors(const position& at);
  base::result<void> queue_children(const position& at, std::size_t depth);
  base::result<void> queue_list(const position& at, std::string_view keyword, const json& list, std::size_t depth);
  base::result<const position*> add_document(const std::string& uri, dialect rules, const json& document,
                                             std::string step);
  base::result<const position*> find_in(resource& home, std::string_view fragment);
  base::result<const position*> follow_pointer(resource& home, std::string_view pointer);
  base::result<resource*> resource_at(const std::string& uri, dialect rules);

  const schema_options& options_;
  std::deque<resource> resources_;
  std::map<std::string, resource*, std::less<>> by_uri_;
  std::deque<position> positions_;
  std::unordered_map<const json*, const position*> by_schema_;
  std::vector<pending> queue_;
};

}  // namespace hydrant::protocol::json_schema

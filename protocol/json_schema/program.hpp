#pragma once

// What a schema is compiled to: one node per subschema, each with its checks. A program is immutable once compiled, so
// any number of threads may run it.

#include "protocol/schema.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hydrant::protocol::json_schema {

using json = nlohmann::json;

class evaluation;
struct node;
struct place;

/// One keyword, or a few that only make sense together, of one subschema.
class check {
 public:
  virtual ~check() = default;

  /// Whether the value at `at` passes; reports to `run` if not. Values of a type that the keyword does not speak of
  /// pass.
  virtual bool run(evaluation& run, const place& at) const = 0;

 protected:
  check() = default;
  check(const check&) = default;
  check& operator=(const check&) = default;
};

using type_set = std::uint8_t;  ///< one bit per JSON type, and one for integers
inline constexpr type_set any_type = 0xff;

/// A schema document or an embedded one: what `$dynamicRef` searches, from the outermost inwards.
struct resource_scope {
  std::vector<std::pair<std::size_t, const node*>> dynamic_anchors;  ///< by the name's number in the program
};

enum class verdict : std::uint8_t { by_checks, valid, invalid };

/// One subschema.
struct node {
  verdict fixed = verdict::by_checks;  ///< `true` and `false` are schemas too
  type_set types = any_type;
  bool reads_evaluated = false;  ///< has `unevaluatedProperties` or `unevaluatedItems`
  std::size_t cost = 1;          ///< steps for one application, without what depends on the instance
  const resource_scope* home = nullptr;
  std::vector<std::unique_ptr<const check>> checks;  ///< in order: `unevaluated*` come last
};

struct program {
  schema_limits limits;
  std::deque<resource_scope> scopes;
  std::deque<node> nodes;
  const node* root = nullptr;
};

}  // namespace hydrant::protocol::json_schema

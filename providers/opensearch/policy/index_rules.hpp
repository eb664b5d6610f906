#pragma once

// Which indices may be reached through this server, whatever the cluster's own permissions are. Pure.
//
// The rules speak of concrete indices. A request speaks of expressions: lists, wildcards, exclusions, aliases, data
// streams. So a tool asks the cluster what an expression means (GET _resolve/index/{expression}), and sends the names
// that narrow() gives instead of what it was asked for. Everything here fails closed: what is not understood is
// refused.

#include "base/result.hpp"
#include "protocol/json.hpp"
#include "providers/opensearch/policy/index_expression.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::providers::opensearch {

/// Immutable, so usable in any thread.
class index_rules {
 public:
  static constexpr std::size_t expression_bytes_max = 3'000;  ///< of what is sent: a request line has 4,096

  index_rules() = default;
  /// Globs; case makes no difference, because indices have no upper case and a rule that never applies helps nobody.
  index_rules(std::vector<std::string> allow, std::vector<std::string> deny);

  /// Whether there are rules at all; without any, everything below allows everything.
  bool any() const { return !allow_.empty() || !deny_.empty(); }

  /// Deny wins; a list of what is allowed must have the name, unless it is empty. A data stream's backing index
  /// (.ds-logs-000001) is also known by the stream's name: denied with it, allowed with it.
  bool allows(std::string_view concrete_name) const;

  /// Whether a rule of the second list has that very name.
  bool denies(std::string_view name) const;

  /// An expression that may be resolved. Failures (invalid_params): control characters; with rules also names of other
  /// clusters (`:`), date math (`<`), `%`, empty parts, exclusions before any wildcard, more than expression_parts_max
  /// parts, and what can be no name.
  base::result<> check_expression(std::string_view expression) const;

  /// What to send instead of `expression` (comma separated; an empty one, `*` and `_all` mean all), given the reply of
  /// GET _resolve/index/{to_resolve(expression)}; if that request failed with 404, an empty object. What is named must
  /// be allowed as a whole: an index; an alias with each of its indices; a data stream, by its own name. Aliases and
  /// data streams that are named keep their names. What a wildcard finds is filtered silently, and aliases that it
  /// finds become their indices. An exclusion takes out what bears the name, and its indices. Without rules: the
  /// expression. Failures: those of check_expression(); forbidden: something named is not allowed, whether it exists or
  /// not; resource_not_found: an allowed name that does not exist, or nothing is left; too_large: a narrower pattern is
  /// needed; unavailable: the reply is not understood. No failure tells a name that the caller did not write.
  base::result<std::string> narrow(std::string_view expression, const protocol::json& resolve_reply) const;

  /// With rules, refuses (forbidden) a request's body that reaches indices by itself, be it in a query (terms lookup,
  /// indexed_shape, more_like_this, percolate), by a handle (`pit`, `scroll_id`, `scroll`), in a form that cannot be
  /// looked into (`wrapper`, templates and queries written as text). Anything written under `index`, `_index`,
  /// `indices` and the like must be one of `vetted`: names that narrow() has given. The rules alone do not do, since
  /// the name may be an alias of something else. Fails closed, so a query on a field called `index` is refused too.
  /// Send what was checked, written anew, not the text that it was read from.
  base::result<> check_body(const protocol::json& body, std::span<const std::string> vetted = {}) const;

  /// With rules, refuses (forbidden) the body of a change of indices that makes aliases beside the path, or has
  /// documents go through a pipeline, which may lead them elsewhere. Besides check_body().
  base::result<> check_change(const protocol::json& body) const;

  /// With rules, refuses (forbidden) parameters of a URL that carry a body or reach indices: `source`, `scroll`,
  /// `scroll_id`, `index`, `pipeline` and the like.
  base::result<> check_parameter(std::string_view name) const;

  /// The rows whose `column` holds the name of an allowed index, in order. With rules, rows without one are left out.
  protocol::json filter(const protocol::json& rows, std::string_view column) const;

 private:
  bool lists(std::string_view name) const;

  std::vector<std::string> allow_;
  std::vector<std::string> deny_;
};

}  // namespace hydrant::providers::opensearch

#pragma once

#include "protocol/json_schema/program.hpp"

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::protocol::json_schema {

/// Which properties or items of one value some keyword has looked at, by position: what `unevaluated*` leaves alone.
class evaluated {
 public:
  void mark(std::size_t index);
  void mark_all() { all_ = true; }
  bool has(std::size_t index) const { return all_ || (index < seen_.size() && seen_[index]); }
  void merge(const evaluated& other);

 private:
  bool all_ = false;
  std::vector<bool> seen_;
};

/// A value inside the instance and the way to it. Lives on the stack, the path is only spelt out for a violation.
struct place {
  const json& value;
  const place* parent = nullptr;
  const std::string* name = nullptr;  ///< in `parent`, an object; null: `index` counts
  std::size_t index = 0;
  evaluated* seen = nullptr;  ///< null: nobody asks

  place member(const std::string& key, const json& child) const { return {child, this, &key, 0, nullptr}; }
  place item(std::size_t position, const json& child) const { return {child, this, nullptr, position, nullptr}; }
  place noting_in(evaluated* notes) const { return {value, parent, name, index, notes}; }
  void mark(std::size_t position) const {
    if (seen) seen->mark(position);
  }
};

/// One run of a program over one instance: its budget, its dynamic scope and its report. Lives on the stack of
/// schema::validate.
class evaluation {
 public:
  /// Without `report` the run stops at the first failure and builds no text.
  evaluation(const schema_limits& limits, std::vector<violation>* report, std::size_t violations_max);

  bool apply(const node& schema, const place& at);
  /// A trial whose failure is no violation by itself, as in `anyOf`.
  bool attempt(const node& schema, const place& at);

  /// Always false, so that a check can return it. `message` is called only if somebody reads it.
  bool fail(const place& at, std::string_view keyword, std::invocable auto message) {
    if (reports()) report(at, keyword, message());
    return false;
  }
  /// Whether there is no sense in looking for further failures, after one.
  bool stops() const { return !reports(); }

  /// Takes `steps` from the budget; false: it is used up and the run is to end.
  bool spend(std::size_t steps);
  /// A level deeper, in a comparison or a subschema; pair with leave().
  bool enter();
  void leave() { --depth_; }
  bool exhausted() const { return exhausted_; }

  /// `$dynamicRef`: the outermost resource's own idea of the anchor, or `fallback`.
  const node& dynamic_target(std::size_t anchor, const node& fallback) const;

 private:
  struct frame {
    const frame* outer;
    const resource_scope* home;
  };

  bool reports() const { return report_ && !exhausted_ && report_->size() < violations_max_; }
  void report(const place& at, std::string_view keyword, std::string message);
  bool run_checks(const node& schema, const place& at);
  bool run_noting(const node& schema, const place& at);

  const schema_limits& limits_;
  std::vector<violation>* report_;
  const std::size_t violations_max_;
  std::size_t steps_left_;
  std::size_t depth_ = 0;
  bool exhausted_ = false;
  const frame* scope_ = nullptr;
};

/// `text`, cut between two characters if it is longer: for messages, as names and values may be of any size.
std::string shortened(std::string text, std::size_t bytes_max = 200);

/// The types that `value` has: an integer is a number too.
type_set types_of(const json& value);
/// "integer or string", for messages.
std::string names_of(type_set types);
/// The bit of a type's name; 0: there is no such type.
type_set type_named(std::string_view name);

}  // namespace hydrant::protocol::json_schema

#include "protocol/json_schema/evaluation.hpp"
#include "protocol/json_schema/keywords.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace hydrant::protocol::json_schema {
namespace {

constexpr auto no_limit = std::numeric_limits<std::size_t>::max();
constexpr std::size_t names_per_step = 16;
constexpr std::size_t pattern_work_per_step = 512;  // bytes of text times instructions

const json::object_t* members_of(const place& at) {
  return at.value.get_ptr<const json::object_t*>();
}

/// A schema for the properties that nobody named. That it is `false` is worth a better message than "must not be".
bool apply_rest(evaluation& run, const node& rest, const place& at, std::string_view keyword) {
  if (rest.fixed == verdict::invalid) return run.fail(at, keyword, [] { return "is not a known property"; });
  return run.apply(rest, at);
}

class property_count_check final : public check {
 public:
  property_count_check(std::size_t min, std::size_t max) : min_{min}, max_{max} {}

  bool run(evaluation& run, const place& at) const override {
    const auto* members = members_of(at);
    if (!members) return true;
    if (members->size() < min_) {
      return run.fail(at, "minProperties",
                      [&] { return "must have at least " + std::to_string(min_) + " properties"; });
    }
    return members->size() <= max_ ||
           run.fail(at, "maxProperties", [&] { return "must have at most " + std::to_string(max_) + " properties"; });
  }

 private:
  const std::size_t min_;
  const std::size_t max_;
};

/// `keyword` is for the report: the names may be required because another one is there.
bool has_all(evaluation& run, const place& at, const json::object_t& members, const std::vector<std::string>& names,
             std::string_view keyword) {
  bool ok = true;
  for (const auto& name : names) {
    if (members.contains(name)) continue;
    ok = run.fail(at, keyword, [&] { return "must have the property \"" + name + "\""; });
    if (run.stops()) return false;
  }
  return ok;
}

class required_check final : public check {
 public:
  explicit required_check(std::vector<std::string> names) : names_{std::move(names)} {}

  bool run(evaluation& run, const place& at) const override {
    const auto* members = members_of(at);
    return !members || has_all(run, at, *members, names_, "required");
  }

 private:
  const std::vector<std::string> names_;
};

class dependent_required_check final : public check {
 public:
  using rules = std::vector<std::pair<std::string, std::vector<std::string>>>;
  explicit dependent_required_check(rules all) : rules_{std::move(all)} {}

  bool run(evaluation& run, const place& at) const override {
    const auto* members = members_of(at);
    if (!members) return true;
    bool ok = true;
    for (const auto& [name, needed] : rules_) {
      if (!members->contains(name) || has_all(run, at, *members, needed, "dependentRequired")) continue;
      ok = false;
      if (run.stops()) return false;
    }
    return ok;
  }

 private:
  const rules rules_;
};

class dependent_schemas_check final : public check {
 public:
  using rules = std::vector<std::pair<std::string, const node*>>;
  explicit dependent_schemas_check(rules all) : rules_{std::move(all)} {}

  bool run(evaluation& run, const place& at) const override {
    const auto* members = members_of(at);
    if (!members) return true;
    bool ok = true;
    for (const auto& [name, schema] : rules_) {
      if (!members->contains(name) || run.apply(*schema, at)) continue;
      ok = false;
      if (run.stops()) return false;
    }
    return ok;
  }

 private:
  const rules rules_;
};

/// `dependencies`, which 2020-12 split in two, mixes both kinds.
class both_checks final : public check {
 public:
  both_checks(std::unique_ptr<const check> first, std::unique_ptr<const check> second)
      : first_{std::move(first)}, second_{std::move(second)} {}

  bool run(evaluation& run, const place& at) const override {
    const bool ok = first_->run(run, at);
    return (ok || !run.stops()) && second_->run(run, at) && ok;
  }

 private:
  const std::unique_ptr<const check> first_;
  const std::unique_ptr<const check> second_;
};

struct named_schema {
  std::string name;
  const node* schema;
};

struct pattern_schema {
  pattern names;
  const node* schema;
};

/// `properties`, `patternProperties` and `additionalProperties`: one walk over the members serves all three.
class properties_check final : public check {
 public:
  properties_check(std::vector<named_schema> known, std::vector<pattern_schema> patterns, const node* rest)
      : known_{std::move(known)}, patterns_{std::move(patterns)}, rest_{rest} {}

  bool run(evaluation& run, const place& at) const override {
    const auto* members = members_of(at);
    if (!members) return true;
    if (!run.spend(members->size() / names_per_step)) return false;
    bool ok = true;
    std::size_t index = 0;
    auto known = known_.begin();
    for (const auto& [name, value] : *members) {
      // Both sides are sorted, so the search never goes back.
      known =
          std::lower_bound(known, known_.end(), name, [](const auto& row, const auto& key) { return row.name < key; });
      const auto* named = known != known_.end() && known->name == name ? known->schema : nullptr;
      ok = check_member(run, at, at.member(name, value), index++, named) && ok;
      if (!ok && run.stops()) return false;
    }
    return ok;
  }

 private:
  bool check_member(evaluation& run, const place& at, const place& member, std::size_t index, const node* named) const {
    bool matched = named != nullptr;
    bool ok = !named || run.apply(*named, member);
    for (const auto& [names, schema] : patterns_) {
      if (!ok && run.stops()) return false;
      if (!run.spend(1 + member.name->size() * names.size() / pattern_work_per_step)) return false;
      if (!names.found_in(*member.name)) continue;
      matched = true;
      ok = run.apply(*schema, member) && ok;
    }
    if (!matched && rest_) {
      matched = true;
      ok = apply_rest(run, *rest_, member, "additionalProperties");
    }
    if (matched) at.mark(index);
    return ok;
  }

  const std::vector<named_schema> known_;  ///< sorted as the members of an instance are
  const std::vector<pattern_schema> patterns_;
  const node* const rest_;
};

class property_names_check final : public check {
 public:
  explicit property_names_check(const node& names) : names_{names} {}

  bool run(evaluation& run, const place& at) const override {
    const auto* members = members_of(at);
    if (!members) return true;
    bool ok = true;
    for (const auto& [name, value] : *members) {
      const json as_value(name);
      if (run.attempt(names_, at.member(name, as_value))) continue;
      ok =
          run.fail(at, "propertyNames", [&, key = &name] { return "must not have a property named \"" + *key + "\""; });
      if (run.stops()) return false;
    }
    return ok;
  }

 private:
  const node& names_;
};

class unevaluated_properties_check final : public check {
 public:
  explicit unevaluated_properties_check(const node& rest) : rest_{rest} {}

  bool run(evaluation& run, const place& at) const override {
    const auto* members = members_of(at);
    if (!members) return true;
    bool ok = true;
    std::size_t index = 0;
    for (const auto& [name, value] : *members) {
      if (at.seen->has(index++) || apply_rest(run, rest_, at.member(name, value), "unevaluatedProperties")) continue;
      ok = false;
      if (run.stops()) return false;
    }
    at.seen->mark_all();
    return ok;
  }

 private:
  const node& rest_;
};

}  // namespace

std::unique_ptr<const check> compile_property_count(keyword_reader& reader) {
  const auto min = reader.count("minProperties");
  const auto max = reader.count("maxProperties");
  if (!min && !max) return nullptr;
  return std::make_unique<property_count_check>(min.value_or(0), max.value_or(no_limit));
}

std::unique_ptr<const check> compile_required(keyword_reader& reader) {
  const auto* list = reader.find("required");
  if (!list) return nullptr;
  auto names = reader.names(*list, "required");
  reader.target().cost += names.size() / names_per_step;
  return names.empty() ? nullptr : std::make_unique<required_check>(std::move(names));
}

std::unique_ptr<const check> compile_properties(keyword_reader& reader) {
  std::vector<named_schema> known;
  if (const auto* members = reader.object("properties")) {
    for (const auto& [name, schema] : *members)
      known.push_back({name, reader.subschema_at(schema)});
  }
  std::vector<pattern_schema> patterns;
  if (const auto* members = reader.object("patternProperties")) {
    for (const auto& [source, schema] : *members) {
      auto names = reader.regular_expression(source, "patternProperties");
      if (!names) return nullptr;
      patterns.push_back({std::move(*names), reader.subschema_at(schema)});
    }
  }
  const auto* rest = reader.subschema("additionalProperties");
  if (known.empty() && patterns.empty() && !rest) return nullptr;
  return std::make_unique<properties_check>(std::move(known), std::move(patterns), rest);
}

std::unique_ptr<const check> compile_property_names(keyword_reader& reader) {
  const auto* names = reader.subschema("propertyNames");
  return names ? std::make_unique<property_names_check>(*names) : nullptr;
}

std::unique_ptr<const check> compile_dependent_required(keyword_reader& reader) {
  const auto* members = reader.object("dependentRequired");
  if (!members) return nullptr;
  dependent_required_check::rules rules;
  for (const auto& [name, needed] : *members) {
    rules.emplace_back(name, reader.names(needed, "dependentRequired"));
    reader.target().cost += (1 + needed.size()) / names_per_step;
  }
  return std::make_unique<dependent_required_check>(std::move(rules));
}

std::unique_ptr<const check> compile_dependent_schemas(keyword_reader& reader) {
  const auto* members = reader.object("dependentSchemas");
  if (!members) return nullptr;
  dependent_schemas_check::rules rules;
  for (const auto& [name, schema] : *members)
    rules.emplace_back(name, reader.subschema_at(schema));
  reader.target().cost += rules.size() / names_per_step;
  return std::make_unique<dependent_schemas_check>(std::move(rules));
}

std::unique_ptr<const check> compile_dependencies(keyword_reader& reader) {
  const auto* members = reader.object("dependencies");
  if (!members) return nullptr;
  dependent_required_check::rules names;
  dependent_schemas_check::rules schemas;
  for (const auto& [name, rule] : *members) {
    if (rule.is_array()) {
      names.emplace_back(name, reader.names(rule, "dependencies"));
    } else {
      schemas.emplace_back(name, reader.subschema_at(rule));
    }
    reader.target().cost += (1 + rule.size()) / names_per_step;
  }
  return std::make_unique<both_checks>(std::make_unique<dependent_required_check>(std::move(names)),
                                       std::make_unique<dependent_schemas_check>(std::move(schemas)));
}

std::unique_ptr<const check> compile_unevaluated_properties(keyword_reader& reader) {
  const auto* rest = reader.subschema("unevaluatedProperties");
  if (!rest) return nullptr;
  reader.target().reads_evaluated = true;
  return std::make_unique<unevaluated_properties_check>(*rest);
}

}  // namespace hydrant::protocol::json_schema

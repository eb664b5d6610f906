#include "protocol/json_schema/evaluation.hpp"
#include "protocol/json_schema/keywords.hpp"

#include <utility>

namespace hydrant::protocol::json_schema {
namespace {

/// What a branch has looked at counts only if the branch passes.
bool attempt_branch(evaluation& run, const node& branch, const place& at) {
  if (!at.seen) return run.attempt(branch, at);
  evaluated notes;
  if (!run.attempt(branch, at.noting_in(&notes))) return false;
  at.seen->merge(notes);
  return true;
}

class ref_check final : public check {
 public:
  explicit ref_check(const node& target) : target_{target} {}
  bool run(evaluation& run, const place& at) const override { return run.apply(target_, at); }

 private:
  const node& target_;
};

class dynamic_ref_check final : public check {
 public:
  dynamic_ref_check(std::size_t anchor, const node& fallback) : anchor_{anchor}, fallback_{fallback} {}
  bool run(evaluation& run, const place& at) const override {
    return run.apply(run.dynamic_target(anchor_, fallback_), at);
  }

 private:
  const std::size_t anchor_;
  const node& fallback_;
};

class all_of_check final : public check {
 public:
  explicit all_of_check(std::vector<const node*> parts) : parts_{std::move(parts)} {}

  bool run(evaluation& run, const place& at) const override {
    bool ok = true;
    for (const auto* part : parts_) {
      if (run.apply(*part, at)) continue;
      ok = false;
      if (run.stops()) return false;
    }
    return ok;
  }

 private:
  const std::vector<const node*> parts_;
};

class any_of_check final : public check {
 public:
  explicit any_of_check(std::vector<const node*> branches) : branches_{std::move(branches)} {}

  bool run(evaluation& run, const place& at) const override {
    bool found = false;
    for (const auto* branch : branches_) {
      found = attempt_branch(run, *branch, at) || found;
      if (run.exhausted()) return false;
      // All branches count where somebody asks what they have looked at.
      if (found && !at.seen) return true;
    }
    return found || run.fail(at, "anyOf", [&] {
      return "must match at least one of " + std::to_string(branches_.size()) + " alternatives";
    });
  }

 private:
  const std::vector<const node*> branches_;
};

class one_of_check final : public check {
 public:
  explicit one_of_check(std::vector<const node*> branches) : branches_{std::move(branches)} {}

  bool run(evaluation& run, const place& at) const override {
    std::size_t found = 0;
    for (const auto* branch : branches_) {
      found += attempt_branch(run, *branch, at) ? 1 : 0;
      if (run.exhausted()) return false;
      if (found > 1) break;
    }
    return found == 1 || run.fail(at, "oneOf", [&] {
      return "must match exactly one of " + std::to_string(branches_.size()) + " alternatives, matches " +
             (found == 0 ? "none" : "several");
    });
  }

 private:
  const std::vector<const node*> branches_;
};

class not_check final : public check {
 public:
  explicit not_check(const node& refused) : refused_{refused} {}

  bool run(evaluation& run, const place& at) const override {
    const bool matches = run.attempt(refused_, at.noting_in(nullptr));
    if (run.exhausted()) return false;
    return !matches || run.fail(at, "not", [] { return "must not match what \"not\" describes"; });
  }

 private:
  const node& refused_;
};

class if_check final : public check {
 public:
  if_check(const node& condition, const node* then, const node* otherwise)
      : condition_{condition}, then_{then}, otherwise_{otherwise} {}

  bool run(evaluation& run, const place& at) const override {
    const auto* next = attempt_branch(run, condition_, at) ? then_ : otherwise_;
    if (run.exhausted()) return false;
    return !next || run.apply(*next, at);
  }

 private:
  const node& condition_;
  const node* const then_;
  const node* const otherwise_;
};

}  // namespace

std::unique_ptr<const check> compile_ref(keyword_reader& reader) {
  const auto* reference = reader.text("$ref");
  const auto* target = reference ? reader.referenced(*reference) : nullptr;
  return target ? std::make_unique<ref_check>(*target) : nullptr;
}

std::unique_ptr<const check> compile_dynamic_ref(keyword_reader& reader) {
  const auto* reference = reader.text("$dynamicRef");
  const auto* target = reference ? reader.referenced(*reference) : nullptr;
  if (!target) return nullptr;
  const auto anchor = reader.dynamic_anchor(*reference);
  if (!anchor) return std::make_unique<ref_check>(*target);
  return std::make_unique<dynamic_ref_check>(*anchor, *target);
}

std::unique_ptr<const check> compile_all_of(keyword_reader& reader) {
  auto parts = reader.subschemas("allOf");
  return parts.empty() ? nullptr : std::make_unique<all_of_check>(std::move(parts));
}

std::unique_ptr<const check> compile_any_of(keyword_reader& reader) {
  auto branches = reader.subschemas("anyOf");
  return branches.empty() ? nullptr : std::make_unique<any_of_check>(std::move(branches));
}

std::unique_ptr<const check> compile_one_of(keyword_reader& reader) {
  auto branches = reader.subschemas("oneOf");
  return branches.empty() ? nullptr : std::make_unique<one_of_check>(std::move(branches));
}

std::unique_ptr<const check> compile_not(keyword_reader& reader) {
  const auto* refused = reader.subschema("not");
  return refused ? std::make_unique<not_check>(*refused) : nullptr;
}

std::unique_ptr<const check> compile_if(keyword_reader& reader) {
  const auto* condition = reader.subschema("if");
  if (!condition) return nullptr;
  return std::make_unique<if_check>(*condition, reader.subschema("then"), reader.subschema("else"));
}

}  // namespace hydrant::protocol::json_schema

#include "protocol/json_schema/equality.hpp"
#include "protocol/json_schema/evaluation.hpp"
#include "protocol/json_schema/keywords.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace hydrant::protocol::json_schema {
namespace {

constexpr auto no_limit = std::numeric_limits<std::size_t>::max();

const json::array_t* items_of(const place& at) {
  return at.value.get_ptr<const json::array_t*>();
}

class item_count_check final : public check {
 public:
  item_count_check(std::size_t min, std::size_t max) : min_{min}, max_{max} {}

  bool run(evaluation& run, const place& at) const override {
    const auto* items = items_of(at);
    if (!items) return true;
    if (items->size() < min_) {
      return run.fail(at, "minItems", [&] { return "must have at least " + std::to_string(min_) + " items"; });
    }
    return items->size() <= max_ ||
           run.fail(at, "maxItems", [&] { return "must have at most " + std::to_string(max_) + " items"; });
  }

 private:
  const std::size_t min_;
  const std::size_t max_;
};

/// One schema per leading item and one for the rest: `prefixItems` and `items`, or draft-07's `items` and
/// `additionalItems`.
class items_check final : public check {
 public:
  items_check(std::vector<const node*> leading, const node* rest) : leading_{std::move(leading)}, rest_{rest} {}

  bool run(evaluation& run, const place& at) const override {
    const auto* items = items_of(at);
    if (!items) return true;
    bool ok = true;
    const auto end = rest_ ? items->size() : std::min(items->size(), leading_.size());
    for (std::size_t i = 0; i < end; ++i) {
      if (run.apply(i < leading_.size() ? *leading_[i] : *rest_, at.item(i, (*items)[i]))) continue;
      ok = false;
      if (run.stops()) return false;
    }
    note(at, end);
    return ok;
  }

 private:
  void note(const place& at, std::size_t end) const {
    if (!at.seen) return;
    if (rest_) return at.seen->mark_all();
    for (std::size_t i = 0; i < end; ++i)
      at.seen->mark(i);
  }

  const std::vector<const node*> leading_;
  const node* const rest_;
};

class contains_check final : public check {
 public:
  contains_check(const node& wanted, std::size_t min, std::size_t max) : wanted_{wanted}, min_{min}, max_{max} {}

  bool run(evaluation& run, const place& at) const override {
    const auto* items = items_of(at);
    if (!items) return true;
    const auto found = count(run, at, *items);
    if (run.exhausted()) return false;
    if (found < min_) {
      return run.fail(at, "contains", [&] {
        return "must contain at least " + std::to_string(min_) + " items of a kind, has " + std::to_string(found);
      });
    }
    return found <= max_ || run.fail(at, "maxContains", [&] {
      return "must contain at most " + std::to_string(max_) + " items of a kind";
    });
  }

 private:
  std::size_t count(evaluation& run, const place& at, const json::array_t& items) const {
    // Later items do not matter once the answer is known, unless somebody asks which ones matched.
    const auto enough = at.seen ? no_limit : max_ == no_limit ? min_ : max_ + 1;
    std::size_t found = 0;
    for (std::size_t i = 0; i < items.size() && found < enough && !run.exhausted(); ++i) {
      if (!run.attempt(wanted_, at.item(i, items[i]))) continue;
      ++found;
      at.mark(i);
    }
    return found;
  }

  const node& wanted_;
  const std::size_t min_;
  const std::size_t max_;
};

class unique_items_check final : public check {
 public:
  bool run(evaluation& run, const place& at) const override {
    const auto* items = items_of(at);
    if (!items || items->size() < 2) return true;
    const bool twice = items->size() <= pairwise_max ? has_pair(run, *items) : has_pair_by_hash(run, *items);
    if (run.exhausted()) return false;
    return !twice || run.fail(at, "uniqueItems", [] { return "must not have an item twice"; });
  }

 private:
  static constexpr std::size_t pairwise_max = 8;
  using hashed = std::pair<std::uint64_t, const json*>;

  static bool has_pair(evaluation& run, const json::array_t& items) {
    for (auto one = items.begin(); one != items.end(); ++one) {
      const auto same = [&](const json& other) { return equal(run, *one, other); };
      if (std::any_of(one + 1, items.end(), same)) return true;
    }
    return false;
  }

  static bool has_pair_by_hash(evaluation& run, const json::array_t& items) {
    std::vector<hashed> sorted;
    sorted.reserve(items.size());
    for (const auto& item : items) {
      sorted.emplace_back(hash_of(run, item), &item);
      if (run.exhausted()) return false;
    }
    std::sort(sorted.begin(), sorted.end());
    // Only items of one hash can be equal; they are neighbours now.
    for (auto one = sorted.begin(); one != sorted.end(); ++one) {
      for (auto other = one + 1; other != sorted.end() && other->first == one->first; ++other) {
        if (equal(run, *one->second, *other->second) || run.exhausted()) return true;
      }
    }
    return false;
  }
};

class unevaluated_items_check final : public check {
 public:
  explicit unevaluated_items_check(const node& rest) : rest_{rest} {}

  bool run(evaluation& run, const place& at) const override {
    const auto* items = items_of(at);
    if (!items) return true;
    bool ok = true;
    for (std::size_t i = 0; i < items->size(); ++i) {
      if (at.seen->has(i) || run.apply(rest_, at.item(i, (*items)[i]))) continue;
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

std::unique_ptr<const check> compile_item_count(keyword_reader& reader) {
  const auto min = reader.count("minItems");
  const auto max = reader.count("maxItems");
  if (!min && !max) return nullptr;
  return std::make_unique<item_count_check>(min.value_or(0), max.value_or(no_limit));
}

std::unique_ptr<const check> compile_items(keyword_reader& reader) {
  auto leading = reader.subschemas("prefixItems");
  const auto* rest = reader.subschema("items");
  if (leading.empty() && !rest) return nullptr;
  return std::make_unique<items_check>(std::move(leading), rest);
}

std::unique_ptr<const check> compile_items_draft_07(keyword_reader& reader) {
  const auto* items = reader.find("items");
  if (!items) return nullptr;
  if (!items->is_array()) return std::make_unique<items_check>(std::vector<const node*>{}, reader.subschema("items"));
  return std::make_unique<items_check>(reader.subschemas("items"), reader.subschema("additionalItems"));
}

std::unique_ptr<const check> compile_contains(keyword_reader& reader) {
  const auto* wanted = reader.subschema("contains");
  const auto min = reader.is_draft_07() ? std::nullopt : reader.count("minContains");
  const auto max = reader.is_draft_07() ? std::nullopt : reader.count("maxContains");
  return wanted ? std::make_unique<contains_check>(*wanted, min.value_or(1), max.value_or(no_limit)) : nullptr;
}

std::unique_ptr<const check> compile_unique_items(keyword_reader& reader) {
  return reader.flag("uniqueItems") ? std::make_unique<unique_items_check>() : nullptr;
}

std::unique_ptr<const check> compile_unevaluated_items(keyword_reader& reader) {
  const auto* rest = reader.subschema("unevaluatedItems");
  if (!rest) return nullptr;
  reader.target().reads_evaluated = true;
  return std::make_unique<unevaluated_items_check>(*rest);
}

}  // namespace hydrant::protocol::json_schema

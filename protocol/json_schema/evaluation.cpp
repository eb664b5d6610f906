#include "protocol/json_schema/evaluation.hpp"

#include "protocol/json_schema/number.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hydrant::protocol::json_schema {
namespace {

constexpr std::size_t message_bytes_max = 400;

struct type_name {
  std::string_view name;
  type_set bits;
};

constexpr type_set integer_bit = 64;
constexpr type_set number_bit = 32;
// "number" before "integer": the set of "number" holds both bits, and names_of() takes the first that fits.
constexpr std::array type_names{
    type_name{"null", 1},
    type_name{"boolean", 2},
    type_name{"object", 4},
    type_name{"array", 8},
    type_name{"string", 16},
    type_name{"number", number_bit | integer_bit},
    type_name{"integer", integer_bit},
};

std::string escaped_token(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::string path_of(const place& at) {
  std::vector<std::string> tokens;
  for (const auto* step = &at; step->parent; step = step->parent) {
    tokens.push_back(step->name ? escaped_token(*step->name) : std::to_string(step->index));
  }
  std::string out;
  for (auto token = tokens.rbegin(); token != tokens.rend(); ++token)
    out.append("/").append(*token);
  return out;
}

}  // namespace

void evaluated::mark(std::size_t index) {
  if (all_) return;
  if (index >= seen_.size()) seen_.resize(index + 1);
  seen_[index] = true;
}

void evaluated::merge(const evaluated& other) {
  all_ = all_ || other.all_;
  if (all_) return;
  for (std::size_t i = 0; i < other.seen_.size(); ++i) {
    if (other.seen_[i]) mark(i);
  }
}

std::string shortened(std::string text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  auto end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
    --end;
  text.resize(end);
  return text + "...";
}

type_set types_of(const json& value) {
  switch (value.type()) {
    case json::value_t::null: return 1;
    case json::value_t::boolean: return 2;
    case json::value_t::object: return 4;
    case json::value_t::array: return 8;
    case json::value_t::string: return 16;
    case json::value_t::number_integer:
    case json::value_t::number_unsigned: return integer_bit;
    case json::value_t::number_float: return is_integral(value) ? integer_bit : number_bit;
    default: return 0;
  }
}

std::string names_of(type_set types) {
  std::string out;
  for (const auto& [name, bits] : type_names) {
    if ((types & bits) != bits) continue;
    out.append(out.empty() ? "" : " or ").append(name);
    types = static_cast<type_set>(types & ~bits);
  }
  return out.empty() ? "number" : out;
}

type_set type_named(std::string_view name) {
  const auto found =
      std::find_if(type_names.begin(), type_names.end(), [&](const auto& row) { return row.name == name; });
  return found == type_names.end() ? 0 : found->bits;
}

evaluation::evaluation(const schema_limits& limits, std::vector<violation>* report, std::size_t violations_max)
    : limits_{limits}, report_{report}, violations_max_{violations_max}, steps_left_{limits.steps_max} {}

bool evaluation::spend(std::size_t steps) {
  if (steps > steps_left_) exhausted_ = true;
  if (exhausted_) return false;
  steps_left_ -= steps;
  return true;
}

bool evaluation::enter() {
  if (depth_ >= limits_.evaluation_depth_max) exhausted_ = true;
  ++depth_;
  return !exhausted_;
}

bool evaluation::apply(const node& schema, const place& at) {
  if (!spend(schema.cost)) return false;
  if (schema.fixed == verdict::valid) return true;
  if (schema.fixed == verdict::invalid) return fail(at, "false", [] { return "must not be there"; });
  const frame here{scope_, schema.home};
  const auto* const outer = scope_;
  if (!outer || outer->home != schema.home) scope_ = &here;
  const bool ok = enter() && (schema.reads_evaluated ? run_noting(schema, at) : run_checks(schema, at));
  leave();
  scope_ = outer;
  return ok && !exhausted_;
}

bool evaluation::run_noting(const node& schema, const place& at) {
  // Cousins do not see each other's notes, so this subschema starts with none and hands its own on.
  evaluated own;
  const bool ok = run_checks(schema, at.noting_in(&own));
  if (ok && at.seen) at.seen->merge(own);
  return ok;
}

bool evaluation::run_checks(const node& schema, const place& at) {
  bool ok = true;
  if (schema.types != any_type && (schema.types & types_of(at.value)) == 0) {
    ok =
        fail(at, "type", [&] { return "must be " + names_of(schema.types) + ", not " + names_of(types_of(at.value)); });
    if (stops()) return false;
  }
  for (const auto& each : schema.checks) {
    if (each->run(*this, at)) continue;
    ok = false;
    if (stops()) return false;
  }
  return ok;
}

bool evaluation::attempt(const node& schema, const place& at) {
  auto* const report = std::exchange(report_, nullptr);
  const bool ok = apply(schema, at);
  report_ = report;
  return ok;
}

void evaluation::report(const place& at, std::string_view keyword, std::string message) {
  report_->push_back({path_of(at), std::string{keyword}, shortened(std::move(message), message_bytes_max)});
}

const node& evaluation::dynamic_target(std::size_t anchor, const node& fallback) const {
  const auto* found = &fallback;
  for (const auto* scope = scope_; scope; scope = scope->outer) {
    for (const auto& [name, target] : scope->home->dynamic_anchors) {
      if (name == anchor) found = target;
    }
  }
  return *found;
}

}  // namespace hydrant::protocol::json_schema

#include "protocol/json_schema/equality.hpp"
#include "protocol/json_schema/evaluation.hpp"
#include "protocol/json_schema/format.hpp"
#include "protocol/json_schema/keywords.hpp"
#include "protocol/json_schema/number.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace hydrant::protocol::json_schema {
namespace {

constexpr std::size_t values_per_step = 16;
constexpr std::size_t pattern_work_per_step = 512;  // bytes of text times instructions
constexpr std::size_t counted_bytes_per_step = 256;

// Members of type json are initialised in parentheses: braces would make an array of one.

std::string shown(const json& value) {
  return shortened(value.dump(-1, ' ', false, json::error_handler_t::replace));
}

class const_check final : public check {
 public:
  explicit const_check(json value) : value_(std::move(value)), shown_{shown(value_)} {}

  bool run(evaluation& run, const place& at) const override {
    return equal(run, at.value, value_) || run.fail(at, "const", [&] { return "must be " + shown_; });
  }

 private:
  const json value_;
  const std::string shown_;
};

class enum_check final : public check {
 public:
  explicit enum_check(json values) : values_(std::move(values)), shown_{shown(values_)} {}

  bool run(evaluation& run, const place& at) const override {
    const auto same = [&](const json& value) { return equal(run, at.value, value); };
    if (std::any_of(values_.begin(), values_.end(), same)) return true;
    return run.fail(at, "enum", [&] { return "must be one of " + shown_; });
  }

 private:
  const json values_;
  const std::string shown_;
};

/// An `enum` of strings only, as most are.
class string_enum_check final : public check {
 public:
  explicit string_enum_check(const json& values) : shown_{shown(values)} {
    for (const auto& value : values)
      sorted_.push_back(value.get<std::string>());
    std::sort(sorted_.begin(), sorted_.end());
  }

  bool run(evaluation& run, const place& at) const override {
    const auto* text = at.value.get_ptr<const std::string*>();
    if (text && std::binary_search(sorted_.begin(), sorted_.end(), *text)) return true;
    return run.fail(at, "enum", [&] { return "must be one of " + shown_; });
  }

 private:
  std::vector<std::string> sorted_;
  const std::string shown_;
};

enum class bound { minimum, exclusive_minimum, maximum, exclusive_maximum };

struct bound_text {
  std::string_view keyword;
  std::string_view phrase;
};

bound_text text_of(bound kind) {
  switch (kind) {
    case bound::minimum: return {"minimum", "at least "};
    case bound::exclusive_minimum: return {"exclusiveMinimum", "greater than "};
    case bound::maximum: return {"maximum", "at most "};
    case bound::exclusive_maximum: break;
  }
  return {"exclusiveMaximum", "less than "};
}

class bound_check final : public check {
 public:
  bound_check(json limit, bound kind) : limit_(std::move(limit)), kind_{kind} {}

  bool run(evaluation& run, const place& at) const override {
    if (!at.value.is_number() || allows(compare_numbers(at.value, limit_))) return true;
    const auto [keyword, phrase] = text_of(kind_);
    return run.fail(at, keyword, [&, words = phrase] { return "must be " + std::string{words} + limit_.dump(); });
  }

 private:
  bool allows(std::partial_ordering order) const {
    switch (kind_) {
      case bound::minimum: return order >= 0;
      case bound::exclusive_minimum: return order > 0;
      case bound::maximum: return order <= 0;
      case bound::exclusive_maximum: break;
    }
    return order < 0;
  }

  const json limit_;
  const bound kind_;
};

std::unique_ptr<const check> compile_bound(keyword_reader& reader, bound kind) {
  const auto* limit = reader.number(text_of(kind).keyword);
  return limit ? std::make_unique<bound_check>(*limit, kind) : nullptr;
}

class multiple_check final : public check {
 public:
  explicit multiple_check(json divisor) : divisor_(std::move(divisor)) {}

  bool run(evaluation& run, const place& at) const override {
    if (!at.value.is_number() || is_multiple(at.value, divisor_)) return true;
    return run.fail(at, "multipleOf", [&] { return "must be a multiple of " + divisor_.dump(); });
  }

 private:
  const json divisor_;
};

class length_check final : public check {
 public:
  length_check(std::size_t min, std::size_t max) : min_{min}, max_{max} {}

  bool run(evaluation& run, const place& at) const override {
    const auto* text = at.value.get_ptr<const std::string*>();
    if (!text) return true;
    // A code point takes one to four bytes, so the bytes often decide.
    if (text->size() / 4 >= min_ && text->size() <= max_) return true;
    if (!run.spend(text->size() / counted_bytes_per_step)) return false;
    const auto starts_code_point = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
    const auto length = static_cast<std::size_t>(std::count_if(text->begin(), text->end(), starts_code_point));
    if (length < min_) return run.fail(at, "minLength", [&] { return phrase("at least ", min_); });
    return length <= max_ || run.fail(at, "maxLength", [&] { return phrase("at most ", max_); });
  }

 private:
  static std::string phrase(std::string_view order, std::size_t limit) {
    return "must have " + std::string{order} + std::to_string(limit) + " characters";
  }

  const std::size_t min_;
  const std::size_t max_;
};

class pattern_check final : public check {
 public:
  explicit pattern_check(pattern wanted) : wanted_{std::move(wanted)} {}

  bool run(evaluation& run, const place& at) const override {
    const auto* text = at.value.get_ptr<const std::string*>();
    if (!text) return true;
    if (!run.spend(1 + text->size() * wanted_.size() / pattern_work_per_step)) return false;
    return wanted_.found_in(*text) ||
           run.fail(at, "pattern", [&] { return "must match the pattern " + shown(wanted_.source()); });
  }

 private:
  const pattern wanted_;
};

class format_check final : public check {
 public:
  format_check(std::string name, format_test test) : name_{std::move(name)}, test_{test} {}

  bool run(evaluation& run, const place& at) const override {
    const auto* text = at.value.get_ptr<const std::string*>();
    if (!text || (run.spend(1 + text->size() / counted_bytes_per_step) && test_(*text))) return true;
    return run.fail(at, "format", [&] { return "must have the format " + name_; });
  }

 private:
  const std::string name_;
  const format_test test_;
};

type_set type_in(keyword_reader& reader, const json& name) {
  const auto* text = name.get_ptr<const std::string*>();
  const auto out = text ? type_named(*text) : type_set{0};
  if (out == 0) reader.reject("type", "must name JSON types");
  return out;
}

}  // namespace

std::unique_ptr<const check> compile_type(keyword_reader& reader) {
  const auto* type = reader.find("type");
  if (!type) return nullptr;
  if (!type->is_array()) {
    reader.target().types = type_in(reader, *type);
    return nullptr;
  }
  type_set types = 0;
  for (const auto& name : *type)
    types = static_cast<type_set>(types | type_in(reader, name));
  if (types == 0) reader.reject("type", "must name JSON types");
  reader.target().types = types;
  return nullptr;
}

std::unique_ptr<const check> compile_const(keyword_reader& reader) {
  const auto* value = reader.find("const");
  return value ? std::make_unique<const_check>(reader.constant(*value, "const")) : nullptr;
}

std::unique_ptr<const check> compile_enum(keyword_reader& reader) {
  const auto* values = reader.find("enum");
  if (!values) return nullptr;
  if (!values->is_array()) {
    reader.reject("enum", "must be an array");
    return nullptr;
  }
  if (std::all_of(values->begin(), values->end(), [](const json& value) { return value.is_string(); })) {
    return std::make_unique<string_enum_check>(*values);
  }
  reader.target().cost += values->size() / values_per_step;
  return std::make_unique<enum_check>(reader.constant(*values, "enum"));
}

std::unique_ptr<const check> compile_minimum(keyword_reader& reader) {
  return compile_bound(reader, bound::minimum);
}

std::unique_ptr<const check> compile_exclusive_minimum(keyword_reader& reader) {
  return compile_bound(reader, bound::exclusive_minimum);
}

std::unique_ptr<const check> compile_maximum(keyword_reader& reader) {
  return compile_bound(reader, bound::maximum);
}

std::unique_ptr<const check> compile_exclusive_maximum(keyword_reader& reader) {
  return compile_bound(reader, bound::exclusive_maximum);
}

std::unique_ptr<const check> compile_multiple_of(keyword_reader& reader) {
  const auto* divisor = reader.number("multipleOf");
  if (!divisor) return nullptr;
  if (!(compare_numbers(*divisor, 0) > 0)) reader.reject("multipleOf", "must be greater than 0");
  return std::make_unique<multiple_check>(*divisor);
}

std::unique_ptr<const check> compile_length(keyword_reader& reader) {
  const auto min = reader.count("minLength");
  const auto max = reader.count("maxLength");
  if (!min && !max) return nullptr;
  return std::make_unique<length_check>(min.value_or(0), max.value_or(std::numeric_limits<std::size_t>::max()));
}

std::unique_ptr<const check> compile_pattern(keyword_reader& reader) {
  const auto* source = reader.text("pattern");
  auto wanted = source ? reader.regular_expression(*source, "pattern") : std::nullopt;
  return wanted ? std::make_unique<pattern_check>(std::move(*wanted)) : nullptr;
}

std::unique_ptr<const check> compile_format(keyword_reader& reader) {
  if (reader.options().formats == format_mode::annotated) return nullptr;
  const auto* name = reader.text("format");
  const auto test = name ? format_named(*name) : nullptr;
  return test ? std::make_unique<format_check>(*name, test) : nullptr;
}

}  // namespace hydrant::protocol::json_schema

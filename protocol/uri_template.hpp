#pragma once

// Resource templates (server/resources, "Resource Templates"): the part of RFC 6570 that can be read backwards, `{var}`
// and `{+var}`. Lists, modifiers and the other operators are refused, as are two expressions without text between
// them, which no URI could be split between.

#include "base/result.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::protocol {

using template_variables = std::map<std::string, std::string, std::less<>>;

/// A compiled template; immutable, so any thread may use it.
class uri_template {
 public:
  static constexpr std::size_t text_bytes_max = 2048;
  static constexpr std::size_t uri_bytes_max = 8192;
  static constexpr std::size_t variables_max = 32;

  /// Fails with invalid_params; `message` says what is wrong with the template.
  static base::result<uri_template> compile(std::string_view text);

  /// The variables, percent-decoded, if the whole of `uri` has the template's form. `{var}` stands for one or more
  /// characters other than `/`, `?` and `#`, `{+var}` for one or more of any kind; the earlier variable is the shorter
  /// one where there is a choice. Nothing for a URI that is too long or whose values are no UTF-8.
  /// Takes time and memory in proportion to uri size times template size, whatever the two hold.
  /// A decoded value may hold any character, `/` and `..` included: check it before it reaches a file system.
  std::optional<template_variables> match(std::string_view uri) const;

  /// The URI for `variables`, escaped as RFC 6570 section 3.2.1 says; a missing variable expands to nothing.
  std::string expand(const template_variables& variables) const;

  const std::string& text() const { return text_; }

  /// Names in the order of the template.
  std::vector<std::string> variable_names() const;

 private:
  enum class part_kind { literal, simple, reserved };
  struct part {
    part_kind kind;
    std::string text;  // the literal, or the variable's name
  };
  class matcher;

  explicit uri_template(std::string_view text) : text_(text) {}
  std::optional<std::string> add_expression(std::string_view expression);
  std::optional<std::string> add_literal(std::string_view literal);
  bool has_variable(std::string_view name) const;

  std::string text_;
  std::vector<part> parts_;
};

}  // namespace hydrant::protocol

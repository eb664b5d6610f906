#pragma once

// A tool's parameter, declared once: it gives the input schema its property and the handler its typed value.
//
//   const auto from = parameter<std::int64_t>("from", "Where to begin").range(1, 100000).or_else(10);
//   ... c[from] ...

#include "protocol/json.hpp"

#include <concepts>
#include <optional>
#include <string>
#include <vector>

namespace hydrant::providers {

using protocol::json;

template <class T>
concept parameter_type = std::same_as<T, std::string> || std::same_as<T, std::int64_t> || std::same_as<T, double> ||
    std::same_as<T, bool> || std::same_as<T, json>;

template <parameter_type T>
class parameter {
 public:
  parameter(std::string name, std::string description) : name_(std::move(name)) {
    if constexpr (std::same_as<T, std::string>) schema_["type"] = "string";
    if constexpr (std::same_as<T, std::int64_t>) schema_["type"] = "integer";
    if constexpr (std::same_as<T, double>) schema_["type"] = "number";
    if constexpr (std::same_as<T, bool>) schema_["type"] = "boolean";
    schema_["description"] = std::move(description);
  }

  /// Numbers within [least, most].
  parameter range(T least, T most) && {
    schema_["minimum"] = least;
    schema_["maximum"] = most;
    return std::move(*this);
  }
  /// A default: the parameter may be left out.
  parameter or_else(T value) && {
    schema_["default"] = value;
    fallback_ = std::move(value);
    return std::move(*this);
  }
  /// Strings out of a fixed set.
  parameter one_of(std::vector<T> values) && {
    schema_["enum"] = std::move(values);
    return std::move(*this);
  }
  /// Any other JSON Schema keyword, e.g. with("pattern", "^a") or with("x-mcp-header", "Region").
  parameter with(const char* keyword, json value) && {
    schema_[keyword] = std::move(value);
    return std::move(*this);
  }

  const std::string& name() const { return name_; }
  const json& schema() const { return schema_; }
  bool required() const { return !fallback_.has_value(); }

  /// The value in validated arguments.
  T from(const json& arguments) const {
    const auto found = arguments.find(name_);
    if (found != arguments.end()) return found->template get<T>();
    return fallback_.value_or(T{});
  }

 private:
  std::string name_;
  json schema_ = json::object();
  std::optional<T> fallback_;
};

}  // namespace hydrant::providers

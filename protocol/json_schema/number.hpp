#pragma once

#include <nlohmann/json.hpp>

#include <compare>

namespace hydrant::protocol::json_schema {

/// Compares two JSON numbers by their exact values: no integer is rounded to a double on the way.
std::partial_ordering compare_numbers(const nlohmann::json& left, const nlohmann::json& right);

/// 1.0 is an integer as much as 1 is.
bool is_integral(const nlohmann::json& number);

/// Whether `number` is an exact multiple of `divisor` (> 0), both read as the shortest decimal that denotes them:
/// 4.35 is a multiple of 0.01 although the division of the two doubles leaves a rest.
bool is_multiple(const nlohmann::json& number, const nlohmann::json& divisor);

}  // namespace hydrant::protocol::json_schema

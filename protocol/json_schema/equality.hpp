#pragma once

#include "protocol/json_schema/evaluation.hpp"

#include <cstdint>

namespace hydrant::protocol::json_schema {

/// JSON equality: 1 and 1.0 are equal. Draws on the run's budget and depth, as instances may be wide and deep.
bool equal(evaluation& run, const json& left, const json& right);

/// Equal values have equal hashes.
std::uint64_t hash_of(evaluation& run, const json& value);

}  // namespace hydrant::protocol::json_schema

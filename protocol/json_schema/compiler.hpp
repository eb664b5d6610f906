#pragma once

#include "protocol/json_schema/program.hpp"

namespace hydrant::protocol::json_schema {

base::result<std::shared_ptr<const program>> compile_program(const json& document, const schema_options& options);

}  // namespace hydrant::protocol::json_schema

#pragma once

// The compilers of all keywords, for the table in keywords.cpp. Each file holds those of one kind of value.

#include "protocol/json_schema/keyword_reader.hpp"

namespace hydrant::protocol::json_schema {

// keywords_value.cpp: any value, numbers and strings
std::unique_ptr<const check> compile_type(keyword_reader&);
std::unique_ptr<const check> compile_const(keyword_reader&);
std::unique_ptr<const check> compile_enum(keyword_reader&);
std::unique_ptr<const check> compile_minimum(keyword_reader&);
std::unique_ptr<const check> compile_exclusive_minimum(keyword_reader&);
std::unique_ptr<const check> compile_maximum(keyword_reader&);
std::unique_ptr<const check> compile_exclusive_maximum(keyword_reader&);
std::unique_ptr<const check> compile_multiple_of(keyword_reader&);
std::unique_ptr<const check> compile_length(keyword_reader&);
std::unique_ptr<const check> compile_pattern(keyword_reader&);
std::unique_ptr<const check> compile_format(keyword_reader&);

// keywords_array.cpp
std::unique_ptr<const check> compile_item_count(keyword_reader&);
std::unique_ptr<const check> compile_items(keyword_reader&);
std::unique_ptr<const check> compile_items_draft_07(keyword_reader&);
std::unique_ptr<const check> compile_contains(keyword_reader&);
std::unique_ptr<const check> compile_unique_items(keyword_reader&);
std::unique_ptr<const check> compile_unevaluated_items(keyword_reader&);

// keywords_object.cpp
std::unique_ptr<const check> compile_property_count(keyword_reader&);
std::unique_ptr<const check> compile_required(keyword_reader&);
std::unique_ptr<const check> compile_properties(keyword_reader&);
std::unique_ptr<const check> compile_property_names(keyword_reader&);
std::unique_ptr<const check> compile_dependent_required(keyword_reader&);
std::unique_ptr<const check> compile_dependent_schemas(keyword_reader&);
std::unique_ptr<const check> compile_dependencies(keyword_reader&);
std::unique_ptr<const check> compile_unevaluated_properties(keyword_reader&);

// keywords_logic.cpp: references and combinations
std::unique_ptr<const check> compile_ref(keyword_reader&);
std::unique_ptr<const check> compile_dynamic_ref(keyword_reader&);
std::unique_ptr<const check> compile_all_of(keyword_reader&);
std::unique_ptr<const check> compile_any_of(keyword_reader&);
std::unique_ptr<const check> compile_one_of(keyword_reader&);
std::unique_ptr<const check> compile_not(keyword_reader&);
std::unique_ptr<const check> compile_if(keyword_reader&);

}  // namespace hydrant::protocol::json_schema

#include "protocol/json_schema/keywords.hpp"

#include <array>

namespace hydrant::protocol::json_schema {
namespace {

constexpr auto only_07 = static_cast<std::uint8_t>(dialect::draft_07);
constexpr auto only_2020 = static_cast<std::uint8_t>(dialect::draft_2020_12);
constexpr std::uint8_t both = only_07 | only_2020;

constexpr std::array rows = std::to_array<keyword_row>({
    // First, as draft-07 ignores everything else beside it.
    {both, compile_ref},
    // Cheap ones next: most failures are found here.
    {both, compile_type},
    {both, compile_const},
    {both, compile_enum},
    {both, compile_minimum},
    {both, compile_exclusive_minimum},
    {both, compile_maximum},
    {both, compile_exclusive_maximum},
    {both, compile_multiple_of},
    {both, compile_length},
    {both, compile_pattern},
    {both, compile_format},
    {both, compile_item_count},
    {only_2020, compile_items},
    {only_07, compile_items_draft_07},
    {both, compile_unique_items},
    {both, compile_property_count},
    {both, compile_required},
    {both, compile_properties},
    {both, compile_contains},
    {both, compile_property_names},
    {only_2020, compile_dependent_required},
    {only_2020, compile_dependent_schemas},
    {both, compile_dependencies},
    {only_2020, compile_dynamic_ref},
    {both, compile_all_of},
    {both, compile_any_of},
    {both, compile_one_of},
    {both, compile_not},
    {both, compile_if},
    // Last, as they need to know what all others have looked at.
    {only_2020, compile_unevaluated_items},
    {only_2020, compile_unevaluated_properties},
});

}  // namespace

std::span<const keyword_row> keyword_rows() {
  return rows;
}

}  // namespace hydrant::protocol::json_schema

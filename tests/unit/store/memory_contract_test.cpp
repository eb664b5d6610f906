#include "tests/unit/store/event_log_contract.hpp"
#include "tests/unit/store/memory_harness.hpp"
#include "tests/unit/store/node_registry_contract.hpp"
#include "tests/unit/store/session_store_contract.hpp"
#include "tests/unit/store/shared_values_contract.hpp"

#include <gtest/gtest.h>

namespace hydrant::store {
namespace {

// Whether a sweep came by must not be visible.
const auto memory_cases =
    testing::Values(memory_case("swept", sweeping::at_once), memory_case("unswept", sweeping::never));

INSTANTIATE_TEST_SUITE_P(memory, session_store_contract, memory_cases, store_case_name);
INSTANTIATE_TEST_SUITE_P(memory, event_log_contract, memory_cases, store_case_name);
INSTANTIATE_TEST_SUITE_P(memory, event_log_rewind_contract, memory_cases, store_case_name);
INSTANTIATE_TEST_SUITE_P(memory, node_registry_contract, memory_cases, store_case_name);
INSTANTIATE_TEST_SUITE_P(memory, shared_values_contract, memory_cases, store_case_name);

}  // namespace
}  // namespace hydrant::store

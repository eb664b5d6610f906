#include "tests/unit/store/event_log_fixture.hpp"
#include "tests/unit/store/node_registry_fixture.hpp"
#include "tests/unit/store/redis_harness.hpp"
#include "tests/unit/store/session_store_fixture.hpp"
#include "tests/unit/store/shared_values_fixture.hpp"

#include <gtest/gtest.h>

namespace hydrant::store {
namespace {

const auto redis_cases = testing::Values(redis::redis_case());

INSTANTIATE_TEST_SUITE_P(redis, session_store_contract, redis_cases, store_case_name);
INSTANTIATE_TEST_SUITE_P(redis, event_log_contract, redis_cases, store_case_name);
INSTANTIATE_TEST_SUITE_P(redis, event_log_rewind_contract, redis_cases, store_case_name);
INSTANTIATE_TEST_SUITE_P(redis, node_registry_contract, redis_cases, store_case_name);
INSTANTIATE_TEST_SUITE_P(redis, shared_values_contract, redis_cases, store_case_name);

}  // namespace
}  // namespace hydrant::store

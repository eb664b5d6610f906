#pragma once

// The guarantees of store/event_log.hpp, as tests of the suite event_log_contract, and of event_log_rewind_contract for
// stores that can lose their newest writes. See store_harness.hpp for how to instantiate them.

#include "tests/unit/store/event_call_contract.hpp"
#include "tests/unit/store/event_race_contract.hpp"
#include "tests/unit/store/event_rewind_contract.hpp"
#include "tests/unit/store/event_stream_contract.hpp"

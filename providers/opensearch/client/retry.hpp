#pragma once

#include "net/http_message.hpp"

#include <chrono>
#include <optional>

namespace hydrant::providers::opensearch {

inline constexpr int retries_max = 2;

/// How long to wait before the next attempt; none: it is the caller's turn. `attempts` have been made; `jitter` is
/// within [0, 1] and spreads those who failed together.
///
/// What never reached the server may always be sent again; what may have, or what the server was too busy for, only if
/// it is repeatable. A request that used up its time is not repeated: it would only use it up again.
std::optional<std::chrono::milliseconds> pause_before_retry(int attempts, const net::http_outcome& last,
                                                            net::repeatable repeat, double jitter);

}  // namespace hydrant::providers::opensearch

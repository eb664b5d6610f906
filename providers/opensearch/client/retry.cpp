#include "providers/opensearch/client/retry.hpp"

namespace hydrant::providers::opensearch {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause{100};

bool is_passing(int status) {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

bool worth_another(const net::http_outcome& last, net::repeatable repeat) {
  const bool may_repeat = repeat == net::repeatable::yes;
  if (last) return may_repeat && is_passing(last->status);
  const auto& failure = last.error();
  const bool not_seen = failure.server == net::reached::no;
  if (failure.why.kind == base::error_kind::timeout) return not_seen;
  return failure.why.kind == base::error_kind::unavailable && (may_repeat || not_seen);
}

}  // namespace

std::optional<milliseconds> pause_before_retry(int attempts, const net::http_outcome& last, net::repeatable repeat,
                                               double jitter) {
  if (attempts > retries_max || !worth_another(last, repeat)) return std::nullopt;
  const auto longest = first_pause * (1 << attempts);
  // At least half of it: the next attempt must not follow at once.
  return milliseconds(static_cast<std::int64_t>(static_cast<double>(longest.count()) * (0.5 + jitter / 2)));
}

}  // namespace hydrant::providers::opensearch

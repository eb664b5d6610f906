#include "providers/opensearch/aws/credentials.hpp"

#include "base/log.hpp"

#include <utility>

namespace hydrant::providers::opensearch {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr minutes renewed_before_expiry{5};
constexpr minutes kept_without_expiry{5};
constexpr seconds pause_while_good{30};
constexpr seconds pause_without{5};

std::optional<base::wall_time> renewal_time(const found_credentials& found, base::wall_time now) {
  if (found.keys.expires) return *found.keys.expires - renewed_before_expiry;
  if (found.source == key_source::settings || found.source == key_source::environment) return std::nullopt;
  return now + kept_without_expiry;
}

}  // namespace

/// A look that is under way. Ends with the coroutine, also when that is cancelled.
class aws_credentials_source::renewal {
 public:
  explicit renewal(aws_credentials_source& source) : source_(source) {}
  ~renewal() { source_.end(); }
  renewal(const renewal&) = delete;
  renewal& operator=(const renewal&) = delete;

 private:
  aws_credentials_source& source_;
};

aws_credentials_source::aws_credentials_source(aws_credentials_settings settings, net::http_sender send,
                                               const base::clock& clock)
    : settings_(std::move(settings)), send_(std::move(send)), clock_(clock) {}

boost::asio::awaitable<base::result<aws_credentials>> aws_credentials_source::get() {
  if (auto known = known_or_begin()) co_return std::move(*known);
  const renewal under_way(*this);
  auto found = co_await find_aws_credentials(settings_, send_, clock_);
  co_return take(std::move(found));
}

bool aws_credentials_source::good() const {
  return keys_ && (!keys_->expires || clock_.wall_now() < *keys_->expires);
}

// What there is, or nothing: then this caller looks, and says so by end() when it has done.
std::optional<base::result<aws_credentials>> aws_credentials_source::known_or_begin() {
  const std::lock_guard lock(mutex_);
  const bool pausing = pause_until_ && clock_.now() < *pause_until_;
  if (good()) {
    const bool due = renew_at_ && clock_.wall_now() >= *renew_at_;
    if (!due || pausing || looking_ > 0) return *keys_;
  } else if (failure_ && pausing) {
    return *failure_;
  }
  ++looking_;
  return std::nullopt;
}

void aws_credentials_source::end() {
  const std::lock_guard lock(mutex_);
  --looking_;
}

base::result<aws_credentials> aws_credentials_source::take(base::result<found_credentials> found) {
  const std::lock_guard lock(mutex_);
  const auto now = clock_.wall_now();
  const bool expired = found && found->keys.expires && *found->keys.expires <= now;
  if (expired)
    found =
        base::fail(base::error_kind::unavailable,
                   "the AWS credentials that were found have expired: renew them, or set this machine's clock right");
  pause_until_ = clock_.now() + pause_while_good;
  if (found) {
    failure_.reset();
    renew_at_ = renewal_time(*found, now);
    keys_ = std::move(found->keys);
    return *keys_;
  }
  base::log(base::log_level::warn, good() ? "aws credentials not renewed, the old ones go on" : "no aws credentials",
            {{"why", found.error().message}, {"tried", found.error().detail}});
  if (good()) return *keys_;
  pause_until_ = clock_.now() + pause_without;
  failure_ = found.error();
  return *failure_;
}

}  // namespace hydrant::providers::opensearch

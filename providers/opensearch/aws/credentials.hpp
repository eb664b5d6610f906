#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "net/http_message.hpp"
#include "providers/opensearch/aws/access_key.hpp"
#include "providers/opensearch/aws/credential_chain.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <mutex>
#include <optional>

namespace hydrant::providers::opensearch {

/// The credentials that requests are signed with, found as credential_chain.hpp says and kept for as long as they are
/// good. One for each set of settings; thread-safe. It outlives its coroutines, and `clock` outlives it.
class aws_credentials_source {
 public:
  /// `send` may be called from any thread that get() is called from.
  aws_credentials_source(aws_credentials_settings settings, net::http_sender send, const base::clock& clock);
  aws_credentials_source(const aws_credentials_source&) = delete;
  aws_credentials_source& operator=(const aws_credentials_source&) = delete;

  /// Credentials that have not expired. Those with an expiry are renewed five minutes before it. Those without are
  /// kept, if they are from the settings or the environment; others may change behind our back and are read again after
  /// five minutes.
  ///
  /// Of the callers that come while there are good ones, one at a time renews and the others get what there is. A
  /// renewal that fails is logged, and is tried again after 30 seconds while the old ones last. Callers that find none
  /// look for themselves, each of them; when that fails, those who come within the next five seconds get the same
  /// failure. It is of kind unavailable: the message says what to do, the detail what was tried.
  boost::asio::awaitable<base::result<aws_credentials>> get();

 private:
  class renewal;

  std::optional<base::result<aws_credentials>> known_or_begin();
  void end();
  base::result<aws_credentials> take(base::result<found_credentials> found);
  bool good() const;

  const aws_credentials_settings settings_;
  const net::http_sender send_;
  const base::clock& clock_;
  std::mutex mutex_;  // guards what follows; never held while anything is waited for
  std::optional<aws_credentials> keys_;
  std::optional<base::wall_time> renew_at_;       // none: never
  std::optional<base::error> failure_;            // of the last look, if it had nothing to fall back on
  std::optional<base::steady_time> pause_until_;  // after a look, before the next
  int looking_ = 0;                               // callers that look just now
};

}  // namespace hydrant::providers::opensearch

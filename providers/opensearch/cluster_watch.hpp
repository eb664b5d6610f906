#pragma once

#include "net/io_pool.hpp"
#include "providers/opensearch/client/cluster.hpp"
#include "providers/opensearch/policy/index_rules.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace hydrant::providers::opensearch {

/// What was last seen of a cluster.
struct cluster_state {
  enum class contact { unknown, connected, refused, none };
  contact standing = contact::unknown;
  std::string cluster_name;
  std::string version;
  std::string health;   ///< green, yellow or red; empty: it does not say
  std::string trouble;  ///< why it is not connected; empty: it is
};

/// How it stands in /health: connected, unauthorized, disconnected, unknown.
std::string_view name_of(cluster_state::contact standing);

/// Looks at one cluster now and then, so that /health and completions answer at once, and so that a cluster that comes
/// back is used again without anybody having to try. One per cluster; what it tells is thread-safe.
class cluster_watch : public std::enable_shared_from_this<cluster_watch> {
 public:
  cluster_watch(cluster& watched, const index_rules& rules, net::asio::io_context& where,
                std::chrono::milliseconds every);

  /// Once, while the io threads run or before.
  void start();
  /// Breaks off a look that is under way and waits for its end; not on an io thread, all of which still run. Without
  /// start() it does nothing.
  void stop();

  cluster_state state() const;
  /// Names of indices, aliases and data streams that the index rules allow, sorted; as of the last look. Asking keeps
  /// them being looked at. None with auth_kind::caller: what this server may see is not for everybody who calls.
  std::vector<std::string> names() const;

 private:
  net::asio::awaitable<void> look_on();
  net::asio::awaitable<void> look_or_log();
  net::asio::awaitable<void> look();
  net::asio::awaitable<void> look_at_names();
  /// From the answer to GET / and what it says; null if that is nothing.
  cluster_state judge(const base::result<net::http_reply>& root, const protocol::json& about) const;
  void note(cluster_state seen);

  cluster& cluster_;
  const index_rules& rules_;
  net::asio::io_context& where_;
  const std::chrono::milliseconds every_;

  // Used on the io thread of `where_` only.
  net::asio::cancellation_signal stop_;
  net::asio::steady_timer timer_;
  int looks_until_names_ = 0;

  std::promise<void> ended_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> running_{false};
  mutable std::atomic<bool> names_wanted_{true};
  mutable std::mutex mutex_;
  cluster_state state_;             // guarded by mutex_
  std::vector<std::string> names_;  // guarded by mutex_
};

}  // namespace hydrant::providers::opensearch

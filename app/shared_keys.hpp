#pragma once

// The keys that seal request states, kept in the store so that every node opens what another sealed.

#include "base/clock.hpp"
#include "runtime/key_holder.hpp"
#include "store/shared_values.hpp"

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace hydrant::app {

/// A key and when it was made.
struct dated_key {
  protocol::sealing_key key;
  base::wall_time made{};
};

/// A key seals only after every node has had time to read it, and opens until the last state that it sealed is void.
struct key_policy {
  std::chrono::milliseconds spread = std::chrono::minutes(3);       ///< from being made to sealing
  std::chrono::milliseconds rotation = std::chrono::hours(24);      ///< from one key to the next
  std::chrono::milliseconds lifetime = std::chrono::hours(2 * 24);  ///< from being made to being forgotten
};

/// The keys as they stand in the store: JSON text. Errors: internal (not ours).
std::string to_text(const std::vector<dated_key>& keys);
base::result<std::vector<dated_key>> parse_keys(const std::string& text);

/// The ring in which the right key seals; of keys that are all too young, the oldest. `keys` is not empty.
protocol::keyring ring_of(std::vector<dated_key> keys, const key_policy& policy, base::wall_time now);
/// What should stand in the store instead; nothing: what stands there is good.
std::optional<std::vector<dated_key>> rotated(const std::vector<dated_key>& keys, const key_policy& policy,
                                              base::wall_time now);

/// Reads the keys every minute, makes and rotates them when it is time: any node does, by compare-and-set. Thread-safe;
/// gives no completion to a store that has stopped.
class shared_keys {
 public:
  shared_keys(store::shared_values& values, runtime::key_holder& holder, const base::clock& time,
              key_policy policy = {})
      : values_(values), holder_(holder), time_(time), policy_(policy) {}

  /// Every second: at first until there are keys, then each minute.
  void tick();
  bool ready() const { return ready_.load(std::memory_order_relaxed); }

 private:
  void read();
  void take(const store::shared_values::value& stored);

  store::shared_values& values_;
  runtime::key_holder& holder_;
  const base::clock& time_;
  const key_policy policy_;
  std::atomic<bool> ready_{false};
  std::atomic<int> ticks_{0};
};

}  // namespace hydrant::app

#pragma once

// The open subscriptions/listen streams of this node (2026-07-28 basic/patterns/subscriptions).

#include "protocol/message.hpp"
#include "runtime/change.hpp"
#include "runtime/environment.hpp"
#include "runtime/exchange.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace hydrant::runtime {

/// Thread-safe; one per process. A slow listener is never sent a queue: what it has not taken yet is merged, since
/// each notification only says "look again".
class subscription_hub {
 public:
  explicit subscription_hub(const environment& env) : env_(env) {}

  /// Opens a stream, acknowledges what will be honoured, and keeps it until either side ends it.
  void listen(const protocol::message& request, std::shared_ptr<exchange> http);
  void deliver(const change& what);
  /// Changes of other nodes may have been missed: everybody is told to look at all that it listens to again.
  void catch_up();
  /// Ends every stream with its result, as at a graceful stop, and takes no new one.
  void close_all();

 private:
  class listener;
  using listener_map = std::map<std::uint64_t, std::shared_ptr<listener>>;

  void remove(std::uint64_t key);
  std::vector<std::shared_ptr<listener>> listeners();

  const environment& env_;
  std::mutex mutex_;  // guards all below
  listener_map listeners_;
  std::uint64_t next_key_ = 1;
  bool closing_ = false;
};

}  // namespace hydrant::runtime

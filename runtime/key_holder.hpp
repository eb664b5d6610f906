#pragma once

#include "protocol/request_state.hpp"

#include <memory>
#include <mutex>

namespace hydrant::runtime {

/// The keyring of the moment. A request that has begun goes on with the one that it took. Thread-safe.
class key_holder {
 public:
  explicit key_holder(protocol::keyring first) : keys_(std::make_shared<const protocol::keyring>(std::move(first))) {}

  std::shared_ptr<const protocol::keyring> current() const {
    const std::lock_guard lock(mutex_);
    return keys_;
  }
  void replace(protocol::keyring next) {
    auto made = std::make_shared<const protocol::keyring>(std::move(next));
    const std::lock_guard lock(mutex_);
    keys_.swap(made);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const protocol::keyring> keys_;  // guarded by mutex_
};

}  // namespace hydrant::runtime
